import { useEffect, useMemo, useRef, useState } from 'react'
import { Alert, Box, Button } from '@mui/material'
import { LinkBase } from 'react-admin'
import type { Me } from '../session.js'
import { useAsk } from '../use-api.js'
import { alarmOf, newCalls, pressing, sentenceOf, titleOf, unanswered } from './alerts.js'
import { play } from './sound.js'

/** Often enough that somebody in danger is not forgotten, seldom enough to work in between. */
const AGAIN_MS = 15_000
const BLINK_MS = 1_000

const hidden = {
  position: 'absolute',
  width: '1px',
  height: '1px',
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  whiteSpace: 'nowrap',
}

/**
 * Wherever one is in the console: a sound, the title of the tab and a sentence for screen readers when somebody new
 * waits, danger rises or a wait grows too long; the alarm comes again until somebody has taken who is in danger.
 */
export function DeskAlerts({ me }: { me: Me }) {
  const presence = useAsk('desk.presence', {})
  const waiting = useAsk(
    'escalations.list',
    { query: { state: 'waiting', perPage: 100 } },
    { refetchInterval: 10_000 },
  )
  const claimed = useAsk('escalations.list', { query: { state: 'claimed', perPage: 100 } })
  const calls = useMemo(
    () => pressing([...(waiting.data?.items ?? []), ...(claimed.data?.items ?? [])], me.id),
    [waiting.data, claimed.data, me.id],
  )
  const [said, setSaid] = useState('')
  const seen = useRef<ReadonlySet<string>>(new Set())
  const supervises = me.roles.includes('supervisor')
  // A supervisor off duty is still called for what has waited too long.
  const audible = calls.filter(({ overdue }) => presence.data?.onDuty || (supervises && overdue))
  const alarmed = unanswered(audible)

  useEffect(() => {
    const news = newCalls(seen.current, audible)
    seen.current = news.seen
    const alarm = alarmOf(news.fresh)
    if (!alarm) return
    play(alarm)
    setSaid(sentenceOf(news.fresh))
  }, [audible])

  useEffect(() => {
    if (!alarmed) return
    const again = setInterval(() => play('loud'), AGAIN_MS)
    return () => clearInterval(again)
  }, [alarmed])

  const total = waiting.data?.total ?? 0
  useEffect(() => {
    const title = '青安管理台'
    let blink = true
    const show = () => {
      document.title = titleOf(title, total, blink)
      blink = !blink
    }
    show()
    const blinking = total > 0 ? setInterval(show, BLINK_MS) : undefined
    return () => {
      clearInterval(blinking)
      document.title = title
    }
  }, [total])

  const unansweredTalks = calls.filter(({ state }) => state === 'claimed')
  return (
    <>
      <Box role="alert" sx={hidden}>
        {said}
      </Box>
      {presence.data && !presence.data.onDuty && total > 0 && (
        <Alert severity="warning" sx={{ my: 1 }}>
          有 {total} 人在等，你没在值班。要接，请先点右上角“上线值班”。
        </Alert>
      )}
      {unansweredTalks.map(({ id, conversation, risen, claimedBy }) => (
        <Alert
          key={id}
          severity="error"
          variant="filled"
          sx={{ my: 1 }}
          action={
            <Button component={LinkBase} to={`/conversations/${conversation}/show`} color="inherit">
              去看
            </Button>
          }
        >
          {claimedBy?.id === me.id ? '你的一个对话里，' : `${claimedBy?.workName ?? ''}接的一个对话里，`}
          {risen ? '危险升高了，还没有回。' : '对方写了话，一直没有人回。'}
        </Alert>
      ))}
    </>
  )
}
