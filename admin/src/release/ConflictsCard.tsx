import { Alert, Box, Button, Card, CardContent, Typography } from '@mui/material'
import type { Conflict } from '../../../shared/content.js'
import { allows } from '../session.js'
import { useAsk, useCall, useMe } from '../use-api.js'
import { useAct } from './use-act.js'

/** Documents changed on both sides: shown side by side, and one is chosen. Nothing without any. */
export function ConflictsCard() {
  const asked = useAsk('conflicts.list', {})
  const conflicts = asked.data?.items ?? []
  if (conflicts.length === 0) return null
  return (
    <Card variant="outlined" component="section" aria-labelledby="conflicts-title">
      <CardContent sx={{ display: 'grid', gap: 2 }}>
        <Typography component="h2" variant="h6" id="conflicts-title">
          两边都改过，要选一份
        </Typography>
        <Typography>
          下面的内容在管理台里改过，程序带来的文件也改了。在你选定以前，留着管理台的那一份，什么都没有被盖掉。
        </Typography>
        {conflicts.map((conflict) => (
          <Choice key={conflict.path} conflict={conflict} />
        ))}
      </CardContent>
    </Card>
  )
}

function Choice({ conflict }: { conflict: Conflict }) {
  const me = useMe()
  const call = useCall()
  const { act, busy, refusal } = useAct('conflicts', 'intents', 'wording', 'release', 'lines')
  const { path, hash, console: ours, file } = conflict
  const resolve = (take: 'console' | 'file') =>
    void act(() => call('conflicts.resolve', { body: { path, hash, take } }), '选好了。')
  return (
    <Box component="section" aria-label={path}>
      <Typography component="h3" sx={{ fontWeight: 700 }}>
        {path}
      </Typography>
      <Box sx={{ display: 'grid', gap: 1, gridTemplateColumns: { md: '1fr 1fr' } }}>
        <Side title="管理台里的" text={ours} />
        <Side title="文件里的" text={file ?? '（文件已经没有了）'} />
      </Box>
      {refusal && <Alert severity="error">{refusal}</Alert>}
      {allows(me, 'conflicts.resolve') && (
        <Box sx={{ mt: 1 }}>
          <Button variant="outlined" disabled={busy} onClick={() => resolve('console')}>
            留管理台的
          </Button>
          <Button disabled={busy} onClick={() => resolve('file')} sx={{ ml: 1 }}>
            用文件的
          </Button>
        </Box>
      )}
    </Box>
  )
}

const Side = ({ title, text }: { title: string; text: string }) => (
  <Box sx={{ minWidth: 0 }}>
    <Typography variant="body2">{title}</Typography>
    <Box
      component="pre"
      tabIndex={0}
      aria-label={title}
      sx={{
        whiteSpace: 'pre-wrap',
        overflowWrap: 'anywhere',
        bgcolor: 'background.default',
        p: 1.5,
        m: 0,
        borderRadius: 1,
        maxHeight: 320,
        overflowY: 'auto',
      }}
    >
      {text}
    </Box>
  </Box>
)
