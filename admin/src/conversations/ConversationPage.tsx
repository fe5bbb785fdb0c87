import { useState } from 'react'
import { Alert, Box, Button } from '@mui/material'
import { Loading, Title, useParams } from 'react-admin'
import { messageOf } from '../call.js'
import { useLiveConversation } from '../layout/LiveUpdates.js'
import { useAsk, useMe } from '../use-api.js'
import { ConversationHeader } from './ConversationHeader.js'
import { Foot } from './Foot.js'
import { MessageLog } from './MessageLog.js'
import { ResolveDialog } from './ResolveDialog.js'

/** One talk, whole: what was said, what is dangerous in it, and where it is one's own, the answer. */
export function ConversationPage() {
  const id = useParams().id ?? ''
  const me = useMe()
  useLiveConversation(id)
  const asked = useAsk('conversations.one', { params: { id } })
  const [resolving, setResolving] = useState(false)

  if (asked.isPending || !me) return <Loading />
  if (!asked.data)
    return (
      <Alert
        severity="error"
        sx={{ my: 2 }}
        action={<Button onClick={() => void asked.refetch()}>再试</Button>}
      >
        {messageOf(asked.error)}
      </Alert>
    )
  const conversation = asked.data
  const { escalation } = conversation
  return (
    <Box
      sx={{
        maxWidth: 1000,
        width: '100%',
        mx: 'auto',
        display: 'flex',
        flexDirection: 'column',
        flexGrow: 1,
      }}
    >
      <Title title="对话" />
      <ConversationHeader conversation={conversation} me={me} onResolve={() => setResolving(true)} />
      {asked.isError && (
        <Alert severity="warning" sx={{ my: 1 }}>
          没能读到最新的消息：{messageOf(asked.error)}
        </Alert>
      )}
      <MessageLog messages={conversation.messages} />
      <Foot key={id} conversation={conversation} me={me} />
      {escalation && (
        <ResolveDialog
          key={escalation.id}
          escalation={escalation}
          open={resolving}
          onClose={() => setResolving(false)}
        />
      )}
    </Box>
  )
}
