import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Clock } from '../../clock.js'
import type { Leases } from '../../delivery/channel.js'
import { NO_ANSWER, SendFailure } from '../../delivery/failure.js'
import { request, type Tokens } from './api.js'
import { failureOf } from './errcodes.js'

/** In its last five minutes the platform hands out the next token while the old one still works. */
const EARLY_MS = 4 * 60_000
/** How long one process may take to fetch it, and how long the others wait for that. */
const LEASE_MS = 8_000
const LOOK_MS = 100

const Stored = z.object({ token: z.string().min(1), until: z.coerce.date() })
type Stored = z.infer<typeof Stored>
const Given = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

/**
 * The account's access token (stable_token), one for all processes: whoever sees that it runs out fetches the next
 * under a lease and writes it, sealed, where the others read it.
 */
export function stableToken(parts: {
  root: string
  appId: string
  secret: string
  leases: Leases
  clock: Clock
}): Tokens {
  const { root, appId, secret, leases, clock } = parts
  const name = `wechat.token.${appId}`
  let held: Stored | null = null
  let fetching: Promise<string> | null = null

  /** The token while it lasts longer than `earlyMs` and is not the refused one; else null. */
  const good = (stored: Stored | null, earlyMs: number, refused?: string): string | null => {
    const left = stored ? stored.until.getTime() - clock.now().getTime() : 0
    return stored && left > earlyMs && stored.token !== refused ? stored.token : null
  }

  const read = async (): Promise<Stored | null> => {
    const parsed = Stored.safeParse(await leases.read(name))
    return parsed.success ? parsed.data : null
  }

  const ask = async (force: boolean): Promise<Stored> => {
    const body = { grant_type: 'client_credential', appid: appId, secret, force_refresh: force }
    const answer = await request(`${root}/cgi-bin/stable_token`, body)
    if (answer.errcode !== 0) throw failureOf(answer.errcode)
    const given = Given.safeParse(answer)
    if (!given.success) throw new SendFailure('temporary', undefined, NO_ANSWER)
    const { access_token: token, expires_in: seconds } = given.data
    return { token, until: new Date(clock.now().getTime() + seconds * 1000) }
  }

  const obtain = async (refused?: string): Promise<string> => {
    const deadline = Date.now() + LEASE_MS
    for (;;) {
      held = await read()
      const early = good(held, EARLY_MS, refused)
      if (early) return early
      const now = clock.now()
      if (await leases.take(name, now, new Date(now.getTime() + LEASE_MS))) break
      // Somebody else fetches the next; this one still works.
      const late = good(held, 0, refused)
      if (late) return late
      if (Date.now() > deadline) throw new SendFailure('temporary', undefined, 'token-busy')
      await pause(LOOK_MS)
    }
    try {
      held = await read()
      const written = good(held, EARLY_MS, refused)
      if (written) return written
      held = await ask(false)
      // The platform believes in the token it has just refused: only a forced one is another.
      if (held.token === refused) held = await ask(true)
      await leases.write(name, { ...held, until: held.until.toISOString() }, true)
      return held.token
    } finally {
      await leases.release(name)
    }
  }

  const once = (refused?: string): Promise<string> => {
    fetching ??= obtain(refused).finally(() => (fetching = null))
    return fetching
  }

  return {
    get: async () => good(held, EARLY_MS) ?? once(),
    renew: async (refused) => {
      // Calls made side by side are refused side by side: one of them renews for all.
      const token = await once(refused)
      return token === refused ? once(refused) : token
    },
  }
}
