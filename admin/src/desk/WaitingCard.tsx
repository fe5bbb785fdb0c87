import { Typography } from '@mui/material'
import { Grade } from '../../../shared/desk.js'
import { Bars } from '../dashboard/Bars.js'
import { Tile } from '../dashboard/Tile.js'
import { useAsk } from '../use-api.js'
import { useNow } from '../use-now.js'
import { gradeColour } from './Badge.js'
import { PresentNow } from './PresentNow.js'
import { GRADE_WORDS, waitingFor } from './words.js'

/** How many wait, by grade, and the longest of them. */
export function WaitingCard() {
  const now = useNow()
  const list = useAsk('escalations.list', { query: { state: 'waiting', perPage: 100 } })
  const items = list.data?.items ?? []
  const longest = Math.max(0, ...items.map(({ openedAt }) => now.getTime() - new Date(openedAt).getTime()))
  return (
    <Tile title="在等真人" to="/escalations" go="去接" asked={list}>
      <Typography sx={{ mb: 1 }}>
        <strong style={{ fontSize: '1.6rem' }}>{list.data?.total ?? 0}</strong> 人
        {items.length > 0 && `，最久等了 ${waitingFor(longest)}`}
      </Typography>
      <Bars
        caption="按轻重分"
        bars={Grade.options.map((grade) => ({
          label: GRADE_WORDS[grade].label,
          count: items.filter((each) => each.grade === grade).length,
          colour: gradeColour(grade),
        }))}
      />
      <PresentNow />
    </Tile>
  )
}
