import { Typography } from '@mui/material'
import { Tile } from '../dashboard/Tile.js'
import { useAsk } from '../use-api.js'

/** What is written and not said, what two sides disagree on, which signatures run out. */
export function ContentTile() {
  const release = useAsk('release.view', {})
  const conflicts = useAsk('conflicts.list', {})
  const expiring = useAsk('intents.list', { query: { signed: 'expiring', perPage: 1 } })
  const changes = release.data?.changes.length ?? 0
  return (
    <Tile title="内容" to="/release" go="去看改动和发布" asked={release}>
      <Typography>{changes ? `有 ${changes} 处改动还没发布。` : '写的和孩子看到的一样。'}</Typography>
      {release.data?.candidate?.state === 'ready' && (
        <Typography sx={{ fontWeight: 700 }}>一个新版本做好了，等人看过发布。</Typography>
      )}
      {(conflicts.data?.total ?? 0) > 0 && (
        <Typography sx={{ fontWeight: 700 }}>
          ⚠ 有 {conflicts.data?.total} 处两边都改过，要选一份。
        </Typography>
      )}
      {(expiring.data?.total ?? 0) > 0 && (
        <Typography>{expiring.data?.total} 个话题的签字 30 天内到期。</Typography>
      )}
    </Tile>
  )
}
