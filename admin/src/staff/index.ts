import Group from '@mui/icons-material/Group'
import { lazily } from '../lazily.js'
import type { Pages } from '../pages.js'

/** Accounts of staff. */
export const staff: Pages = {
  name: 'staff',
  icon: Group,
  options: { label: '工作人员', group: '管理' },
  list: lazily(() => import('./StaffList.js'), 'StaffList'),
  create: lazily(() => import('./StaffCreate.js'), 'StaffCreate'),
  edit: lazily(() => import('./StaffEdit.js'), 'StaffEdit'),
}
