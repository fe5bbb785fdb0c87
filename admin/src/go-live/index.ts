import Rocket from '@mui/icons-material/FactCheckOutlined'
import { lazily } from '../lazily.js'
import type { Pages } from '../pages.js'

/** What must be true before anything says that this is a real hotline. */
export const goLive: Pages = {
  name: 'go-live',
  needs: 'go-live.view',
  icon: Rocket,
  options: { label: '上线清单', group: '管理' },
  list: lazily(() => import('./GoLivePage.js'), 'GoLivePage'),
}
