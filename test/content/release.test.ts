import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { parse, stringify } from 'yaml'
import type { ReleaseState } from '../../bot/content/releasing.js'
import { compareFiles, sha256 } from '../../bot/content/load.js'
import type { ContentFiles } from '../../bot/content/content.js'
import { draftBrain } from '../../bot/content/draft-brain.js'
import { createDrafts } from '../../bot/content/drafts.js'
import { intentEditor } from '../../bot/content/edit-intents.js'
import { contentFolder, readFolder } from '../../bot/content/folder.js'
import { startLive, type Live } from '../../bot/content/live.js'
import { contentReader } from '../../bot/content/reader.js'
import { createReleasing } from '../../bot/content/releasing.js'
import { createVault } from '../../bot/store/crypto.js'
import { startEmbedded } from '../../bot/store/embedded/start.js'
import { packed } from '../../bot/store/packed.js'
import { openStore, type Store } from '../../bot/store/store.js'
import { until } from '../until.js'
import { filesWith, type Draft } from './fixture.js'
import { thinnedDanger } from './thinned.js'

jest.setTimeout(240_000)

const log = pino({ level: 'silent' })
const SELF_HARM = 'danger/self-harm.yml'
const editor = { id: 'b'.repeat(24) }
/** Learning on a machine that is busy. */
const PATIENCE_MS = 120_000

let now = new Date('2026-06-01T02:00:00Z')
const clock = { now: () => now }
const at = () => now

let real: ContentFiles
let database: Awaited<ReturnType<typeof startEmbedded>>
let stores: [Store, Store]
const stops: (() => Promise<void>)[] = []

beforeAll(async () => {
  real = await readFolder(contentFolder())
  // As good to compare releases with, and learnt four times as fast.
  real[SELF_HARM] = thinnedDanger(real[SELF_HARM]!, 4)
  database = await startEmbedded({ memory: true })
  const vault = createVault(randomBytes(32))
  stores = [await openStore({ uri: database.uri }, vault), await openStore({ uri: database.uri }, vault)]
}, 60_000)
afterAll(async () => {
  for (const store of stores) await store.close()
  await database.stop()
})
beforeEach(async () => {
  now = new Date('2026-06-01T02:00:00Z')
  const { contents, releases, candidates } = stores[0]
  await contents.model.deleteMany({})
  await releases.model.deleteMany({})
  await candidates.model.deleteMany({})
})
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** The small house of content, with one real kind of danger and real everyday text: learnt in a second. */
function house(change?: (draft: Draft) => void): ContentFiles {
  return {
    ...filesWith(change),
    [SELF_HARM]: real[SELF_HARM]!,
    'background/daily.yml': real['background/daily.yml']!,
    'background/chat-1.yml': real['background/chat-1.yml']!,
  }
}

/** A process of the installation: what it says, its editor, its releases. */
async function processOn(store: Store, shipped = house()) {
  const reader = contentReader()
  const live = await startLive({ store, clock, log, reader, shipped })
  stops.push(() => live.stop())
  const drafts = createDrafts({ store, reader, shipped, live })
  const releasing = createReleasing({ store, clock, log, drafts, live })
  stops.push(() => releasing.stop())
  const intents = intentEditor(drafts)
  return {
    live,
    drafts,
    releasing,
    intents,
    draftBrain: draftBrain({ store, drafts, live }),
    begin: async () => releasing.begin((await releasing.view()).written, editor),
    /** Changes a topic in the draft. */
    async edit(
      change: (form: { title: string; utterances: string[]; answers: { first: { text: string } }[] }) => void,
    ) {
      const { hash, intent } = await intents.one('work.wage', at())
      const form = structuredClone(intent)
      change(form)
      await intents.save('work.wage', hash, form, { by: editor, at: at() })
    },
  }
}
type Process = Awaited<ReturnType<typeof processOn>>

