import { Autocomplete, TextField } from '@mui/material'
import type { WarningView } from '../../../shared/api/campaigns.js'
import { useAsk } from '../use-api.js'

interface PickerProps {
  value: string | null
  titleOf(topic: string): string
  onPick(template: WarningView): void
}

/** Templates of the calendar, what comes next first. Picking one fills the form. */
export function TemplatePicker({ value, titleOf, onPick }: PickerProps) {
  const { data } = useAsk('warnings.list', { query: { perPage: 100 } })
  const templates = data?.items ?? []
  return (
    <Autocomplete
      options={templates}
      value={templates.find(({ id }) => id === value) ?? null}
      getOptionLabel={({ title, next }) => `${next ?? '看预警'} ${title}`}
      getOptionKey={({ id }) => id}
      groupBy={undefined}
      isOptionEqualToValue={(a, b) => a.id === b.id}
      onChange={(_, template) => template && onPick(template)}
      renderOption={({ key, ...props }, { title, next, topic, audience }) => (
        <li key={key} {...props}>
          {next ?? '看预警'} {title}（{titleOf(topic)}
          {audience === 'parents' && '，写给家长'}）
        </li>
      )}
      renderInput={(params) => (
        <TextField {...params} label="从日历里挑一条（可以不挑）" helperText="打字可以找，比如“冰”“禁毒”" />
      )}
    />
  )
}
