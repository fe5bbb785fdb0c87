import { z } from 'zod'
import { ChannelStatus } from '../../shared/channel.js'
import type { Clock } from '../clock.js'
import { AppError } from '../errors.js'
import type { Log } from '../log.js'
import type { Store } from '../store/store.js'
import type { Adapter, Channel } from './channel.js'

const NAME = 'channels'
/** How soon every process follows what was decided in another, where the hint was missed. Milliseconds. */
const POLL_MS = 30_000
const TRIES = 5

const Ruling = z.object({ text: z.string(), by: z.string(), at: z.iso.datetime() })
const Decided = z.record(
  z.string(),
  z.object({
    /** For a channel abroad: what was ruled, in the words of who answers for it. */
    ruling: Ruling.nullable().default(null),
    /** The platform's id of the approved template for warnings outside the window. */
    template: z.string().nullable().default(null),
  }),
)
type Decided = z.infer<typeof Decided>

/** A channel as its setup page needs it. */
export interface ChannelState extends ChannelStatus {
  abroad: boolean
  ruling: z.infer<typeof Ruling> | null
  /** It has a form for warnings outside the window. */
  notifies: boolean
  template: string | null
  /** When the network was last looked at; null: never. */
  lookedAt: string | null
}

const Kept = z.object({ status: ChannelStatus, at: z.iso.datetime() })

export type Channels = Awaited<ReturnType<typeof openChannels>>

/**
 * Every channel there is, and which of them run: those that have their settings and, where the servers lie abroad,
 * whose ruling an administrator has recorded (个人信息保护法 第三十八条、第五十五条). All processes follow a decision.
 */
