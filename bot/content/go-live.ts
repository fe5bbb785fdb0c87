import { createHash } from 'node:crypto'
import { z } from 'zod'
import {
  ADMINISTRATORS_LEAST,
  DESK_LEAST,
  SAID,
  StatementName,
  type GoLive,
  type StatementForm,
} from '../../shared/go-live.js'
import type { LineCheck } from '../../shared/line.js'
import type { Clock } from '../clock.js'
import { AppError } from '../errors.js'
import type { Log } from '../log.js'
import type { Store } from '../store/store.js'
import { answersHash, messageHash, type Content } from './content.js'
import { spoken } from './edit-wording.js'
import { dayOf } from './lines.js'
import type { Live } from './live.js'
import { standing } from './standing.js'

const NAME = 'go-live'
const POLL_MS = 30_000
const TRIES = 5
const NOTICE = ['notice.short', ...['what', 'who', 'when', 'exit', 'ai'].map((part) => `notice.full.${part}`)]

const Said = z.object({ text: z.string(), hash: z.string(), by: z.string(), at: z.iso.datetime() })
const Decided = z.object({
  statements: z.partialRecord(StatementName, Said),
  /** When and by whom the demo was ended; null while it is one. */
  real: z.object({ by: z.string(), at: z.iso.datetime() }).nullable(),
})
type Decided = z.infer<typeof Decided>

export interface GoLiveParts {
  store: Pick<Store, 'settings' | 'feed'>
  clock: Clock
  log: Log
  live: Pick<Live, 'knowledge'>
  /** How far each line can be relied on. */
  lines(at: Date): Promise<{ number: string; name: string; check: LineCheck }[]>
  /** Members of staff that can sign in: at the desk (counselors, supervisors), and administrators. */
  staff(): Promise<{ desk: number; administrators: number }>
  /** Channels whose servers lie abroad, and whether a ruling on each is recorded. */
  abroad(): Promise<{ name: string; ruled: boolean }[]>
}

type Unnamed<T> = Omit<T, 'by'> & { by: string | null }
export type GoLiveState = Omit<Unnamed<GoLive>, 'statements'> & {
  statements: { name: StatementName; holds: boolean; said: { text: string; by: string; at: string } | null }[]
}

export type GoLiveList = Awaited<ReturnType<typeof startGoLive>>

/**
 * Whether this is a real hotline. It is a demo until an administrator has gone through the list and says otherwise;
 * what lapses later is warned of, and nothing turns a running hotline into a demo but a person.
 */
