import { useState, type FormEvent } from 'react'
import { Alert, Box, Button, Card, CardContent, TextField, Typography } from '@mui/material'
import { LinkBase } from 'react-admin'
import { useQueryClient } from '@tanstack/react-query'
import { SignInName, WorkName, type Role } from '../../../shared/staff.js'
import { messageOf, type ReplyOf } from '../call.js'
import { fault } from '../fault.js'
import { Page } from '../layout/Page.js'
import { useCall } from '../use-api.js'
import { OneTimeLink } from './OneTimeLink.js'
import { RolesInput } from './RolesInput.js'

/** A new account, and then the link for its owner: nobody else ever knows the password. */
export function StaffCreate() {
  const call = useCall()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [workName, setWorkName] = useState('')
  const [roles, setRoles] = useState<Role[]>([])
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState('')
  const [made, setMade] = useState<ReplyOf<'staff.create'> | null>(null)
  const faults = {
    name: fault(SignInName, name),
    workName: fault(WorkName, workName),
    roles: roles.length === 0 ? '至少选一个角色' : '',
  }

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (faults.name || faults.workName || faults.roles) return
    setBusy(true)
    setRefusal('')
    try {
      setMade(await call('staff.create', { body: { name, workName, roles } }))
      await queries.invalidateQueries({ queryKey: ['staff'] })
    } catch (error) {
      setRefusal(messageOf(error))
    }
    setBusy(false)
  }

  return (
    <Page title="新建账号" width={640}>
      <Card variant="outlined">
        {made ? (
          <CardContent sx={{ display: 'grid', gap: 2 }}>
            <Typography component="h2" variant="h6">
              {made.workName}的账号建好了
            </Typography>
            <OneTimeLink {...made} />
            <Button component={LinkBase} to="/staff" sx={{ justifySelf: 'start' }}>
              交给本人了，回到列表
            </Button>
          </CardContent>
        ) : (
          <CardContent
            component="form"
            noValidate
            onSubmit={(event: FormEvent) => void submit(event)}
            sx={{ display: 'grid', gap: 2 }}
          >
            {refusal && <Alert severity="error">{refusal}</Alert>}
            <TextField
              label="登录名"
              value={name}
              onChange={(event) => setName(event.target.value)}
              error={tried && faults.name !== ''}
              helperText={(tried && faults.name) || '小写字母和数字，比如 wang.fang。以后不能改'}
              autoComplete="off"
              autoFocus
            />
            <TextField
              label="称呼"
              value={workName}
              onChange={(event) => setWorkName(event.target.value)}
              error={tried && faults.workName !== ''}
              helperText={(tried && faults.workName) || '孩子看到的名字，比如“小林老师”，不要用真名'}
              autoComplete="off"
            />
            <RolesInput value={roles} onChange={setRoles} fault={tried ? faults.roles : ''} />
            <Box sx={{ display: 'flex', gap: 1 }}>
              <Button type="submit" variant="contained" disabled={busy}>
                建账号
              </Button>
              <Button component={LinkBase} to="/staff">
                不建了
              </Button>
            </Box>
          </CardContent>
        )}
      </Card>
    </Page>
  )
}
