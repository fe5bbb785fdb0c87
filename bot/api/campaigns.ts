import type { campaignRoutes } from '../../shared/api/campaigns.js'
import type { AuditVerb } from '../../shared/api/audit.js'
import type { Campaign } from '../../shared/campaign.js'
import type { SignedIn } from '../../shared/staff.js'
import type { Campaigns } from '../campaigns/campaigns.js'
import type { Audit } from '../staff/audit.js'
import type { HandlersOf } from './handlers.js'

export interface CampaignParts {
  campaigns: Campaigns
  audit: Audit
}

/** What every step is asked with. */
interface Deciding {
  params: { id: string }
  body: { version: number }
  staff: SignedIn
  now: Date
}

/** Who decides, as the record names them, and the version they saw. */
const seen = ({ id, workName }: SignedIn, version: number) => ({ by: { id, workName }, version })

export function campaignHandlers({ campaigns, audit }: CampaignParts): HandlersOf<typeof campaignRoutes> {
  const record = (verb: AuditVerb, staff: SignedIn, subject: string, at: Date) =>
    audit.record({ staff, verb, subject, at })

  /** One step of a campaign's life, of the version that was seen; recorded. */
  const step =
    (verb: AuditVerb, act: (id: string, saw: ReturnType<typeof seen>) => Promise<Campaign>) =>
    async ({ params, body, staff, now }: Deciding): Promise<Campaign> => {
      const next = await act(params.id, seen(staff, body.version))
      await record(verb, staff, params.id, now)
      return next
    }

  return {
    'campaigns.choices': () => campaigns.choices(),

    'warnings.list': ({ query: { topic, page, perPage } }) => {
      const all = campaigns.templates(topic)
      const items = all.slice((page - 1) * perPage, page * perPage)
      return Promise.resolve({ items, total: all.length })
    },

    'campaigns.list': ({ query: { page, perPage, ...filter } }) => campaigns.list(filter, { page, perPage }),

    'campaigns.one': ({ params }) => campaigns.one(params.id),

    'campaigns.create': async ({ body, staff, now }) => {
      const made = await campaigns.create(body, seen(staff, 1).by)
      await record('campaign.changed', staff, made.id, now)
      return made
    },

    'campaigns.update': async ({ params, body: { version, ...draft }, staff, now }) => {
      const next = await campaigns.edit(params.id, draft, seen(staff, version))
      await record('campaign.changed', staff, params.id, now)
      return next
    },

    'campaigns.submit': step('campaign.changed', campaigns.submit),
    'campaigns.approve': step('campaign.approved', campaigns.approve),
    'campaigns.pause': step('campaign.changed', campaigns.pause),
    'campaigns.resume': step('campaign.changed', campaigns.resume),
    'campaigns.stop': step('campaign.stopped', campaigns.stop),

    'campaigns.return': async ({ params, body, staff, now }) => {
      const next = await campaigns.giveBack(params.id, { ...seen(staff, body.version), note: body.note })
      await record('campaign.changed', staff, params.id, now)
      return next
    },

    'campaigns.preview': ({ params }) => campaigns.preview(params.id),

    'campaigns.report': async ({ params }) => ({ items: await campaigns.report(params.id) }),
  }
}
