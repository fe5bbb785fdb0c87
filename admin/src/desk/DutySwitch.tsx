import { useState } from 'react'
import { Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle } from '@mui/material'
import Headset from '@mui/icons-material/HeadsetMic'
import HeadsetOff from '@mui/icons-material/HeadsetOff'
import { useNotify } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import { messageOf } from '../call.js'
import { useAsk, useCall, useMe } from '../use-api.js'

/** On duty or not. Only on duty and with an open console is one counted as present, and may the bot say that. */
export function DutySwitch() {
  const call = useCall()
  const notify = useNotify()
  const queries = useQueryClient()
  const me = useMe()
  const presence = useAsk('desk.presence', {}, { refetchInterval: 15_000 })
  const claimed = useAsk('escalations.list', { query: { state: 'claimed', perPage: 100 } })
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const onDuty = presence.data?.onDuty ?? false
  const mine = claimed.data?.items.filter(({ claimedBy }) => claimedBy?.id === me?.id).length ?? 0

  const change = async (next: boolean) => {
    setAsking(false)
    setBusy(true)
    try {
      await call('desk.duty', { body: { onDuty: next } })
      notify(next ? '已上线值班。有人等待会响铃。' : '已下线。不再算你在线。', { type: 'info' })
    } catch (error) {
      notify(messageOf(error), { type: 'error' })
    }
    await queries.invalidateQueries({ queryKey: ['desk'] })
    setBusy(false)
  }

  if (!presence.data) return null
  return (
    <>
      <Button
        role="switch"
        aria-checked={onDuty}
        aria-label={onDuty ? '正在值班，点一下下线' : '没在值班，点一下上线值班'}
        color={onDuty ? 'success' : 'inherit'}
        variant={onDuty ? 'contained' : 'outlined'}
        size="small"
        startIcon={onDuty ? <Headset /> : <HeadsetOff />}
        disabled={busy}
        onClick={() => (onDuty && mine > 0 ? setAsking(true) : void change(!onDuty))}
        sx={{ mx: 1, whiteSpace: 'nowrap', flexShrink: 0 }}
      >
        {onDuty ? '值班中' : '上线值班'}
      </Button>
      <Dialog open={asking} onClose={() => setAsking(false)} aria-labelledby="leave-title">
        <DialogTitle id="leave-title">还有 {mine} 个对话在你这里</DialogTitle>
        <DialogContent>
          <DialogContentText>
            下线以后，这些孩子还会以为你在。最好先结束，或者交还队列让同事接。
          </DialogContentText>
        </DialogContent>
        <DialogActions>
          <Button onClick={() => setAsking(false)} autoFocus>
            先不下线
          </Button>
          <Button color="warning" onClick={() => void change(false)}>
            还是下线
          </Button>
        </DialogActions>
      </Dialog>
    </>
  )
}
