import { useState } from 'react'
import { Box, Button, Card, Chip, FormControlLabel, Stack, Switch, Typography } from '@mui/material'
import Add from '@mui/icons-material/Add'
import { LinkBase } from 'react-admin'
import type { Staff } from '../../../shared/staff.js'
import { timeOf } from '../desk/words.js'
import { Asked } from '../layout/Asked.js'
import { Page } from '../layout/Page.js'
import { Pager } from '../layout/Pager.js'
import { useAsk } from '../use-api.js'
import { ROLE_WORDS } from './words.js'

const PER_PAGE = 50

/** Everybody with an account: what they may do, and whether they have come in. */
export function StaffList() {
  const [all, setAll] = useState(false)
  const [page, setPage] = useState(1)
  const list = useAsk('staff.list', { query: { page, perPage: PER_PAGE, ...(!all && { active: 'true' }) } })
  const now = new Date()
  return (
    <Page title="工作人员" width={960}>
      <Stack direction="row" sx={{ gap: 2, flexWrap: 'wrap' }}>
        <Button variant="contained" startIcon={<Add />} component={LinkBase} to="/staff/create">
          新建账号
        </Button>
        <FormControlLabel
          control={<Switch checked={all} onChange={(_, on) => setAll(on)} />}
          label="也看停用的"
        />
      </Stack>
      <Asked asked={list}>
        {({ items }) => (
          <Stack component="ul" sx={{ listStyle: 'none', p: 0, m: 0, gap: 1 }} aria-label="账号">
            {items.map((each) => (
              <Account key={each.id} account={each} now={now} />
            ))}
          </Stack>
        )}
      </Asked>
      <Pager total={list.data?.total} perPage={PER_PAGE} page={page} onPage={setPage} />
    </Page>
  )
}

function Account({ account, now }: { account: Staff; now: Date }) {
  const { id, name, workName, roles, active, onDuty, invited, lastSeenAt } = account
  const state = !active
    ? '已停用'
    : invited
      ? '还没设密码'
      : lastSeenAt
        ? `${timeOf(lastSeenAt, now)} 来过`
        : '还没来过'
  return (
    <Card
      component="li"
      variant="outlined"
      sx={{ p: 2, display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center' }}
    >
      <Box sx={{ flex: '1 1 12rem', minWidth: 0 }}>
        <Typography sx={{ fontWeight: 700, fontSize: '1.05rem' }}>
          {workName}
          {onDuty && active && <Chip size="small" label="值班中" color="success" sx={{ ml: 1 }} />}
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {name} · {state}
        </Typography>
      </Box>
      <Box sx={{ display: 'flex', gap: 0.5, flexWrap: 'wrap', flex: '1 1 12rem' }}>
        {roles.map((role) => (
          <Chip key={role} size="small" variant="outlined" label={ROLE_WORDS[role].label} />
        ))}
      </Box>
      <Button component={LinkBase} to={`/staff/${id}`} aria-label={`修改${workName}的账号`}>
        修改
      </Button>
    </Card>
  )
}
