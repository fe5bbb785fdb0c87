import { useState } from 'react'
import {
  Alert,
  Box,
  Button,
  Card,
  CardContent,
  Chip,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Typography,
} from '@mui/material'
import type { ReleaseRow } from '../../../shared/release.js'
import { allows } from '../session.js'
import { useCall, useMe } from '../use-api.js'
import { useAct } from './use-act.js'
import { percentOf, releaseName } from './words.js'

/** What is and was live, and the way back. */
export function ReleasesCard({ releases }: { releases: readonly ReleaseRow[] }) {
  const me = useMe()
  const call = useCall()
  const [asking, setAsking] = useState<ReleaseRow | null>(null)
  const { act, busy, refusal } = useAct('release', 'intents', 'wording')
  const back = async ({ id }: ReleaseRow) => {
    await act(() => call('release.back', { params: { id } }), '退回了。')
    setAsking(null)
  }
  return (
    <Card variant="outlined" component="section" aria-labelledby="releases-title">
      <CardContent sx={{ display: 'grid', gap: 1.5 }}>
        <Typography component="h2" variant="h6" id="releases-title">
          版本
        </Typography>
        {refusal && <Alert severity="error">{refusal}</Alert>}
        {releases.length === 0 && <Typography>还没有在这里发布过。</Typography>}
        <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, display: 'grid', gap: 1 }}>
          {releases.map((release) => (
            <Box
              component="li"
              key={release.id}
              sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'center' }}
            >
              <Typography sx={{ flex: '1 1 16rem' }}>
                {releaseName(release.at)}，{release.by ? release.by.workName || '已停用的账号' : '程序启动时'}
                {release.figures && `；注意到 ${percentOf(release.figures.after.danger)} 的危险`}
              </Typography>
              {release.live ? (
                <Chip size="small" color="success" label="正在用" />
              ) : release.usable ? (
                allows(me, 'release.back') && <Button onClick={() => setAsking(release)}>退回到这一版</Button>
              ) : (
                <Typography variant="body2">旧程序做的，用不了</Typography>
              )}
            </Box>
          ))}
        </Box>
        <Dialog open={asking !== null} onClose={() => setAsking(null)} aria-labelledby="back-title">
          <DialogTitle id="back-title">退回到这一版？</DialogTitle>
          <DialogContent>
            <Typography>
              几秒钟以后，孩子看到的就是这一版的内容。管理台里写的草稿不变，电话和时间也不变。
            </Typography>
          </DialogContent>
          <DialogActions>
            <Button onClick={() => setAsking(null)}>先不</Button>
            <Button variant="contained" disabled={busy} onClick={() => asking && void back(asking)}>
              退回
            </Button>
          </DialogActions>
        </Dialog>
      </CardContent>
    </Card>
  )
}
