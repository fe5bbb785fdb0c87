import type { ReactNode } from 'react'
import { Box } from '@mui/material'
import { Title } from 'react-admin'

/** The frame of a page: its title in the bar, its width on a wide screen. */
export const Page = ({ title, width, children }: { title: string; width: number; children: ReactNode }) => (
  <Box
    sx={{
      maxWidth: width,
      width: '100%',
      mx: 'auto',
      py: 2,
      display: 'flex',
      flexDirection: 'column',
      gap: 2,
    }}
  >
    <Title title={title} />
    {children}
  </Box>
)
