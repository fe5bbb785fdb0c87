import { useEffect, useRef, useState } from 'react'
import { Box, Button } from '@mui/material'
import type { DeskMessage } from '../../../shared/desk.js'
import { useNow } from '../use-now.js'
import { Message } from './Message.js'

/** Nearer than this to the end, one reads along. */
const NEAR_PX = 160

/** The messages, oldest first. It follows the end while one is there; further up, a button tells of what came. */
export function MessageLog({ messages }: { messages: readonly DeskMessage[] }) {
  const now = useNow(60_000)
  const reading = useRef(true)
  const [missed, setMissed] = useState(false)
  const newest = messages.at(-1)?.number ?? 0

  useEffect(() => {
    const look = () => {
      const page = document.documentElement
      reading.current = page.scrollHeight - page.scrollTop - page.clientHeight < NEAR_PX
      if (reading.current) setMissed(false)
    }
    window.addEventListener('scroll', look, { passive: true })
    return () => window.removeEventListener('scroll', look)
  }, [])
  const toEnd = () => window.scrollTo({ top: document.documentElement.scrollHeight })
  useEffect(() => {
    if (reading.current) toEnd()
    else setMissed(true)
  }, [newest])

  return (
    <>
      <Box role="log" aria-label="对话内容" sx={{ flexGrow: 1 }}>
        <Box
          component="ol"
          sx={{ listStyle: 'none', m: 0, p: 1, display: 'flex', flexDirection: 'column', gap: 1.5 }}
        >
          {messages.map((message) => (
            <Message key={message.number} message={message} now={now} />
          ))}
        </Box>
      </Box>
      {missed && (
        <Button
          variant="contained"
          onClick={toEnd}
          sx={{ position: 'sticky', bottom: 220, alignSelf: 'center', zIndex: 4 }}
        >
          有新消息，到最后
        </Button>
      )}
    </>
  )
}
