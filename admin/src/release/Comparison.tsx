import { Box, Typography } from '@mui/material'
import type { Figures, Share } from '../../../shared/release.js'
import { LEVEL_WORDS, KIND_WORDS } from '../desk/words.js'
import { FIGURE_WORDS, percentOf } from './words.js'

/** Both versions on the same held-out lines: a sentence, then the figures, then what got worse. */
export function Comparison({ figures }: { figures: Figures }) {
  const { before, after, missed, worse } = figures
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Typography>{sentence(figures)}</Typography>
      <Box sx={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label="比较的数字">
        <Box
          component="table"
          sx={{
            borderCollapse: 'collapse',
            minWidth: '100%',
            '& th, & td': {
              textAlign: 'right',
              p: 0.75,
              borderBottom: 1,
              borderColor: 'divider',
              whiteSpace: 'nowrap',
            },
            '& th:first-of-type': { textAlign: 'left' },
          }}
        >
          <thead>
            <tr>
              <th scope="col">考什么</th>
              <th scope="col">一共</th>
              <th scope="col">正在用的</th>
              <th scope="col">新版本</th>
              <th scope="col">变化</th>
            </tr>
          </thead>
          <tbody>
            {FIGURE_WORDS.map(({ name, label, unit, good }) => (
              <tr key={name}>
                <th scope="row" style={{ fontWeight: 400 }}>
                  {label}
                </th>
                <td>
                  {after[name].of} {unit}
                </td>
                <td>{before ? `${before[name].count}（${percentOf(before[name])}）` : '—'}</td>
                <td>
                  <strong>{after[name].count}</strong>（{percentOf(after[name])}）
                </td>
                <td>{before ? change(before[name], after[name], good) : '—'}</td>
              </tr>
            ))}
          </tbody>
        </Box>
      </Box>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        两个版本考同样的句子，都没有学过。发布的条件：注意到的危险不能少两句以上（或者 1%，取多的）。
      </Typography>
      {missed.length > 0 && (
        <details>
          <summary>以前注意到、现在没注意到的危险的话（{missed.length} 句，读了会难受）</summary>
          <ul>
            {missed.map(({ kind, level, text }) => (
              <li key={text}>
                {KIND_WORDS[kind as keyof typeof KIND_WORDS] ?? kind}，
                {LEVEL_WORDS[level as keyof typeof LEVEL_WORDS] ?? level}：{text}
              </li>
            ))}
          </ul>
        </details>
      )}
      {worse.length > 0 && (
        <details>
          <summary>听得不如以前的话题（{worse.length} 个）</summary>
          <ul>
            {worse.map(({ id, title, before: then, after: now }) => (
              <li key={id}>
                {title}：{then.of} 句测试里，以前听对 {then.count} 句，现在 {now.count} 句
              </li>
            ))}
          </ul>
        </details>
      )}
    </Box>
  )
}

function sentence({ before, after, trained }: Figures): string {
  const now = `${after.danger.of} 句没学过的危险的话里，新版本注意到 ${after.danger.count} 句`
  if (!before) return `${now}。这是第一个版本，没有可以比的。`
  if (!trained) return '这次只换了文字，认危险、听话题和正在用的一样。'
  const fewer = before.danger.count - after.danger.count
  if (fewer > 0) return `${now}，比正在用的少 ${fewer} 句。`
  return fewer < 0 ? `${now}，比正在用的多 ${-fewer} 句。` : `${now}，和正在用的一样多。`
}

function change(before: Share, after: Share, good: 'more' | 'less'): string {
  const by = after.count - before.count
  if (by === 0) return '一样'
  const better = good === 'more' ? by > 0 : by < 0
  return `${by > 0 ? '多' : '少'} ${Math.abs(by)} 句，${better ? '更好' : '更差'}`
}
