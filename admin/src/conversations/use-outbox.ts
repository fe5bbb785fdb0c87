import { useEffect, useRef, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useCall } from '../use-api.js'
import { placeOf } from './draft.js'
import { Outbox, type Unsent } from './outbox.js'

/** The replies of this conversation on their way, and how to send one more. */
export function useOutbox(conversation: string, staff: string) {
  const call = useCall()
  const queries = useQueryClient()
  const [unsent, setUnsent] = useState<readonly Unsent[]>([])
  const outbox = useRef<Outbox | undefined>(undefined)
  useEffect(() => {
    const opened = new Outbox({
      place: placeOf('unsent', staff, conversation),
      storage: sessionStorage,
      send: (body) => call('conversations.reply', { params: { id: conversation }, body }),
      arrived: () => queries.invalidateQueries({ queryKey: ['conversations', 'conversations.one'] }),
      changed: setUnsent,
    })
    outbox.current = opened
    return () => opened.close()
  }, [conversation, staff, call, queries])
  return {
    unsent,
    send: (text: string) => outbox.current?.send(text),
    retry: () => outbox.current?.retry(),
    takeBack: (key: string) => outbox.current?.takeBack(key) ?? '',
  }
}
