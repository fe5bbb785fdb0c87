import type { Undelivered } from '../../shared/channel.js'
import type { Clock } from '../clock.js'
import type { Log } from '../log.js'
import type { People } from '../people/people.js'
import type { Outgoing } from '../store/outbox.js'
import type { Store } from '../store/store.js'
import { allowanceFor, hasRoom } from './allowance.js'
import { begun, kindOf, ledgerRow, nextBundle, piecesOf, type Bundle } from './bundle.js'
import { SEND_MS, type Channel, type OutgoingMessage, type Taken } from './channel.js'
import { NO_ANSWER, SendFailure } from './failure.js'

/** First pause after a failed try, doubled each time up to `most`; longest that a network may ask for; when a message is too old. Milliseconds. */
export const PATIENCE = { first: 1_000, most: 300_000, asked: 3_600_000, late: 24 * 3_600_000 }

export interface SendParts {
  store: Store
  clock: Clock
  log: Log
  people: Pick<People, 'optOut'>
  publicUrl?: string
  /** The id of the channel's approved template for warnings outside the window; null: there is none. */
  template(channel: string): Promise<string | null>
  /** Keeps the conversation's lease while the network is waited for; false when it is lost. */
  keepLease(): Promise<boolean>
  /** Something new waits in this conversation: it is read before more is handed out. */
  isWanted?(): boolean
}

export interface SendResult {
  /** Something was sent, or will never be: the desk reads the conversation again. */
  changed: boolean
  /** What is left is due in so many milliseconds; null: nothing is left, or it waits for the person. */
  again: number | null
}

interface To {
  id: string
  address: string
}

/**
 * Hands a conversation's outgoing messages to its channel, in order; the only way out. Called under the conversation's
 * lease. Before each call it is written that the call is being made: after a kill at most that one piece goes out
 * twice, and says so. A network's failure never travels up: what it means is written down, and the sweep goes on.
 */
export async function sendOutgoing(parts: SendParts, channel: Channel, to: To): Promise<SendResult> {
  const { store, clock } = parts
  const joins = channel.capabilities.joins === true
  let changed = false
  /** What the machine said and had no room for: it goes out in front of a human's next words. */
  let held: Outgoing[] = []
  let rows = await store.messages.outgoing(to.id)
  while (rows.length) {
    if (parts.isWanted?.()) return { changed, again: 0 }
    const bundle = nextBundle(rows, joins)
    rows = rows.slice(bundle.rows.length)
    const now = clock.now()
    const [first] = bundle.rows as [Outgoing]
    if (now.getTime() - first.at.getTime() > PATIENCE.late) {
      await giveUp(parts, bundle, 'late')
      changed = true
      continue
    }
    if (first.retryAt && first.retryAt > now && !first.held)
      return { changed, again: first.retryAt.getTime() - now.getTime() }
    const carried = bundle.kind === 'human' && !begun(first) ? held : []
    const outcome = await sendBundle(parts, channel, to, { ...bundle, rows: [...carried, ...bundle.rows] })
    if (outcome === 'lost') return { changed, again: null }
    changed ||= outcome !== 'held'
    if (typeof outcome === 'number') return { changed, again: outcome }
    if (outcome === 'held' && joins && !begun(first)) held = bundle.rows
    if (outcome === 'done') held = carried.length ? [] : held
  }
  return { changed, again: null }
}

/** `held`: waits for the window. A number: to be tried again in so many milliseconds. `lost`: another process has it. */
type Outcome = 'done' | 'held' | 'lost' | number

async function sendBundle(parts: SendParts, channel: Channel, to: To, bundle: Bundle): Promise<Outcome> {
  const { store, clock, publicUrl } = parts
  const { rows, kind } = bundle
  const machine = kind !== 'human'
  const ids = rows.map(({ id }) => id)
  const first = rows.at(-1) as Outgoing
  const allowed = () => allowanceFor(store, channel, to.address, clock.now())

  const start = await allowed()
  if (start.state === 'gone') return giveUp(parts, bundle, 'gone')
  const paid = first.inFlight
  if ((!paid || kind === 'warning') && !hasRoom(start, machine)) return noRoom(parts, channel, to, bundle)
  const most = begun(first) ? first.most : machine ? start.bot : start.left
  const pieces = piecesOf(bundle, channel.capabilities, most, publicUrl)
  for (let i = first.pieces; i < pieces.length; i++) {
    const again = paid && i === first.pieces
    if (!(await parts.keepLease())) return 'lost'
    const { window, ...room } = await allowed()
    if (!again && !hasRoom({ window, ...room }, machine)) return noRoom(parts, channel, to, bundle)
    const charge = again || !window ? null : { window, bot: machine }
    if (charge) await store.recipients.spend(channel.name, to.address, charge)
    await store.messages.depart(ids, most, again)
    const { key, number, from } = first
    const message: OutgoingMessage = {
      key: i === 0 ? key : `${key}/${i}`,
      ...{ conversation: to.id, address: to.address, number, from },
      bubble: pieces[i] as (typeof pieces)[number],
    }
    const taken = await attempt(() => channel.send(message))
    if (taken instanceof SendFailure) {
      if (charge && isRefundable(taken)) await store.recipients.refund(channel.name, to.address, charge)
      return failed(parts, channel, to, bundle, taken, { again, window })
    }
    if (i === pieces.length - 1) await store.messages.arrived(ids, clock.now(), taken?.receipt ?? null)
    else await store.messages.piece(ids, i + 1)
  }
  return 'done'
}

