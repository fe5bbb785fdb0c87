import { Box } from '@mui/material'
import { Title } from 'react-admin'
import { PasswordForm } from './PasswordForm.js'
import { Sessions } from './Sessions.js'

/** One's own account: password, and where one is signed in. */
export const AccountPage = () => (
  <Box sx={{ maxWidth: 720, width: '100%', mx: 'auto', py: 2, display: 'grid', gap: 2 }}>
    <Title title="我的账号" />
    <PasswordForm />
    <Sessions />
  </Box>
)
