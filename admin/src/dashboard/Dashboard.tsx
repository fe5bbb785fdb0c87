import { Box, Typography } from '@mui/material'
import { Page } from '../layout/Page.js'
import { allows } from '../session.js'
import { useMe } from '../use-api.js'
import { CARDS } from './cards.js'

/** What waits for this person now: one card for each part of the work that is theirs. */
export function Dashboard() {
  const me = useMe()
  if (!me) return null
  const cards = CARDS.filter(({ needs }) => allows(me, needs))
  return (
    <Page title="首页" width={1200}>
      <Typography component="h2" variant="h5">
        {me.workName}，你好
      </Typography>
      {cards.length === 0 && <Typography>你的工作都在左边的菜单里。</Typography>}
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
    </Page>
  )
}
