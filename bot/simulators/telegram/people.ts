import { createChat, type Button, type Chat, type PersonView, type Shown } from '../people.js'

/** A message as the Bot API gives it, with what the phone shows of it. */
export interface Kept {
  json: Record<string, unknown> & { message_id: number }
  fromBot: boolean
  shown: Shown
}

/** A Telegram user, as far as one bot knows it. */
export interface Person {
  /** As the control calls it; decimal digits are the number itself. */
  id: string
  number: number
  name: string
  /** Has pressed Start or written: only then may the bot write. */
  started: boolean
  blocked: boolean
  chat: Chat
  messages: Map<number, Kept>
}

/** Messages of a chat that can still be edited or pressed. */
const KEPT = 500

export type People = ReturnType<typeof createPeople>

/** The users of a bot. */
export function createPeople(now: () => Date) {
  const people = new Map<string, Person>()
  const numbers = new Map<number, Person>()
  let lastNumber = 710_000_000
  let lastMessage = 0

  const add = (id: string, name: string): Person => {
    const number = /^[1-9]\d{0,14}$/.test(id) ? Number(id) : ++lastNumber
    const person: Person = {
      id,
      number,
      name,
      started: false,
      blocked: false,
      chat: createChat(now),
      messages: new Map(),
    }
    people.set(id, person)
    numbers.set(number, person)
    return person
  }

  return {
    get: (id: string): Person | undefined => people.get(id),
    byNumber: (number: number): Person | undefined => numbers.get(number),
    meet: (id: string): Person => people.get(id) ?? add(id, id),
    create: (name?: string): string => add(String(++lastNumber), name ?? `用户 ${people.size + 1}`).id,
    list: (): string[] => [...people.keys()],
    nextMessage: (): number => ++lastMessage,

    keep(person: Person, kept: Kept): void {
      person.messages.set(kept.json.message_id, kept)
      const oldest = person.messages.keys().next()
      if (person.messages.size > KEPT && !oldest.done) person.messages.delete(oldest.value)
    },

    view(id: string, menu: Button[]): PersonView | null {
      const person = people.get(id)
      if (!person) return null
      const state = person.blocked ? '已停用机器人' : person.started ? '在用' : '还没有点开始'
      return {
        id,
        name: person.name,
        state,
        left: null,
        until: null,
        messages: person.chat.messages,
        menu: person.started && !person.blocked ? menu : [],
      }
    },
  }
}

export const userJson = ({ number, name }: Person) => ({
  id: number,
  is_bot: false,
  first_name: name,
  language_code: 'zh-hans',
})
export const chatJson = ({ number, name }: Person) => ({ id: number, first_name: name, type: 'private' })
