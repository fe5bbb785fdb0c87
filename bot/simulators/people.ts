/** A button under a message: pressing it does `press`, which the platform's `say` understands. */
export interface Button {
  label: string
  press: unknown
}

/** One message as the person's phone shows it. */
export interface Shown {
  n: number
  at: string
  from: 'person' | 'bot' | 'platform'
  text: string
  /** Not text: 图片, 语音 … */
  kind?: string
  buttons?: Button[]
  edited?: boolean
  /** What became of a person's message on its way: waiting, taken, or given up by the platform. */
  way?: 'open' | 'taken' | 'gave-up'
}

/** What a simulated person is to the control page. */
export interface PersonView {
  id: string
  name: string
  /** Whether the bot can write to this person, in words. */
  state: string
  /** How many messages the bot may still send now; null where the platform has no such limit. */
  left: number | null
  /** Until when, or null. */
  until: string | null
  messages: Shown[]
  /** The account's menu, where there is one. */
  menu: Button[]
}

/** What `say` resolves with, once the platform is done with it. */
export interface Said {
  key: string
  /** The bot has answered that it has it; false: the platform gave up, or only keeps it for the bot to fetch. */
  taken: boolean
  attempts: number
}

/** Messages kept of one chat. */
const KEPT = 500

/** The chats as the phones show them. */
export function createChat(now: () => Date) {
  let number = 0
  const messages: Shown[] = []
  return {
    messages,
    show(message: Omit<Shown, 'n' | 'at'>): Shown {
      const shown = { n: ++number, at: now().toISOString(), ...message }
      messages.push(shown)
      if (messages.length > KEPT) messages.shift()
      return shown
    },
  }
}
export type Chat = ReturnType<typeof createChat>
