import type { goLiveRoutes } from '../../shared/api/go-live.js'
import type { GoLive } from '../../shared/go-live.js'
import type { GoLiveList } from '../content/go-live.js'
import type { Audit } from '../staff/audit.js'
import type { HandlersOf } from './handlers.js'
import { namesOf, type WorkNames } from './names.js'

export function goLiveHandlers(parts: {
  goLive: GoLiveList
  audit: Audit
  workNames: WorkNames
}): HandlersOf<typeof goLiveRoutes> {
  const { goLive, audit, workNames } = parts
  const recorded = (staff: { id: string }, subject: string, at: Date) =>
    audit.record({ staff, verb: 'go-live.changed', subject, at })

  const view = async (): Promise<GoLive> => {
    const { by, statements, ...rest } = await goLive.view()
    const named = await namesOf(workNames, [by, ...statements.map(({ said }) => said?.by ?? null)])
    return {
      ...rest,
      by: by ? named(by) : null,
      statements: statements.map(({ said, ...statement }) => ({
        ...statement,
        said: said && { ...said, by: named(said.by) },
      })),
    }
  }

  return {
    'go-live.view': view,

    'go-live.state': async ({ params, body, staff, now }) => {
      const { name } = params as { name: Parameters<GoLiveList['state']>[0] }
      await goLive.state(name, body, staff)
      await recorded(staff, name, now)
      return view()
    },

    'go-live.withdraw': async ({ params, staff, now }) => {
      const { name } = params as { name: Parameters<GoLiveList['state']>[0] }
      await goLive.withdraw(name)
      await recorded(staff, name, now)
      return view()
    },

    'go-live.set': async ({ body, staff, now }) => {
      await goLive.set(body.real, staff)
      await recorded(staff, body.real ? 'real' : 'demo', now)
      return view()
    },
  }
}
