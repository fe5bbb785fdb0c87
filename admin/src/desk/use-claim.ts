import { useState } from 'react'
import { useNavigate, useNotify } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import type { Escalation } from '../../../shared/desk.js'
import { messageOf } from '../call.js'
import { useCall } from '../use-api.js'

/** Takes a conversation over and opens it. Whoever comes second is told who was first, and stays in the queue. */
export function useClaim() {
  const call = useCall()
  const navigate = useNavigate()
  const notify = useNotify()
  const queries = useQueryClient()
  const [claiming, setClaiming] = useState<string | null>(null)

  async function claim({ id, conversation }: Pick<Escalation, 'id' | 'conversation'>): Promise<void> {
    if (claiming) return
    setClaiming(id)
    try {
      await call('escalations.claim', { params: { id } })
      navigate(`/conversations/${conversation}/show`)
    } catch (error) {
      notify(messageOf(error), { type: 'warning', autoHideDuration: 8_000 })
    }
    await queries.invalidateQueries({ queryKey: ['escalations'] })
    await queries.invalidateQueries({ queryKey: ['conversations'] })
    setClaiming(null)
  }
  return { claim, claiming }
}
