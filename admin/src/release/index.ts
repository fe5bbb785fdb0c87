import Publish from '@mui/icons-material/PublishOutlined'
import { lazily } from '../lazily.js'
import type { Pages } from '../pages.js'

/** From drafts to what is said: train, compare, publish, go back. */
export const release: Pages = {
  name: 'release',
  needs: 'release.view',
  icon: Publish,
  options: { label: '发布', group: '内容' },
  list: lazily(() => import('./ReleasePage.js'), 'ReleasePage'),
}
