import { Router } from 'express'
import type { channelRoutes, ChannelView } from '../../shared/api/channels.js'
import type { Channels, ChannelState } from '../delivery/channels.js'
import type { Audit } from '../staff/audit.js'
import type { HandlersOf } from './handlers.js'
import { namesOf, type WorkNames } from './names.js'

export function channelHandlers(parts: {
  channels: Channels
  audit: Audit
  workNames: WorkNames
}): HandlersOf<typeof channelRoutes> {
  const { channels, audit, workNames } = parts
  const recorded = (staff: { id: string }, subject: string, at: Date) =>
    audit.record({ staff, verb: 'channels.changed', subject, at })

  const view = async (states: ChannelState[]): Promise<ChannelView[]> => {
    const named = await namesOf(
      workNames,
      states.map(({ ruling }) => ruling?.by ?? null),
    )
    return states.map(({ ruling, ...state }) => ({
      ...state,
      ruling: ruling && { ...ruling, by: named(ruling.by) },
    }))
  }
  const one = async (name: string): Promise<ChannelView> => {
    const [found] = await view((await channels.list()).filter((each) => each.name === name))
    return found as ChannelView
  }

  return {
    'channels.list': async ({ query: { page, perPage } }) => {
      const all = await view(await channels.list())
      return { items: all.slice((page - 1) * perPage, page * perPage), total: all.length }
    },

    'channels.troubles': async () => {
      const all = await channels.list()
      return {
        items: all
          .filter(({ on, state }) => on && (state === 'dead' || state === 'failing'))
          .map(({ name, state, since }) => ({ name, state, since })),
      }
    },

    'channels.test': async ({ params }) => {
      await channels.test(params.name)
      return one(params.name)
    },

    'channels.rule': async ({ params, body, staff, now }) => {
      await channels.rule(params.name, body.text, staff)
      await recorded(staff, params.name, now)
      return one(params.name)
    },

    'channels.withdraw': async ({ params, staff, now }) => {
      await channels.rule(params.name, null, staff)
      await recorded(staff, params.name, now)
      return one(params.name)
    },

    'channels.template': async ({ params, body, staff, now }) => {
      await channels.useTemplate(params.name, body.template)
      await recorded(staff, params.name, now)
      return one(params.name)
    },
  }
}

/** Answers only while the channel runs; else there is nothing at its address. */
export function whileRunning(runs: () => boolean, inner: Router): Router {
  const outer = Router()
  outer.use((_req, _res, next) => (runs() ? next() : next('router')))
  outer.use(inner)
  return outer
}
