import { useState } from 'react'
import { Alert, Box, Button, MenuItem, Pagination, Stack, TextField, Typography } from '@mui/material'
import Add from '@mui/icons-material/Add'
import { LinkBase, Title } from 'react-admin'
import type { Campaign } from '../../../shared/campaign.js'
import { messageOf } from '../call.js'
import { Waiting } from '../layout/Waiting.js'
import { allows } from '../session.js'
import { useAsk, useMe } from '../use-api.js'
import { CampaignCard } from './CampaignCard.js'
import { Upcoming } from './Upcoming.js'

const PER_PAGE = 50

/** In the order one thinks of them: what needs a decision, what comes next, what is not finished, what is over. */
const GROUPS: { title: string; states: Campaign['state'][] }[] = [
  { title: '等人批准', states: ['submitted'] },
  { title: '接下来要发的', states: ['running', 'approved', 'paused'] },
  { title: '草稿', states: ['draft'] },
  { title: '过去的', states: ['done', 'stopped'] },
]

/** Warnings as a calendar: what is due next, where it stands, who must approve. */
export function CampaignList() {
  const me = useMe()
  const [topic, setTopic] = useState('')
  const [page, setPage] = useState(1)
  const choices = useAsk('campaigns.choices', {})
  const list = useAsk('campaigns.list', { query: { page, perPage: PER_PAGE, ...(topic && { topic }) } })
  const titleOf = (id: string) => choices.data?.topics.find((each) => each.id === id)?.title ?? id
  const pages = Math.ceil((list.data?.total ?? 0) / PER_PAGE)
  const writes = allows(me, 'campaigns.create')
  return (
    <Box sx={{ maxWidth: 1200, width: '100%', mx: 'auto', py: 2 }}>
      <Title title="预警" />
      <Stack direction="row" sx={{ gap: 2, mb: 2, flexWrap: 'wrap' }}>
        {writes && (
          <Button variant="contained" startIcon={<Add />} component={LinkBase} to="/campaigns/create">
            写一条预警
          </Button>
        )}
        <TextField
          select
          size="small"
          label="哪一种"
          value={topic}
          onChange={(event) => {
            setTopic(event.target.value)
            setPage(1)
          }}
          sx={{ minWidth: '11rem' }}
        >
          <MenuItem value="">全部</MenuItem>
          {choices.data?.topics.map(({ id, title, subscribed }) => (
            <MenuItem key={id} value={id}>
              {title}（{subscribed} 人订）
            </MenuItem>
          ))}
        </TextField>
      </Stack>
      <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: { md: '3fr 2fr' }, alignItems: 'start' }}>
        <Box sx={{ minWidth: 0 }}>
          {list.isPending && <Waiting />}
          {list.isError && <Alert severity="error">{messageOf(list.error)}</Alert>}
          {list.data?.total === 0 && <Typography>还没有预警。可以从右边的日历里挑一条开始写。</Typography>}
          {GROUPS.map(({ title, states }) => {
            const ours = list.data?.items.filter(({ state }) => states.includes(state)) ?? []
            if (ours.length === 0) return null
            return (
              <Box component="section" key={title} aria-label={title} sx={{ mb: 3 }}>
                <Typography component="h2" variant="h6" sx={{ mb: 1 }}>
                  {title}
                </Typography>
                <Stack component="ul" sx={{ listStyle: 'none', p: 0, m: 0, gap: 1 }}>
                  {ours.map((campaign) => (
                    <CampaignCard
                      key={campaign.id}
                      campaign={campaign}
                      title={titleOf(campaign.topic)}
                      me={me?.id}
                    />
                  ))}
                </Stack>
              </Box>
            )
          })}
          {pages > 1 && <Pagination count={pages} page={page} onChange={(_, next) => setPage(next)} />}
        </Box>
        <Upcoming topic={topic} titleOf={titleOf} writes={writes} />
      </Box>
    </Box>
  )
}
