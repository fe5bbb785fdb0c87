import { useState, type FormEvent } from 'react'
import { Alert, Button, CircularProgress, TextField } from '@mui/material'
import { useParams } from 'react-admin'
import { useQuery } from '@tanstack/react-query'
import { Password, SignInName, WorkName } from '../../../shared/staff.js'
import { messageOf, type ReplyOf } from '../call.js'
import { fault } from '../fault.js'
import { useCall } from '../use-api.js'
import { Door } from './Door.js'
import { PasswordInput } from './PasswordInput.js'

const TITLES: Record<ReplyOf<'welcome.look'>['kind'], string> = {
  first: '建第一个管理员账号',
  new: '欢迎，设一个密码',
  reset: '设一个新密码',
}

/** Behind a one-time link: choose a password, and for the first administrator a name, then one is signed in. */
export function WelcomePage() {
  const token = useParams().token ?? ''
  const call = useCall()
  const link = useQuery({
    queryKey: ['welcome', token],
    queryFn: () => call('welcome.look', { body: { token } }),
    retry: false,
    refetchOnWindowFocus: false,
  })
  if (link.isPending)
    return (
      <Door title="请稍等">
        <CircularProgress aria-label="正在核对链接" />
      </Door>
    )
  if (link.isError)
    return (
      <Door title="这个链接不能用">
        <Alert severity="warning">{messageOf(link.error)}</Alert>
        <p style={{ margin: 0 }}>
          一次性链接只能用一次，过了时间就失效。请找管理员要一个新的；如果你正在安装，请重新启动程序，启动时会打印新的链接。
        </p>
        <Button href="#/login">去登录</Button>
      </Door>
    )
  return (
    <Door title={TITLES[link.data.kind]}>
      <WelcomeForm token={token} link={link.data} />
    </Door>
  )
}

function WelcomeForm({ token, link }: { token: string; link: ReplyOf<'welcome.look'> }) {
  const call = useCall()
  const first = link.kind === 'first'
  const [name, setName] = useState(link.name ?? '')
  const [workName, setWorkName] = useState(link.workName ?? '')
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState('')
  const faults = {
    name: first && fault(SignInName, name),
    workName: first && fault(WorkName, workName),
    password: fault(Password, password),
  }

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (faults.name || faults.workName || faults.password) return
    setBusy(true)
    setRefusal('')
    const accepted = first
      ? call('welcome.first', { body: { token, name, workName, password } })
      : call('welcome.accept', { body: { token, password } })
    accepted.then(enter).catch((error: unknown) => {
      setRefusal(messageOf(error))
      setBusy(false)
    })
  }

  return (
    <form onSubmit={submit} noValidate style={{ display: 'grid', gap: 16 }}>
      {refusal && <Alert severity="error">{refusal}</Alert>}
      <TextField
        label="登录名"
        value={name}
        onChange={(event) => setName(event.target.value)}
        disabled={!first}
        error={tried && Boolean(faults.name)}
        helperText={first ? (tried && faults.name) || '小写字母和数字，比如 wang.fang' : '登录时用这个名字'}
        autoComplete="username"
        autoCapitalize="none"
        autoFocus={first}
      />
      {first && (
        <TextField
          label="称呼"
          value={workName}
          onChange={(event) => setWorkName(event.target.value)}
          error={tried && Boolean(faults.workName)}
          helperText={(tried && faults.workName) || '孩子看到的名字，比如“小林老师”，不要用真名'}
        />
      )}
      <PasswordInput
        label="新密码"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={tried && Boolean(faults.password)}
        helperText={(tried && faults.password) || '至少 12 个字。几个不相干的词连起来，又长又好记'}
        autoComplete="new-password"
        autoFocus={!first}
      />
      <Button type="submit" variant="contained" size="large" disabled={busy}>
        {busy ? '请稍等……' : '设好并进入'}
      </Button>
    </form>
  )
}

/** The answer has signed us in: the console begins anew as that person, and the link is gone from the address. */
function enter(): void {
  location.replace('#/')
  location.reload()
}
