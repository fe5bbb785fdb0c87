import { ListItemIcon, ListItemText, MenuItem, useMediaQuery, type Theme } from '@mui/material'
import ManageAccounts from '@mui/icons-material/ManageAccounts'
import {
  AppBar as AdminAppBar,
  LinkBase,
  Logout,
  TitlePortal,
  ToggleThemeButton,
  UserMenu,
  useUserMenu,
} from 'react-admin'
import { DutySwitch } from '../desk/DutySwitch.js'
import { SoundButton } from '../desk/SoundButton.js'
import { allows } from '../session.js'
import { useMe } from '../use-api.js'

/** The bar above every page: for the desk, whether one is on duty stands where it is always seen. */
export function AppBar() {
  const me = useMe()
  // On a phone the colours of the phone itself are followed: there is no room to choose.
  const narrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('sm'))
  const atDesk = me && allows(me, 'desk.duty')
  return (
    <AdminAppBar
      color="inherit"
      alwaysOn
      toolbar={
        <>
          {atDesk && <SoundButton />}
          {atDesk && <DutySwitch />}
          {!narrow && <ToggleThemeButton />}
        </>
      }
      userMenu={
        <UserMenu label={me ? `我的账号：${me.workName}` : '我的账号'}>
          <AccountItem />
          <Logout />
        </UserMenu>
      }
    >
      <TitlePortal component="h1" sx={{ fontSize: '1.1rem', minWidth: 0 }} />
    </AdminAppBar>
  )
}

function AccountItem() {
  const { onClose } = useUserMenu() ?? {}
  return (
    <MenuItem component={LinkBase} to="/account" onClick={onClose}>
      <ListItemIcon>
        <ManageAccounts fontSize="small" />
      </ListItemIcon>
      <ListItemText>我的账号</ListItemText>
    </MenuItem>
  )
}
