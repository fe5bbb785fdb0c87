import { Alert, Button } from '@mui/material'
import { LinkBase } from 'react-admin'
import { channelWord, timeOf } from '../desk/words.js'
import { allows } from '../session.js'
import { useAsk, useMe } from '../use-api.js'
import { useNow } from '../use-now.js'

/** On every page, to everybody: a network that does not work. Who can do something about it is led there. */
export function Troubles() {
  const me = useMe()
  const now = useNow(60_000)
  const asked = useAsk('channels.troubles', {}, { refetchInterval: 120_000 })
  const may = allows(me, 'channels.list')
  return (asked.data?.items ?? []).map(({ name, state, since }) => (
    <Alert
      key={name}
      severity={state === 'dead' ? 'error' : 'warning'}
      role={state === 'dead' ? 'alert' : 'status'}
      sx={{ my: 1 }}
      action={
        may && (
          <Button component={LinkBase} to="/channels">
            去看
          </Button>
        )
      }
    >
      {channelWord(name)}
      {state === 'dead' ? '断了' : '暂时不通'}（{timeOf(since, now)} 起）：收不到或者发不出消息。
      {!may && '请告诉管理员。'}
    </Alert>
  ))
}
