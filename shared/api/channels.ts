import { z } from 'zod'
import { ChannelStatus } from '../channel.js'
import { listOf, ListQuery, routes } from './route.js'

const ADMINISTRATORS = ['administrator'] as const
const ChannelName = z.strictObject({ name: z.string().regex(/^[a-z][a-z0-9-]{0,19}$/) })

/** A channel as its setup page shows it. */
export const ChannelView = ChannelStatus.extend({
  /** Its servers lie abroad: off until the ruling is recorded. */
  abroad: z.boolean(),
  ruling: z
    .object({
      text: z.string(),
      by: z.object({ id: z.string(), workName: z.string() }),
      at: z.iso.datetime(),
    })
    .nullable(),
  /** It has a form for warnings outside the window, and the platform's id of the template that is used. */
  notifies: z.boolean(),
  template: z.string().nullable(),
  /** When the network was last looked at. */
  lookedAt: z.iso.datetime().nullable(),
})
export type ChannelView = z.infer<typeof ChannelView>

/** A channel that does not work, as far as everybody at the console should know. */
export const Trouble = ChannelStatus.pick({ name: true, state: true, since: true })
export type Trouble = z.infer<typeof Trouble>

/** Least that is recorded as a ruling: who ruled, on what. */
export const RULING_LEAST = 4

/** The networks people write from: set up, looked at, and for those abroad the ruling without which they are off. */
export const channelRoutes = routes({
  'channels.list': {
    method: 'get',
    path: '/channels',
    roles: ADMINISTRATORS,
    summary: 'Every channel: its settings by name, what to register, its state as last seen',
    query: ListQuery,
    reply: listOf(ChannelView),
  },
  'channels.troubles': {
    method: 'get',
    path: '/channels/troubles',
    roles: 'signed-in',
    summary: 'Channels that do not work now',
    reply: z.object({ items: z.array(Trouble) }),
  },
  'channels.test': {
    method: 'post',
    path: '/channels/:name/test',
    roles: ADMINISTRATORS,
    summary: 'Look at the network now, and say in plain words what is wrong',
    params: ChannelName,
    reply: ChannelView,
  },
  'channels.rule': {
    method: 'put',
    path: '/channels/:name/ruling',
    roles: ADMINISTRATORS,
    summary: 'Record the ruling on a channel abroad, with name and date: it goes on',
    params: ChannelName,
    body: z.strictObject({ text: z.string().trim().min(RULING_LEAST).max(200) }),
    reply: ChannelView,
  },
  'channels.withdraw': {
    method: 'delete',
    path: '/channels/:name/ruling',
    roles: ADMINISTRATORS,
    summary: 'Take the ruling back: the channel goes off',
    params: ChannelName,
    reply: ChannelView,
  },
  'channels.template': {
    method: 'put',
    path: '/channels/:name/template',
    roles: ADMINISTRATORS,
    summary: 'Which approved template carries warnings outside the window; null: none does',
    params: ChannelName,
    body: z.strictObject({
      template: z
        .string()
        .trim()
        .regex(/^[\w-]{4,80}$/)
        .nullable(),
    }),
    reply: ChannelView,
  },
})
