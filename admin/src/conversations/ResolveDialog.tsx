import { useState } from 'react'
import {
  Alert,
  Autocomplete,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  FormControl,
  FormControlLabel,
  FormLabel,
  Radio,
  RadioGroup,
  TextField,
  Typography,
} from '@mui/material'
import { useNavigate, useNotify } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import { Outcome, type Escalation } from '../../../shared/desk.js'
import { RiskLevel } from '../../../shared/risk.js'
import { messageOf } from '../call.js'
import { OUTCOME_WORDS } from '../desk/words.js'
import { useCall } from '../use-api.js'
import { useTopics } from './use-topics.js'

const LEVELS: Record<RiskLevel, string> = {
  urgent: '还有危险：AI 继续紧盯，先说安全',
  watch: '要留心：AI 会温和地多问一句',
  none: '没有危险了：AI 像平常一样回答',
}

interface DialogProps {
  escalation: Escalation
  open: boolean
  onClose(): void
}

/** Ends the human part: how, about what, and the risk from here on, which nobody but a human may lower. */
export function ResolveDialog({ escalation, open, onClose }: DialogProps) {
  const call = useCall()
  const notify = useNotify()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const topics = useTopics(open)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [topic, setTopic] = useState<string | null>(null)
  const [level, setLevel] = useState<RiskLevel>(escalation.level)
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState('')

  const submit = async () => {
    setTried(true)
    if (!outcome) return
    setBusy(true)
    setRefusal('')
    try {
      await call('escalations.resolve', { params: { id: escalation.id }, body: { outcome, topic, level } })
      notify('交回了。现在由 AI 接着回答，它会告诉对方。', { type: 'success' })
      onClose()
      navigate('/escalations')
    } catch (error) {
      setRefusal(messageOf(error))
    }
    await queries.invalidateQueries({ queryKey: ['escalations'] })
    await queries.invalidateQueries({ queryKey: ['conversations'] })
    setBusy(false)
  }

  return (
    <Dialog open={open} onClose={onClose} aria-labelledby="resolve-title" fullWidth maxWidth="sm">
      <DialogTitle id="resolve-title">谈完了，交回 AI</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2.5 }}>
        <Typography>交回以后 AI 接着回答，它会告诉对方：现在又是 AI。</Typography>
        <FormControl error={tried && !outcome}>
          <FormLabel id="outcome-label">谈得怎么样？</FormLabel>
          <RadioGroup
            aria-labelledby="outcome-label"
            value={outcome ?? ''}
            onChange={(_, value) => setOutcome(Outcome.parse(value))}
          >
            {Outcome.options.map((each) => (
              <FormControlLabel
                key={each}
                value={each}
                control={<Radio />}
                label={`${OUTCOME_WORDS[each].label}：${OUTCOME_WORDS[each].meaning}`}
              />
            ))}
          </RadioGroup>
          {tried && !outcome && <Typography color="error">请选一个</Typography>}
        </FormControl>
        <Autocomplete
          options={topics}
          getOptionLabel={({ title }) => title}
          isOptionEqualToValue={(a, b) => a.id === b.id}
          onChange={(_, value) => setTopic(value?.id ?? null)}
          renderInput={(params) => (
            <TextField
              {...params}
              label="主要是什么事（用来统计，可以不选）"
              helperText="打字可以找，比如“欺凌”"
            />
          )}
        />
        <FormControl>
          <FormLabel id="level-label">从现在起，危险是？</FormLabel>
          <RadioGroup
            aria-labelledby="level-label"
            value={level}
            onChange={(_, value) => setLevel(RiskLevel.parse(value))}
          >
            {RiskLevel.options.toReversed().map((each) => (
              <FormControlLabel key={each} value={each} control={<Radio />} label={LEVELS[each]} />
            ))}
          </RadioGroup>
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            机器只会把危险往上调，不会往下调。只有你能说它降了；没把握就不要降。
          </Typography>
        </FormControl>
        {refusal && <Alert severity="error">{refusal}</Alert>}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>再谈谈</Button>
        <Button variant="contained" disabled={busy} onClick={() => void submit()}>
          交回 AI
        </Button>
      </DialogActions>
    </Dialog>
  )
}
