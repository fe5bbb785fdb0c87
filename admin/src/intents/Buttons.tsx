import { Box, Button, IconButton, MenuItem, Stack, TextField, Typography } from '@mui/material'
import Add from '@mui/icons-material/Add'
import Delete from '@mui/icons-material/DeleteOutlined'
import type { IntentButton } from '../../../shared/intent.js'
import { useAsk } from '../use-api.js'
import type { Faults } from './faults.js'

const MOST = 4

interface ButtonsProps {
  value: readonly IntentButton[]
  onChange(value: IntentButton[]): void
  faults: Faults
  readOnly: boolean
}

/** What may be pressed under an answer, and where it leads. */
export function Buttons({ value, onChange, faults, readOnly }: ButtonsProps) {
  const asked = useAsk('intents.list', { query: { perPage: 100 } })
  const topics = asked.data?.items ?? []
  const change = (at: number, next: Partial<IntentButton>) =>
    onChange(value.map((each, i) => (i === at ? ({ ...each, ...next } as IntentButton) : each)))
  return (
    <Box component="section" aria-labelledby="buttons-title">
      <Typography component="h2" variant="h6" id="buttons-title">
        按钮（最多 {MOST} 个）
      </Typography>
      <Stack component="ul" sx={{ listStyle: 'none', p: 0, m: 0, gap: 1.5, mt: 1 }}>
        {value.map(({ label, to }, i) => (
          <Box
            component="li"
            key={i}
            sx={{ display: 'grid', gap: 1, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: '14rem minmax(0, 1fr) auto' } }}
          >
            <TextField
              size="small"
              label={`按钮 ${i + 1} 的字`}
              disabled={readOnly}
              value={label}
              onChange={(event) => change(i, { label: event.target.value })}
              error={faults.at(`buttons.${i}.label`) !== ''}
              helperText={faults.at(`buttons.${i}.label`) || `${label.trim().length} / 12`}
            />
            <TextField
              select
              size="small"
              label="点了以后"
              disabled={readOnly}
              value={to}
              onChange={(event) => change(i, { to: event.target.value })}
              error={faults.at(`buttons.${i}.to`) !== ''}
              helperText={faults.at(`buttons.${i}.to`)}
            >
              <MenuItem value="more">显示“怎么办”这一层</MenuItem>
              <MenuItem value="help">显示“谁能帮”这一层</MenuItem>
              <MenuItem value="human">找真人</MenuItem>
              {!topics.some(({ id }) => id === to) && !['more', 'help', 'human'].includes(to) && (
                <MenuItem value={to}>{to || '还没选'}</MenuItem>
              )}
              {topics.map(({ id, title }) => (
                <MenuItem key={id} value={id}>
                  去话题：{title}
                </MenuItem>
              ))}
            </TextField>
            {!readOnly && (
              <IconButton
                aria-label={`删掉按钮 ${label}`}
                onClick={() => onChange(value.filter((_, at) => at !== i))}
              >
                <Delete />
              </IconButton>
            )}
          </Box>
        ))}
      </Stack>
      {!readOnly && value.length < MOST && (
        <Button size="small" startIcon={<Add />} onClick={() => onChange([...value, { label: '', to: 'human' }])} sx={{ mt: 1 }}>
          加一个按钮
        </Button>
      )}
    </Box>
  )
}