const settled = (one: Process): Promise<NonNullable<ReleaseState['candidate']>> =>
  until(
    async () => {
      const { candidate } = await one.releasing.view()
      return candidate && !['training', 'evaluating'].includes(candidate.state) ? candidate : null
    },
    'the candidate',
    PATIENCE_MS,
  )
const said = (live: Live) => live.knowledge().content.intents.get('work.wage')!.answers[0]!.first.text

/** Writes a document past the editor, as a file or an older program may have left it. */
async function plant(path: string, text: string): Promise<void> {
  const was = (await stores[0].contents.one(path))!
  await stores[0].contents.change(
    was,
    { ...was, text },
    { at: now, by: editor.id, verb: 'edited', fields: [] },
  )
}

/** The kind of danger with only its first line of each group left to learn from. */
function emptied(): string {
  const file = parse(real[SELF_HARM]!) as { groups: { level: string; lines: string[] }[] }
  for (const group of file.groups) if (group.level !== 'none') group.lines = group.lines.slice(0, 1)
  return stringify(file)
}

describe('from the draft to what is said', () => {
  test('When a release is published, then both processes say it, a turn in flight keeps what it began with, and one can go back', async () => {
    const [one, two] = [await processOn(stores[0]), await processOn(stores[1])]
    const first = one.live.id()
    expect(two.live.id()).toBe(first)
    const before = said(one.live)

    await one.edit((form) => {
      form.answers[0]!.first.text = '换了一句话：先留证据。'
      form.utterances.push('老板卷钱跑路了')
    })
    expect(await two.releasing.view()).toMatchObject({
      changes: [{ path: 'work/wage.yml', title: '工资', what: 'changed' }],
      learning: true,
      candidate: null,
      releases: [{ id: first, live: true, by: null, usable: true }],
    })
    expect(await one.draftBrain.now()).toMatchObject({ learnt: false })

    await one.begin()
    await expect(one.begin()).rejects.toMatchObject({ code: 'release.busy', status: 409 })
    await expect(two.begin()).rejects.toMatchObject({ code: 'release.busy' })
    const candidate = await settled(two)
    expect(candidate).toMatchObject({ state: 'ready', by: editor.id, outdated: false, reason: null })
    const { figures } = candidate
    expect(figures!.trained).toBe(true)
    expect(figures!.before!.danger.of).toBeGreaterThan(50)
    expect(figures!.after.danger.of).toBe(figures!.before!.danger.of)
    expect(figures!.after.danger.count).toBeGreaterThan(0)
    expect(figures!.after.top1.of).toBe(12)
    // Nothing is live before somebody clicks.
    expect([one.live.id(), said(one.live), said(two.live)]).toEqual([first, before, before])

    const draft = await one.draftBrain.now()
    expect(draft.learnt).toBe(true)
    expect((await draft.brain.recognise('老板卷钱跑路了')).intent).toBe('work.wage')

    const inFlight = two.live.knowledge()
    await two.releasing.publish(candidate.release!, editor)
    expect([two.live.id(), said(two.live)]).toEqual([candidate.release, '换了一句话：先留证据。'])
    await until(() => one.live.id() === candidate.release, 'the other process', PATIENCE_MS)
    expect(said(one.live)).toBe('换了一句话：先留证据。')
    expect(inFlight.content.intents.get('work.wage')!.answers[0]!.first.text).toBe(before)
    expect(inFlight.brain.assess('我不想活了').level).toBe('urgent')
    expect(await one.releasing.view()).toMatchObject({ changes: [], candidate: { state: 'published' } })
    await expect(one.begin()).rejects.toMatchObject({ code: 'release.nothing' })
    await expect(one.releasing.publish(candidate.release!, editor)).rejects.toMatchObject({
      code: 'release.not-ready',
    })

    now = new Date(now.getTime() + 60_000)
    await one.releasing.back(first!, editor)
    expect([one.live.id(), said(one.live)]).toEqual([first, before])
    await until(() => two.live.id() === first, 'the other process', PATIENCE_MS)
    const { changes, releases } = await two.releasing.view()
    expect(changes).toMatchObject([{ path: 'work/wage.yml' }])
    expect(releases.map(({ id, live, by }) => [id, live, by])).toEqual([
      [first, true, editor.id],
      [candidate.release, false, editor.id],
    ])
    await expect(one.releasing.back('c'.repeat(24), editor)).rejects.toMatchObject({ code: 'record.unknown' })
  })

  test('When only words change, then nothing is trained, and what was compared with something else is not published', async () => {
    const one = await processOn(stores[0])
    const first = one.live.id()!
    const { hash, intent } = await one.intents.one('work.wage', at())
    const buttons = [{ label: '找真人', to: 'human' as const }]
    await one.intents.save('work.wage', hash, { ...intent, buttons }, { by: editor, at: at() })
    expect((await one.releasing.view()).learning).toBe(false)
    expect((await one.draftBrain.now()).learnt).toBe(true)
    await one.begin()
    const candidate = await settled(one)
    expect(candidate).toMatchObject({ state: 'ready', figures: { trained: false } })
    expect(candidate.figures!.after).toEqual(candidate.figures!.before)

    await one.edit((form) => (form.title = '后来又改'))
    expect((await one.releasing.view()).candidate).toMatchObject({ state: 'ready', outdated: true })
    await expect(one.releasing.publish('c'.repeat(24), editor)).rejects.toMatchObject({
      code: 'record.unknown',
    })
    // Another goes live in between: the comparison is with what nobody says any more.
    await stores[0].releases.publish({
      ...(await stores[0].releases.find(first))!,
      id: 'd'.repeat(24),
      at: new Date(now.getTime() + 1),
    })
    await expect(one.releasing.publish(candidate.release!, editor)).rejects.toMatchObject({
      code: 'release.stale',
    })
    await expect(one.releasing.begin('e'.repeat(24), editor)).rejects.toMatchObject({
      code: 'content.changed',
    })
  })
})

