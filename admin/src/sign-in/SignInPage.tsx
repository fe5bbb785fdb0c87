import { useState, type FormEvent } from 'react'
import { Alert, Button, TextField } from '@mui/material'
import { useLocation, useLogin } from 'react-admin'
import { messageOf } from '../call.js'
import { Door } from './Door.js'
import { PasswordInput } from './PasswordInput.js'

/** Sign-in. Whoever was sent here by an ended session comes back to the page they were on. */
export function SignInPage() {
  const login = useLogin()
  const cameFrom = (useLocation().state as { nextPathname?: string } | null)?.nextPathname
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState('')

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setRefusal('')
    login({ name, password })
      .catch((error: unknown) => setRefusal(messageOf(error)))
      .finally(() => setBusy(false))
  }

  return (
    <Door title="登录">
      {cameFrom && cameFrom !== '/' && <Alert severity="info">登录以后，会回到刚才那一页。</Alert>}
      {refusal && <Alert severity="error">{refusal}</Alert>}
      <form onSubmit={submit} style={{ display: 'grid', gap: 16 }}>
        <TextField
          label="登录名"
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          required
        />
        <PasswordInput
          label="密码"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="current-password"
          required
        />
        <Button type="submit" variant="contained" size="large" disabled={busy}>
          {busy ? '正在登录……' : '登录'}
        </Button>
      </form>
      <p style={{ margin: 0 }}>忘了密码，或者进不来？请找管理员要一个新的一次性链接。</p>
    </Door>
  )
}
