import SupportAgent from '@mui/icons-material/SupportAgent'
import { lazily } from '../lazily.js'
import type { Pages } from '../pages.js'

/** Who waits for a human. */
export const escalations: Pages = {
  name: 'escalations',
  icon: SupportAgent,
  options: { label: '求助队列', group: '值守' },
  list: lazily(() => import('./DeskPage.js'), 'DeskPage'),
}
