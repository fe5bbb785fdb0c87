import Phone from '@mui/icons-material/PhoneOutlined'
import { lazily } from '../lazily.js'
import type { Pages } from '../pages.js'

/** The lines and their hours. */
export const lines: Pages = {
  name: 'lines',
  icon: Phone,
  options: { label: '电话和时间', group: '内容' },
  list: lazily(() => import('./LineList.js'), 'LineList'),
  create: lazily(() => import('./LineCreate.js'), 'LineCreate'),
  edit: lazily(() => import('./LineEdit.js'), 'LineEdit'),
}
