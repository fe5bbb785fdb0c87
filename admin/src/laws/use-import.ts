import { useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import type { ImportReport } from '../../../shared/law.js'
import { messageOf } from '../call.js'
import { useCall } from '../use-api.js'

/** How far an import is: files are looked at one by one, then all are taken at once. */
export interface Progress {
  step: 'idle' | 'checking' | 'checked' | 'importing' | 'done'
  done: number
  all: number
  reports: ImportReport[]
  refusal: string
}

const IDLE: Progress = { step: 'idle', done: 0, all: 0, reports: [], refusal: '' }
/** Files sent in one question while they are looked at. */
const AT_ONCE = 5

interface Chosen {
  name: string
  content: string
}

/** Checks files with progress, then imports them all or none. */
export function useImport() {
  const call = useCall()
  const queries = useQueryClient()
  const [progress, setProgress] = useState<Progress>(IDLE)
  const [files, setFiles] = useState<Chosen[]>([])

  const fail = (error: unknown) => setProgress((was) => ({ ...was, step: 'idle', refusal: messageOf(error) }))

  async function choose(chosen: readonly File[]): Promise<void> {
    try {
      const read = await Promise.all(chosen.map(readFile))
      setFiles(read)
      await check(read)
    } catch (error) {
      fail(error)
    }
  }

  async function check(read: Chosen[]): Promise<void> {
    // What an index.json says of a text is said wherever the text is.
    const index = read.filter(({ name }) => name.endsWith('index.json'))
    const texts = read.filter((file) => !index.includes(file))
    setProgress({ ...IDLE, step: 'checking', all: texts.length })
    const reports: ImportReport[] = []
    for (let i = 0; i < texts.length; i += AT_ONCE) {
      const some = texts.slice(i, i + AT_ONCE)
      reports.push(await call('laws.check', { body: { files: [...index, ...some] } }))
      setProgress({ step: 'checking', done: i + some.length, all: texts.length, reports, refusal: '' })
    }
    setProgress({ step: 'checked', done: texts.length, all: texts.length, reports, refusal: '' })
  }

  async function take(): Promise<void> {
    setProgress((was) => ({ ...was, step: 'importing' }))
    try {
      const report = await call('laws.import', { body: { files } })
      setProgress((was) => ({ ...was, step: 'done', reports: [report] }))
      await queries.invalidateQueries({ queryKey: ['laws'] })
      await queries.invalidateQueries({ queryKey: ['law-reviews'] })
    } catch (error) {
      fail(error)
    }
  }

  return { progress, choose, take }
}

async function readFile(file: File): Promise<Chosen> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return { name: file.webkitRelativePath || file.name, content: btoa(text) }
}
