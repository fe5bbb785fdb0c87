import { useId, useState, type KeyboardEvent } from 'react'
import { Box, Button, IconButton, Stack, TextField, Typography } from '@mui/material'
import Add from '@mui/icons-material/Add'
import Delete from '@mui/icons-material/DeleteOutlined'
import type { Faults } from './faults.js'

interface SayingsProps {
  title: string
  /** What a good list looks like. */
  help: string
  /** The field's name in the form. */
  field: 'utterances' | 'test'
  value: readonly string[]
  onChange(value: string[]): void
  faults: Faults
  readOnly: boolean
}

/** A list of sentences: one to a line, many at once by pasting, doubles marked. */
export function Sayings({ title, help, field, value, onChange, faults, readOnly }: SayingsProps) {
  const [adding, setAdding] = useState('')
  const [told, setTold] = useState('')
  const heading = useId()

  const add = () => {
    const lines = adding.split(/\r?\n/).map((line) => line.trim().replace(/^[-·•]\s*/, ''))
    const fresh = [...new Set(lines.filter((line) => line !== '' && !value.includes(line)))]
    const doubles = lines.filter((line) => line !== '').length - fresh.length
    onChange([...fresh, ...value])
    setAdding('')
    setTold(`加了 ${fresh.length} 句${doubles ? `，去掉了 ${doubles} 句重复的` : ''}。`)
  }
  const change = (at: number, text: string) => onChange(value.map((each, i) => (i === at ? text : each)))
  const remove = (at: number) => onChange(value.filter((_, i) => i !== at))
  const keyed = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) add()
  }

  return (
    <Box component="section" aria-labelledby={heading}>
      <Typography component="h2" variant="h6" id={heading}>
        {title}（{value.length} 句）
      </Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary', mb: 1 }}>
        {help}
      </Typography>
      {faults.at(field) && (
        <Typography role="alert" sx={{ color: 'error.main', mb: 1 }}>
          {faults.at(field)}
        </Typography>
      )}
      {!readOnly && (
        <Stack direction="row" sx={{ gap: 1, alignItems: 'start', mb: 1 }}>
          <TextField
            fullWidth
            multiline
            maxRows={10}
            size="small"
            label="加几句，一行一句；可以整段粘贴"
            value={adding}
            onChange={(event) => setAdding(event.target.value)}
            onKeyDown={keyed}
          />
          <Button variant="outlined" startIcon={<Add />} disabled={adding.trim() === ''} onClick={add} sx={{ flexShrink: 0 }}>
            加上
          </Button>
        </Stack>
      )}
      <Typography role="status" variant="body2" sx={{ minHeight: '1.5em' }}>
        {told}
      </Typography>
      <Stack component="ol" sx={{ listStyle: 'none', p: 0, m: 0, gap: 0.75, maxHeight: 420, overflowY: 'auto' }}>
        {value.map((text, i) => {
          const fault = faults.at(`${field}.${i}`)
          return (
            <Stack component="li" direction="row" key={i} sx={{ gap: 0.5, alignItems: 'start', pt: 0.5 }}>
              <TextField
                fullWidth
                multiline
                size="small"
                value={text}
                disabled={readOnly}
                onChange={(event) => change(i, event.target.value)}
                error={fault !== ''}
                helperText={fault}
                slotProps={{ htmlInput: { 'aria-label': `第 ${i + 1} 句` } }}
              />
              {!readOnly && (
                <IconButton aria-label={`删掉第 ${i + 1} 句`} onClick={() => remove(i)}>
                  <Delete />
                </IconButton>
              )}
            </Stack>
          )
        })}
      </Stack>
    </Box>
  )
}
