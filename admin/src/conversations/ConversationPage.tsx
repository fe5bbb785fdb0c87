import { useState } from 'react'
import { Box } from '@mui/material'
import { Title, useParams } from 'react-admin'
import type { DeskConversation } from '../../../shared/desk.js'
import { Asked } from '../layout/Asked.js'
import { LawDrawer } from '../laws/LawDrawer.js'
import { useLiveConversation } from '../layout/LiveUpdates.js'
import type { Me } from '../session.js'
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
      <Asked asked={asked}>
        {(conversation) => me && <Talk key={id} conversation={conversation} me={me} />}
      </Asked>
    </Box>
  )
}

function Talk({ conversation, me }: { conversation: DeskConversation; me: Me }) {
  const [resolving, setResolving] = useState(false)
  const { escalation } = conversation
  return (
    <>
      <ConversationHeader conversation={conversation} me={me} onResolve={() => setResolving(true)} />
      <LawDrawer />
      <MessageLog messages={conversation.messages} />
      <Foot conversation={conversation} me={me} />
      {escalation && (
        <ResolveDialog
          // Danger that rises meanwhile empties the form: nobody lowers what they have not seen.
          key={`${escalation.id} ${escalation.level} ${escalation.raisedAt}`}
          escalation={escalation}
          open={resolving}
          onClose={() => setResolving(false)}
        />
      )}
    </>
  )
}