describe('what does not go live', () => {
  test('When lines of danger are emptied, then less danger is noticed, and the candidate is refused with its figures', async () => {
    const one = await processOn(stores[0])
    const first = one.live.id()
    await plant(SELF_HARM, emptied())
    await one.begin()
    const candidate = await settled(one)
    expect(candidate).toMatchObject({ state: 'failed', reason: 'danger-fell', release: null })
    const { before, after, missed } = candidate.figures!
    expect(before!.danger.count / before!.danger.of - after.danger.count / after.danger.of).toBeGreaterThan(
      0.01,
    )
    expect(missed.length).toBeGreaterThan(0)
    expect([one.live.id(), (await stores[0].releases.live())?.id]).toEqual([first, first])
    expect(await stores[0].releases.model.countDocuments()).toBe(1)
  })

  test('When the held-out lines are thrown away too, then those of the live release are asked all the same', async () => {
    const one = await processOn(stores[0])
    const file = parse(emptied()) as { groups: { test?: string[] }[] }
    for (const group of file.groups) delete group.test
    await plant(SELF_HARM, stringify(file))
    await one.begin()
    const candidate = await settled(one)
    expect(candidate).toMatchObject({ state: 'failed', reason: 'danger-fell' })
    expect(candidate.figures!.after.danger.of).toBeGreaterThan(50)
  })

  test('When the content has faults, then they are listed and nothing is trained', async () => {
    const one = await processOn(stores[0])
    const text = (await stores[0].contents.one('work/wage.yml'))!.text
    await plant('work/wage.yml', text.replace('第五十条', '第五百条'))
    await one.begin()
    expect(await settled(one)).toMatchObject({
      state: 'failed',
      reason: 'faults',
      figures: null,
      faults: [{ path: 'work/wage.yml', at: 'answers.0.first.citations.0.article' }],
    })
  })

  test('When its maker dies, then that is seen when the lease is over, it can be begun again, and the dead one writes nothing more', async () => {
    const [one, two] = [await processOn(stores[0]), await processOn(stores[1])]
    await one.edit((form) => form.utterances.push('老板卷钱跑路了'))
    const minute = new Date(now.getTime() + 20_000)
    expect(await stores[0].candidates.begin('a dead run', editor.id, now, minute)).toBe(true)
    expect((await two.releasing.view()).candidate).toMatchObject({ state: 'training' })
    await expect(two.begin()).rejects.toMatchObject({ code: 'release.busy' })
    now = minute
    expect((await two.releasing.view()).candidate).toMatchObject({ state: 'failed', reason: 'interrupted' })
    await two.begin()
    expect(
      await stores[0].candidates.advance('a dead run', { state: 'ready', release: 'c'.repeat(24) }),
    ).toBe(false)
    expect(await settled(one)).toMatchObject({ state: 'ready', reason: null })
  })

  test('When the process stops in the middle, then the candidate has failed and the live release is as before', async () => {
    const one = await processOn(stores[0])
    const first = one.live.id()
    await one.edit((form) => form.utterances.push('老板卷钱跑路了'))
    await one.begin()
    await one.releasing.stop()
    expect((await one.releasing.view()).candidate).toMatchObject({
      state: 'failed',
      reason: 'interrupted',
    })
    expect((await stores[0].releases.live())?.id).toBe(first)
    expect(await stores[0].releases.list()).toHaveLength(1)
  })
})

