import { useState } from 'react'
import {
  Alert,
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  TextField,
  Typography,
} from '@mui/material'
import { LinkBase, useNotify } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import { NOTE_MAX, type Campaign, type CampaignState } from '../../../shared/campaign.js'
import { messageOf } from '../call.js'
import { allows } from '../session.js'
import { useCall, useMe } from '../use-api.js'

type Verb = 'submit' | 'approve' | 'return' | 'pause' | 'resume' | 'stop'

interface Step {
  verb: Verb
  states: CampaignState[]
  label: string
  /** Asked before it is done. */
  ask: string
  done: string
  look: 'contained' | 'outlined'
}

const STEPS: Step[] = [
  {
    verb: 'submit',
    states: ['draft'],
    label: '请同事批准',
    ask: '请另一位同事看过再发。你自己不能批准。',
    done: '已经请人批准。',
    look: 'contained',
  },
  {
    verb: 'approve',
    states: ['submitted'],
    label: '批准，到时候发',
    ask: '批准以后，到时间会自动发给上面说的这些人。你看过文字、人数和要留意的事了吗？',
    done: '批准了，到时间会自动发。',
    look: 'contained',
  },
  {
    verb: 'return',
    states: ['submitted'],
    label: '退回修改',
    ask: '写一句要改什么，写的人会看到。',
    done: '退回了。',
    look: 'outlined',
  },
  {
    verb: 'pause',
    states: ['approved', 'running'],
    label: '暂停',
    ask: '暂停以后，还没收到的人先不发。可以接着发；晚了一天以上的就不再发。',
    done: '暂停了。',
    look: 'outlined',
  },
  {
    verb: 'resume',
    states: ['paused'],
    label: '接着发',
    ask: '从停下的地方接着发，已经收到的人不会再收到。',
    done: '接着发了。',
    look: 'contained',
  },
  {
    verb: 'stop',
    states: ['draft', 'submitted', 'approved', 'running', 'paused'],
    label: '停掉',
    ask: '停掉以后不能再发这一条，记录还在。',
    done: '停掉了。',
    look: 'outlined',
  },
]

/** What this person may do with a warning now; each step is confirmed. */
export function Actions({ campaign }: { campaign: Campaign }) {
  const me = useMe()
  const [asking, setAsking] = useState<Step | null>(null)
  const { id, state, author, editor } = campaign
  const own = me?.id === author.id || me?.id === editor.id
  const steps = STEPS.filter(({ verb, states }) => states.includes(state) && allows(me, `campaigns.${verb}`))
  const editable = ['draft', 'submitted', 'approved', 'paused'].includes(state)
  return (
    <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
      {steps.map((step) => (
        <Button
          key={step.verb}
          variant={step.look}
          color={step.verb === 'stop' ? 'error' : 'primary'}
          disabled={step.verb === 'approve' && own}
          onClick={() => setAsking(step)}
        >
          {step.label}
        </Button>
      ))}
      {editable && allows(me, 'campaigns.update') && (
        <Button component={LinkBase} to={`/campaigns/${id}`}>
          修改
        </Button>
      )}
      {state === 'submitted' && own && (
        <Typography variant="body2">你写的或最后改的，要请另一位同事批准。</Typography>
      )}
      {asking && <Confirm campaign={campaign} step={asking} onClose={() => setAsking(null)} />}
    </Box>
  )
}

function Confirm({ campaign, step, onClose }: { campaign: Campaign; step: Step; onClose(): void }) {
  const call = useCall()
  const notify = useNotify()
  const queries = useQueryClient()
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState('')
  const needsNote = step.verb === 'return'

  const act = async () => {
    const { id, version } = campaign
    setBusy(true)
    setRefusal('')
    try {
      if (step.verb === 'return') await call('campaigns.return', { params: { id }, body: { version, note } })
      else await call(`campaigns.${step.verb}`, { params: { id }, body: { version } })
      notify(step.done, { type: 'success' })
      onClose()
    } catch (error) {
      setRefusal(messageOf(error))
      setBusy(false)
    }
    await queries.invalidateQueries({ queryKey: ['campaigns'] })
  }

  return (
    <Dialog open onClose={onClose} aria-labelledby="step-title" fullWidth maxWidth="xs">
      <DialogTitle id="step-title">{step.label}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>{step.ask}</Typography>
        {needsNote && (
          <TextField
            label="要改什么"
            multiline
            autoFocus
            value={note}
            onChange={(event) => setNote(event.target.value.slice(0, NOTE_MAX))}
            sx={{ mt: 1 }}
          />
        )}
        {refusal && <Alert severity="error">{refusal}</Alert>}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>先不</Button>
        <Button
          variant="contained"
          color={step.verb === 'stop' ? 'error' : 'primary'}
          disabled={busy || (needsNote && note.trim() === '')}
          onClick={() => void act()}
        >
          {step.label}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
