import { forwardRef } from 'react'
import { Box, Button, Card, Typography } from '@mui/material'
import { LinkBase } from 'react-admin'
import type { Escalation } from '../../../shared/desk.js'
import { GradeBadge, gradeColour } from './Badge.js'
import { channelWord, GRADE_WORDS, KIND_WORDS, OUTCOME_WORDS, timeOf, waitingFor } from './words.js'

interface CardProps {
  escalation: Escalation
  now: Date
  mine: boolean
  chosen: boolean
  busy: boolean
  onClaim(): void
  onFocus(): void
}

/** One who waits, is talked with, or was: why, how long, and the one thing to do. No word of the talk. */
export const EscalationCard = forwardRef<HTMLLIElement, CardProps>(function EscalationCard(
  { escalation, now, mine, chosen, busy, onClaim, onFocus },
  ref,
) {
  const { grade, kinds, report, state, channel, openedAt, risen, overdue, claimedBy, conversation } =
    escalation
  const waited = now.getTime() - new Date(openedAt).getTime()
  const marks = [
    overdue && (state === 'waiting' ? '等太久了' : '一直没回'),
    risen && '危险升高',
    report && grade !== 'report' && '强制报告',
  ].filter((mark) => mark !== false)

  return (
    <Card
      component="li"
      ref={ref}
      tabIndex={chosen ? 0 : -1}
      aria-label={`${GRADE_WORDS[grade].label}，${kinds.map((kind) => KIND_WORDS[kind]).join('、') || '没有危险的话'}`}
      onFocus={onFocus}
      variant="outlined"
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: 2,
        p: 2,
        borderLeft: `8px solid ${gradeColour(grade)}`,
      }}
    >
      <Box sx={{ flex: '1 1 15rem', minWidth: 0 }}>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
          <GradeBadge grade={grade} />
          {marks.map((mark) => (
            <Typography key={mark} component="strong" sx={{ fontWeight: 700, fontSize: '0.9rem' }}>
              ⚠ {mark}
            </Typography>
          ))}
        </Box>
        <Typography sx={{ fontSize: '1.1rem', mt: 0.5 }}>
          {kinds.map((kind) => KIND_WORDS[kind]).join('、') || GRADE_WORDS[grade].meaning}
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {channelWord(channel)} · {timeOf(openedAt, now)}
          {claimedBy && ` · ${mine ? '你' : claimedBy.workName}${state === 'claimed' ? '正在谈' : '谈过'}`}
          {escalation.outcome && ` · ${OUTCOME_WORDS[escalation.outcome].label}`}
        </Typography>
      </Box>
      {state === 'waiting' && (
        <Typography component="p" sx={{ minWidth: '6.5rem', fontVariantNumeric: 'tabular-nums' }}>
          已等
          <br />
          <strong>{waitingFor(waited)}</strong>
        </Typography>
      )}
      {state === 'waiting' ? (
        <Button variant="contained" size="large" disabled={busy} onClick={onClaim}>
          我来接
        </Button>
      ) : (
        <Button
          variant={mine && state === 'claimed' ? 'contained' : 'outlined'}
          component={LinkBase}
          to={`/conversations/${conversation}/show`}
        >
          {mine && state === 'claimed' ? '继续谈' : '看对话'}
        </Button>
      )}
    </Card>
  )
})
