import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { answersHash, messageHash, type Content } from '../../bot/content/content.js'
import { startGoLive, type GoLiveList, type GoLiveParts } from '../../bot/content/go-live.js'
import type { Brain } from '../../bot/content/brain.js'
import { createVault } from '../../bot/store/crypto.js'
import { startEmbedded } from '../../bot/store/embedded/start.js'
import { openStore, type Store } from '../../bot/store/store.js'
import { until } from '../until.js'
import { contentWith } from './fixture.js'

const administrator = { id: 'a'.repeat(24) }
const log = pino({ level: 'silent' })
let now = new Date('2026-06-01T02:00:00Z')
let content: Content
let staff = { desk: 2, administrators: 1 }
let lines: Awaited<ReturnType<GoLiveParts['lines']>>

let database: Awaited<ReturnType<typeof startEmbedded>>
let stores: Store[]
const lists: GoLiveList[] = []
beforeAll(async () => {
  database = await startEmbedded({ memory: true })
  const vault = createVault(randomBytes(32))
  stores = [await openStore({ uri: database.uri }, vault), await openStore({ uri: database.uri }, vault)]
}, 60_000)
afterAll(async () => {
  for (const store of stores) await store.close()
  await database.stop()
})
beforeEach(async () => {
  await stores[0]!.settings.model.deleteMany({})
  now = new Date('2026-06-01T02:00:00Z')
  content = signedContent()
  staff = { desk: 2, administrators: 1 }
  lines = [{ number: '110', name: '报警', check: 'verified' }]
})
afterEach(() => {
  for (const list of lists.splice(0)) list.stop()
})

/** The small house of content with everything said in danger signed. */
function signedContent(): Content {
  const made = contentWith((d) => {
    d.suicide.risk = 'urgent'
    d.messages['notice.short'] = { text: '我们只留你写的话。' }
  })
  const review = { role: 'counselor' as const, name: '李老师', date: '2026-01-01', expires: '2026-12-01' }
  const intent = made.intents.get('mh.suicide')!
  made.intents.set('mh.suicide', { ...intent, reviews: [{ ...review, hash: answersHash(intent) }] })
  for (const [key, message] of made.system)
    made.system.set(key, { ...message, reviews: [{ ...review, hash: messageHash(message) }] })
  made.system.set('notice.short', made.system.get('talk.notice.short')!)
  return made
}

async function list(store = stores[0]!): Promise<GoLiveList> {
  const started = await startGoLive({
    store,
    clock: { now: () => now },
    log,
    live: { knowledge: () => ({ content, brain: {} as Brain }) },
    lines: () => Promise.resolve(lines),
    staff: () => Promise.resolve(staff),
    abroad: () => Promise.resolve([]),
  })
  lists.push(started)
  return started
}

async function stateAll(goLive: GoLiveList): Promise<void> {
  const { notice } = await goLive.view()
  await goLive.state('operator', { text: '某市青少年服务中心', hash: '' }, administrator)
  await goLive.state('adult', { text: '张主任', hash: '' }, administrator)
  await goLive.state('notice', { text: '', hash: notice.hash }, administrator)
  await goLive.state('key', { text: '', hash: '' }, administrator)
}
const refuses = async (goLive: GoLiveList) => {
  expect((await goLive.view()).ready).toBe(false)
  await expect(goLive.set(true, administrator)).rejects.toMatchObject({
    code: 'go-live.incomplete',
    status: 409,
  })
  expect(goLive.demo()).toBe(true)
}

