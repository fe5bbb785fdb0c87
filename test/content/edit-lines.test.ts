import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import type { LineForm } from '../../shared/line.js'
import { createDrafts } from '../../bot/content/drafts.js'
import { lineEditor } from '../../bot/content/edit-lines.js'
import { compareFiles } from '../../bot/content/load.js'
import { contentReader } from '../../bot/content/reader.js'
import { createVault } from '../../bot/store/crypto.js'
import { openStore, type Store } from '../../bot/store/store.js'
import { filesWith } from './fixture.js'

// A Monday morning in Shanghai.
const at = new Date('2026-06-01T02:00:00Z')
const doing = { by: { id: 'b'.repeat(24) }, at }
const page = { page: 1, perPage: 50 }

let store: Store
beforeAll(async () => {
  store = await openStore({ memory: true }, createVault(randomBytes(32)))
}, 30_000)
afterAll(() => store.close())
beforeEach(() => store.contents.model.deleteMany({}))

async function desk() {
  const shipped = filesWith()
  await compareFiles(shipped, await store.contents.all()).takeOver(store.contents)
  const refreshed: number[] = []
  const live = { files: () => shipped, refresh: () => Promise.resolve(void refreshed.push(1)) }
  const drafts = createDrafts({ store, reader: contentReader(), shipped, live })
  const lines = lineEditor(drafts, live)
  const list = () => lines.list(page, at)
  return { lines, list, refreshed, hash: async () => (await list()).items[0]!.hash }
}

const form = (more: Partial<LineForm> = {}): LineForm => ({
  number: '12355',
  name: '青少年服务台',
  purpose: '青少年的事',
  region: '内蒙古',
  contact: ['call'],
  danger: ['bullying'],
  hours: { workday: [{ from: '09:00', to: '17:00' }], restday: [], holiday: [] },
  ...more,
})

describe('the lines', () => {
  test('When they are listed, then each says whether it answers now and how far it can be relied on', async () => {
    const { list } = await desk()
    expect((await list()).items).toMatchObject([
      { id: '110', state: 'likely', hoursText: '全天', check: 'unverified', protected: true },
      { id: '120', protected: true },
      { id: '12333', state: 'likely', hoursText: '工作日 09:00–17:00', protected: false },
    ])
  })

  test('When one is added, checked and changed, then it is live each time, and other hours end the check', async () => {
    const { lines, hash, refreshed } = await desk()
    expect(await lines.add(await hash(), form(), doing)).toMatchObject({ id: '12355', check: 'unverified' })
    const verified = await lines.verify('12355', await hash(), { by: '李老师', expires: '2027-01-01' }, doing)
    expect(verified).toMatchObject({
      check: 'verified',
      state: 'open',
      line: { verified: { on: '2026-06-01', by: '李老师', expires: '2027-01-01' } },
    })
    const renamed = await lines.save('12355', await hash(), form({ name: '12355 服务台' }), doing)
    expect(renamed).toMatchObject({ check: 'verified', line: { name: '12355 服务台' } })
    const hours = { workday: [{ from: '08:00', to: '20:00' }], restday: [], holiday: [] }
    expect(await lines.save('12355', await hash(), form({ hours }), doing)).toMatchObject({
      check: 'unverified',
      line: { verified: null },
    })
    expect(refreshed).toHaveLength(4)
    await lines.remove('12355', await hash(), doing)
    await expect(lines.one('12355', at)).rejects.toMatchObject({ code: 'record.unknown' })
  })

  test('When a check runs out, then it is said thirty days before and after', async () => {
    const { lines, hash } = await desk()
    await lines.verify('12333', await hash(), { by: '李', expires: '2026-08-01' }, doing)
    const check = async (day: string) => (await lines.one('12333', new Date(`${day}T02:00:00Z`))).check
    expect(await check('2026-07-01')).toBe('verified')
    expect(await check('2026-07-02')).toBe('expiring')
    expect(await check('2026-07-31')).toBe('expiring')
    expect(await check('2026-08-01')).toBe('lapsed')
  })

  const wrong: [what: string, number: string, change: Partial<LineForm>, fault: string][] = [
    ['110 is closed at night', '110', { hours: form().hours, region: '全国' }, '110 全天都能打'],
    ['120 is made a local line', '120', { region: '内蒙古' }, '120 全国都能打'],
    ['120 can no longer be called', '120', { contact: ['text'] }, '120 要能打通'],
    [
      'hours run backwards',
      '12333',
      { hours: { ...form().hours, restday: [{ from: '20:00', to: '08:00' }] } },
      '过夜的分成两段',
    ],
  ]
  test.each(wrong)('When %s, then it is refused and nothing changes', async (_, number, change, fault) => {
    const { lines, list } = await desk()
    const before = await list()
    const { line, hash } = await lines.one(number, at)
    const { verified: _v, emergency: _e, ...same } = line
    await expect(lines.save(number, hash, { ...same, ...change }, doing)).rejects.toMatchObject({
      code: 'content.faults',
      detail: { tell: { faults: [{ what: expect.stringContaining(fault) as unknown }] } },
    })
    expect(await list()).toEqual(before)
  })

  test('When 110 or 120 is to go or to get another number, then it stays', async () => {
    const { lines, hash, list } = await desk()
    for (const number of ['110', '120']) {
      await expect(lines.remove(number, await hash(), doing)).rejects.toMatchObject({
        code: 'lines.protected',
      })
      await expect(lines.save(number, await hash(), form({ number: '12345' }), doing)).rejects.toMatchObject({
        code: 'lines.protected',
      })
    }
    expect((await list()).items.map(({ id }) => id)).toEqual(['110', '120', '12333'])
  })

  test('When an answer names a number, then the line stays until the answer no longer does', async () => {
    const { lines, hash } = await desk()
    await expect(lines.remove('12333', await hash(), doing)).rejects.toMatchObject({
      code: 'lines.used',
      detail: { tell: { number: '12333', places: 'work/wage.yml' } },
    })
    await expect(lines.save('12333', await hash(), form({ number: '12399' }), doing)).rejects.toMatchObject({
      code: 'lines.used',
    })
  })

  test('When somebody else changed the list since, then nothing is overwritten', async () => {
    const { lines, hash } = await desk()
    const old = await hash()
    await lines.add(old, form(), doing)
    await expect(lines.add(old, form({ number: '12356' }), doing)).rejects.toMatchObject({
      code: 'content.changed',
    })
    await expect(lines.add(await hash(), form(), doing)).rejects.toMatchObject({ code: 'content.faults' })
    await expect(
      lines.verify('12399', await hash(), { by: '李', expires: '2027-01-01' }, doing),
    ).rejects.toMatchObject({
      code: 'record.unknown',
    })
  })
})
