import type { ReactNode } from 'react'
import { Box, Card, CardContent, Typography } from '@mui/material'
import Done from '@mui/icons-material/CheckCircle'
import Open from '@mui/icons-material/RadioButtonUnchecked'

/** One line of the list: done or not, in a word and a sign, what it means, what to do. */
export const Item = ({ title, holds, children }: { title: string; holds: boolean; children: ReactNode }) => (
  <Card component="li" variant="outlined">
    <CardContent sx={{ display: 'flex', gap: 1.5 }}>
      {holds ? <Done color="success" aria-hidden /> : <Open color="warning" aria-hidden />}
      <Box sx={{ flex: 1, minWidth: 0, display: 'grid', gap: 1 }}>
        <Typography component="h2" sx={{ fontWeight: 700, fontSize: '1.05rem' }}>
          {title}
          <Typography component="span" sx={{ ml: 1, color: holds ? 'success.main' : 'warning.main' }}>
            {holds ? '好了' : '还没好'}
          </Typography>
        </Typography>
        {children}
      </Box>
    </CardContent>
  </Card>
)
