import type { ChatMessage } from '../../shared/message.js'
import type { Store } from '../../bot/store/store.js'
import type { Counselor, Young } from './desk-actors.js'

/** What one young person sees: nothing lost, nothing twice, and the bot silent while a human has the talk. */
export function judgeTalk(history: ChatMessage[], young: Young): string[] {
  const faults: string[] = []
  history.forEach(({ number }, i) => {
    if (number !== i + 1) faults.push(`message ${i + 1} has the number ${number}`)
  })
  for (const id of young.acknowledged) {
    const found = history.filter((message) => message.id === id)
    if (found.length !== 1) faults.push(`an acknowledged message stands in the history ${found.length} times`)
    else if (found[0]?.text !== young.sent.get(id)) faults.push('a message has changed')
  }
  let human = false
  for (const { from, text } of history) {
    if (from === 'system' && text.includes('由真人')) human = true
    else if (from === 'system' && text.includes('又是 AI')) human = false
    else if (from === 'bot' && human) faults.push('the bot spoke while a human had the talk')
  }
  if (!human && history.at(-1)?.from === 'person') faults.push('the last word is not answered')
  return faults
}

/** Every acknowledged reply of a counselor stands once in the talk it was written in. */
export function judgeReplies(histories: ChatMessage[][], counselors: Counselor[]): string[] {
  const said = new Map<string, number>()
  for (const { from, text } of histories.flat())
    if (from === 'counselor') said.set(text, (said.get(text) ?? 0) + 1)
  return counselors.flatMap(({ replied }) =>
    [...replied.values()].flat().flatMap((text) => {
      const times = said.get(text) ?? 0
      return times === 1 ? [] : [`an acknowledged reply stands in the history ${times} times`]
    }),
  )
}

/** Nothing waits or is half done; danger after the last human part stands open. */
export async function judgeStore(store: Store): Promise<string[]> {
  const [conversations, messages, escalations] = await Promise.all([
    store.conversations.model.find().lean(),
    store.messages.model.find().lean(),
    store.escalations.model.find().lean(),
  ])
  const faults: string[] = []
  if (messages.some(({ waiting, sending }) => waiting || sending))
    faults.push('something waits or is being sent')
  if (new Set(messages.map(({ key }) => key)).size !== messages.length) faults.push('a message is kept twice')
  if (escalations.some(({ due }) => due !== null)) faults.push('a decision was not carried out')
  for (const { _id, owner, level, pendingTurn, staff } of conversations) {
    const own = escalations.filter(({ conversation }) => String(conversation) === String(_id))
    const open = own.filter((escalation) => escalation.open)
    if (pendingTurn !== null) faults.push('a turn was not carried out')
    if (open.length > 1) faults.push('two escalations of one conversation are open')
    const claimed = open.find(({ state }) => state === 'claimed')
    if ((owner === 'human') !== Boolean(claimed))
      faults.push(`owner ${owner} and escalation ${claimed?.state ?? 'none'} disagree`)
    if (claimed && claimed.claimedBy?.id !== staff?.id) faults.push('claimed by one, held by another')
    // Humans in this trial leave a watch behind: more than that is a cry nobody has answered yet.
    if (level === 'urgent' && open.length === 0) faults.push('a cry stands with no escalation')
  }
  return faults
}
