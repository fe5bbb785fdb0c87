import { Box, Button, TextField, Typography } from '@mui/material'
import type { Answer, LayerName } from '../../../shared/intent.js'
import { Citations } from './Citations.js'
import type { Faults } from './faults.js'
import { LAYER_WORDS } from './words.js'

export type LayerDraft = Answer['first']

interface LayerProps {
  name: LayerName
  /** `answers.0` */
  field: string
  value: LayerDraft | undefined
  onChange(value: LayerDraft | undefined): void
  faults: Faults
  readOnly: boolean
}

/** One layer of an answer: its words against the limit, the articles behind it, what nobody has verified. */
export function Layer({ name, field, value, onChange, faults, readOnly }: LayerProps) {
  const { label, meaning, most } = LAYER_WORDS[name]
  const place = `${field}.${name}`
  if (!value) {
    return readOnly ? null : (
      <Box>
        <Button onClick={() => onChange({ text: '', citations: [] })}>加一层“{label}”</Button>
      </Box>
    )
  }
  const count = value.text.trim().length
  const fault = faults.at(`${place}.text`)
  return (
    <Box component="section" aria-label={label} sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'baseline', flexWrap: 'wrap' }}>
        <Typography component="h3" sx={{ fontWeight: 700 }}>
          {label}
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary', flex: 1 }}>
          {meaning}
        </Typography>
        {name !== 'first' && !readOnly && (
          <Button size="small" color="error" onClick={() => onChange(undefined)}>
            去掉这一层
          </Button>
        )}
      </Box>
      <TextField
        multiline
        minRows={3}
        disabled={readOnly}
        label={`${label}的文字`}
        value={value.text}
        onChange={(event) => onChange({ ...value, text: event.target.value })}
        error={fault !== '' || count > most}
        helperText={[`${count} / ${most} 个字，空一行就是第二个气泡`, fault].filter(Boolean).join('。')}
      />
      <Citations
        field={`${place}.citations`}
        value={value.citations}
        onChange={(citations) => onChange({ ...value, citations })}
        faults={faults}
        readOnly={readOnly}
      />
      {name !== 'first' && (
        <TextField
          size="small"
          disabled={readOnly}
          label="有没核实的事实吗？是哪一件"
          value={value.unverified ?? ''}
          onChange={({ target }) => {
            const { unverified: _, ...rest } = value
            onChange(target.value ? { ...rest, unverified: target.value } : rest)
          }}
          helperText={faults.at(`${place}.unverified`) || '写了的话，有人签字以前这一层不显示。'}
        />
      )}
    </Box>
  )
}