export async function startGoLive(parts: GoLiveParts) {
  const { store, clock, log, live } = parts
  const read = async (): Promise<{ decided: Decided; version: number }> => {
    const { value, version } = await store.settings.read(NAME)
    return { decided: value ? Decided.parse(value) : { statements: {}, real: null }, version }
  }

  let real = (await read()).decided.real !== null
  const refresh = async () => {
    real = (await read()).decided.real !== null
  }
  const follow = () => void refresh().catch((error: unknown) => log.error({ err: error }, 'go-live.follow'))
  const unfollow = store.feed.follow('content', follow)
  const timer = setInterval(follow, POLL_MS)
  timer.unref()

  /** Two people at once: what the second says is put beside what the first said. */
  const change = async (edit: (decided: Decided) => Decided) => {
    for (let tries = 0; ; tries++) {
      const { decided, version } = await read()
      if (await store.settings.write(NAME, edit(decided), version)) break
      if (tries === TRIES) throw new AppError('content.changed')
    }
    await refresh()
    await store.feed.publish('content')
  }

  const view = async (): Promise<GoLiveState> => {
    const { decided } = await read()
    const now = clock.now()
    const { content } = live.knowledge()
    const notice = noticeOf(content)
    const [lines, staff, abroad] = await Promise.all([parts.lines(now), parts.staff(), parts.abroad()])
    const statements = StatementName.options.map((name) => {
      const said = decided.statements[name] ?? null
      const holds = said !== null && (name !== 'notice' || said.hash === notice.hash)
      return { name, holds, said: said && { text: said.text, by: said.by, at: said.at } }
    })
    const missing = lines.filter(({ check }) => check === 'unverified' || check === 'lapsed')
    const signed = signedOf(content, dayOf(now))
    const list = {
      statements,
      notice,
      lines: { holds: missing.length === 0, missing: lines.filter(({ check }) => check !== 'verified') },
      staff: { ...staff, holds: staff.desk >= DESK_LEAST && staff.administrators >= ADMINISTRATORS_LEAST },
      signed,
      abroad: { holds: abroad.every(({ ruled }) => ruled), channels: abroad },
    }
    const computed = [list.lines, list.staff, list.signed, list.abroad]
    return {
      ...list,
      real: decided.real !== null,
      since: decided.real?.at ?? null,
      by: decided.real?.by ?? null,
      ready: [...statements, ...computed].every(({ holds }) => holds),
    }
  }

  return {
    /** For every page and first reply: whether it must say that this is a demo. Never waits. */
    demo: (): boolean => !real,

    view,

    /** An administrator states one thing. Throws `request.invalid` when it needs words, `content.changed` for another notice. */
    async state(name: StatementName, { text, hash }: StatementForm, by: { id: string }): Promise<void> {
      if ((SAID as readonly string[]).includes(name) && text.length < 2)
        throw new AppError('request.invalid', { tell: { fields: { text: '请写名称' } } })
      if (name === 'notice' && hash !== noticeOf(live.knowledge().content).hash)
        throw new AppError('content.changed')
      const said = { text, hash, by: by.id, at: clock.now().toISOString() }
      await change((was) => ({ ...was, statements: { ...was.statements, [name]: said } }))
    },

    /** Takes a statement back. Throws `record.unknown` when nobody has made it. */
    async withdraw(name: StatementName): Promise<void> {
      if (!(await read()).decided.statements[name]) throw new AppError('record.unknown')
      await change(({ statements: { [name]: _, ...statements }, ...was }) => ({ ...was, statements }))
    },

    /** Ends the demo, or begins it again. Throws `go-live.incomplete` while anything on the list does not hold. */
    async set(on: boolean, by: { id: string }): Promise<void> {
      if (on && !(await view()).ready) throw new AppError('go-live.incomplete')
      const at = clock.now().toISOString()
      await change((was) => ({ ...was, real: on ? (was.real ?? { by: by.id, at }) : null }))
      log.info({ real: on }, 'go-live.set')
    },

    stop(): void {
      unfollow()
      clearInterval(timer)
    },
  }
}

function noticeOf({ system }: Content): { text: string[]; hash: string } {
  const text = NOTICE.map((key) => system.get(key)?.text ?? '')
  return { text, hash: createHash('sha256').update(JSON.stringify(text)).digest('hex') }
}

/** What is said in danger and is not signed: topics of urgent risk, and every message a young person may read. */
function signedOf(content: Content, day: string): GoLive['signed'] {
  const urgent = [...content.intents.values()]
    .filter(({ risk }) => risk === 'urgent')
    .map((intent) => ({ ...intent, ...standing(intent.reviews, answersHash(intent), day) }))
  const messages = spoken(content).map(([id, message]) => ({
    file: id.slice(0, id.indexOf('.')),
    ...standing(message.reviews, messageHash(message), day),
  }))
  const open = ({ signed }: { signed: string }) => signed === 'unsigned' || signed === 'lapsed'
  const unsigned = messages.filter(open)
  const files = [...new Set(unsigned.map(({ file }) => file))]
  const intents = urgent.filter(open).map(({ id, title }) => ({ id, title }))
  return {
    holds: intents.length === 0 && unsigned.length === 0,
    intents,
    wording: files.map((file) => ({ file, count: unsigned.filter((each) => each.file === file).length })),
    expiring: [...urgent, ...messages].filter(({ signed }) => signed === 'expiring').length,
  }
}
