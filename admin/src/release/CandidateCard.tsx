import { useState } from 'react'
import {
  Alert,
  Box,
  Button,
  Card,
  CardContent,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  LinearProgress,
  Typography,
} from '@mui/material'
import type { Candidate } from '../../../shared/release.js'
import { allows } from '../session.js'
import { useCall, useMe } from '../use-api.js'
import { Comparison } from './Comparison.js'
import { useAct } from './use-act.js'
import { FAIL_WORDS, releaseName } from './words.js'

const STATES: Record<Candidate['state'], string> = {
  training: '第 1 步，共 2 步：检查内容、训练',
  evaluating: '第 2 步，共 2 步：考一考，和正在用的比',
  ready: '做好了，等人看过再发布',
  failed: '没有做成',
  published: '已经发布',
}

/** The new version in the making: progress, figures beside those of now, the click that publishes. */
export function CandidateCard({ candidate }: { candidate: Candidate }) {
  const { state, by, startedAt, figures, reason, faults, outdated } = candidate
  const making = state === 'training' || state === 'evaluating'
  return (
    <Card variant="outlined" component="section" aria-labelledby="candidate-title">
      <CardContent sx={{ display: 'grid', gap: 1.5 }}>
        <Typography component="h2" variant="h6" id="candidate-title">
          新版本
        </Typography>
        <Typography role="status">
          {STATES[state]}（{by.workName || '已停用的账号'}，{releaseName(startedAt)}）
        </Typography>
        {making && <LinearProgress aria-label="正在做新版本" />}
        {reason && (
          <Alert severity={reason === 'danger-fell' ? 'error' : 'warning'}>{FAIL_WORDS[reason]}</Alert>
        )}
        {faults.length > 0 && (
          <Box component="ul" sx={{ m: 0, pl: 3, maxHeight: 240, overflowY: 'auto' }}>
            {faults.map(({ path, at, what }) => (
              <li key={`${path}${at}${what}`}>
                {path}：{what}
              </li>
            ))}
          </Box>
        )}
        {figures && <Comparison figures={figures} />}
        {outdated && <Alert severity="info">做好以后又有人改了内容，那些改动不在这个版本里。</Alert>}
        {state === 'ready' && candidate.release && <PublishButton release={candidate.release} />}
      </CardContent>
    </Card>
  )
}

function PublishButton({ release }: { release: string }) {
  const me = useMe()
  const call = useCall()
  const [asking, setAsking] = useState(false)
  const { act, busy, refusal } = useAct('release', 'intents', 'wording')
  if (!allows(me, 'release.publish')) return <Typography>请内容编辑来发布。</Typography>
  const publish = async () => {
    await act(() => call('release.publish', { params: { id: release } }), '发布了。')
    setAsking(false)
  }
  return (
    <div>
      {refusal && (
        <Alert severity="error" sx={{ mb: 1 }}>
          {refusal}
        </Alert>
      )}
      <Button variant="contained" onClick={() => setAsking(true)}>
        发布这个版本
      </Button>
      <Dialog open={asking} onClose={() => setAsking(false)} aria-labelledby="publish-title">
        <DialogTitle id="publish-title">发布这个版本？</DialogTitle>
        <DialogContent>
          <Typography>
            几秒钟以后，孩子看到的就是这个版本。正在回答的那一句不受影响。发布以后可以退回。
          </Typography>
        </DialogContent>
        <DialogActions>
          <Button onClick={() => setAsking(false)}>先不</Button>
          <Button variant="contained" disabled={busy} onClick={() => void publish()}>
            发布
          </Button>
        </DialogActions>
      </Dialog>
    </div>
  )
}
