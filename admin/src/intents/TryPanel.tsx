import { useId, useState, type FormEvent } from 'react'
import { Alert, Box, Button, Card, CardContent, TextField, Typography } from '@mui/material'
import { LinkBase } from 'react-admin'
import type { Told, Trial } from '../../../shared/content.js'
import type { RiskKind } from '../../../shared/risk.js'
import { messageOf } from '../call.js'
import { KIND_WORDS, LEVEL_WORDS } from '../desk/words.js'
import { useCall } from '../use-api.js'
import { Bubble } from '../phone/Bubble.js'

/** A sentence tried on the spot: what is said now, and what by the saved draft. */
export function TryPanel({ saved }: { saved: boolean }) {
  const call = useCall()
  const heading = useId()
  const [text, setText] = useState('')
  const [trial, setTrial] = useState<Trial | null>(null)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState('')

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    setBusy(true)
    setRefusal('')
    try {
      setTrial(await call('content.try', { body: { text } }))
    } catch (error) {
      setRefusal(messageOf(error))
    }
    setBusy(false)
  }

  return (
    <Card variant="outlined" component="section" aria-labelledby={heading}>
      <CardContent sx={{ display: 'grid', gap: 1.5 }}>
        <Typography component="h2" variant="h6" id={heading}>
          试一试
        </Typography>
        <Box component="form" onSubmit={(event) => void submit(event)} sx={{ display: 'grid', gap: 1 }}>
          <TextField
            size="small"
            multiline
            label="假装是孩子，写一句"
            value={text}
            onChange={(event) => setText(event.target.value)}
            helperText="不会存下来，也不会有人被叫来。"
          />
          <div>
            <Button type="submit" variant="outlined" disabled={busy || text.trim() === ''}>
              看看怎么答
            </Button>
          </div>
        </Box>
        {refusal && <Alert severity="error">{refusal}</Alert>}
        {!saved && <Alert severity="info">你的改动还没保存，试的是上次保存的草稿。</Alert>}
        {trial && (
          <Box aria-live="polite" sx={{ display: 'grid', gap: 2 }}>
            <Answered title="正在用的版本" told={trial.live} />
            <Answered title="草稿" told={trial.draft} />
            {!trial.learnt && (
              <Alert severity="info">
                草稿还没有训练：现在只有文字是草稿的，听懂哪个话题用的还是正在用的版本。到“
                <LinkBase to="/release">发布</LinkBase>”里训练一个新版本，就能试到草稿怎么听。
              </Alert>
            )}
          </Box>
        )}
      </CardContent>
    </Card>
  )
}

const percent = (share: number) => `${Math.round(share * 100)}%`
const kindWord = (kind: RiskKind) => (kind === 'report' ? '要报告' : KIND_WORDS[kind])

function Answered({ title, told }: { title: string; told: Told }) {
  const { intent, confidence, alternatives, risk, escalate, bubbles } = told
  return (
    <Box component="section" aria-label={title}>
      <Typography component="h3" sx={{ fontWeight: 700 }}>
        {title}
      </Typography>
      <Typography variant="body2">
        听成：{intent ? `${intent.title}（${percent(confidence)} 的把握）` : `拿不准（最像的只有 ${percent(confidence)}）`}
      </Typography>
      {alternatives.length > 0 && (
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          也像：{alternatives.map((each) => `${each.title} ${percent(each.confidence)}`).join('、')}
        </Typography>
      )}
      <Typography variant="body2" sx={{ fontWeight: risk.level === 'none' ? 400 : 700 }}>
        危险：{LEVEL_WORDS[risk.level]}
        {risk.kinds.length > 0 && `（${risk.kinds.map(kindWord).join('、')}）`}
        {escalate && '；会叫真人'}
      </Typography>
      <Box sx={{ bgcolor: 'background.default', borderRadius: 2, p: 1, mt: 0.5 }}>
        {bubbles.map((bubble, i) => (
          <Bubble key={i} bubble={bubble} />
        ))}
      </Box>
    </Box>
  )
}
