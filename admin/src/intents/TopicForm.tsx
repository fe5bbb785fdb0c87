import { useEffect, useMemo, useState } from 'react'
import { Alert, Autocomplete, Box, Button, Card, CardContent, MenuItem, TextField, Typography } from '@mui/material'
import { useNotify } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import { ContentFault, type IntentDraft } from '../../../shared/content.js'
import type { Intent } from '../../../shared/intent.js'
import { DangerKind, RiskLevel } from '../../../shared/risk.js'
import { messageOf, Refused } from '../call.js'
import { KIND_WORDS, LEVEL_WORDS } from '../desk/words.js'
import { allows } from '../session.js'
import { useAsk, useCall, useMe } from '../use-api.js'
import { Answers } from './Answers.js'
import { Buttons } from './Buttons.js'
import { Faults, placeOf } from './faults.js'
import { Sayings } from './Sayings.js'
import { TryPanel } from './TryPanel.js'
import { useFaults } from './use-faults.js'

/** The form of a topic with the trial beside it. Mistakes stand at their field and stop the saving. */
export function TopicForm({ draft, onSaved }: { draft: IntentDraft; onSaved(draft: IntentDraft): void }) {
  const me = useMe()
  const call = useCall()
  const notify = useNotify()
  const queries = useQueryClient()
  const [form, setForm] = useState<Intent>(draft.intent)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState('')
  const changed = form !== draft.intent
  const [found, setFound] = useFaults(draft.id, form, draft.faults, changed)
  const faults = useMemo(() => new Faults(found), [found])
  const readOnly = !allows(me, 'intents.save')
  const set = (next: Partial<Intent>) => setForm((was) => ({ ...was, ...next }))

  useEffect(() => {
    if (!changed) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [changed])

  const save = async () => {
    setBusy(true)
    setRefusal('')
    try {
      const saved = await call('intents.save', {
        params: { id: draft.id },
        body: { hash: draft.hash, intent: { ...form } },
      })
      notify('存好了，现在是草稿。发布以后孩子才会看到。', { type: 'success' })
      onSaved(saved)
      await queries.invalidateQueries({ queryKey: ['intents'] })
    } catch (error) {
      setRefusal(messageOf(error))
      if (error instanceof Refused && error.code === 'content.faults')
        setFound(ContentFault.array().catch([]).parse(error.detail.faults))
    }
    setBusy(false)
  }

  const { stopping } = faults
  return (
    <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 1fr) 340px' }, alignItems: 'start' }}>
      <Card variant="outlined">
        <CardContent sx={{ display: 'grid', gap: 4, gridTemplateColumns: 'minmax(0, 1fr)' }}>
          <Basics form={form} set={set} faults={faults} readOnly={readOnly} />
          <Answers
            value={form.answers}
            buttons={form.buttons.map(({ label }) => label)}
            onChange={(answers) => set({ answers })}
            faults={faults}
            readOnly={readOnly}
          />
          <Buttons value={form.buttons} onChange={(buttons) => set({ buttons })} faults={faults} readOnly={readOnly} />
          <Sayings
            title="说法"
            field="utterances"
            help="孩子、家长、朋友会怎么说，至少 12 句。要真：短的、乱的、错字的、长的都要有。不许放进真实对话。"
            value={form.utterances}
            onChange={(utterances) => set({ utterances })}
            faults={faults}
            readOnly={readOnly}
          />
          <Sayings
            title="测试句"
            field="test"
            help="考机器用的，至少 4 句，永远不拿来学。写的人只看名字和事实，不看上面的说法。"
            value={form.test}
            onChange={(test) => set({ test })}
            faults={faults}
            readOnly={readOnly}
          />
          {!readOnly && (
            <Box sx={{ position: 'sticky', bottom: 0, bgcolor: 'background.paper', py: 1.5, borderTop: 1, borderColor: 'divider', zIndex: 2 }}>
              {refusal && <Alert severity="error" sx={{ mb: 1 }}>{refusal}</Alert>}
              {stopping.length > 0 && (
                <Box role="status" sx={{ mb: 1 }}>
                  <Typography sx={{ fontWeight: 700 }}>还有 {stopping.length} 处要改，改好才能存：</Typography>
                  <Box component="ul" sx={{ m: 0, pl: 3, maxHeight: 120, overflowY: 'auto' }}>
                    {stopping.slice(0, 6).map(({ at, what }) => (
                      <li key={`${at}${what}`}>
                        {placeOf(at)}：{what}
                      </li>
                    ))}
                  </Box>
                </Box>
              )}
              <Button variant="contained" disabled={busy || !changed} onClick={() => void save()}>
                存草稿
              </Button>
              <Button disabled={busy || !changed} onClick={() => setForm(draft.intent)} sx={{ ml: 1 }}>
                不改了
              </Button>
            </Box>
          )}
        </CardContent>
      </Card>
      <Box sx={{ position: { md: 'sticky' }, top: 16 }}>
        <TryPanel saved={!changed} />
      </Box>
    </Box>
  )
}

interface BasicsProps {
  form: Intent
  set(next: Partial<Intent>): void
  faults: Faults
  readOnly: boolean
}

function Basics({ form, set, faults, readOnly }: BasicsProps) {
  const asked = useAsk('intents.list', { query: { perPage: 100 } })
  const topics = (asked.data?.items ?? []).filter(({ id }) => id !== form.id)
  const titleOf = (id: string) => topics.find((topic) => topic.id === id)?.title ?? id
  return (
    <Box component="section" aria-label="基本" sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: '2fr 1fr 1fr' } }}>
      <TextField
        label="名字"
        disabled={readOnly}
        value={form.title}
        onChange={(event) => set({ title: event.target.value })}
        error={faults.at('title') !== ''}
        helperText={faults.at('title') || '拿不准时会变成按钮“你说的是下面哪一个”'}
      />
      <TextField
        select
        label="通常有多危险"
        disabled={readOnly}
        value={form.risk}
        onChange={(event) => set({ risk: event.target.value as RiskLevel })}
        helperText="真正的危险看消息本身"
      >
        {RiskLevel.options.map((level) => (
          <MenuItem key={level} value={level}>
            {LEVEL_WORDS[level]}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        select
        label="多半在哪种危险里"
        disabled={readOnly}
        value={form.danger ?? ''}
        onChange={(event) => set({ danger: (event.target.value || undefined) as DangerKind | undefined })}
        helperText="它的说法也教机器认危险"
      >
        <MenuItem value="">没有</MenuItem>
        {DangerKind.options.map((kind) => (
          <MenuItem key={kind} value={kind}>
            {KIND_WORDS[kind]}
          </MenuItem>
        ))}
      </TextField>
      <Autocomplete
        multiple
        disabled={readOnly}
        sx={{ gridColumn: '1 / -1' }}
        options={topics.map(({ id }) => id)}
        getOptionLabel={titleOf}
        value={form.also}
        onChange={(_, also) => set({ also })}
        renderInput={(params) => (
          <TextField
            {...params}
            label="同一句话，答哪些话题也算对"
            error={faults.below('also') > 0}
          />
        )}
      />
    </Box>
  )
}
