import { auditRoutes } from './api/audit.js'
import { authRoutes } from './api/auth.js'
import { campaignRoutes } from './api/campaigns.js'
import { channelRoutes } from './api/channels.js'
import { contentRoutes } from './api/content.js'
import { deskRoutes } from './api/desk.js'
import { goLiveRoutes } from './api/go-live.js'
import { lineRoutes } from './api/lines.js'
import { lawRoutes } from './api/laws.js'
import { liveRoutes } from './api/live.js'
import { openApiRoutes } from './api/openapi.js'
import { peopleRoutes } from './api/people.js'
import { staffRoutes } from './api/staff.js'

/** Every route of the console's interface. */
export const ROUTES = {
  ...openApiRoutes,
  ...authRoutes,
  ...liveRoutes,
  ...deskRoutes,
  ...contentRoutes,
  ...lineRoutes,
  ...goLiveRoutes,
  ...campaignRoutes,
  ...peopleRoutes,
  ...channelRoutes,
  ...staffRoutes,
  ...lawRoutes,
  ...auditRoutes,
}
export type Routes = typeof ROUTES
