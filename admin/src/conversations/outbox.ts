import { Refused } from '../call.js'

/** A reply that is not yet known to have arrived. */
export interface Unsent {
  /** Made once: sending again under it never doubles. */
  key: string
  text: string
  /** Why it will not be sent again by itself; empty while it is being tried. */
  refusal: string
  /** Tried at least once without an answer. */
  late: boolean
}

export interface OutboxParts {
  /** Where they are kept until they have arrived. */
  place: string
  /** Outlives the page, not the tab: what was typed must not lie on a shared machine. */
  storage: {
    getItem(name: string): string | null
    setItem(name: string, value: string): void
    removeItem(name: string): void
  }
  send(reply: { key: string; text: string }): Promise<unknown>
  /** The server has it: resolves when the page shows it. */
  arrived(): Promise<unknown>
  changed(unsent: readonly Unsent[]): void
  newKey?(): string
}

const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000]

/** Replies on their way, in order, each until the server has it. A refusal stops the row and waits for the counselor. */
export class Outbox {
  private unsent: Unsent[]
  private tries = 0
  private busy = false
  private closed = false
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly parts: OutboxParts) {
    this.unsent = restored(parts.storage.getItem(parts.place))
    this.parts.changed(this.unsent)
    void this.run()
  }

  send(text: string): void {
    const key = (this.parts.newKey ?? (() => crypto.randomUUID()))()
    this.keep([...this.unsent, { key, text, refusal: '', late: false }])
    void this.run()
  }

  /** Tries again what was refused or waits. */
  retry(): void {
    this.keep(this.unsent.map((each) => ({ ...each, refusal: '' })))
    this.tries = 0
    void this.run()
  }

  /** Takes a reply back to be changed: its text. One that may have arrived already cannot be taken back. */
  takeBack(key: string): string {
    const found = this.unsent.find((each) => each.key === key)
    if (!found?.refusal) return ''
    this.keep(this.unsent.filter((each) => each !== found))
    void this.run()
    return found.text
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
  }

  private keep(unsent: Unsent[]): void {
    this.unsent = unsent
    const { storage, place } = this.parts
    if (unsent.length === 0) storage.removeItem(place)
    else storage.setItem(place, JSON.stringify(unsent))
    if (!this.closed) this.parts.changed(unsent)
  }

  private async run(): Promise<void> {
    const [next] = this.unsent
    if (this.busy || this.closed || !next || next.refusal) return
    this.busy = true
    clearTimeout(this.timer)
    try {
      await this.parts.send({ key: next.key, text: next.text })
      this.tries = 0
      await this.parts.arrived()
      this.keep(this.unsent.filter(({ key }) => key !== next.key))
    } catch (error) {
      this.failed(next, error)
    }
    this.busy = false
    if (!this.timer) void this.run()
  }

  private failed(tried: Unsent, error: unknown): void {
    const change = (part: Partial<Unsent>) =>
      this.keep(this.unsent.map((each) => (each.key === tried.key ? { ...each, ...part } : each)))
    const known = error instanceof Refused
    if (known && error.status >= 400 && error.status < 500 && error.status !== 429)
      return change({ refusal: error.message })
    change({ late: true })
    const wait = RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)]
    this.timer = setTimeout(() => {
      this.timer = undefined
      void this.run()
    }, wait)
  }
}

function restored(kept: string | null): Unsent[] {
  return kept === null ? [] : (JSON.parse(kept) as Unsent[])
}
