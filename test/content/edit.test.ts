import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { parse } from 'yaml'
import type { ContentFault } from '../../shared/content.js'
import { Intent } from '../../shared/intent.js'
import { answersHash, type ContentFiles } from '../../bot/content/content.js'
import { createDrafts } from '../../bot/content/drafts.js'
import { intentEditor } from '../../bot/content/edit-intents.js'
import { wordingEditor } from '../../bot/content/edit-wording.js'
import { compareFiles, sha256 } from '../../bot/content/load.js'
import { contentReader } from '../../bot/content/reader.js'
import { AppError } from '../../bot/errors.js'
import { createVault } from '../../bot/store/crypto.js'
import { openStore, type Store } from '../../bot/store/store.js'
import { filesWith, type Draft } from './fixture.js'

const WAGE = 'work/wage.yml'
const at = new Date('2026-06-01T02:00:00Z')
const [lawyer, editor] = [
  { by: { id: 'a'.repeat(24) }, at },
  { by: { id: 'b'.repeat(24) }, at: new Date(at.getTime() + 60_000) },
]

let store: Store
beforeAll(async () => {
  store = await openStore({ memory: true }, createVault(randomBytes(32)))
}, 30_000)
afterAll(() => store.close())
beforeEach(() => store.contents.model.deleteMany({}))

/** The files taken over as a start does, with the first of them live. */
async function desk(change?: (draft: Draft) => void, live: ContentFiles = filesWith()) {
  const shipped = filesWith(change)
  await compareFiles(shipped, await store.contents.all()).takeOver(store.contents)
  const drafts = createDrafts({ store, reader: contentReader(), shipped, live: { files: () => live } })
  return { drafts, intents: intentEditor(drafts), wording: wordingEditor(drafts) }
}
const textOf = async (path: string) => (await store.contents.one(path))!.text

/** The faults an action is refused with, as `field：what`. */
async function refusedWith(action: Promise<unknown>): Promise<string[]> {
  const error: unknown = await action.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw new Error(`not refused: ${String(error)}`)
  expect([error.code, error.status]).toEqual(['content.faults', 422])
  return (error.tell?.faults as ContentFault[]).map(({ at: field, what }) => `${field}：${what}`)
}

