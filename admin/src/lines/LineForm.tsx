import { useState, type FormEvent } from 'react'
import { Alert, Autocomplete, Box, Button, FormControlLabel, Checkbox, TextField } from '@mui/material'
import { ContentFault } from '../../../shared/content.js'
import type { LineForm as Form } from '../../../shared/line.js'
import { DangerKind } from '../../../shared/risk.js'
import { messageOf, Refused } from '../call.js'
import { KIND_WORDS } from '../desk/words.js'
import { Hours } from './Hours.js'

interface LineFormProps {
  initial: Form
  /** 110 and 120: name and words can be changed, number and hours cannot. */
  isProtected: boolean
  onSave(form: Form): Promise<void>
}

/** A line: number, name, what it is for, where, when, for which dangers it is named. */
export function LineForm({ initial, isProtected, onSave }: LineFormProps) {
  const [form, setForm] = useState(initial)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState('')
  const [faults, setFaults] = useState<Record<string, string>>({})
  const set = (next: Partial<Form>) => setForm({ ...form, ...next })
  const fault = (at: string) => faults[at] ?? ''

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setRefusal('')
    setFaults({})
    try {
      await onSave(form)
    } catch (error) {
      setRefusal(messageOf(error))
      setFaults(faultsOf(error))
    }
    setBusy(false)
  }

  return (
    <Box
      component="form"
      noValidate
      onSubmit={(event) => void submit(event)}
      sx={{ display: 'grid', gap: 2 }}
    >
      {refusal && <Alert severity="error">{refusal}</Alert>}
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { sm: '1fr 1fr' } }}>
        <TextField
          label="号码"
          disabled={isProtected}
          value={form.number}
          onChange={(event) => set({ number: event.target.value.replace(/\D/g, '') })}
          error={fault('number') !== ''}
          helperText={fault('number') || '照拨的写，只写数字'}
          slotProps={{ htmlInput: { inputMode: 'numeric', maxLength: 12 } }}
        />
        <TextField
          label="名字"
          value={form.name}
          onChange={(event) => set({ name: event.target.value })}
          error={fault('name') !== ''}
          helperText={fault('name') || '2 到 20 个字'}
        />
        <TextField
          label="是做什么的"
          value={form.purpose}
          onChange={(event) => set({ purpose: event.target.value })}
          error={fault('purpose') !== ''}
          helperText={fault('purpose') || '一句孩子看得懂的话'}
        />
        <TextField
          label="哪里能打"
          disabled={isProtected}
          value={form.region}
          onChange={(event) => set({ region: event.target.value })}
          error={fault('region') !== ''}
          helperText={fault('region') || '全国，或者一个省，如 内蒙古'}
        />
      </Box>
      <Box role="group" aria-label="怎么联系">
        {(['call', 'text'] as const).map((way) => (
          <FormControlLabel
            key={way}
            control={
              <Checkbox
                checked={form.contact.includes(way)}
                onChange={(_, on) =>
                  set({ contact: on ? [...form.contact, way] : form.contact.filter((each) => each !== way) })
                }
              />
            }
            label={way === 'call' ? '可以打' : '可以发短信'}
          />
        ))}
      </Box>
      <Autocomplete
        multiple
        options={DangerKind.options as readonly string[]}
        getOptionLabel={(kind) => KIND_WORDS[kind as DangerKind] ?? kind}
        value={form.danger}
        onChange={(_, danger) => set({ danger })}
        renderInput={(params) => (
          <TextField
            {...params}
            label="遇到哪些危险时给出这个电话"
            helperText="不选，就只在写了它的回答里出现"
          />
        )}
      />
      <Hours value={form.hours} onChange={(hours) => set({ hours })} fault={fault} disabled={isProtected} />
      <div>
        <Button type="submit" variant="contained" disabled={busy}>
          保存，马上生效
        </Button>
      </div>
    </Box>
  )
}

/** What is wrong, by field of the line: the content's own faults, or the schema's. */
function faultsOf(error: unknown): Record<string, string> {
  if (!(error instanceof Refused)) return {}
  const entries =
    error.code === 'content.faults'
      ? ContentFault.array()
          .catch([])
          .parse(error.detail.faults)
          .map(({ at, what }) => [at.replace(/^lines\.\d+\./, ''), what])
      : Object.entries((error.detail.fields as Record<string, string> | undefined) ?? {}).map(
          ([at, what]) => [at.replace(/^line\./, ''), what],
        )
  return Object.fromEntries(entries) as Record<string, string>
}