describe('the go-live list', () => {
  test('When nobody has stated anything, then it is a demo, and stays one', async () => {
    const goLive = await list()
    expect(await goLive.view()).toMatchObject({
      real: false,
      ready: false,
      statements: ['operator', 'adult', 'notice', 'key'].map((name) => ({ name, said: null, holds: false })),
      lines: { holds: true },
      staff: { holds: true },
      signed: { holds: true, intents: [], wording: [] },
      abroad: { holds: true, channels: [] },
    })
    await refuses(goLive)
  })

  test('When everything holds and an administrator says so, then it is real here at once and elsewhere soon', async () => {
    const [goLive, other] = [await list(), await list(stores[1])]
    await stateAll(goLive)
    expect((await other.view()).ready).toBe(true)
    expect(goLive.demo()).toBe(true)
    await goLive.set(true, administrator)
    expect(goLive.demo()).toBe(false)
    await until(() => !other.demo(), 'the other process')
    expect(await other.view()).toMatchObject({ real: true, by: administrator.id, since: now.toISOString() })
    // A process that starts later knows it from the start.
    expect((await list(stores[1])).demo()).toBe(false)
    await other.set(false, administrator)
    expect(other.demo()).toBe(true)
    await until(() => goLive.demo(), 'the first process')
  })

  const gaps: [what: string, open: () => void, missing: object][] = [
    [
      'a number is not verified',
      () => lines.push({ number: '12355', name: '服务台', check: 'unverified' }),
      { lines: { holds: false, missing: [{ number: '12355' }] } },
    ],
    [
      'a verification has run out',
      () => lines.push({ number: '12355', name: '服务台', check: 'lapsed' }),
      { lines: { holds: false } },
    ],
    [
      'there is one counselor only',
      () => (staff = { desk: 1, administrators: 1 }),
      { staff: { holds: false, desk: 1 } },
    ],
    [
      'there is no administrator',
      () => (staff = { desk: 2, administrators: 0 }),
      { staff: { holds: false } },
    ],
    [
      'an urgent answer is not signed',
      () => content.intents.set('mh.suicide', { ...content.intents.get('mh.suicide')!, reviews: [] }),
      { signed: { holds: false, intents: [{ id: 'mh.suicide', title: '不想活' }] } },
    ],
    [
      'a signature signs other words',
      () => (content.intents.get('mh.suicide')!.answers[0]!.first.text += '。'),
      { signed: { holds: false, intents: [{ id: 'mh.suicide' }] } },
    ],
    ['a signature has run out', () => (now = new Date('2026-12-02T02:00:00Z')), { signed: { holds: false } }],
    [
      'a message is not signed',
      () => content.system.set('danger.safe.yes', { text: '好。', buttons: [], reviews: [] }),
      { signed: { holds: false, wording: [{ file: 'danger', count: 1 }] } },
    ],
  ]
  test.each(gaps)('When %s, then the list says which, and the demo cannot end', async (_, open, missing) => {
    const goLive = await list()
    await stateAll(goLive)
    expect((await goLive.view()).ready).toBe(true)
    open()
    expect(await goLive.view()).toMatchObject(missing)
    await refuses(goLive)
  })

  test('When something lapses later, then the list says so, and the hotline does not become a demo', async () => {
    const goLive = await list()
    await stateAll(goLive)
    await goLive.set(true, administrator)
    lines = [{ number: '12355', name: '服务台', check: 'expiring' }]
    expect(await goLive.view()).toMatchObject({
      ready: true,
      lines: { holds: true, missing: [{ check: 'expiring' }] },
    })
    lines = [{ number: '12355', name: '服务台', check: 'lapsed' }]
    staff = { desk: 0, administrators: 1 }
    expect(await goLive.view()).toMatchObject({ real: true, ready: false })
    expect(goLive.demo()).toBe(false)
  })

  test('When the notice is changed after it was read, then it has to be read again', async () => {
    const goLive = await list()
    await stateAll(goLive)
    content.system.set('notice.short', {
      text: '我们留下别的。',
      buttons: [],
      reviews: content.system.get('notice.short')!.reviews,
    })
    const { statements } = await goLive.view()
    expect(statements.find(({ name }) => name === 'notice')).toMatchObject({ holds: false, said: {} })
    await expect(
      goLive.state('notice', { text: '', hash: 'of another' }, administrator),
    ).rejects.toMatchObject({
      code: 'content.changed',
    })
  })

  test('When a statement needs words and has none, or is taken back, then it does not hold', async () => {
    const goLive = await list()
    await expect(goLive.state('operator', { text: ' ', hash: '' }, administrator)).rejects.toMatchObject({
      code: 'request.invalid',
    })
    await stateAll(goLive)
    await goLive.withdraw('key')
    await refuses(goLive)
    await expect(goLive.withdraw('key')).rejects.toMatchObject({ code: 'record.unknown' })
  })

  test('When two administrators state things at the same time, then both stand', async () => {
    const goLives = [await list(), await list(stores[1])]
    await Promise.all([
      goLives[0]!.state('operator', { text: '某中心', hash: '' }, administrator),
      goLives[1]!.state('key', { text: '', hash: '' }, administrator),
    ])
    const { statements } = await goLives[0]!.view()
    expect(statements.filter(({ said }) => said).map(({ name }) => name)).toEqual(['operator', 'key'])
  })
})