describe('saving a topic', () => {
  test('When it is in order, then the document says it, its comments stay, and who did it is remembered', async () => {
    const { intents } = await desk()
    const commented = (await textOf(WAGE)).replace('title:', '# 律师看过\ntitle:')
    await store.contents.model.updateOne({ _id: WAGE }, { $set: { text: commented } })
    const { hash, intent } = await intents.one('work.wage', at)
    const saved = await intents.save('work.wage', hash, { ...intent, title: '工资要不回来' }, editor)
    expect(saved).toMatchObject({
      changed: true,
      conflict: false,
      faults: [],
      intent: { title: '工资要不回来' },
    })
    expect(await textOf(WAGE)).toBe(commented.replace('title: 工资', 'title: 工资要不回来'))
    expect(await intents.history('work.wage')).toEqual([
      { at: editor.at, by: editor.by.id, verb: 'edited', fields: ['title'], was: commented },
    ])
  })

  const wrong: [what: string, change: (intent: Intent) => void, fault: string][] = [
    [
      'an answer is too long',
      (i) => (i.answers[0]!.first.text = '好'.repeat(181)),
      'answers.0.first.text：太长了，最多 180 个字',
    ],
    ['an answer is empty', (i) => (i.answers[0]!.first.text = ' '), 'answers.0.first.text：不能空着'],
    ['there are too few sayings', (i) => i.utterances.splice(11), 'utterances：太少了，至少要 12 条'],
    [
      'an article is not in the statute',
      (i) => (i.answers[0]!.first.citations[0]!.article = '第二百条'),
      'answers.0.first.citations.0.article：劳动法第二百条：这部法没有这一条',
    ],
    [
      'an article is no article',
      (i) => (i.answers[0]!.first.citations[0]!.article = '50'),
      'answers.0.first.citations.0.article：条号照原文写，如 第三十九条',
    ],
    [
      'a wording is forbidden',
      (i) => (i.answers[0]!.first.text = '你肯定能赢。'),
      'answers.0.first.text：“肯定能赢”保证结果，请换个说法',
    ],
    [
      'a button leads nowhere',
      (i) => i.buttons.push({ label: '去', to: 'work.gone' }),
      'buttons.2.to：按钮“去”指向 work.gone，没有这个话题',
    ],
    [
      'a saying belongs to another topic',
      (i) => i.utterances.push('被起外号'),
      'utterances.12：“被起外号”也是“被欺负”（sch.bullied）的说法',
    ],
    ['a field is no field', (i) => Object.assign(i, { titel: 'x' }), '：不认识这个字段：titel'],
  ]
  test.each(wrong)(
    'When %s, then that is said at its field and nothing is kept',
    async (_, change, fault) => {
      const { intents } = await desk()
      const before = await store.contents.all()
      const { hash, intent } = await intents.one('work.wage', at)
      const form = structuredClone(intent)
      change(form)
      expect(await refusedWith(intents.save('work.wage', hash, form, editor))).toEqual([fault])
      expect((await intents.check('work.wage', form, at)).map((each) => `${each.at}：${each.what}`)).toEqual([
        fault,
      ])
      expect(await store.contents.all()).toEqual(before)
      expect(await intents.history('work.wage')).toEqual([])
    },
  )

  test('When a form is nothing like a topic, then it is refused and not understood', async () => {
    const { intents } = await desk()
    const { hash } = await intents.one('work.wage', at)
    for (const form of [{}, { utterances: 'x' }, { answers: [null] }, { id: 'sch.bullied' }])
      expect((await refusedWith(intents.save('work.wage', hash, form, editor))).length).toBeGreaterThan(0)
  })

  test('When two save what they read at the same time, then the first one is kept and the second is told', async () => {
    const { intents } = await desk()
    const { hash, intent } = await intents.one('work.wage', at)
    const save = (title: string, doing = editor) =>
      intents.save('work.wage', hash, { ...intent, title }, doing)
    const both = await Promise.allSettled([save('甲的名字'), save('乙的名字', lawyer)])
    const lost = both.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
    expect(lost.map(({ reason }) => (reason as AppError).code)).toEqual(['content.changed'])
    const kept = both.find(({ status }) => status === 'fulfilled') as PromiseFulfilledResult<{
      intent: Intent
    }>
    expect((await intents.one('work.wage', at)).intent.title).toBe(kept.value.intent.title)
    await expect(save('丙的名字')).rejects.toMatchObject({ code: 'content.changed', status: 409 })
    expect(await intents.history('work.wage')).toHaveLength(1)
  })

  test('When nothing is different, then nothing is written', async () => {
    const { intents } = await desk()
    const before = await textOf(WAGE)
    const { hash, intent } = await intents.one('work.wage', at)
    expect(await intents.save('work.wage', hash, intent, editor)).toMatchObject({ changed: false, hash })
    expect(await textOf(WAGE)).toBe(before)
    expect(await intents.history('work.wage')).toEqual([])
  })

  test('When a topic is changed more than twenty times, then the last twenty are remembered, newest first', async () => {
    const { intents } = await desk()
    for (let n = 1; n <= 23; n++) {
      const { hash, intent } = await intents.one('work.wage', at)
      await intents.save('work.wage', hash, { ...intent, title: `名字 ${n}` }, editor)
    }
    const history = await intents.history('work.wage')
    expect(history).toHaveLength(20)
    expect(Intent.parse(parse(history[0]!.was)).title).toBe('名字 22')
    expect(Intent.parse(parse(history[19]!.was)).title).toBe('名字 3')
  })

  test('When a topic does not exist, then it is unknown', async () => {
    const { intents } = await desk()
    await expect(intents.one('work.gone', at)).rejects.toMatchObject({ code: 'record.unknown', status: 404 })
    await expect(intents.save('work.gone', 'x', {}, editor)).rejects.toMatchObject({ code: 'record.unknown' })
  })
})

