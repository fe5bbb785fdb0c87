import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { createInbox } from '../../bot/conversation/inbox.js'
import type { Store } from '../../bot/store/store.js'
import { deskProcess, memoryStore, movedClock, type DeskProcess } from '../desk/house.js'
import { knowledge } from '../server.js'

let store: Store
let own: DeskProcess
beforeAll(async () => {
  store = await memoryStore()
  own = deskProcess(store, await knowledge(), movedClock())
}, 120_000)
afterAll(async () => {
  await own.handle.stop()
  await store.close()
})

/** Somebody who writes and then changes what they wrote; each is looked after before the next. */
function somebody() {
  const address = randomUUID()
  const inbox = createInbox(own.around, own.handle)
  const say = async (text: string, event?: 'edit') => {
    const { conversation } = await inbox.accept({ channel: 'web', address, key: randomUUID(), text, event })
    await own.handle.handle(conversation)
    return conversation
  }
  const heard = async (conversation: string) => (await store.messages.after(conversation, 0, 100)).slice(1)
  const from = async (conversation: string) => (await heard(conversation)).map((each) => each.from)
  return { say, from }
}

test('When a question is changed after it was answered, then it is not answered again, and the change is kept', async () => {
  const { say, from } = somebody()
  const conversation = await say('老板拖欠工资怎么办')
  const before = await from(conversation)
  await say('老板拖欠我三个月工资怎么办', 'edit')
  expect(await from(conversation)).toEqual([...before, 'person'])
  expect((await store.messages.all(conversation, 100)).at(-1)).toMatchObject({ event: 'edit' })
  expect(await store.messages.waiting(conversation)).toEqual([])
})

test('When danger is written into a message later, then it is answered at once and the desk is called', async () => {
  const { say, from } = somebody()
  const conversation = await say('老板拖欠工资怎么办')
  const before = await from(conversation)
  await say('老板拖欠工资，我想死', 'edit')
  expect((await from(conversation)).slice(before.length, before.length + 2)).toEqual(['person', 'bot'])
  expect(await store.escalations.openOf(conversation)).toMatchObject({ level: 'urgent' })
  const answered = await from(conversation)
  await say('老板拖欠工资，我真的想死', 'edit')
  expect(await from(conversation)).toEqual([...answered, 'person'])
})
