import { useState, type FormEvent } from 'react'
import { Alert, Button, Card, CardContent, Typography } from '@mui/material'
import { useNotify } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import { Password } from '../../../shared/staff.js'
import { messageOf } from '../call.js'
import { fault } from '../fault.js'
import { PasswordInput } from '../sign-in/PasswordInput.js'
import { useCall, useMe } from '../use-api.js'

/** Changes one's own password; every other session ends with it. */
export function PasswordForm() {
  const me = useMe()
  const call = useCall()
  const notify = useNotify()
  const queries = useQueryClient()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState('')
  const wrong = fault(Password, password)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (wrong || !current) return
    setBusy(true)
    setRefusal('')
    try {
      await call('me.password', { body: { current, password } })
      setCurrent('')
      setPassword('')
      setTried(false)
      notify('密码改好了。别处的登录都已退出。', { type: 'success' })
      await queries.invalidateQueries({ queryKey: ['me'] })
    } catch (error) {
      setRefusal(messageOf(error))
    }
    setBusy(false)
  }

  return (
    <Card variant="outlined">
      <CardContent
        component="form"
        noValidate
        onSubmit={(event) => void submit(event)}
        sx={{ display: 'grid', gap: 2 }}
      >
        <Typography component="h2" variant="h6">
          改密码
        </Typography>
        <Typography sx={{ color: 'text.secondary' }}>
          登录名 {me?.name}，称呼 {me?.workName}。称呼和角色由管理员改。
        </Typography>
        {refusal && <Alert severity="error">{refusal}</Alert>}
        <input type="text" name="username" autoComplete="username" value={me?.name ?? ''} readOnly hidden />
        <PasswordInput
          label="现在的密码"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
          error={tried && !current}
          helperText={tried && !current && '要填'}
          autoComplete="current-password"
        />
        <PasswordInput
          label="新密码"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          error={tried && Boolean(wrong)}
          helperText={(tried && wrong) || '至少 12 个字。几个不相干的词连起来，又长又好记'}
          autoComplete="new-password"
        />
        <div>
          <Button type="submit" variant="contained" disabled={busy}>
            改密码
          </Button>
        </div>
      </CardContent>
    </Card>
  )
}
