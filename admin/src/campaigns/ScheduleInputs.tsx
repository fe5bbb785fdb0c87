import { Box, MenuItem, TextField } from '@mui/material'
import { Schedule } from '../../../shared/campaign.js'
import { isQuietTime } from './bubble.js'
import type { DraftForm } from './draft.js'
import { REPEAT_WORDS } from './words.js'

type Part = Pick<DraftForm, 'date' | 'time' | 'repeat' | 'until'>

interface InputsProps {
  value: Part
  onChange(part: Partial<Part>): void
}

/** When it is sent, on the wall clock of Inner Mongolia. */
export function ScheduleInputs({ value, onChange }: InputsProps) {
  const { date, time, repeat, until } = value
  const quiet = isQuietTime(`${date || '2026-01-01'}T${time}`)
  const shrink = { inputLabel: { shrink: true } }
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2,
        gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 11rem), 1fr))',
      }}
    >
      <TextField
        label="哪一天"
        type="date"
        required
        value={date}
        onChange={(event) => onChange({ date: event.target.value })}
        slotProps={shrink}
      />
      <TextField
        label="几点（北京时间）"
        type="time"
        required
        value={time}
        error={quiet}
        helperText={quiet ? '晚上 10 点到早上 7 点不打扰人' : '7:00 到 21:59'}
        onChange={(event) => onChange({ time: event.target.value })}
        slotProps={shrink}
      />
      <TextField
        select
        label="重复吗"
        value={repeat}
        onChange={(event) => onChange({ repeat: Schedule.shape.repeat.parse(event.target.value) })}
      >
        {Object.entries(REPEAT_WORDS).map(([key, label]) => (
          <MenuItem key={key} value={key}>
            {label}
          </MenuItem>
        ))}
      </TextField>
      {repeat !== 'once' && (
        <TextField
          label="最后一天"
          type="date"
          required
          value={until}
          helperText="最多 60 次；没有那一天的月份，用当月最后一天"
          onChange={(event) => onChange({ until: event.target.value })}
          slotProps={shrink}
        />
      )}
    </Box>
  )
}
