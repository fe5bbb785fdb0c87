import { Alert, AlertTitle, Box, Button, Card, CardContent, Typography } from '@mui/material'
import type { ChannelView } from '../../../shared/api/channels.js'
import { channelWord, timeOf } from '../desk/words.js'
import { useAct } from '../release/use-act.js'
import { useCall } from '../use-api.js'
import { useNow } from '../use-now.js'
import { CopyRow } from './CopyRow.js'
import { Ruling } from './Ruling.js'
import { Template } from './Template.js'
import { STATE_WORDS, stateSentence } from './words.js'

/** One network: its state and why, the test, what to register, and what must be ruled or chosen first. */
export function ChannelCard({ channel }: { channel: ChannelView }) {
  const call = useCall()
  const now = useNow(60_000)
  const { act, busy, refusal } = useAct('channels')
  const { name, state, since, register, abroad, notifies, missing, lookedAt, on } = channel
  const { label, severity } = STATE_WORDS[state]
  const title = channelWord(name)
  return (
    <Card component="section" variant="outlined" aria-label={title}>
      <CardContent sx={{ display: 'grid', gap: 1.5 }}>
        <Typography component="h2" sx={{ fontWeight: 700, fontSize: '1.1rem' }}>
          {title}
        </Typography>
        <Alert
          severity={severity}
          action={
            on && (
              <Button
                disabled={busy}
                onClick={() => void act(() => call('channels.test', { params: { name } }), '测过了。')}
              >
                测试连接
              </Button>
            )
          }
        >
          <AlertTitle>
            {label}
            {lookedAt && (
              <Typography component="span" variant="body2" sx={{ ml: 1 }}>
                {timeOf(since, now)} 起，{timeOf(lookedAt, now)} 看过
              </Typography>
            )}
          </AlertTitle>
          {stateSentence(channel)}
        </Alert>
        {refusal && <Alert severity="error">{refusal}</Alert>}
        {abroad && missing.length === 0 && <Ruling channel={channel} />}
        {register.length > 0 && (
          <Box sx={{ display: 'grid', gap: 1 }}>
            <Typography component="h3" sx={{ fontWeight: 700 }}>
              要在平台上登记的
            </Typography>
            {register.map(({ what, value }) => (
              <CopyRow key={what} what={what} value={value} />
            ))}
          </Box>
        )}
        {notifies && <Template channel={channel} />}
      </CardContent>
    </Card>
  )
}
