import { Box, Button, Card, Chip, Stack, Typography } from '@mui/material'
import Add from '@mui/icons-material/Add'
import { LinkBase } from 'react-admin'
import type { LineRow } from '../../../shared/line.js'
import { Asked } from '../layout/Asked.js'
import { Page } from '../layout/Page.js'
import { allows } from '../session.js'
import { useAsk, useMe } from '../use-api.js'
import { CHECK_WORDS, STATE_WORDS } from './words.js'

/** Hours begin and end while the page is open. Milliseconds. */
const LOOK_MS = 60_000

/** Every line: whether it answers now, and whether anybody has checked that. */
export function LineList() {
  const me = useMe()
  const asked = useAsk('lines.list', { query: { perPage: 100 } }, { refetchInterval: LOOK_MS })
  const open = asked.data?.items.filter(({ check }) => check !== 'verified').length ?? 0
  const keeps = allows(me, 'lines.save')
  return (
    <Page title="电话和时间" width={960}>
      {keeps && (
        <div>
          <Button variant="contained" startIcon={<Add />} component={LinkBase} to="/lines/create">
            加一个电话
          </Button>
        </div>
      )}
      <Typography>
        这里改了马上生效，不用发布。
        {open > 0 && `有 ${open} 个电话没核实或快到期：打过去问清楚，再点“核实”。`}
      </Typography>
      <Asked asked={asked}>
        {({ items }) => (
          <Stack component="ul" sx={{ listStyle: 'none', p: 0, m: 0, gap: 1 }} aria-label="电话">
            {items.map((row) => (
              <Row key={row.id} row={row} keeps={keeps} />
            ))}
          </Stack>
        )}
      </Asked>
    </Page>
  )
}

function Row({ row, keeps }: { row: LineRow; keeps: boolean }) {
  const { id, line, state, hoursText, check } = row
  const { verified } = line
  return (
    <Card
      component="li"
      variant="outlined"
      sx={{ p: 2, display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center' }}
    >
      <Box sx={{ flex: '1 1 16rem', minWidth: 0 }}>
        <Typography sx={{ fontWeight: 700, fontSize: '1.05rem' }}>
          {id} {line.name}
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {line.purpose} · {line.region} · {hoursText}
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {verified
            ? `${verified.by}，${verified.on} 核实，到 ${verified.expires}`
            : CHECK_WORDS[check].meaning}
        </Typography>
      </Box>
      <Box sx={{ display: 'flex', gap: 0.5, flexWrap: 'wrap' }}>
        <Chip size="small" color={state === 'closed' ? 'default' : 'success'} label={STATE_WORDS[state]} />
        <Chip
          size="small"
          variant="outlined"
          color={check === 'verified' ? 'default' : 'warning'}
          label={CHECK_WORDS[check].label}
        />
      </Box>
      {keeps && (
        <Button component={LinkBase} to={`/lines/${id}`} aria-label={`修改或核实 ${id}`}>
          修改或核实
        </Button>
      )}
    </Card>
  )
}
