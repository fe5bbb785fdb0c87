import { Box, Typography } from '@mui/material'
import { Title } from 'react-admin'
import { allows } from '../session.js'
import { useMe } from '../use-api.js'
import { CARDS } from './cards.js'

/** What waits for this person now: one card for each part of the work that is theirs. */
export function Dashboard() {
  const me = useMe()
  if (!me) return null
  const cards = CARDS.filter(({ needs }) => allows(me, needs))
  return (
    <Box sx={{ py: 2, maxWidth: 1200, width: '100%', mx: 'auto' }}>
      <Title title="首页" />
      <Typography component="h2" variant="h5" sx={{ mb: 2 }}>
        {me.workName}，你好
      </Typography>
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 22rem), 1fr))',
          alignItems: 'start',
        }}
      >
        {cards.map(({ name, card: Card }) => (
          <Card key={name} />
        ))}
      </Box>
    </Box>
  )
}
