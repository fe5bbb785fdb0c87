import type { ReactNode } from 'react'
import { Box, Card, CardContent, Typography } from '@mui/material'

/** The frame of the pages before one is inside. */
export const Door = ({ title, children }: { title: string; children: ReactNode }) => (
  <Box
    component="main"
    sx={{ minHeight: '100vh', display: 'grid', placeItems: 'center', p: 2, bgcolor: 'background.default' }}
  >
    <Card variant="outlined" sx={{ width: '100%', maxWidth: 420 }}>
      <CardContent sx={{ display: 'grid', gap: 2, p: 3 }}>
        <Typography sx={{ color: 'text.secondary' }}>青安工作台</Typography>
        <Typography component="h1" variant="h5">
          {title}
        </Typography>
        {children}
      </CardContent>
    </Card>
  </Box>
)
