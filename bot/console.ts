import type { Router } from 'express'
import { auditHandlers } from './api/audit.js'
import { authHandlers } from './api/auth.js'
import { campaignHandlers } from './api/campaigns.js'
import { channelHandlers } from './api/channels.js'
import { contentHandlers } from './api/content.js'
import { deskHandlers } from './api/desk.js'
import { goLiveHandlers } from './api/go-live.js'
import { lawHandlers } from './api/laws.js'
import { lineHandlers } from './api/lines.js'
import { createLive } from './api/live.js'
import { openApiHandlers } from './api/openapi.js'
import { peopleHandlers } from './api/people.js'
import { consoleApi } from './api/router.js'
import { staffHandlers } from './api/staff.js'
import type { Campaigns } from './campaigns/campaigns.js'
import type { Config } from './config.js'
import type { ContentDesk } from './content/desk.js'
import type { Knowledge } from './conversation/receive.js'
import type { Channels } from './delivery/channels.js'
import { mayRead } from './desk/access.js'
import type { Desk } from './desk/desk.js'
import type { DeskParts } from './desk/parts.js'
import type { LiveLibrary } from './laws/library.js'
import { createSubscribers } from './people/list.js'
import type { StaffRoom } from './staff/staff.js'

/** What the console works with: one part an area. */
interface ConsoleParts {
  config: Config
  /** An answer with more than its schema is an error instead of being cut to it. */
  strict?: boolean
  onError: (error: unknown) => void
  staff: StaffRoom
  desk: Desk
  deskParts: DeskParts
  contentDesk: ContentDesk
  knowledge: () => Knowledge
  library: LiveLibrary
  campaigns: Campaigns
  channels: Channels
}

/** The console's interface: its stream of changes and the handlers of every area. */
export function consoleOf(parts: ConsoleParts): Router {
  const { config, staff, desk, deskParts, contentDesk, knowledge, library, campaigns, channels } = parts
  const { store, clock } = deskParts
  const { audit } = staff
  const editing = { audit, workNames: (ids: string[]) => store.staff.workNames(ids) }
  const content = () => knowledge().content
  return consoleApi({
    ...staff,
    clock,
    live: createLive({
      clock,
      follow: (topic, listener) => store.feed.follow(topic, listener),
      alive: (session) => staff.sessions.again(session, clock.now()),
      mayRead: (member, id) => mayRead(store, member, id),
      beat: (member, now) => store.presence.beat(member, now),
      onError: parts.onError,
    }),
    secret: store.vault.hash('session cookie'),
    publicUrl: config.PUBLIC_URL,
    strict: parts.strict,
    handlers: {
      ...openApiHandlers(),
      ...authHandlers(staff),
      ...staffHandlers(staff),
      ...auditHandlers(audit),
      ...lawHandlers({ store, library, content, finder: () => knowledge().laws, audit }),
      ...contentHandlers({ ...editing, desk: contentDesk, knowledge, region: config.REGION }),
      ...lineHandlers(contentDesk.lines, audit),
      ...goLiveHandlers({ ...editing, goLive: contentDesk.goLive }),
      ...campaignHandlers({ campaigns, audit }),
      ...channelHandlers({ ...editing, channels }),
      ...peopleHandlers(createSubscribers(store)),
      ...deskHandlers({
        ...deskParts,
        desk,
        audit,
        assess: (text) => knowledge().brain.assess(text),
        topics: () => [...content().intents.values()],
      }),
    },
  })
}
