import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { IntentDraft, Trial } from '../../shared/content.js'
import type { GoLive } from '../../shared/go-live.js'
import type { LineRow } from '../../shared/line.js'
import type { ReleaseView } from '../../shared/release.js'
import { LEARNING_MS, realKnowledge } from '../brain.js'
import { firstAdministrator, member, type Member } from '../console.js'
import { client, testServer } from '../server.js'

let server: Awaited<ReturnType<typeof testServer>>
let administrator: Member
let editor: Member
let supervisor: Member

beforeAll(async () => {
  server = await testServer({}, { knowledge: await realKnowledge({ talk: false }), strictReplies: true })
  administrator = await firstAdministrator(server)
  editor = await member(server, administrator, ['editor'], '编辑小周')
  supervisor = await member(server, administrator, ['supervisor'])
}, LEARNING_MS)
afterAll(() => server.stop())

interface Refused {
  error: { code: string; message: string; detail?: { faults?: { at: string; what: string }[] } }
}

describe('a topic over the interface', () => {
  const path = '/intents/work.wage_unpaid'

  test('When an editor reads, checks, saves and is late, then the answers say so in Chinese at the field', async () => {
    const { body: draft } = await editor.desk.get<IntentDraft>(path)
    expect(draft).toMatchObject({
      id: 'work.wage_unpaid',
      changed: false,
      conflict: false,
      signed: 'unsigned',
    })
    const form = structuredClone(draft.intent)
    form.answers[0]!.first.text = '好'.repeat(200)
    const checked = await editor.desk.post<{ faults: object[] }>(`${path}/check`, { intent: form })
    expect(checked.body.faults).toEqual([
      { path: 'work/wage_unpaid.yml', at: 'answers.0.first.text', what: '太长了，最多 180 个字' },
    ])
    const refused = await editor.desk.put<Refused>(path, { hash: draft.hash, intent: form })
    expect([refused.status, refused.body.error.code]).toEqual([422, 'content.faults'])
    expect(refused.body.error.message).toContain('没有保存')
    expect(refused.body.error.detail?.faults).toEqual(checked.body.faults)

    const intent = { ...draft.intent, title: '干活没拿到钱' }
    const saved = await editor.desk.put<IntentDraft>(path, { hash: draft.hash, intent })
    expect([saved.status, saved.body.intent.title, saved.body.changed]).toEqual([200, '干活没拿到钱', true])
    const late = await editor.desk.put<Refused>(path, { hash: draft.hash, intent })
    expect([late.status, late.body.error.code]).toEqual([409, 'content.changed'])
    const { body } = await supervisor.desk.get<{ items: { by: { workName: string }; fields: string[] }[] }>(
      `${path}/history`,
    )
    expect(body.items).toMatchObject([{ by: { id: editor.id, workName: '编辑小周' }, fields: ['title'] }])
    expect((await supervisor.desk.put(path, { hash: saved.body.hash, intent })).status).toBe(403)
    const audit = await supervisor.desk.get<{ items: { verb: string; subject: string }[] }>(
      '/audit?verb=content.changed',
    )
    expect(audit.body.items).toMatchObject([{ verb: 'content.changed', subject: 'work.wage_unpaid' }])
  })

  test('When a sentence is tried, then it is shown what is said now and what by the draft, and how far that is known', async () => {
    const { body } = await editor.desk.get<IntentDraft>('/intents/chat.greeting')
    const intent = structuredClone(body.intent)
    intent.answers[0]!.first.text = '你好，草稿里这样说。'
    await editor.desk.put('/intents/chat.greeting', { hash: body.hash, intent })
    const text = '你好呀，请问你是做什么的'
    const { body: trial } = await supervisor.desk.post<Trial>('/content/try', { text: '我不想活了' })
    expect(trial.live).toEqual(trial.draft)
    expect(trial.live).toMatchObject({ escalate: true, risk: { level: 'urgent', kinds: ['self-harm'] } })
    const lines = trial.live.bubbles.flatMap((bubble) => bubble.lines ?? [])
    expect(lines.map(({ number }) => number)).toEqual(expect.arrayContaining(['110', '120']))
    expect(trial.learnt).toBe(false)
    const greeted = await supervisor.desk.post<Trial>('/content/try', { text })
    expect(greeted.body.draft.intent).toEqual(greeted.body.live.intent)
    expect((await editor.desk.post('/content/try', { text: '' })).status).toBe(422)
    expect((await editor.desk.post('/content/try', { text: '长'.repeat(20_001) })).status).toBe(422)
  })

  test('When the lists are read, then statutes are those in force, words are those of young people, and nothing conflicts', async () => {
    const statutes = await editor.desk.get<{ items: { name: string; articles: number }[]; total: number }>(
      '/statutes',
    )
    expect(statutes.body.items.find(({ name }) => name === '治安管理处罚法')).toMatchObject({ articles: 144 })
    const wording = await editor.desk.get<{ items: { file: string }[] }>('/wording')
    const files = new Set(wording.body.items.map(({ file }) => file))
    expect([files.has('danger'), files.has('talk'), files.has('console')]).toEqual([true, true, false])
    expect((await editor.desk.get('/content/conflicts')).body).toEqual({ items: [], total: 0 })
    const { body } = await supervisor.desk.get<ReleaseView>('/release')
    expect(body.changes.map(({ path: changed }) => changed).sort()).toEqual([
      'chat/greeting.yml',
      'work/wage_unpaid.yml',
    ])
    expect(body.candidate).toBeNull()
    expect((await supervisor.desk.post('/release', { written: body.written })).status).toBe(403)
  })
})

