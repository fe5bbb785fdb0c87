import { Alert, Box, Button, Card, CardContent, Typography } from '@mui/material'
import { LinkBase } from 'react-admin'
import type { ReleaseView } from '../../../shared/release.js'
import { allows } from '../session.js'
import { useCall, useMe } from '../use-api.js'
import { useAct } from './use-act.js'

const WHAT = { added: '新加', changed: '改了', removed: '删了' }

/** What is written and not yet said, and the button that begins a new version. */
export function ChangesCard({ view }: { view: ReleaseView }) {
  const me = useMe()
  const call = useCall()
  const { act, busy, refusal } = useAct('release')
  const { changes, learning, written, candidate } = view
  const making = candidate?.state === 'training' || candidate?.state === 'evaluating'
  const made = candidate?.state === 'ready' && !candidate.outdated
  return (
    <Card variant="outlined" component="section" aria-labelledby="changes-title">
      <CardContent sx={{ display: 'grid', gap: 1.5 }}>
        <Typography component="h2" variant="h6" id="changes-title">
          还没发布的改动
        </Typography>
        {changes.length === 0 ? (
          <Typography>没有。现在写的和孩子看到的一样。</Typography>
        ) : (
          <>
            <Box component="ul" sx={{ m: 0, pl: 3 }}>
              {changes.map(({ path, title, what }) => (
                <li key={path}>
                  {WHAT[what]}：
                  {linkOf(path) ? <LinkBase to={linkOf(path) as string}>{title}</LinkBase> : title}
                </li>
              ))}
            </Box>
            <Typography>
              {learning
                ? '这些改动要重新训练：大约十几秒到一分钟，训练时聊天照常。'
                : '这些改动只换文字，不用训练。'}
            </Typography>
            {refusal && <Alert severity="error">{refusal}</Alert>}
            {allows(me, 'release.begin') && (
              <div>
                <Button
                  variant={made ? 'outlined' : 'contained'}
                  disabled={busy || making}
                  onClick={() => void act(() => call('release.begin', { body: { written } }), '开始做了。')}
                >
                  {learning ? '训练并比较' : '检查并比较'}
                </Button>
              </div>
            )}
          </>
        )}
      </CardContent>
    </Card>
  )
}

/** Where a changed document is edited; null for those that are only files. */
function linkOf(path: string): string | null {
  if (/^system\/(?!console)[a-z]+\.yml$/.test(path)) return '/wording'
  const intent = /^([a-z]+)\/([a-z_]+)\.yml$/.exec(path)
  const files = ['danger', 'background', 'laws', 'system', 'warnings']
  return intent && !files.includes(intent[1] as string) ? `/intents/${intent[1]}.${intent[2]}` : null
}
