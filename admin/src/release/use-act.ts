import { useState } from 'react'
import { useNotify } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import { messageOf } from '../call.js'

/** Does one thing at a time, says how it went, and reads everything about content anew. */
export function useAct(...resources: string[]) {
  const notify = useNotify()
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState('')
  const act = async (work: () => Promise<unknown>, done: string): Promise<boolean> => {
    setBusy(true)
    setRefusal('')
    let went = true
    try {
      await work()
      if (done) notify(done, { type: 'success' })
    } catch (error) {
      went = false
      setRefusal(messageOf(error))
    }
    for (const resource of resources) await queries.invalidateQueries({ queryKey: [resource] })
    setBusy(false)
    return went
  }
  return { act, busy, refusal }
}