describe('signing', () => {
  const signature = { role: 'lawyer' as const, name: '王律师', expires: '2027-06-01' }

  test('When answers are signed, then they are signed until then, and a changed word ends it', async () => {
    const { intents } = await desk()
    const { answersHash: signs, intent } = await intents.one('work.wage', at)
    const signed = await intents.sign('work.wage', signs, signature, lawyer)
    expect(signed).toMatchObject({ signed: 'signed', until: '2027-06-01', faults: [] })
    expect(signed.intent.reviews).toEqual([{ ...signature, date: '2026-06-01', hash: signs }])

    const taught = await intents.save(
      'work.wage',
      signed.hash,
      { ...intent, utterances: [...intent.utterances, '老板跑路'] },
      editor,
    )
    expect(taught.signed).toBe('signed')
    const changed = structuredClone(taught.intent)
    changed.answers[0]!.first.text += '别怕。'
    expect(await intents.save('work.wage', taught.hash, changed, editor)).toMatchObject({
      signed: 'unsigned',
      until: null,
      intent: { reviews: [] },
    })
  })

  test('When other words were signed than stand there, then the signature is refused', async () => {
    const { intents } = await desk()
    await expect(intents.sign('work.wage', 'f'.repeat(64), signature, lawyer)).rejects.toMatchObject({
      code: 'content.changed',
    })
    const { answersHash: signs, hash, intent } = await intents.one('work.wage', at)
    expect(signs).toBe(answersHash(intent))
    for (const expires of ['2026-06-01', '2027-07-02'])
      await expect(intents.sign('work.wage', signs, { ...signature, expires }, lawyer)).rejects.toMatchObject(
        { code: 'content.expiry' },
      )
    expect((await intents.one('work.wage', at)).hash).toBe(hash)
  })

  test('When a form brings signatures of its own, then they are not taken', async () => {
    const { intents } = await desk()
    const { hash, intent } = await intents.one('work.wage', at)
    const forged = { ...signature, date: '2026-01-01', hash: answersHash(intent) }
    const saved = await intents.save(
      'work.wage',
      hash,
      { ...intent, title: '新名字', reviews: [forged] },
      editor,
    )
    expect(saved.intent.reviews).toEqual([])
  })

  test('When a signature has run out, then the list says so, and the topic can still be changed', async () => {
    const { intents } = await desk()
    const { answersHash: signs } = await intents.one('work.wage', at)
    await intents.sign('work.wage', signs, { ...signature, expires: '2026-07-01' }, lawyer)
    const later = new Date('2026-08-01T02:00:00Z')
    expect((await intents.one('work.wage', new Date('2026-06-20T02:00:00Z'))).signed).toBe('expiring')
    const { items } = await intents.list({ signed: 'lapsed' }, { page: 1, perPage: 10 }, later)
    expect(items.map(({ id }) => id)).toEqual(['work.wage'])
    const { hash, intent } = await intents.one('work.wage', later)
    await intents.save('work.wage', hash, { ...intent, title: '改得动' }, { ...editor, at: later })
    expect((await intents.one('work.wage', later)).intent.title).toBe('改得动')
  })
})

describe('the list of topics', () => {
  test('When it is filtered, then it holds what was asked for, urgent first, page by page', async () => {
    const { intents } = await desk((d) => {
      d.suicide.risk = 'urgent'
      d.bullied.risk = 'watch'
    })
    const ids = async (filter: Parameters<typeof intents.list>[0], page = { page: 1, perPage: 10 }) =>
      (await intents.list(filter, page, at)).items.map(({ id }) => id)
    expect(await ids({})).toEqual(['mh.suicide', 'sch.bullied', 'work.wage'])
    expect(await ids({ group: 'sch' })).toEqual(['sch.bullied'])
    expect(await ids({ risk: 'urgent' })).toEqual(['mh.suicide'])
    expect(await ids({ q: '起外号' })).toEqual(['mh.suicide', 'sch.bullied'])
    expect(await ids({ changed: true })).toEqual(['mh.suicide', 'sch.bullied'])
    expect(await ids({}, { page: 2, perPage: 2 })).toEqual(['work.wage'])
    expect(await intents.list({}, { page: 1, perPage: 1 }, at)).toMatchObject({
      total: 3,
      items: [{ utterances: 12, test: 4, answers: 1, group: 'mh', signed: 'unsigned' }],
    })
  })
})

