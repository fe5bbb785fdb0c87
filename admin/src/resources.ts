import { audit } from './audit/index.js'
import { campaigns } from './campaigns/index.js'
import { channels } from './channels/index.js'
import { conversations } from './conversations/index.js'
import { escalations } from './desk/index.js'
import { goLive } from './go-live/index.js'
import { intents } from './intents/index.js'
import { lawReviews, laws } from './laws/index.js'
import { lines } from './lines/index.js'
import type { Pages } from './pages.js'
import { people } from './people/index.js'
import { release } from './release/index.js'
import { staff } from './staff/index.js'
import { wording } from './wording/index.js'

/** Every resource of the console in the order of the menu: a new one is one line here. */
export const PAGES: readonly Pages[] = [
  escalations,
  conversations,
  intents,
  wording,
  release,
  lines,
  campaigns,
  people,
  laws,
  lawReviews,
  goLive,
  channels,
  staff,
  audit,
]
