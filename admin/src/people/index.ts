import People from '@mui/icons-material/PeopleOutlined'
import { lazily } from '../lazily.js'
import type { Pages } from '../pages.js'

/** Who has subscribed to what, and nothing else. */
export const people: Pages = {
  name: 'people',
  icon: People,
  options: { label: '订阅的人', group: '内容' },
  list: lazily(() => import('./PeopleList.js'), 'PeopleList'),
}
