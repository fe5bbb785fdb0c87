import { z } from 'zod'
import { GoLive, StatementForm, StatementName } from '../go-live.js'
import { routes } from './route.js'

const ADMINISTRATORS = ['administrator'] as const
const StatementParams = z.strictObject({ name: StatementName })

/** The go-live list: until it is done and an administrator says so, everything says that it is a demo. */
export const goLiveRoutes = routes({
  'go-live.view': {
    method: 'get',
    path: '/go-live',
    roles: ['administrator', 'supervisor'],
    summary: 'The go-live list as it stands now',
    reply: GoLive,
  },
  'go-live.state': {
    method: 'put',
    path: '/go-live/statements/:name',
    roles: ADMINISTRATORS,
    summary: 'State one thing of the list, with name and date',
    params: StatementParams,
    body: StatementForm,
    reply: GoLive,
  },
  'go-live.withdraw': {
    method: 'delete',
    path: '/go-live/statements/:name',
    roles: ADMINISTRATORS,
    summary: 'Take a statement back',
    params: StatementParams,
    reply: GoLive,
  },
  'go-live.set': {
    method: 'put',
    path: '/go-live',
    roles: ADMINISTRATORS,
    summary: 'End the demo when everything holds (409 go-live.incomplete), or begin it again',
    body: z.strictObject({ real: z.boolean() }),
    reply: GoLive,
  },
})
