import { useEffect, useState } from 'react'
import type { ContentFault } from '../../../shared/content.js'
import type { Intent } from '../../../shared/intent.js'
import { Refused } from '../call.js'
import { useCall } from '../use-api.js'

/** Rest after the last key before the server is asked. Milliseconds. */
const PAUSE_MS = 700

/** What the server finds wrong with a form, a moment after the last change. */
export function useFaults(id: string, form: Intent, initial: readonly ContentFault[], changed: boolean) {
  const call = useCall()
  const [faults, setFaults] = useState(initial)
  useEffect(() => {
    if (!changed) return setFaults(initial)
    let stale = false
    const timer = setTimeout(() => {
      call('intents.check', { params: { id }, body: { intent: { ...form } } })
        .then((reply) => !stale && setFaults(reply.faults))
        .catch((error: unknown) => {
          // Refused or not reached while typing is no news: saving asks again, and says so.
          if (!(error instanceof Refused)) throw error
        })
    }, PAUSE_MS)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [call, id, form, initial, changed])
  return [faults, setFaults] as const
}
