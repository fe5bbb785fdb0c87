import { Changed } from '../../shared/api/live.js'

/** What is read again when a topic changes: the first part of the keys of queries, which is a resource's name. */
const CONCERNS: Record<Changed['topic'], readonly string[]> = {
  desk: ['desk', 'escalations', 'conversations'],
  conversation: ['conversations', 'escalations'],
  campaigns: ['campaigns', 'people'],
  content: ['intents', 'wording', 'conflicts', 'content', 'statutes', 'release', 'lines', 'go-live'],
  staff: ['staff', 'audit'],
  channels: ['channels', 'go-live', 'conversations'],
}

/** However many changes come, they are read at most this often. */
const PACE_MS = 300
/** A stream that is away longer than this is said so. */
const DOWN_MS = 5_000
/** The server says every 10 s that it is there; a line silent for longer than this is dead, whatever the browser believes. */
const SILENT_MS = 25_000
/** EventSource.CLOSED */
const CLOSED = 2
/** After the server refused the stream: when to knock again. */
const KNOCK_MS = 3_000

export interface LiveParts {
  /** Read again what has these resources in its key; null = everything, after changes may have been missed. */
  refresh(resources: ReadonlySet<string> | null): void
  /** The stream has been away for five seconds, or is back. */
  down(isDown: boolean): void
  /** The stream was refused: perhaps the session has ended. */
  refused(): void
  source?: new (url: string) => EventSource
}

export interface Live {
  /** The conversation on the screen: its messages are told of too. */
  follow(conversation: string | undefined): void
  /** The machine says that it has no network, or has it again. */
  network(there: boolean): void
  close(): void
}

/** Keeps one stream of hints open and turns them into re-reading. Hints are only hints: after a gap all is read. */
export function openLive({ refresh, down, refused, source: Source = EventSource }: LiveParts): Live {
  let conversation: string | undefined
  let stream: EventSource | undefined
  let knocking: ReturnType<typeof setTimeout> | undefined
  let pacing: ReturnType<typeof setTimeout> | undefined
  let missing: ReturnType<typeof setTimeout> | undefined
  let silent: ReturnType<typeof setTimeout> | undefined
  let gap = false
  const waiting = new Set<string>()

  function flush() {
    pacing = undefined
    if (waiting.size === 0) return
    const resources = new Set(waiting)
    waiting.clear()
    pacing = setTimeout(flush, PACE_MS)
    refresh(resources)
  }

  function lost() {
    gap = true
    missing ??= setTimeout(() => down(true), DOWN_MS)
  }

  /** The line is alive at this moment, or has just been asked for: from now on it may be silent only so long. */
  function heard() {
    clearTimeout(silent)
    silent = setTimeout(() => {
      lost()
      connect()
    }, SILENT_MS)
  }

  function back() {
    heard()
    clearTimeout(missing)
    missing = undefined
    down(false)
    if (gap) refresh(null)
    gap = false
  }

  function connect() {
    clearTimeout(knocking)
    heard()
    stream?.close()
    const opened = new Source(`/api/live${conversation ? `?conversation=${conversation}` : ''}`)
    stream = opened
    opened.onopen = back
    opened.onerror = () => {
      if (stream !== opened) return
      lost()
      // The browser itself tries again after a cut, never after a refusal.
      if (opened.readyState !== CLOSED) return
      if (conversation) {
        // No longer ours to read: being told of the desk, and being present there, must not end with it.
        conversation = undefined
        return connect()
      }
      refused()
      knocking = setTimeout(connect, KNOCK_MS)
    }
    opened.addEventListener('here', heard)
    opened.addEventListener('changed', (event: Event) => {
      heard()
      const told = Changed.safeParse(JSON.parse(String((event as Event & { data: unknown }).data)))
      // A topic of a newer server: better to read all than to miss it.
      if (!told.success) return refresh(null)
      for (const resource of CONCERNS[told.data.topic]) waiting.add(resource)
      if (pacing === undefined) flush()
    })
  }

  connect()
  return {
    follow(next) {
      if (next === conversation) return
      conversation = next
      // What happens between the two streams is read when the second stands.
      gap = true
      connect()
    },
    network(there) {
      if (there) connect()
      else lost()
    },
    close() {
      for (const timer of [knocking, pacing, missing, silent]) clearTimeout(timer)
      stream?.close()
    },
  }
}
