import History from '@mui/icons-material/History'
import { lazily } from '../lazily.js'
import type { Pages } from '../pages.js'

/** Who did what. */
export const audit: Pages = {
  name: 'audit',
  icon: History,
  options: { label: '操作记录', group: '管理' },
  list: lazily(() => import('./AuditList.js'), 'AuditList'),
}
