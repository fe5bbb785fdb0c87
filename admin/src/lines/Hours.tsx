import { Box, Button, IconButton, TextField, Typography } from '@mui/material'
import Add from '@mui/icons-material/Add'
import Delete from '@mui/icons-material/DeleteOutlined'
import type { Hotline } from '../../../shared/hotline.js'
import { DAY_WORDS } from './words.js'

type HoursOf = Hotline['hours']
const ALL_DAY = [{ from: '00:00', to: '24:00' }]

interface HoursProps {
  value: HoursOf
  onChange(value: HoursOf): void
  /** What is wrong, by `hours.workday.0`. */
  fault(at: string): string
  disabled: boolean
}

/** When the line is staffed, by kind of day; several spans a day, none = nobody answers. */
export function Hours({ value, onChange, fault, disabled }: HoursProps) {
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      {fault('hours') && (
        <Typography role="alert" sx={{ color: 'error.main' }}>
          {fault('hours')}
        </Typography>
      )}
      {(Object.keys(DAY_WORDS) as (keyof HoursOf)[]).map((kind) => {
        const spans = value[kind]
        const set = (next: HoursOf[typeof kind]) => onChange({ ...value, [kind]: next })
        return (
          <Box
            component="fieldset"
            key={kind}
            sx={{ border: 1, borderColor: 'divider', borderRadius: 1, p: 1.5 }}
          >
            <legend>{DAY_WORDS[kind]}</legend>
            {spans.length === 0 && <Typography variant="body2">没人接</Typography>}
            {spans.map(({ from, to }, i) => (
              <Box key={i} sx={{ display: 'flex', gap: 1, alignItems: 'center', mb: 1, flexWrap: 'wrap' }}>
                <Clock
                  label="从"
                  value={from}
                  disabled={disabled}
                  onChange={(next) => set(replaced(spans, i, { from: next, to }))}
                />
                <Clock
                  label="到"
                  value={to}
                  disabled={disabled}
                  onChange={(next) => set(replaced(spans, i, { from, to: next }))}
                />
                {!disabled && (
                  <IconButton
                    aria-label={`删掉${DAY_WORDS[kind]} ${from} 到 ${to}`}
                    onClick={() => set(spans.filter((_, at) => at !== i))}
                  >
                    <Delete />
                  </IconButton>
                )}
                <Typography variant="body2" sx={{ color: 'error.main' }}>
                  {fault(`hours.${kind}.${i}`)}
                </Typography>
              </Box>
            ))}
            {!disabled && (
              <Box>
                <Button
                  size="small"
                  startIcon={<Add />}
                  onClick={() => set([...spans, { from: '09:00', to: '17:00' }])}
                >
                  加一段
                </Button>
                <Button size="small" onClick={() => set(ALL_DAY)}>
                  全天
                </Button>
              </Box>
            )}
          </Box>
        )
      })}
    </Box>
  )
}

const replaced = <T,>(list: readonly T[], at: number, item: T): T[] =>
  list.map((each, i) => (i === at ? item : each))

/** A clock as text: the browser's own input knows no 24:00. */
const Clock = ({
  label,
  value,
  onChange,
  disabled,
}: {
  label: string
  value: string
  onChange(value: string): void
  disabled: boolean
}) => (
  <TextField
    size="small"
    label={label}
    value={value}
    disabled={disabled}
    placeholder="09:00"
    error={!/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/.test(value)}
    onChange={(event) => onChange(event.target.value.replace('：', ':'))}
    slotProps={{ htmlInput: { inputMode: 'numeric', maxLength: 5, style: { width: '4.5em' } } }}
  />
)
