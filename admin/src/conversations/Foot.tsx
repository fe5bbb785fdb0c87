import { Alert, Button, Paper } from '@mui/material'
import type { DeskConversation } from '../../../shared/desk.js'
import { useClaim } from '../desk/use-claim.js'
import type { Me } from '../session.js'
import { ReplyBox } from './ReplyBox.js'

/** Below the talk: the reply where it is one's own, else the plain reason why not, and what can be done. */
export function Foot({ conversation, me }: { conversation: DeskConversation; me: Me }) {
  const { escalation, claimedBy } = conversation
  const { claim, claiming } = useClaim()
  return (
    <Paper
      square
      variant="outlined"
      sx={{ position: 'sticky', bottom: 0, zIndex: 5, p: 1.5, borderBottom: 0 }}
    >
      {escalation?.state === 'claimed' && claimedBy?.id === me.id ? (
        <ReplyBox conversation={conversation} me={me} />
      ) : escalation?.state === 'waiting' ? (
        <Alert
          severity="warning"
          action={
            <Button
              variant="contained"
              disabled={claiming !== null}
              onClick={() => void claim(escalation)}
              sx={{ whiteSpace: 'nowrap' }}
            >
              我来接
            </Button>
          }
        >
          还没有人接。接下来才能回；接了以后 AI 不再出声。看过会有记录。
        </Alert>
      ) : escalation?.state === 'claimed' ? (
        <Alert severity="info">
          {claimedBy?.workName ?? '同事'}正在谈，只有接下的人能回。你可以看，看过会有记录。
        </Alert>
      ) : (
        <Alert severity="info">真人的部分结束了，现在是 AI 在回答。再有危险，它会重新进入队列。</Alert>
      )}
    </Paper>
  )
}
