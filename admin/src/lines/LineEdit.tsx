import { useState } from 'react'
import {
  Alert,
  Button,
  Card,
  CardContent,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  TextField,
  Typography,
} from '@mui/material'
import { LinkBase, useNavigate, useNotify, useParams } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import type { LineRow } from '../../../shared/line.js'
import { Asked } from '../layout/Asked.js'
import { Page } from '../layout/Page.js'
import { useAct } from '../release/use-act.js'
import { useAsk, useCall, useMe } from '../use-api.js'
import { LineForm } from './LineForm.js'
import { CHECK_WORDS, STATE_WORDS } from './words.js'

/** One line: verify it, change it, remove it. */
export function LineEdit() {
  const id = useParams().id ?? ''
  const asked = useAsk('lines.one', { params: { id } })
  return (
    <Page title={asked.data ? `${id} ${asked.data.line.name}` : '电话'} width={720}>
      <Asked asked={asked}>
        {(row) => (
          <>
            <Verify key={`verify:${row.hash}`} row={row} />
            <Change key={`change:${row.id}`} row={row} />
            {!row.protected && <Remove row={row} />}
          </>
        )}
      </Asked>
      <Button component={LinkBase} to="/lines" sx={{ alignSelf: 'start' }}>
        回到列表
      </Button>
    </Page>
  )
}

const dayAfter = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

function Verify({ row }: { row: LineRow }) {
  const me = useMe()
  const call = useCall()
  const { act, busy, refusal } = useAct('lines', 'go-live')
  const [by, setBy] = useState(me?.workName ?? '')
  const [expires, setExpires] = useState(dayAfter(180))
  const { id, hash, check, state, hoursText, line } = row
  return (
    <Card variant="outlined" component="section" aria-labelledby="verify-title">
      <CardContent sx={{ display: 'grid', gap: 1.5 }}>
        <Typography component="h2" variant="h6" id="verify-title">
          核实
        </Typography>
        <Typography>
          {STATE_WORDS[state]}；{hoursText}。{CHECK_WORDS[check].meaning}。
          {line.verified && `上次：${line.verified.by}，${line.verified.on}，到 ${line.verified.expires}。`}
        </Typography>
        <Typography variant="body2">
          请真的打一次：号码通不通、几点到几点有人接、周末和节假日接不接。
        </Typography>
        <TextField
          size="small"
          label="谁打过"
          value={by}
          onChange={(event) => setBy(event.target.value)}
          slotProps={{ htmlInput: { maxLength: 30 } }}
        />
        <TextField
          size="small"
          type="date"
          label="有效到（这一天起要再打一次）"
          value={expires}
          onChange={(event) => setExpires(event.target.value)}
          slotProps={{ inputLabel: { shrink: true } }}
        />
        {refusal && <Alert severity="error">{refusal}</Alert>}
        <div>
          <Button
            variant="outlined"
            disabled={busy || by.trim() === '' || expires === ''}
            onClick={() =>
              void act(
                () => call('lines.verify', { params: { id }, body: { hash, by: by.trim(), expires } }),
                '记下了。',
              )
            }
          >
            今天打过，都对
          </Button>
        </div>
      </CardContent>
    </Card>
  )
}

function Change({ row }: { row: LineRow }) {
  const call = useCall()
  const notify = useNotify()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { verified: _verified, emergency: _emergency, ...initial } = row.line
  return (
    <Card variant="outlined" component="section" aria-labelledby="change-title">
      <CardContent sx={{ display: 'grid', gap: 1.5 }}>
        <Typography component="h2" variant="h6" id="change-title">
          修改
        </Typography>
        <Typography variant="body2">
          {row.protected ? '报警和急救的号码、时间不能改。' : '改了号码或时间，原来的核实就不算了。'}
        </Typography>
        <LineForm
          initial={initial}
          isProtected={row.protected}
          onSave={async (line) => {
            await call('lines.save', { params: { id: row.id }, body: { hash: row.hash, line } })
            await queries.invalidateQueries({ queryKey: ['lines'] })
            notify('保存好了，已经生效。', { type: 'success' })
            if (line.number !== row.id) navigate(`/lines/${line.number}`)
          }}
        />
      </CardContent>
    </Card>
  )
}

function Remove({ row }: { row: LineRow }) {
  const call = useCall()
  const navigate = useNavigate()
  const { act, busy, refusal } = useAct('lines')
  const [asking, setAsking] = useState(false)
  const { id, hash, line } = row
  const remove = async () => {
    setAsking(false)
    if (await act(() => call('lines.remove', { params: { id }, body: { hash } }), '删掉了。'))
      navigate('/lines')
  }
  return (
    <div>
      {refusal && (
        <Alert severity="error" sx={{ mb: 1 }}>
          {refusal}
        </Alert>
      )}
      <Button color="error" disabled={busy} onClick={() => setAsking(true)}>
        删掉这个电话
      </Button>
      <Dialog open={asking} onClose={() => setAsking(false)} aria-labelledby="remove-title">
        <DialogTitle id="remove-title">
          删掉 {id} {line.name}？
        </DialogTitle>
        <DialogContent>
          <Typography>孩子马上就看不到它了。</Typography>
        </DialogContent>
        <DialogActions>
          <Button onClick={() => setAsking(false)}>先不</Button>
          <Button color="error" variant="contained" onClick={() => void remove()}>
            删掉
          </Button>
        </DialogActions>
      </Dialog>
    </div>
  )
}
