import Forum from '@mui/icons-material/ForumOutlined'
import { lazily } from '../lazily.js'
import type { Pages } from '../pages.js'

/** Topics: what is recognised and what is answered. */
export const intents: Pages = {
  name: 'intents',
  icon: Forum,
  options: { label: '话题和回答', group: '内容' },
  list: lazily(() => import('./IntentList.js'), 'IntentList'),
  edit: lazily(() => import('./IntentEdit.js'), 'IntentEdit'),
}
