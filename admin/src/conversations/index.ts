import Forum from '@mui/icons-material/Forum'
import { lazily } from '../lazily.js'
import type { Pages } from '../pages.js'

/** The talks that need or had a human. */
export const conversations: Pages = {
  name: 'conversations',
  icon: Forum,
  options: { label: '对话', group: '值守' },
  list: lazily(() => import('./ConversationList.js'), 'ConversationList'),
  show: lazily(() => import('./ConversationPage.js'), 'ConversationPage'),
}
