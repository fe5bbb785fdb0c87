import { useState } from 'react'
import { Alert, Box, Button, Card, CardContent, Typography } from '@mui/material'
import { useNotify } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import type { Staff } from '../../../shared/staff.js'
import { browserOf } from '../account/browser-of.js'
import { messageOf, type ReplyOf } from '../call.js'
import { timeOf } from '../desk/words.js'
import { useAsk, useCall } from '../use-api.js'
import { OneTimeLink } from './OneTimeLink.js'

/** The way into an account: a new one-time link, and where it is signed in now. */
export function AccountDoor({ account }: { account: Staff }) {
  const { id, workName, active } = account
  const call = useCall()
  const notify = useNotify()
  const queries = useQueryClient()
  const sessions = useAsk('staff.sessions', { params: { id } })
  const [link, setLink] = useState<ReplyOf<'staff.link'> | null>(null)
  const [refusal, setRefusal] = useState('')
  const now = new Date()

  const attempt = async (act: () => Promise<void>) => {
    setRefusal('')
    await act().catch((error: unknown) => setRefusal(messageOf(error)))
    await queries.invalidateQueries({ queryKey: ['staff'] })
  }
  const reset = () => attempt(async () => setLink(await call('staff.link', { params: { id } })))
  const end = () =>
    attempt(async () => {
      await call('staff.sessions.end', { params: { id } })
      notify('已全部退出。', { type: 'success' })
    })

  return (
    <Card variant="outlined">
      <CardContent sx={{ display: 'grid', gap: 2 }}>
        <Typography component="h2" variant="h6">
          登录
        </Typography>
        {refusal && <Alert severity="error">{refusal}</Alert>}
        {link ? (
          <OneTimeLink {...link} workName={workName} />
        ) : (
          <Box>
            <Button variant="outlined" disabled={!active} onClick={() => void reset()}>
              给一个新的一次性链接
            </Button>
            <Typography variant="body2" sx={{ color: 'text.secondary', mt: 1 }}>
              忘了密码就用它重设。以前没用的链接会作废。
            </Typography>
          </Box>
        )}
        {sessions.data?.items.length === 0 && <Typography>现在没有在任何地方登录。</Typography>}
        {sessions.data && sessions.data.items.length > 0 && (
          <Box>
            <Typography>现在登录在：</Typography>
            <ul>
              {sessions.data.items.map(({ id: session, agent, seenAt }) => (
                <li key={session}>
                  {browserOf(agent)}，{timeOf(seenAt, now)} 用过
                </li>
              ))}
            </ul>
            <Button color="warning" variant="outlined" onClick={() => void end()}>
              让{workName}在各处都退出
            </Button>
          </Box>
        )}
      </CardContent>
    </Card>
  )
}
