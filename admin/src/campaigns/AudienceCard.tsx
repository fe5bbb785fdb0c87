import { Alert, Card, CardContent, Skeleton, Typography } from '@mui/material'
import { SkipReason } from '../../../shared/campaign.js'
import { messageOf } from '../call.js'
import { Bars } from '../dashboard/Bars.js'
import { useAsk } from '../use-api.js'
import { SKIP_WORDS } from './words.js'

const GETS = '#17796f'
const NOT = '#7a8783'

/** Who would get it if it were sent now: sentences first, then bars. */
export function AudienceCard({ id }: { id: string }) {
  const asked = useAsk('campaigns.preview', { params: { id } })
  if (asked.isPending) return <Skeleton height={180} />
  if (asked.isError) return <Alert severity="error">{messageOf(asked.error)}</Alert>
  const { willGet, skipped } = asked.data
  const reasons = SkipReason.options.filter((reason) => skipped[reason])
  const notGet = reasons.reduce((sum, reason) => sum + (skipped[reason] ?? 0), 0)
  return (
    <Card variant="outlined">
      <CardContent>
        <Typography component="h2" variant="h6">
          发给多少人
        </Typography>
        <Typography sx={{ mb: 1 }}>
          现在发的话，<strong>{willGet} 人会收到</strong>
          {notGet ? `；${notGet} 人跳过。` : '，没有人跳过。'}真正发的时候，会对每个人再查一次。
        </Typography>
        <Bars
          caption="现在的人数"
          bars={[
            { label: '会收到', count: willGet, colour: GETS },
            ...reasons.map((reason) => ({
              label: SKIP_WORDS[reason].label,
              count: skipped[reason] ?? 0,
              colour: NOT,
            })),
          ]}
        />
        {reasons.map((reason) => (
          <Typography key={reason} variant="body2" sx={{ color: 'text.secondary' }}>
            {SKIP_WORDS[reason].label}：{SKIP_WORDS[reason].meaning}。
          </Typography>
        ))}
      </CardContent>
    </Card>
  )
}
