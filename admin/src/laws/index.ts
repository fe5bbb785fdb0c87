import Gavel from '@mui/icons-material/Gavel'
import RateReview from '@mui/icons-material/RateReviewOutlined'
import { lazily } from '../lazily.js'
import type { Pages } from '../pages.js'

/** The imported statutes: reading, searching, comparing, importing. */
export const laws: Pages = {
  name: 'laws',
  icon: Gavel,
  options: { label: '法律原文', group: '内容' },
  list: lazily(() => import('./LawList.js'), 'LawList'),
  show: lazily(() => import('./LawPage.js'), 'LawPage'),
  create: lazily(() => import('./LawImport.js'), 'LawImport'),
}

/** Citations whose law has changed: what waits for an editor. */
export const lawReviews: Pages = {
  name: 'law-reviews',
  icon: RateReview,
  options: { label: '要核对的法条', group: '内容' },
  list: lazily(() => import('./ReviewList.js'), 'ReviewList'),
}
