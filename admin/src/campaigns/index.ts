import Notifications from '@mui/icons-material/NotificationsActiveOutlined'
import { lazily } from '../lazily.js'
import type { Pages } from '../pages.js'

/** Warnings to those who asked for them. */
export const campaigns: Pages = {
  name: 'campaigns',
  icon: Notifications,
  options: { label: '预警', group: '内容' },
  list: lazily(() => import('./CampaignList.js'), 'CampaignList'),
  show: lazily(() => import('./CampaignPage.js'), 'CampaignPage'),
  create: lazily(() => import('./CampaignCreate.js'), 'CampaignCreate'),
  edit: lazily(() => import('./CampaignEdit.js'), 'CampaignEdit'),
}
