import { useState } from 'react'
import {
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogContentText,
  DialogTitle,
  Paper,
  Typography,
} from '@mui/material'
import { LinkBase, useNavigate, useNotify } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import type { DeskConversation } from '../../../shared/desk.js'
import { messageOf } from '../call.js'
import { GradeBadge, LevelBadge } from '../desk/Badge.js'
import { channelWord, KIND_WORDS } from '../desk/words.js'
import type { Me } from '../session.js'
import { useCall } from '../use-api.js'

interface HeaderProps {
  conversation: DeskConversation
  me: Me
  onResolve(): void
}

/** Stays on top: how grave it is, what must be reported, who has it, and how one's part ends. */
export function ConversationHeader({ conversation, me, onResolve }: HeaderProps) {
  const { escalation, level, kinds, report, channel, claimedBy } = conversation
  const claimed = escalation?.state === 'claimed'
  const mine = claimed && claimedBy?.id === me.id
  const mayRelease = mine || (claimed && me.roles.includes('supervisor'))
  return (
    <Paper
      square
      variant="outlined"
      sx={{ position: 'sticky', top: 48, zIndex: 5, p: 1.5, display: 'grid', gap: 1, borderTop: 0 }}
    >
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
        {escalation ? <GradeBadge grade={escalation.grade} /> : <LevelBadge level={level} />}
        <Typography component="h2" sx={{ fontSize: '1.05rem', fontWeight: 700 }}>
          {kinds.map((kind) => KIND_WORDS[kind]).join('、') || '没有看出危险'}
        </Typography>
        {escalation?.risen && <strong>⚠ 危险升高</strong>}
        <Typography component="span" sx={{ color: 'text.secondary', flexGrow: 1 }}>
          {channelWord(channel)} · {whoHasIt(conversation, me)}
        </Typography>
        <Button component={LinkBase} to="/escalations" size="small">
          回队列
        </Button>
        {mayRelease && escalation && <ReleaseButton id={escalation.id} mine={mine} />}
        {mine && (
          <Button variant="contained" size="small" onClick={onResolve}>
            谈完了
          </Button>
        )}
      </Box>
      {report && (
        <Typography variant="body2">
          <strong>强制报告</strong>
          ：怀疑未成年人受到侵害，要立即向公安等部门报告（未成年人保护法第十一条）。报告前先和孩子说清楚。
        </Typography>
      )}
    </Paper>
  )
}

function whoHasIt({ owner, claimedBy, escalation }: DeskConversation, me: Me): string {
  if (owner === 'human' && claimedBy) return claimedBy.id === me.id ? '你在谈' : `${claimedBy.workName}在谈`
  return escalation?.state === 'waiting' ? '在等真人，AI 还在回答' : 'AI 在回答'
}

function ReleaseButton({ id, mine }: { id: string; mine: boolean }) {
  const call = useCall()
  const notify = useNotify()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [asking, setAsking] = useState(false)

  const release = async () => {
    setAsking(false)
    try {
      await call('escalations.release', { params: { id } })
      notify('已交还队列。', { type: 'info' })
      navigate('/escalations')
    } catch (error) {
      notify(messageOf(error), { type: 'warning' })
    }
    await queries.invalidateQueries({ queryKey: ['escalations'] })
    await queries.invalidateQueries({ queryKey: ['conversations'] })
  }
  return (
    <>
      <Button size="small" variant="outlined" onClick={() => setAsking(true)}>
        交还队列
      </Button>
      <Dialog open={asking} onClose={() => setAsking(false)} aria-labelledby="release-title">
        <DialogTitle id="release-title">交还队列？</DialogTitle>
        <DialogContent>
          <DialogContentText>
            {mine ? '你' : '这位同事'}
            就不再负责这个对话，它回到队列里等人接。机器人会告诉孩子：老师先离开了，现在又是 AI 在回答。
          </DialogContentText>
        </DialogContent>
        <DialogActions>
          <Button onClick={() => setAsking(false)} autoFocus>
            先不交
          </Button>
          <Button color="warning" onClick={() => void release()}>
            交还
          </Button>
        </DialogActions>
      </Dialog>
    </>
  )
}
