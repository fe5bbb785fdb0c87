import {
  Box,
  Checkbox,
  FormControl,
  FormControlLabel,
  FormHelperText,
  FormLabel,
  Typography,
} from '@mui/material'
import { Role } from '../../../shared/staff.js'
import { ROLE_WORDS } from './words.js'

interface RolesProps {
  value: readonly Role[]
  onChange(roles: Role[]): void
  fault: string
}

/** Which roles somebody holds, each with what it opens. */
export function RolesInput({ value, onChange, fault }: RolesProps) {
  const toggle = (role: Role, on: boolean) =>
    onChange(Role.options.filter((each) => (each === role ? on : value.includes(each))))
  return (
    <FormControl component="fieldset" error={fault !== ''}>
      <FormLabel component="legend">角色（可以选几个）</FormLabel>
      <Box sx={{ display: 'grid', gap: 1, mt: 1 }}>
        {Role.options.map((role) => (
          <FormControlLabel
            key={role}
            sx={{ alignItems: 'flex-start' }}
            control={
              <Checkbox
                checked={value.includes(role)}
                onChange={(_, on) => toggle(role, on)}
                sx={{ pt: 0.25 }}
              />
            }
            label={
              <>
                <strong>{ROLE_WORDS[role].label}</strong>
                <Typography variant="body2" sx={{ color: 'text.secondary' }}>
                  {ROLE_WORDS[role].meaning}
                </Typography>
              </>
            }
          />
        ))}
      </Box>
      {fault && <FormHelperText>{fault}</FormHelperText>}
    </FormControl>
  )
}
