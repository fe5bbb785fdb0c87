import { useState } from 'react'
import { Box, Chip, MenuItem, TextField, Typography } from '@mui/material'
import { AuditVerb } from '../../../shared/api/audit.js'
import { Asked } from '../layout/Asked.js'
import { Page } from '../layout/Page.js'
import { Pager } from '../layout/Pager.js'
import { allows } from '../session.js'
import { useAsk, useMe } from '../use-api.js'
import { Entries } from './Entries.js'
import { VERB_WORDS } from './words.js'

const PER_PAGE = 50
/** A day of the calendar here as the moment it begins. */
const startOf = (day: string) => new Date(`${day}T00:00:00+08:00`).toISOString()
const endOf = (day: string) => new Date(`${day}T23:59:59.999+08:00`).toISOString()

/** The record of who did what, newest first. Each view of a child's conversation is in it. */
export function AuditList() {
  const me = useMe()
  const [verb, setVerb] = useState<AuditVerb | ''>('')
  const [staff, setStaff] = useState('')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [about, setAbout] = useState('')
  const [page, setPage] = useState(1)
  const accounts = useAsk('staff.list', { query: { perPage: 100 } }, { enabled: allows(me, 'staff.list') })
  const query = {
    page,
    perPage: PER_PAGE,
    ...(verb && { verb }),
    ...(staff && { staff }),
    ...(about && { subject: about }),
    ...(from && { from: startOf(from) }),
    ...(to && { to: endOf(to) }),
  }
  const list = useAsk('audit.list', { query })
  const filter =
    <T,>(set: (value: T) => void) =>
    (event: { target: { value: unknown } }) => {
      set(event.target.value as T)
      setPage(1)
    }

  const only = (subject: string) => {
    setAbout(subject)
    setPage(1)
  }

  return (
    <Page title="操作记录" width={1100}>
      <Typography sx={{ color: 'text.secondary' }}>
        谁、什么时候、做了什么。看过哪个对话都会记下（未成年人网络保护条例第三十六条）。这里没有对话的内容。
      </Typography>
      <Box
        sx={{
          display: 'grid',
          gap: 1.5,
          gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 11rem), 1fr))',
        }}
      >
        <TextField
          select
          size="small"
          label="做了什么"
          value={verb}
          onChange={filter<AuditVerb | ''>(setVerb)}
        >
          <MenuItem value="">全部</MenuItem>
          {AuditVerb.options.map((each) => (
            <MenuItem key={each} value={each}>
              {VERB_WORDS[each]}
            </MenuItem>
          ))}
        </TextField>
        {accounts.data && (
          <TextField select size="small" label="谁" value={staff} onChange={filter<string>(setStaff)}>
            <MenuItem value="">所有人</MenuItem>
            {accounts.data.items.map(({ id, workName, name }) => (
              <MenuItem key={id} value={id}>
                {workName}（{name}）
              </MenuItem>
            ))}
          </TextField>
        )}
        <Day label="从哪天" value={from} onChange={filter<string>(setFrom)} />
        <Day label="到哪天" value={to} onChange={filter<string>(setTo)} />
      </Box>
      {about && <Chip label={`只看编号 ${about}`} onDelete={() => only('')} sx={{ alignSelf: 'start' }} />}
      <Asked asked={list}>{({ items }) => <Entries entries={items} onlyAbout={about ? null : only} />}</Asked>
      <Pager total={list.data?.total} perPage={PER_PAGE} page={page} onPage={setPage} />
    </Page>
  )
}

function Day(props: { label: string; value: string; onChange(event: { target: { value: unknown } }): void }) {
  return <TextField {...props} size="small" type="date" slotProps={{ inputLabel: { shrink: true } }} />
}
