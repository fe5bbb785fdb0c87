import { Box, Card, CardActionArea, Typography } from '@mui/material'
import { LinkBase } from 'react-admin'
import type { Campaign } from '../../../shared/campaign.js'
import { StateChip } from './StateChip.js'
import { leafOf, planOf } from './words.js'

interface CardProps {
  campaign: Campaign
  title: string
  me: string | undefined
}

/** A leaf of the calendar: when, what, where it stands, whose turn it is. */
export function CampaignCard({ campaign, title, me }: CardProps) {
  const { id, state, nextAt, occurrences, text, author, editor } = campaign
  const at = nextAt ?? occurrences.at(-1)
  const leaf = at ? leafOf(at) : null
  const own = me === author.id || me === editor.id
  const turn =
    state === 'submitted' ? (own ? '要另一位同事批准' : '等你或另一位同事批准') : `${author.workName} 写的`
  return (
    <Card component="li" variant="outlined">
      <CardActionArea
        component={LinkBase}
        to={`/campaigns/${id}/show`}
        sx={{ display: 'flex', alignItems: 'stretch', justifyContent: 'flex-start' }}
      >
        <Box
          sx={{
            flex: '0 0 6.5rem',
            p: 1.5,
            textAlign: 'center',
            bgcolor: 'background.default',
            borderRight: 1,
            borderColor: 'divider',
          }}
        >
          <Typography sx={{ fontSize: '1.5rem', fontWeight: 700, lineHeight: 1.2 }}>
            {leaf?.day ?? '—'}
          </Typography>
          <Typography variant="body2">{leaf && `${leaf.weekday} ${leaf.time}`}</Typography>
        </Box>
        <Box sx={{ p: 1.5, minWidth: 0 }}>
          <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
            <Typography sx={{ fontWeight: 700 }}>{title}</Typography>
            <StateChip state={state} />
          </Box>
          <Typography
            sx={{
              overflow: 'hidden',
              textOverflow: 'ellipsis',
              display: '-webkit-box',
              WebkitLineClamp: 2,
              WebkitBoxOrient: 'vertical',
            }}
          >
            {text.zh.replace(/\{\{hotline\.(\d+)\}\}/g, '$1')}
          </Typography>
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            {planOf(campaign)} · {turn}
          </Typography>
        </Box>
      </CardActionArea>
    </Card>
  )
}
