import type { ReactNode } from 'react'
import { Box } from '@mui/material'

/** A phone of the smallest usual width: what is inside looks as the young person will see it. */
export function Phone({ children }: { children: ReactNode }) {
  return (
    <Box
      sx={{
        border: '8px solid',
        borderColor: 'text.primary',
        borderRadius: 5,
        bgcolor: 'background.default',
        p: 1.25,
        maxWidth: 340,
        minHeight: 260,
        maxHeight: 520,
        overflowY: 'auto',
      }}
      tabIndex={0}
      role="group"
      aria-label="手机上的样子"
    >
      {children}
    </Box>
  )
}
