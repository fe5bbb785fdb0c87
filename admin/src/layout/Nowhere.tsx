import { Box, Button, Typography } from '@mui/material'
import { LinkBase, Title } from 'react-admin'

/** An address that leads nowhere, or where this person's roles do not lead. */
export const Nowhere = () => (
  <Box sx={{ py: 8, textAlign: 'center' }}>
    <Title title="没有这个页面" />
    <Typography component="h2" variant="h5" sx={{ mb: 1 }}>
      没有这个页面
    </Typography>
    <Typography sx={{ mb: 3 }}>地址不对，或者你的角色打不开它。需要的话，请找管理员。</Typography>
    <Button variant="contained" component={LinkBase} to="/">
      回首页
    </Button>
  </Box>
)
