import { Alert, Box, Card, CardContent, Typography } from '@mui/material'
import { FailReason, SkipReason, type Tally } from '../../../shared/campaign.js'
import { messageOf } from '../call.js'
import { Bars } from '../dashboard/Bars.js'
import { useAsk } from '../use-api.js'
import { FAIL_WORDS, SKIP_WORDS, whenOf } from './words.js'

const SENT = '#17796f'
const WAITS = '#1f5f99'
const SKIPPED = '#7a8783'
const FAILED = '#c0341d'

/** What became of each time it was sent. */
export function ReportCard({ id }: { id: string }) {
  const asked = useAsk('campaigns.report', { params: { id } })
  if (asked.isError) return <Alert severity="error">{messageOf(asked.error)}</Alert>
  const items = asked.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Card variant="outlined">
      <CardContent>
        <Typography component="h2" variant="h6" sx={{ mb: 1 }}>
          发得怎么样
        </Typography>
        <Box sx={{ display: 'grid', gap: 2 }}>
          {items.map((tally) => (
            <Occurrence key={tally.occurrence} tally={tally} />
          ))}
        </Box>
      </CardContent>
    </Card>
  )
}

function Occurrence({ tally }: { tally: Tally }) {
  const { occurrence, planned, deferred, sent, skipped, failed } = tally
  const bars = [
    { label: '发出了', count: sent, colour: SENT },
    ...(planned ? [{ label: '还没发', count: planned, colour: WAITS }] : []),
    ...SkipReason.options
      .filter((reason) => skipped[reason])
      .map((reason) => ({ label: SKIP_WORDS[reason].label, count: skipped[reason] ?? 0, colour: SKIPPED })),
    ...FailReason.options
      .filter((reason) => failed[reason])
      .map((reason) => ({ label: FAIL_WORDS[reason].label, count: failed[reason] ?? 0, colour: FAILED })),
  ]
  return (
    <div>
      <Bars caption={whenOf(occurrence)} bars={bars} />
      {deferred > 0 && (
        <Typography variant="body2">其中 {deferred} 人赶上了晚上的安静时间，早上 7 点再发。</Typography>
      )}
    </div>
  )
}
