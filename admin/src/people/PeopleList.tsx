import { useState } from 'react'
import {
  Alert,
  Box,
  Chip,
  MenuItem,
  Pagination,
  Paper,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TableRow,
  TextField,
  Typography,
} from '@mui/material'
import { Title } from 'react-admin'
import { Bars } from '../dashboard/Bars.js'
import { messageOf } from '../call.js'
import { channelWord } from '../desk/words.js'
import { Waiting } from '../layout/Waiting.js'
import { useAsk } from '../use-api.js'
import { whenOf } from '../campaigns/words.js'

const PER_PAGE = 50
const COLOUR = '#17796f'

/** Subscriptions: a code, a channel, a topic, since when, under which words. No name, no word, no danger. */
export function PeopleList() {
  const [topic, setTopic] = useState('')
  const [page, setPage] = useState(1)
  const choices = useAsk('campaigns.choices', {})
  const list = useAsk('people.list', { query: { page, perPage: PER_PAGE, ...(topic && { topic }) } })
  const topics = choices.data?.topics ?? []
  const titleOf = (id: string) => topics.find((each) => each.id === id)?.title ?? id
  const pages = Math.ceil((list.data?.total ?? 0) / PER_PAGE)
  return (
    <Box sx={{ maxWidth: 1100, width: '100%', mx: 'auto', py: 2 }}>
      <Title title="订阅的人" />
      <Typography sx={{ color: 'text.secondary', mb: 2 }}>
        这里只有编号和订了什么。没有名字，没有说过的话，也看不出谁遇到过危险。退订和删除只能由本人在对话里做。
      </Typography>
      <Box sx={{ maxWidth: 520, mb: 3 }}>
        <Bars
          caption="每种有多少人订"
          bars={topics.map(({ title, subscribed }) => ({
            label: title.replace(/提醒$/, ''),
            count: subscribed,
            colour: COLOUR,
          }))}
        />
      </Box>
      <TextField
        select
        size="small"
        label="哪一种"
        value={topic}
        onChange={(event) => {
          setTopic(event.target.value)
          setPage(1)
        }}
        sx={{ minWidth: '11rem', mb: 2 }}
      >
        <MenuItem value="">全部</MenuItem>
        {topics.map(({ id, title }) => (
          <MenuItem key={id} value={id}>
            {title}
          </MenuItem>
        ))}
      </TextField>
      {list.isPending && <Waiting />}
      {list.isError && <Alert severity="error">{messageOf(list.error)}</Alert>}
      {list.data && (
        <TableContainer component={Paper} variant="outlined" tabIndex={0} aria-label="订阅">
          <Table size="small">
            <TableHead>
              <TableRow>
                <TableCell>编号</TableCell>
                <TableCell>订了什么</TableCell>
                <TableCell>从哪里</TableCell>
                <TableCell>从什么时候</TableCell>
                <TableCell>同意时看到的文字</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {list.data.items.map(({ id, code, topic, channel, since, wording, parent }) => (
                <TableRow key={id}>
                  <TableCell sx={{ fontFamily: 'monospace', fontSize: '1rem' }}>{code}</TableCell>
                  <TableCell>
                    {titleOf(topic)}
                    {parent && <Chip size="small" label="家长" sx={{ ml: 1 }} />}
                  </TableCell>
                  <TableCell>{channelWord(channel)}</TableCell>
                  <TableCell sx={{ whiteSpace: 'nowrap' }}>{whenOf(since)}</TableCell>
                  <TableCell>{wording} 版</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
          {list.data.items.length === 0 && <Typography sx={{ p: 3 }}>还没有人订。</Typography>}
        </TableContainer>
      )}
      {pages > 1 && (
        <Pagination count={pages} page={page} onChange={(_, next) => setPage(next)} sx={{ my: 2 }} />
      )}
    </Box>
  )
}
