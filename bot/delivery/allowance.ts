import type { Allowance } from '../../shared/channel.js'
import type { Store } from '../store/store.js'
import type { Channel } from './channel.js'

/** Without windows anything may be sent to whom we can reach. */
const free: Allowance = { state: 'open', window: null, left: null, bot: null, until: null }
const gone: Allowance = { state: 'gone', window: null, left: 0, bot: 0, until: null }

/** What may be sent to this address now. */
export async function allowanceFor(
  store: Pick<Store, 'recipients'>,
  channel: Channel,
  address: string,
  now: Date,
): Promise<Allowance> {
  const recipient = await store.recipients.find(channel.name, address)
  if (!recipient.reachable) return gone
  return channel.allowance?.(recipient, now) ?? free
}

/** Whether this allowance has room for one message more: of the machine's share, or of all there is. */
export const hasRoom = ({ bot, left }: Allowance, machine: boolean): boolean =>
  machine ? bot !== 0 : left !== 0

/** Whether a warning can reach this address now: in the window with what the machine may use, or by a template. */
export async function mayWarn(
  store: Pick<Store, 'recipients'>,
  channel: Channel,
  address: string,
  template: string | null,
  now: Date,
): Promise<'yes' | 'closed' | 'gone'> {
  const allowance = await allowanceFor(store, channel, address, now)
  if (allowance.state === 'gone') return 'gone'
  return hasRoom(allowance, true) || (channel.notify && template) ? 'yes' : 'closed'
}
