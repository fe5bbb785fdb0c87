import { Alert, Typography } from '@mui/material'
import { Tile } from '../dashboard/Tile.js'
import { useAsk } from '../use-api.js'

/** Demo or real, and whether anything that was promised no longer holds. */
export function GoLiveTile() {
  const asked = useAsk('go-live.view', {}, { refetchInterval: 300_000 })
  const list = asked.data
  const open = list
    ? [...list.statements, list.lines, list.staff, list.signed, list.abroad].filter(({ holds }) => !holds)
        .length
    : 0
  return (
    <Tile title="上线清单" to="/go-live" go="看清单" asked={asked}>
      <Typography>{list?.real ? '已经正式启用。' : '现在是演示，不是真正的热线。'}</Typography>
      {list?.real && open > 0 && (
        <Alert severity="error">有 {open} 个条件现在不满足了，请尽快补上。热线不会自己停。</Alert>
      )}
      {list && !list.real && (
        <Typography>{open ? `还有 ${open} 条没好。` : '都好了，可以正式启用。'}</Typography>
      )}
    </Tile>
  )
}
