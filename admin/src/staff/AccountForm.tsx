import { useState, type FormEvent } from 'react'
import {
  Alert,
  Button,
  Card,
  CardContent,
  FormControlLabel,
  Switch,
  TextField,
  Typography,
} from '@mui/material'
import { useNotify } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import { WorkName, type Staff } from '../../../shared/staff.js'
import { messageOf } from '../call.js'
import { fault } from '../fault.js'
import { useCall } from '../use-api.js'
import { RolesInput } from './RolesInput.js'

/** Name, roles and activity. Other roles or no activity end all sessions of the account at once. */
export function AccountForm({ account }: { account: Staff }) {
  const call = useCall()
  const notify = useNotify()
  const queries = useQueryClient()
  const [workName, setWorkName] = useState(account.workName)
  const [roles, setRoles] = useState(account.roles)
  const [active, setActive] = useState(account.active)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState('')
  const nameFault = fault(WorkName, workName)
  const rolesFault = roles.length === 0 ? '至少选一个角色' : ''

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (nameFault || rolesFault) return
    setBusy(true)
    setRefusal('')
    try {
      await call('staff.change', { params: { id: account.id }, body: { workName, roles, active } })
      notify('已保存。', { type: 'success' })
    } catch (error) {
      setRefusal(messageOf(error))
    }
    await queries.invalidateQueries({ queryKey: ['staff'] })
    setBusy(false)
  }

  return (
    <Card variant="outlined">
      <CardContent
        component="form"
        noValidate
        onSubmit={(event: FormEvent) => void submit(event)}
        sx={{ display: 'grid', gap: 2 }}
      >
        <Typography sx={{ color: 'text.secondary' }}>登录名 {account.name}</Typography>
        {refusal && <Alert severity="error">{refusal}</Alert>}
        <TextField
          label="称呼"
          value={workName}
          onChange={(event) => setWorkName(event.target.value)}
          error={nameFault !== ''}
          helperText={nameFault || '孩子看到的名字，不要用真名'}
        />
        <RolesInput value={roles} onChange={setRoles} fault={rolesFault} />
        <FormControlLabel
          control={<Switch checked={active} onChange={(_, on) => setActive(on)} />}
          label={active ? '账号在用' : '账号停用：进不来，做过的事还记着'}
        />
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          改了角色或停用，这个人会马上退出登录。
        </Typography>
        <div>
          <Button type="submit" variant="contained" disabled={busy}>
            保存
          </Button>
        </div>
      </CardContent>
    </Card>
  )
}
