import Hub from '@mui/icons-material/HubOutlined'
import { lazily } from '../lazily.js'
import type { Pages } from '../pages.js'

/** The networks people write from. */
export const channels: Pages = {
  name: 'channels',
  icon: Hub,
  options: { label: '渠道', group: '管理' },
  list: lazily(() => import('./ChannelList.js'), 'ChannelList'),
}
