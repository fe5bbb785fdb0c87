import Chat from '@mui/icons-material/RecordVoiceOverOutlined'
import { lazily } from '../lazily.js'
import type { Pages } from '../pages.js'

/** Words that belong to no topic: in danger, when nothing was understood, at the desk. */
export const wording: Pages = {
  name: 'wording',
  icon: Chat,
  options: { label: '系统用语', group: '内容' },
  list: lazily(() => import('./WordingList.js'), 'WordingList'),
}
