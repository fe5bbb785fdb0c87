import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { Alert } from '@mui/material'
import { useQueryClient } from '@tanstack/react-query'
import { Refused } from '../call.js'
import { openLive, type Live } from '../live.js'
import { useCall } from '../use-api.js'

const Following = createContext<(conversation: string | undefined) => void>(() => undefined)

/** Keeps the pages inside fresh, and says so when it cannot. */
export function LiveUpdates({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const call = useCall()
  const live = useRef<Live | undefined>(undefined)
  const followed = useRef<string | undefined>(undefined)
  const [isDown, setDown] = useState(false)

  useEffect(() => {
    const opened = openLive({
      refresh: (resources) =>
        void queries.invalidateQueries(
          resources ? { predicate: ({ queryKey }) => resources.has(String(queryKey[0])) } : {},
        ),
      down: setDown,
      // Asking who one is leads to the sign-in page when the session has ended; what else is refused shows as down.
      refused: () =>
        void call('me').catch((error: unknown) => {
          if (!(error instanceof Refused)) throw error
        }),
    })
    live.current = opened
    opened.follow(followed.current)
    const gone = () => opened.network(false)
    const there = () => opened.network(true)
    window.addEventListener('offline', gone)
    window.addEventListener('online', there)
    return () => {
      window.removeEventListener('offline', gone)
      window.removeEventListener('online', there)
      opened.close()
    }
  }, [queries, call])

  const follow = useMemo(
    () => (conversation: string | undefined) => {
      followed.current = conversation
      live.current?.follow(conversation)
    },
    [],
  )
  return (
    <Following.Provider value={follow}>
      {isDown && (
        <Alert severity="error" variant="filled" role="alert" sx={{ my: 1 }}>
          连接断了，正在重连。现在看到的可能不是最新的；有人在等，请看手机或告诉同事。
        </Alert>
      )}
      {children}
    </Following.Provider>
  )
}

/** While the page is open, the messages of this conversation are live too. */
export function useLiveConversation(id: string | undefined) {
  const follow = useContext(Following)
  useEffect(() => {
    follow(id)
    return () => follow(undefined)
  }, [follow, id])
}
