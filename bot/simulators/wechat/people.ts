import { randomBytes } from 'node:crypto'
import { createChat, type Button, type Chat, type PersonView } from '../people.js'
import { createAllowance, type Allowance } from './allowance.js'

/** A WeChat user, as far as one account knows it. */
export interface Person {
  id: string
  name: string
  following: boolean
  /** Has switched the account's notices off: templates do not arrive. */
  rejects: boolean
  allowance: Allowance
  /** How often each template may still be sent; Infinity after a lasting consent. */
  consents: Map<string, number>
  chat: Chat
}

export type People = ReturnType<typeof createPeople>

/** The users of an account. */
export function createPeople(now: () => Date) {
  const people = new Map<string, Person>()

  const add = (id: string, name: string, following: boolean): Person => {
    const allowance = createAllowance()
    const person = {
      id,
      name,
      following,
      rejects: false,
      allowance,
      consents: new Map<string, number>(),
      chat: createChat(now),
    }
    people.set(id, person)
    return person
  }

  return {
    get: (id: string): Person | undefined => people.get(id),
    /** Who is not known yet has followed the account long before. */
    meet: (id: string): Person => people.get(id) ?? add(id, id, true),
    /** A user who does not follow yet; the id is an OpenID of the usual form. */
    create(name?: string): string {
      const id = `o${randomBytes(21).toString('base64url').slice(0, 27)}`
      return add(id, name ?? `用户 ${people.size + 1}`, false).id
    },
    list: (): string[] => [...people.keys()],

    view(id: string, menu: Button[]): PersonView | null {
      const person = people.get(id)
      if (!person) return null
      const { left, until } = person.allowance.at(now())
      const state = !person.following ? '没有关注' : person.rejects ? '已关注，不收通知' : '已关注'
      return {
        id,
        name: person.name,
        state,
        left: person.following ? (left ?? 0) : 0,
        until: until?.toISOString() ?? null,
        messages: person.chat.messages,
        menu: person.following ? menu : [],
      }
    },
  }
}