export async function openChannels(parts: {
  store: Pick<Store, 'settings' | 'feed' | 'leases'>
  clock: Clock
  log: Log
  adapters: readonly Adapter[]
  /** Filled with those that run now, by name; the same map all along. */
  running: Map<string, Channel>
}) {
  const { store, clock, log, adapters, running } = parts
  let started = false
  let turning: Promise<void> = Promise.resolve()

  const read = async (): Promise<{ decided: Decided; version: number }> => {
    const { value, version } = await store.settings.read(NAME)
    return { decided: Decided.parse(value ?? {}), version }
  }
  const mayRun = ({ channel, missing }: Adapter, decided: Decided) =>
    missing.length === 0 && (!channel.abroad || decided[channel.name]?.ruling != null)

  /** Starts what may run and stops what may not. One that fails stops no other: the watchdog says so, and tries again. */
  const settle = async (): Promise<void> => {
    const { decided } = await read()
    for (const adapter of adapters) {
      const { channel } = adapter
      const may = mayRun(adapter, decided)
      try {
        if (may) {
          running.set(channel.name, channel)
          if (started) await adapter.start()
        } else if (running.delete(channel.name)) await adapter.stop()
      } catch (error) {
        log.error({ err: error, channel: channel.name }, 'channel.failed')
      }
    }
  }
  const turn = () => (turning = turning.then(settle, settle))
  const follow = () => void turn().catch((error: unknown) => log.error({ err: error }, 'channels.follow'))

  await settle()
  const unfollow = store.feed.follow(NAME, follow)
  const timer = setInterval(follow, POLL_MS)
  timer.unref()

  const adapterOf = (name: string): Adapter => {
    const found = adapters.find(({ channel }) => channel.name === name)
    if (!found) throw new AppError('record.unknown')
    return found
  }

  const change = async (name: string, edit: (was: Decided[string]) => Decided[string]): Promise<void> => {
    for (let tries = 0; ; tries++) {
      const { decided, version } = await read()
      const was = decided[name] ?? { ruling: null, template: null }
      if (await store.settings.write(NAME, { ...decided, [name]: edit(was) }, version)) break
      if (tries === TRIES) throw new AppError('content.changed')
    }
    await turn()
    await store.feed.publish(NAME)
  }

  /** Looks at the network and keeps what it says; `since` is when it first said so. */
  const look = async (adapter: Adapter): Promise<void> => {
    const name = adapter.channel.name
    const at = clock.now().toISOString()
    const was = await lastLook(name)
    const found = await adapter.status()
    const same = was?.status.state === found.state && was.status.why === found.why
    const status = { ...found, since: was && was.status.state === found.state ? was.status.since : at }
    await store.leases.write(keptAt(name), { status, at })
    if (!same) {
      log.info({ channel: name, state: status.state }, 'channel.state')
      await store.feed.publish(NAME)
    }
  }
  const lastLook = async (name: string) => {
    const kept = Kept.safeParse(await store.leases.read(keptAt(name)))
    return kept.success ? kept.data : null
  }

  const view = async (adapter: Adapter, decided: Decided): Promise<ChannelState> => {
    const { channel, missing } = adapter
    const { ruling = null, template = null } = decided[channel.name] ?? {}
    const kept = mayRun(adapter, decided) ? await lastLook(channel.name) : null
    const { since } = kept?.status ?? { since: clock.now().toISOString() }
    const off = { state: 'off' as const, since, ...(missing.length ? {} : { why: WHY_OFF }) }
    return {
      ...(kept?.status ?? (mayRun(adapter, decided) ? { state: 'ok' as const, since } : off)),
      name: channel.name,
      on: running.has(channel.name),
      missing: [...missing],
      register: adapter.register,
      abroad: channel.abroad ?? false,
      ruling,
      notifies: channel.notify !== undefined,
      template,
      lookedAt: kept?.at ?? null,
    }
  }

  return {
    /** Whether a channel runs now: what arrives for one that does not is refused. */
    runs: (name: string): boolean => running.has(name),

    async list(): Promise<ChannelState[]> {
      const { decided } = await read()
      return Promise.all(adapters.map((adapter) => view(adapter, decided)))
    },

    /** Looks at the network now. Throws `record.unknown`. */
    async test(name: string): Promise<ChannelState> {
      const adapter = adapterOf(name)
      const { decided } = await read()
      if (mayRun(adapter, decided)) await look(adapter)
      return view(adapter, decided)
    },

    /** The watchdog: looks at every network that is used, and starts again what had failed to. */
    async watch(): Promise<void> {
      await turn()
      const { decided } = await read()
      await Promise.all(adapters.filter((adapter) => mayRun(adapter, decided)).map(look))
    },

    /** Records what was ruled on a channel abroad, or takes it back: it starts, or stops, everywhere. */
    async rule(name: string, text: string | null, by: { id: string }): Promise<void> {
      if (!adapterOf(name).channel.abroad) throw new AppError('record.unknown')
      const ruling = text === null ? null : { text, by: by.id, at: clock.now().toISOString() }
      await change(name, (was) => ({ ...was, ruling }))
      log.info({ channel: name, ruled: ruling !== null }, 'channel.ruled')
    },

    /** Which approved template carries warnings outside the window; null: none does. */
    async useTemplate(name: string, template: string | null): Promise<void> {
      if (!adapterOf(name).channel.notify) throw new AppError('record.unknown')
      await change(name, (was) => ({ ...was, template }))
    },

    template: async (name: string): Promise<string | null> => (await read()).decided[name]?.template ?? null,

    /** Channels abroad that have their settings, and whether a ruling is recorded. */
    async abroad(): Promise<{ name: string; ruled: boolean }[]> {
      const { decided } = await read()
      return adapters
        .filter(({ channel, missing }) => channel.abroad && missing.length === 0)
        .map(({ channel: { name } }) => ({ name, ruled: decided[name]?.ruling != null }))
    },

    /** Begins to receive. */
    async start(): Promise<void> {
      started = true
      await turn()
    },

    async stop(): Promise<void> {
      unfollow()
      clearInterval(timer)
      started = false
      // Whoever asked for the turn hears of its failure; stopping only waits for its end.
      await Promise.allSettled([turning])
      await Promise.all(adapters.map((adapter) => adapter.stop()))
    },
  }
}

const keptAt = (name: string) => `channel-status:${name}`
const WHY_OFF = '服务器在国外。管理员记下合规结论以后才会打开。'