describe('lines over the interface', () => {
  test('When a line is changed, then the page of a young person shows it at once', async () => {
    const shown = async () => {
      const response = await fetch(`${server.url}/channels/web/hello`)
      return ((await response.json()) as { lines: { number: string; name: string }[] }).lines
    }
    const { body: row } = await administrator.desk.get<LineRow>('/lines/12355')
    const { verified: _v, emergency: _e, ...line } = row.line
    const name = '青少年热线'
    const saved = await administrator.desk.put<LineRow>('/lines/12355', {
      hash: row.hash,
      line: { ...line, name },
    })
    expect([saved.status, saved.body.line.name]).toEqual([200, name])
    expect((await shown()).find(({ number }) => number === '12355')?.name).toBe(name)
    const refused = await editor.desk.ask<Refused>('DELETE', '/lines/110', { hash: saved.body.hash })
    expect([refused.status, refused.body.error.code]).toEqual([409, 'lines.protected'])
    const used = await editor.desk.ask<Refused>('DELETE', '/lines/12355', { hash: saved.body.hash })
    expect(used.body.error.code).toBe('lines.used')
    expect(used.body.error.message).toContain('12355')
    expect(await (await fetch(server.url)).text()).toContain('tel:110')
  })
})

describe('the go-live list over the interface', () => {
  test('When it is not done, then the demo cannot end, whoever asks', async () => {
    const { body } = await administrator.desk.get<GoLive>('/go-live')
    expect(body).toMatchObject({
      real: false,
      ready: false,
      lines: { holds: false },
      signed: { holds: false },
    })
    expect(body.signed.intents.length).toBeGreaterThan(10)
    const stated = await administrator.desk.put<GoLive>('/go-live/statements/operator', {
      text: '某市青少年服务中心',
    })
    expect(stated.body.statements.find(({ name }) => name === 'operator')).toMatchObject({
      holds: true,
      said: { text: '某市青少年服务中心', by: { id: administrator.id, workName: '管理员' } },
    })
    const ended = await administrator.desk.put<Refused>('/go-live', { real: true })
    expect([ended.status, ended.body.error.code]).toEqual([409, 'go-live.incomplete'])
    expect((await supervisor.desk.put('/go-live', { real: true })).status).toBe(403)
    const young = await client(server.url)
    await young.say('你好')
    expect((await young.waitForReply()).some(({ text }) => text.includes('演示系统'))).toBe(true)
  })
})
