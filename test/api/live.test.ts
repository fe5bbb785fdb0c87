import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { EventEmitter } from 'node:events'
import type { Response } from 'express'
import { createLive, type LiveParts } from '../../bot/api/live.js'
import type { LiveSession } from '../../bot/staff/sessions.js'
import { LEARNING_MS, realKnowledge } from '../brain.js'
import { browser, firstAdministrator, member, type Member } from '../console.js'
import { testServer } from '../server.js'
import { until } from '../until.js'

type Server = Awaited<ReturnType<typeof testServer>>
type Stream = Awaited<ReturnType<Member['desk']['live']>>

let server: Server
let administrator: Member
let number = 0
const streams: Stream[] = []

beforeAll(async () => {
  server = await testServer({}, { knowledge: await realKnowledge({ talk: false }) })
  administrator = await firstAdministrator(server)
}, LEARNING_MS)
afterEach(async () => {
  for (const stream of streams.splice(0)) await stream.cut()
})
afterAll(() => server.stop())

async function follow(who: Member, conversation?: string): Promise<Stream> {
  const stream = await who.desk.live(conversation)
  streams.push(stream)
  return stream
}
const topics = ({ seen }: Stream) => [...new Set(seen.map(({ topic }) => topic))]
/** Something changes that every administrator is told. */
const change = () =>
  administrator.desk.post('/staff', { name: `changed-${++number}`, workName: '某人', roles: ['editor'] })

describe('the stream of changes', () => {
  test('When staff change, then consoles of administrators are told, and nobody else is', async () => {
    const counselor = await member(server, administrator, ['counselor'])
    const [theirs, ours] = [await follow(counselor), await follow(administrator)]
    expect([theirs.status, ours.status]).toEqual([200, 200])
    await change()
    await until(() => topics(ours).includes('staff'), 'staff')
    // A change of the desk comes after it on the same way: what was for the counselor is there by now.
    await counselor.desk.put('/desk/duty', { onDuty: true })
    await until(() => topics(theirs).includes('desk'), 'desk')
    expect(topics(theirs)).toEqual(['desk'])
    expect(topics(ours)).toEqual(['staff'])
  })

  test('When nobody is signed in, or a conversation is not theirs, then no stream opens', async () => {
    expect((await browser(server.url).live()).status).toBe(401)
    const counselor = await member(server, administrator, ['counselor'])
    expect((await follow(counselor, 'a'.repeat(24))).status).toBe(404)
    expect((await follow(administrator, 'a'.repeat(24))).status).toBe(404)
    expect((await follow(counselor, 'not-an-id')).status).toBe(422)
  })

  test('When a member follows a conversation that waits, then what happens there is told, with its id', async () => {
    const counselor = await member(server, administrator, ['counselor'])
    const child = await server.client()
    await child.say('我不想活了')
    await child.waitForReply()
    const waiting = await until(async () => {
      const { body } = await counselor.desk.get<{ items: { conversation: string }[] }>('/escalations')
      return body.items[0]
    }, 'an escalation')
    const stream = await follow(counselor, waiting.conversation)
    await child.say('我还在')
    await until(() => stream.seen.some(({ id }) => id === waiting.conversation), 'the conversation')
    expect((await follow(administrator, waiting.conversation)).status).toBe(404)
  })

  test('When a session ends, is ended, or its account changes, then its stream ends at once', async () => {
    const [out, ended, changed] = [
      await member(server, administrator, ['counselor']),
      await member(server, administrator, ['counselor']),
      await member(server, administrator, ['counselor']),
    ]
    const open = [await follow(out), await follow(ended), await follow(changed)] as const
    const other = await follow(administrator)
    await out.desk.post('/sign-out')
    await until(() => open[0].ended(), 'the end of the first')
    await administrator.desk.delete(`/staff/${ended.id}/sessions`)
    await until(() => open[1].ended(), 'the end of the second')
    await administrator.desk.put(`/staff/${changed.id}`, {
      workName: '某人',
      roles: ['editor'],
      active: true,
    })
    await until(() => open[2].ended(), 'the end of the third')
    expect(other.ended()).toBe(false)
  })

  test('When one member opens more streams than eight, then the ninth is refused until one is closed', async () => {
    const editor = await member(server, administrator, ['editor'])
    for (let i = 0; i < 8; i++) expect((await follow(editor)).status).toBe(200)
    expect((await follow(editor)).status).toBe(429)
    await streams[0]?.cut()
    await until(async () => (await follow(editor)).status === 200, 'room for another')
  })

  test('When a counselor’s console is connected, then they are present while on duty, and not after signing out', async () => {
    const counselor = await member(server, administrator, ['counselor'], '小周老师')
    const present = async () => {
      const { body } = await counselor.desk.get<{ present: { id: string }[] }>('/desk/presence')
      return body.present.some(({ id }) => id === counselor.id)
    }
    await counselor.desk.put('/desk/duty', { onDuty: true })
    await follow(counselor)
    expect(await present()).toBe(true)
    await counselor.desk.post('/sign-out')
    await counselor.desk.signIn(counselor.name, counselor.password)
    expect(await present()).toBe(false)
  })
})

/** The other end of a stream, as far as it is written to. */
class Wire extends EventEmitter {
  text = ''
  ended = false
  writableLength = 0
  writeHead() {
    return this
  }
  write(text: string) {
    this.text += text
    return true
  }
  end() {
    this.ended = true
  }
  readonly heard = () => (this.text.match(/^event: changed$/gm) ?? []).length
}

describe('bursts', () => {
  const staff = { id: 'a', name: 'a', workName: '某人', roles: ['counselor' as const] }
  const listeners = new Map<string, () => void>()
  const parts: LiveParts = {
    clock: { now: () => new Date() },
    follow: (topic, listener) => {
      listeners.set(topic, listener)
      return () => listeners.delete(topic)
    },
    alive: async () => ({ staff }) as unknown as LiveSession,
    mayRead: async () => true,
    beat: async () => undefined,
    onError: (error) => {
      throw error
    },
  }
  const open = async () => {
    const wire = new Wire()
    await createLive(parts).open(wire as unknown as Response, {} as LiveSession, staff, 'c'.repeat(24))
    return wire
  }

  test('When a hundred hints come at once, then the first is told at once and the others as one', async () => {
    const wire = await open()
    for (let i = 0; i < 100; i++) listeners.get('desk')?.()
    expect(wire.heard()).toBe(1)
    await until(() => wire.heard() === 2, 'the rest')
    for (let i = 0; i < 3; i++) listeners.get('c'.repeat(24))?.()
    await until(() => wire.text.includes('"conversation"'), 'the conversation')
    expect(wire.heard()).toBeLessThanOrEqual(4)
    wire.emit('close')
  })

  test('When the reader is gone, then nothing is followed any more', async () => {
    const wire = await open()
    expect([...listeners.keys()].sort()).toEqual(['c'.repeat(24), 'channels', 'desk', 'staff'])
    wire.emit('close')
    expect([...listeners.keys()]).toEqual([])
    expect(wire.ended).toBe(true)
  })

  test('When a reader does not read, then its stream ends instead of filling the memory', async () => {
    const wire = await open()
    wire.writableLength = 1_000_000
    listeners.get('desk')?.()
    expect(wire.ended).toBe(true)
  })
})
