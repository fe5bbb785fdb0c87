import { useState } from 'react'
import { Alert, Box, Button, Card, Chip, FormControlLabel, MenuItem, Stack, Switch, TextField, Typography } from '@mui/material'
import { LinkBase } from 'react-admin'
import { GROUPS, Signed, type IntentRow } from '../../../shared/content.js'
import { RiskLevel } from '../../../shared/risk.js'
import { LEVEL_WORDS } from '../desk/words.js'
import { Asked } from '../layout/Asked.js'
import { Page } from '../layout/Page.js'
import { Pager } from '../layout/Pager.js'
import { useAsk } from '../use-api.js'
import { groupWord, SIGNED_WORDS } from './words.js'

const PER_PAGE = 50
const NOTHING = { group: '', risk: '', signed: '', q: '' }

/** Every topic, those to be read first on top: what it is, whether it is signed, whether it was changed since the release. */
export function IntentList() {
  const [filter, setFilter] = useState(NOTHING)
  const [changed, setChanged] = useState(false)
  const [page, setPage] = useState(1)
  const set = (next: Partial<typeof filter>) => {
    setFilter({ ...filter, ...next })
    setPage(1)
  }
  const { group, risk, signed, q } = filter
  const query = {
    page,
    perPage: PER_PAGE,
    ...(group && { group }),
    ...(risk && { risk: risk as RiskLevel }),
    ...(signed && { signed: signed as Signed }),
    ...(q.trim() && { q: q.trim() }),
    ...(changed && { changed: 'true' }),
  }
  const list = useAsk('intents.list', { query })
  return (
    <Page title="话题和回答" width={1000}>
      <Box
        component="search"
        sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: 'repeat(auto-fill, minmax(9.5rem, 1fr))', alignItems: 'center' }}
      >
        <TextField
          size="small"
          label="找一找"
          placeholder="名字或一句说法"
          value={q}
          onChange={(event) => set({ q: event.target.value })}
          slotProps={{ htmlInput: { maxLength: 40 } }}
        />
        <Choice label="哪一类" value={group} onChange={(next) => set({ group: next })} options={Object.entries(GROUPS)} />
        <Choice
          label="危险程度"
          value={risk}
          onChange={(next) => set({ risk: next })}
          options={RiskLevel.options.map((level) => [level, LEVEL_WORDS[level]])}
        />
        <Choice
          label="签字"
          value={signed}
          onChange={(next) => set({ signed: next })}
          options={Signed.options.map((each) => [each, SIGNED_WORDS[each].label])}
        />
        <FormControlLabel
          control={
            <Switch
              checked={changed}
              onChange={(_, on) => {
                setChanged(on)
                setPage(1)
              }}
            />
          }
          label="只看没发布的"
        />
      </Box>
      <Asked asked={list}>
        {({ items, total }) => (
          <>
            <Typography role="status">{total ? `${total} 个话题，先读的在前：没签过的，写给有危险的孩子的` : '没有符合条件的话题。'}</Typography>
            <Stack component="ul" sx={{ listStyle: 'none', p: 0, m: 0, gap: 1 }} aria-label="话题">
              {items.map((row) => (
                <Row key={row.id} row={row} />
              ))}
            </Stack>
          </>
        )}
      </Asked>
      <Pager total={list.data?.total} perPage={PER_PAGE} page={page} onPage={setPage} />
      <Alert severity="info">
        改了的内容先是草稿，孩子看不到。到“<LinkBase to="/release">发布</LinkBase>”里训练、比较、发布以后才算数。
      </Alert>
    </Page>
  )
}

interface ChoiceProps {
  label: string
  value: string
  onChange(value: string): void
  options: readonly (readonly [string, string])[]
}

const Choice = ({ label, value, onChange, options }: ChoiceProps) => (
  <TextField select size="small" label={label} value={value} onChange={(event) => onChange(event.target.value)}>
    <MenuItem value="">全部</MenuItem>
    {options.map(([name, word]) => (
      <MenuItem key={name} value={name}>
        {word}
      </MenuItem>
    ))}
  </TextField>
)

function Row({ row }: { row: IntentRow }) {
  const { id, title, risk, utterances, test, answers, citations, unverified, signed, until, changed, conflict } = row
  return (
    <Card
      component="li"
      variant="outlined"
      sx={{ p: 2, display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center' }}
    >
      <Box sx={{ flex: '1 1 16rem', minWidth: 0 }}>
        <Typography sx={{ fontWeight: 700, fontSize: '1.05rem' }}>{title}</Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {groupWord(id)} · {utterances} 句说法 · {test} 句测试 · {answers} 种读者 · {citations} 处法条
          {unverified > 0 && ` · ${unverified} 处没核实`}
        </Typography>
      </Box>
      <Box sx={{ display: 'flex', gap: 0.5, flexWrap: 'wrap' }}>
        {risk !== 'none' && (
          <Chip size="small" color={risk === 'urgent' ? 'error' : 'warning'} label={LEVEL_WORDS[risk]} />
        )}
        <Chip
          size="small"
          variant="outlined"
          title={SIGNED_WORDS[signed].meaning}
          label={until && signed !== 'unsigned' ? `${SIGNED_WORDS[signed].label}（${until}）` : SIGNED_WORDS[signed].label}
        />
        {changed && <Chip size="small" color="info" label="改了，没发布" />}
        {conflict && <Chip size="small" color="error" label="和文件对不上" />}
      </Box>
      <Button component={LinkBase} to={`/intents/${id}`} aria-label={`打开${title}`}>
        打开
      </Button>
    </Card>
  )
}
