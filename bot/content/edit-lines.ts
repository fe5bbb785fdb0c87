import { parse } from 'yaml'
import { EMERGENCY_NUMBERS, HotlineFile, type Hotline } from '../../shared/hotline.js'
import type { LineCheck, LineForm, LineRow, LineVerification } from '../../shared/line.js'
import { AppError } from '../errors.js'
import { LINES_PATH, type ContentFiles } from './content.js'
import type { Drafts } from './drafts.js'
import type { Doing } from './edit-intents.js'
import { dayOf, linesAt } from './lines.js'
import type { Live } from './live.js'
import { sha256 } from './load.js'
import { checkExpiry, soonAfter } from './standing.js'
import { rewrite } from './yaml-edit.js'

export type LineEditor = ReturnType<typeof lineEditor>

/** The lines as staff read and change them: live as soon as they are kept, without any training. */
export function lineEditor(drafts: Drafts, live: Pick<Live, 'files' | 'refresh'>) {
  const read = async (): Promise<{ hash: string; file: HotlineFile }> => {
    const { text } = await drafts.stored(LINES_PATH)
    return { hash: sha256(text), file: HotlineFile.parse(parse(text)) }
  }

  const rows = async (at: Date): Promise<LineRow[]> => {
    const { hash, file } = await read()
    return file.lines.map((line) => rowOf(line, hash, at))
  }

  const one = async (number: string, at: Date): Promise<LineRow> => {
    const found = (await rows(at)).find(({ id }) => id === number)
    if (!found) throw new AppError('record.unknown')
    return found
  }

  /** Changes the list as it was read. Throws `content.changed`, `content.faults`, `record.unknown`. */
  const change = async (hash: string, doing: Doing, verb: string, edit: (lines: Hotline[]) => Hotline[]) => {
    const fields: string[] = []
    await drafts.keep({ path: LINES_PATH, hash, ...doing, verb, fields }, (text) => {
      const was = HotlineFile.parse(parse(text))
      return rewrite(text, was, { ...was, lines: edit(was.lines) })
    })
    await live.refresh()
  }

  const replace = (number: string, next: (was: Hotline) => Hotline) => (lines: Hotline[]) => {
    if (!lines.some((line) => line.number === number)) throw new AppError('record.unknown')
    return lines.map((line) => (line.number === number ? next(line) : line))
  }

  /** A number that texts name by `{{hotline.…}}`, said or only written, cannot go before they do. */
  const unused = async (number: string): Promise<void> => {
    const places = [...namesIn(live.files(), number), ...namesIn(await drafts.files(), number)]
    if (places.length)
      throw new AppError('lines.used', {
        tell: { number, places: [...new Set(places)].slice(0, 8).join('、') },
      })
  }

  return {
    one,

    async list(page: { page: number; perPage: number }, at: Date) {
      const all = await rows(at)
      const start = (page.page - 1) * page.perPage
      return { items: all.slice(start, start + page.perPage), total: all.length }
    },

    /** How far each line can be relied on, for the go-live list. */
    async checks(at: Date): Promise<{ number: string; name: string; check: LineCheck }[]> {
      return (await rows(at)).map(({ line: { number, name }, check }) => ({ number, name, check }))
    },

    async add(hash: string, form: LineForm, doing: Doing): Promise<LineRow> {
      await change(hash, doing, 'line-added', (lines) => [
        ...lines,
        { ...form, emergency: false, verified: null },
      ])
      return one(form.number, doing.at)
    },

    /** What was verified was this number at these hours: a change of either ends it. */
    async save(number: string, hash: string, form: LineForm, doing: Doing): Promise<LineRow> {
      if (form.number !== number) {
        if (isProtected(number)) throw new AppError('lines.protected')
        await unused(number)
      }
      const next = (was: Hotline): Hotline => {
        const same = was.number === form.number && JSON.stringify(was.hours) === JSON.stringify(form.hours)
        return { ...was, ...form, verified: same ? was.verified : null }
      }
      await change(hash, doing, 'line-edited', replace(number, next))
      return one(form.number, doing.at)
    },

    async verify(
      number: string,
      hash: string,
      { by, expires }: LineVerification,
      doing: Doing,
    ): Promise<LineRow> {
      const on = dayOf(doing.at)
      checkExpiry(on, expires)
      const next = (was: Hotline): Hotline => ({ ...was, verified: { on, by, expires } })
      await change(hash, doing, 'line-verified', replace(number, next))
      return one(number, doing.at)
    },

    async remove(number: string, hash: string, doing: Doing): Promise<void> {
      if (isProtected(number)) throw new AppError('lines.protected')
      await unused(number)
      await change(hash, doing, 'line-removed', (lines) => lines.filter((line) => line.number !== number))
    },

    history: () => drafts.history(LINES_PATH),
  }
}

const isProtected = (number: string) => (EMERGENCY_NUMBERS as readonly string[]).includes(number)

const namesIn = (files: ContentFiles, number: string): string[] =>
  Object.entries(files)
    .filter(([path, text]) => path !== LINES_PATH && text.includes(`{{hotline.${number}}}`))
    .map(([path]) => path)

function rowOf(line: Hotline, hash: string, at: Date): LineRow {
  const [view] = linesAt([line], at, line.region)
  const day = dayOf(at)
  return {
    id: line.number,
    line,
    state: view?.state ?? 'closed',
    hoursText: view?.hours ?? '',
    check: checkOf(line, day),
    protected: isProtected(line.number),
    hash,
  }
}

function checkOf({ verified }: Hotline, day: string): LineCheck {
  if (!verified || day < verified.on) return 'unverified'
  if (verified.expires <= day) return 'lapsed'
  return verified.expires <= soonAfter(day) ? 'expiring' : 'verified'
}
