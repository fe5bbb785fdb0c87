import { Typography } from '@mui/material'
import { Tile } from '../dashboard/Tile.js'
import { useAsk } from '../use-api.js'
import { whenOf } from './words.js'

/** What waits for approval, and what is sent next. */
export function CampaignsCard() {
  const waiting = useAsk('campaigns.list', { query: { state: 'submitted', perPage: 1 } })
  const next = useAsk('campaigns.list', { query: { state: 'approved', perPage: 1 } })
  const choices = useAsk('campaigns.choices', {})
  const first = next.data?.items[0]
  const title = choices.data?.topics.find(({ id }) => id === first?.topic)?.title ?? ''
  return (
    <Tile title="预警" to="/campaigns" go="去看看" asked={waiting}>
      <Typography sx={{ mb: 1 }}>
        <strong style={{ fontSize: '1.6rem' }}>{waiting.data?.total ?? 0}</strong> 条等人批准
      </Typography>
      <Typography>
        {first?.nextAt ? `下一条：${whenOf(first.nextAt)} ${title}` : '接下来没有要发的'}
      </Typography>
    </Tile>
  )
}