/** A warning goes out by a template, a human's words are left for the desk to see, the machine's wait for the person. */
async function noRoom(parts: SendParts, channel: Channel, to: To, bundle: Bundle): Promise<Outcome> {
  const { store, clock, publicUrl } = parts
  const ids = bundle.rows.map(({ id }) => id)
  const first = bundle.rows.at(-1) as Outgoing
  const spoken = bundle.rows.filter((row) => kindOf(row) === 'machine')
  if (spoken.length) {
    const { at, inFlight } = spoken[0] as Outgoing
    const until = new Date(at.getTime() + PATIENCE.late)
    await store.messages.hold(
      spoken.map(({ id }) => id),
      until,
      inFlight,
    )
  }
  if (bundle.kind === 'machine') return 'held'
  if (spoken.length)
    return giveUp(parts, { ...bundle, rows: bundle.rows.filter((row) => !spoken.includes(row)) }, 'closed')
  const template = bundle.kind === 'warning' && channel.notify ? await parts.template(channel.name) : null
  const [bubble] = piecesOf(bundle, channel.capabilities, 1, publicUrl)
  if (!template || !channel.notify || !bubble) return giveUp(parts, bundle, 'closed')
  if (!(await parts.keepLease())) return 'lost'
  await store.messages.depart(ids, null, first.inFlight)
  const { key, number, from } = first
  const message = { key, conversation: to.id, address: to.address, number, from, bubble, template }
  const { notify } = channel
  const taken = await attempt(() => notify(message))
  if (taken instanceof SendFailure) {
    if (taken.kind === 'closed') return giveUp(parts, bundle, 'closed')
    return failed(parts, channel, to, bundle, taken, { again: first.inFlight, window: null })
  }
  await store.messages.arrived(ids, clock.now(), taken?.receipt ?? null)
  return 'done'
}

/** What a failure means, written down. */
async function failed(
  parts: SendParts,
  channel: Channel,
  to: To,
  bundle: Bundle,
  failure: SendFailure,
  { again, window }: { again: boolean; window: 'message' | 'event' | null },
): Promise<Outcome> {
  const { store, clock, log, people } = parts
  const { kind, code, retryAfterMs } = failure
  const [first] = bundle.rows as [Outgoing]
  log.warn({ err: failure.cause, channel: channel.name, conversation: to.id, kind, code }, 'send.failed')
  const now = clock.now()
  if (kind === 'refused') return giveUp(parts, bundle, 'refused')
  if (kind === 'gone') {
    await store.recipients.lost(channel.name, to.address)
    await people.optOut({ channel: channel.name, address: to.address, key: `gone:${first.key}`, at: now })
    return giveUp(parts, bundle, 'gone')
  }
  if (kind === 'closed') {
    if (window) await store.recipients.exhausted(channel.name, to.address, window)
    // One window may be used up and the other still be open.
    const { rows } = bundle
    const settled = { ...bundle, rows: rows.map((row) => ({ ...row, inFlight: again })) }
    const left = await allowanceFor(store, channel, to.address, now)
    if (window === null || !hasRoom(left, bundle.kind !== 'human')) return noRoom(parts, channel, to, settled)
  }
  const pause =
    kind === 'limited' && retryAfterMs ? Math.min(retryAfterMs, PATIENCE.asked) : pauseAfter(first)
  const ids = bundle.rows.map(({ id }) => id)
  await store.messages.retry(ids, new Date(now.getTime() + pause), again || code === NO_ANSWER)
  return pause
}

const pauseAfter = ({ attempts }: Outgoing) => Math.min(PATIENCE.first * 2 ** attempts, PATIENCE.most)

/** The network says that it did not take it: it does not count. */
const isRefundable = ({ kind, code }: SendFailure) => kind !== 'closed' && code !== NO_ANSWER

/** Writes that it will not arrive: in the ledger of warnings first, so that a kill between leaves it to be done again. */
async function giveUp(
  { store, clock }: SendParts,
  { kind, rows }: Bundle,
  why: Undelivered,
): Promise<'done'> {
  if (kind === 'warning') {
    const [outcome, reason] = LEDGER[why]
    for (const { key } of rows)
      await store.deliveries.undelivered(ledgerRow(key), outcome, reason, clock.now())
  }
  await store.messages.giveUp(
    rows.map(({ id }) => id),
    why,
  )
  return 'done'
}

const LEDGER = {
  closed: ['skipped', 'closed'],
  gone: ['skipped', 'opted-out'],
  refused: ['failed', 'refused'],
  late: ['failed', 'undelivered'],
} as const

/** One call. Whatever a channel throws is a failure of it; too late, or with a fault nobody named, it may have been taken. */
async function attempt(call: () => Promise<Taken>): Promise<Taken | SendFailure> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<SendFailure>((fulfil) => {
    timer = setTimeout(() => fulfil(new SendFailure('temporary', undefined, NO_ANSWER)), SEND_MS)
  })
  try {
    return await Promise.race([call(), late])
  } catch (error) {
    if (error instanceof SendFailure) return error
    return new SendFailure('temporary', undefined, NO_ANSWER, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
