import { ToggleButton, ToggleButtonGroup } from '@mui/material'

interface ChoiceProps<T extends string> {
  label: string
  /** What can be chosen, with its words. */
  options: Readonly<Record<T, string>>
  value: T
  onChange(value: T): void
}

/** One of a few, all of them seen at once. */
export function Choice<T extends string>({ label, options, value, onChange }: ChoiceProps<T>) {
  return (
    <ToggleButtonGroup
      exclusive
      size="small"
      value={value}
      aria-label={label}
      onChange={(_, next: T | null) => {
        // Pressing the chosen one again would choose none.
        if (next !== null) onChange(next)
      }}
      sx={{ alignSelf: 'start', flexWrap: 'wrap' }}
    >
      {(Object.entries(options) as [T, string][]).map(([each, words]) => (
        <ToggleButton key={each} value={each} sx={{ px: 1.5, color: 'text.primary' }}>
          {words}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