describe('a document changed in the console and in its file', () => {
  async function conflict() {
    const first = await desk()
    const { hash, intent } = await first.intents.one('work.wage', at)
    await first.intents.save('work.wage', hash, { ...intent, title: '管理台的名字' }, editor)
    return desk((d) => (d.wage.title = '文件的名字'))
  }
  const title = async () => (parse(await textOf(WAGE)) as { title: string }).title

  test('When the console’s words are kept, then they stay at the next start too', async () => {
    const { drafts, intents } = await conflict()
    const [found] = await drafts.conflicts()
    expect(found).toMatchObject({ path: WAGE, hash: sha256(await textOf(WAGE)) })
    expect([found!.console, found!.file].map((text) => (parse(text!) as { title: string }).title)).toEqual([
      '管理台的名字',
      '文件的名字',
    ])
    expect((await intents.one('work.wage', at)).conflict).toBe(true)
    await drafts.resolve(WAGE, found!.hash, 'console', editor.by, at)
    expect(await drafts.conflicts()).toEqual([])
    const again = await desk((d) => (d.wage.title = '文件的名字'))
    expect(await again.drafts.conflicts()).toEqual([])
    expect(await title()).toBe('管理台的名字')
  })

  test('When the file’s words are taken, then they stand, and the others are remembered', async () => {
    const { drafts, intents } = await conflict()
    const [found] = await drafts.conflicts()
    await drafts.resolve(WAGE, found!.hash, 'file', editor.by, at)
    expect(await title()).toBe('文件的名字')
    expect(await drafts.conflicts()).toEqual([])
    const [last] = await intents.history('work.wage')
    expect([last!.verb, last!.was]).toEqual(['file-taken', found!.console])
  })

  test('When somebody has saved since, then the choice is refused', async () => {
    const { drafts, intents } = await conflict()
    const [found] = await drafts.conflicts()
    const { hash, intent } = await intents.one('work.wage', at)
    await intents.save('work.wage', hash, { ...intent, title: '又改了' }, editor)
    await expect(drafts.resolve(WAGE, found!.hash, 'file', editor.by, at)).rejects.toMatchObject({
      code: 'content.changed',
    })
    expect(await title()).toBe('又改了')
  })

  test('When the file is gone, then it can be kept without one, or go too', async () => {
    const { intents } = await desk()
    const { hash, intent } = await intents.one('work.wage', at)
    await intents.save('work.wage', hash, { ...intent, title: '只在管理台' }, editor)
    const files: ContentFiles = filesWith()
    delete files[WAGE]
    const drafts = createDrafts({
      store,
      reader: contentReader(),
      shipped: files,
      live: { files: () => files },
    })
    const [found] = await drafts.conflicts()
    expect(found).toMatchObject({ path: WAGE, file: null })
    await drafts.resolve(WAGE, found!.hash, 'console', editor.by, at)
    expect(await drafts.conflicts()).toEqual([])
    expect(compareFiles(files, await store.contents.all()).report.keptFromConsole).toEqual([WAGE])
    await drafts.resolve(WAGE, found!.hash, 'file', editor.by, at)
    expect(await store.contents.one(WAGE)).toBeNull()
  })
})

describe('words that belong to no topic', () => {
  const messages = (d: Draft) => {
    d.messages.hello!.buttons = ['好', '不好']
    d.messages.warm = { text: '{{feeling}}我在。' }
  }

  test('When one is changed, then its buttons and its file stay, and the file can be signed at once', async () => {
    const { wording } = await desk(messages, filesWith(messages))
    const [hello, warm] = await wording.list(at)
    expect([hello, warm]).toMatchObject([
      { id: 'talk.hello', file: 'talk', signed: 'unsigned', changed: false, buttons: ['好', '不好'] },
      { id: 'talk.warm' },
    ])
    await wording.save('talk.hello', hello!.hash, '你好，我在这里。', editor)
    await expect(wording.save('talk.warm', hello!.hash, '{{feeling}}在', editor)).rejects.toMatchObject({
      code: 'content.changed',
    })
    const [changed] = await wording.list(at, 'talk')
    expect(changed).toMatchObject({ text: '你好，我在这里。', buttons: ['好', '不好'], changed: true })
    await wording.sign(
      'talk',
      changed!.hash,
      { role: 'counselor', name: '李老师', expires: '2027-01-01' },
      editor,
    )
    const signed = await wording.list(at)
    expect(signed.map((each) => each.signed)).toEqual(['signed', 'signed'])
    await wording.save('talk.hello', signed[0]!.hash, '在的。', editor)
    expect((await wording.list(at)).map((each) => each.signed)).toEqual(['unsigned', 'signed'])
    expect((await wording.history('talk')).map(({ verb, fields }) => [verb, fields])).toEqual([
      ['edited', ['hello']],
      ['signed', []],
      ['edited', ['hello']],
    ])
  })

  test('When a wording is forbidden or loses what the program fills in, then it is refused at its place', async () => {
    const { wording } = await desk(messages)
    const [hello, warm] = await wording.list(at)
    expect(await refusedWith(wording.save('talk.hello', hello!.hash, '别想不开。', editor))).toEqual([
      'messages.hello：“想不开”责备或羞辱人，请换个说法',
    ])
    expect(await refusedWith(wording.save('talk.warm', warm!.hash, '我在。', editor))).toEqual([
      'messages.warm：系统要填的地方不能改：{{feeling}}',
    ])
  })

  test('When the words of staff or the lines are asked for here, then they are not here', async () => {
    const { wording } = await desk()
    for (const id of ['console.failed', 'hotlines.lines', 'none.such', 'talk.none'])
      await expect(wording.save(id, 'x', '好', editor)).rejects.toMatchObject({ code: 'record.unknown' })
  })
})
