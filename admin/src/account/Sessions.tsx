import { Alert, Button, Card, CardContent, Typography } from '@mui/material'
import { useNotify } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import { messageOf } from '../call.js'
import { timeOf } from '../desk/words.js'
import { useAsk, useCall } from '../use-api.js'
import { browserOf } from './browser-of.js'

/** Where one is signed in; any but this one can be ended from here. */
export function Sessions() {
  const call = useCall()
  const notify = useNotify()
  const queries = useQueryClient()
  const sessions = useAsk('me.sessions', {})
  const now = new Date()

  const end = async (id: string) => {
    try {
      await call('me.sessions.end', { params: { id } })
      notify('已退出那一处。', { type: 'success' })
    } catch (error) {
      notify(messageOf(error), { type: 'error' })
    }
    await queries.invalidateQueries({ queryKey: ['me'] })
  }

  return (
    <Card variant="outlined">
      <CardContent>
        <Typography component="h2" variant="h6" sx={{ mb: 1 }}>
          登录在哪里
        </Typography>
        {sessions.isError && <Alert severity="error">{messageOf(sessions.error)}</Alert>}
        <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 12 }}>
          {sessions.data?.items.map(({ id, agent, startedAt, seenAt, current }) => (
            <li key={id} style={{ display: 'flex', gap: 8, alignItems: 'center', flexWrap: 'wrap' }}>
              <span style={{ flex: '1 1 14rem' }}>
                <strong>{browserOf(agent)}</strong>
                {current && '（就是这里）'}
                <br />
                {timeOf(startedAt, now)} 登录，{timeOf(seenAt, now)} 用过
              </span>
              {!current && (
                <Button variant="outlined" onClick={() => void end(id)}>
                  退出那里
                </Button>
              )}
            </li>
          ))}
        </ul>
        <Typography sx={{ mt: 2, color: 'text.secondary' }}>有不认识的，马上退出那里，再改密码。</Typography>
      </CardContent>
    </Card>
  )
}
