import { Typography } from '@mui/material'
import { LinkBase } from 'react-admin'
import { Tile } from '../dashboard/Tile.js'
import { useAsk, useMe } from '../use-api.js'
import { useNow } from '../use-now.js'
import { GradeBadge } from './Badge.js'
import { KIND_WORDS, timeOf } from './words.js'

/** The conversations one has taken and not ended. */
export function MineCard() {
  const me = useMe()
  const now = useNow(30_000)
  const list = useAsk('escalations.list', { query: { state: 'claimed', perPage: 100 } })
  const mine = list.data?.items.filter(({ claimedBy }) => claimedBy?.id === me?.id) ?? []
  return (
    <Tile title="我手里的对话" to="/conversations" go="全部对话" asked={list}>
      {mine.length === 0 && <Typography>没有。</Typography>}
      <ul style={{ listStyle: 'none', padding: 0, margin: 0, display: 'grid', gap: 8 }}>
        {mine.map(({ id, conversation, grade, kinds, claimedAt, risen }) => (
          <li key={id}>
            <GradeBadge grade={grade} />{' '}
            <LinkBase to={`/conversations/${conversation}/show`} style={{ color: 'inherit' }}>
              {kinds.map((kind) => KIND_WORDS[kind]).join('、') || '打开对话'}
            </LinkBase>{' '}
            {claimedAt && `${timeOf(claimedAt, now)} 接的`}
            {risen && <strong> ⚠ 危险升高</strong>}
          </li>
        ))}
      </ul>
    </Tile>
  )
}