describe('a start', () => {
  test('When files changed, then what they bring goes live beside what was released, and drafts stay drafts', async () => {
    const one = await processOn(stores[0])
    const { hash, intent } = await one.intents.one('work.wage', at())
    await one.intents.save('work.wage', hash, { ...intent, title: '只是草稿' }, { by: editor, at: at() })
    const changed = house((d) => (d.bullied.title = '文件里的新名字'))
    const two = await processOn(stores[1], changed)
    const { content } = two.live.knowledge()
    expect(content.intents.get('sch.bullied')!.title).toBe('文件里的新名字')
    expect(content.intents.get('work.wage')!.title).toBe('工资')
    expect((await two.drafts.content()).intents.get('work.wage')!.title).toBe('只是草稿')
    await until(() => one.live.id() === two.live.id(), 'the process that ran before', PATIENCE_MS)
  })

  test('When with the changed files less danger would be noticed, then the release before stays live and the console shows the change', async () => {
    const one = await processOn(stores[0])
    const first = one.live.id()
    const two = await processOn(stores[1], { ...house(), [SELF_HARM]: emptied() })
    expect(two.live.id()).toBe(first)
    expect((await two.releasing.view()).changes).toMatchObject([{ path: SELF_HARM, what: 'changed' }])
    expect(
      compareFiles({ ...house(), [SELF_HARM]: emptied() }, await stores[0].contents.all()).report.updated,
    ).toEqual([])
  })

  test('When a release is older than the words the program needs, then those are taken from its files', async () => {
    await processOn(stores[0])
    const two = await processOn(
      stores[1],
      house((d) => (d.messages['brand-new'] = { text: '新加的一句。' })),
    )
    // As if somebody had edited that file in the console: then the file does not go live by a start.
    const path = 'system/talk.yml'
    const was = (await stores[0].contents.one(path))!
    await stores[0].contents.model.updateOne(
      { _id: path },
      { $set: { text: was.text.replace('你好，我在。', '你好呀。'), fileHash: sha256('an older file') } },
    )
    const release = (await stores[0].releases.live())!.id
    const files = JSON.parse((await stores[0].releases.find(release))!.content) as ContentFiles
    await stores[0].releases.model.updateOne(
      { _id: release },
      { $set: { content: await packed(JSON.stringify({ ...files, [path]: filesWith()[path] })) } },
    )
    const three = await processOn(
      stores[1],
      house((d) => (d.messages['brand-new'] = { text: '新加的一句。' })),
    )
    expect(three.live.knowledge().content.system.get('talk.brand-new')?.text).toBe('新加的一句。')
    expect(two.live.knowledge().content.system.get('talk.hello')?.text).toBe('你好，我在。')
  })
})
