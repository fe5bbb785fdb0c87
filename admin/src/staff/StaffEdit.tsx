import { Alert, Box, Button } from '@mui/material'
import { LinkBase, Loading, Title, useParams } from 'react-admin'
import { messageOf } from '../call.js'
import { useAsk } from '../use-api.js'
import { AccountForm } from './AccountForm.js'
import { AccountDoor } from './AccountDoor.js'

/** One account: name, roles, whether it is in use; and its way in. */
export function StaffEdit() {
  const id = useParams().id ?? ''
  const asked = useAsk('staff.one', { params: { id } })
  if (asked.isPending) return <Loading />
  if (!asked.data)
    return (
      <Alert severity="error" sx={{ my: 2 }}>
        {messageOf(asked.error)}
      </Alert>
    )
  return (
    <Box sx={{ maxWidth: 640, width: '100%', mx: 'auto', py: 2, display: 'grid', gap: 2 }}>
      <Title title={`${asked.data.workName}的账号`} />
      <AccountForm key={id} account={asked.data} />
      <AccountDoor account={asked.data} />
      <Button component={LinkBase} to="/staff" sx={{ justifySelf: 'start' }}>
        回到列表
      </Button>
    </Box>
  )
}
