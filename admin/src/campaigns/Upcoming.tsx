import { Alert, Box, Button, Card, Chip, Skeleton, Typography } from '@mui/material'
import { LinkBase } from 'react-admin'
import { messageOf } from '../call.js'
import { useAsk } from '../use-api.js'
import { leafOf } from './words.js'

interface UpcomingProps {
  topic: string
  titleOf(topic: string): string
  writes: boolean
}

const SHOWN = 8

/** What the yearly calendar has next, to begin a warning from. */
export function Upcoming({ topic, titleOf, writes }: UpcomingProps) {
  const asked = useAsk('warnings.list', { query: { perPage: SHOWN, ...(topic && { topic }) } })
  return (
    <Box component="section" aria-labelledby="upcoming-title">
      <Typography component="h2" variant="h6" id="upcoming-title" sx={{ mb: 1 }}>
        日历上快到的
      </Typography>
      {asked.isPending && <Skeleton height={200} />}
      {asked.isError && <Alert severity="error">{messageOf(asked.error)}</Alert>}
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, display: 'grid', gap: 1 }}>
        {asked.data?.items.map((warning) => (
          <Card component="li" variant="outlined" key={warning.id} sx={{ p: 1.5 }}>
            <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
              <Typography sx={{ fontWeight: 700 }}>
                {warning.next ? leafOf(`${warning.next}T12:00:00+08:00`).day : '看预警再发'} {warning.title}
              </Typography>
              {warning.unverified && <Chip size="small" color="warning" label="有没核实的" />}
            </Box>
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {titleOf(warning.topic)}
              {warning.audience === 'parents' && ' · 写给家长'}
              {warning.note && ` · ${warning.note}`}
            </Typography>
            {writes && (
              <Button
                size="small"
                component={LinkBase}
                to={`/campaigns/create?template=${encodeURIComponent(warning.id)}`}
                aria-label={`用它写一条：${warning.title}`}
              >
                用它写一条
              </Button>
            )}
          </Card>
        ))}
      </Box>
    </Box>
  )
}
