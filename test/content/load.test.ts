import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { compareFiles } from '../../bot/content/load.js'
import { createVault } from '../../bot/store/crypto.js'
import { openStore, type Store } from '../../bot/store/store.js'

let store: Store

beforeAll(async () => {
  store = await openStore({ memory: true }, createVault(randomBytes(32)))
}, 30_000)
afterAll(() => store.close())
beforeEach(() => store.contents.model.deleteMany({}))

async function load(shipped: Record<string, string>) {
  const { report, draft, news, takeOver } = compareFiles(shipped, await store.contents.all())
  await takeOver(store.contents)
  return { files: draft, report, news }
}
const stored = async (path: string) => (await store.contents.all()).find((content) => content.path === path)
/** Somebody edits the text in the console: the hash of the file it came from stays. */
async function edit(path: string, text: string): Promise<void> {
  const was = (await stored(path))!
  const done = await store.contents.change(
    was,
    { ...was, text },
    { at: new Date(0), by: 'somebody', verb: 'edited', fields: [] },
  )
  expect(done).toBe(true)
}
const nothing = { added: [], updated: [], removed: [], keptFromConsole: [], conflicts: [] }

describe('files and the store', () => {
  test('When the store is empty, then every file is taken over and is live', async () => {
    const { files, report } = await load({ 'b.yml': 'two', 'a.yml': 'one' })
    expect(report).toEqual({ ...nothing, added: ['a.yml', 'b.yml'] })
    expect(files).toEqual({ 'a.yml': 'one', 'b.yml': 'two' })
    expect((await stored('a.yml'))?.text).toBe('one')
  })

  test('When neither side changed, then nothing is written and nothing reported', async () => {
    await load({ 'a.yml': 'one' })
    const { files, report } = await load({ 'a.yml': 'one' })
    expect(report).toEqual(nothing)
    expect(files).toEqual({ 'a.yml': 'one' })
  })

  test('When the file changed, then the store follows', async () => {
    await load({ 'a.yml': 'one' })
    const { files, report } = await load({ 'a.yml': 'one, better' })
    expect(report).toEqual({ ...nothing, updated: ['a.yml'] })
    expect(files).toEqual({ 'a.yml': 'one, better' })
    expect((await stored('a.yml'))?.text).toBe('one, better')
  })

  test('When the console changed, then its text stays live, start after start', async () => {
    await load({ 'a.yml': 'one' })
    await edit('a.yml', 'by the lawyer')
    for (let start = 0; start < 2; start++) {
      const { files, report } = await load({ 'a.yml': 'one' })
      expect(report).toEqual({ ...nothing, keptFromConsole: ['a.yml'] })
      expect(files).toEqual({ 'a.yml': 'by the lawyer' })
    }
  })

  test('When both changed, then it is reported at every start and neither text is overwritten', async () => {
    await load({ 'a.yml': 'one' })
    await edit('a.yml', 'by the lawyer')
    for (let start = 0; start < 2; start++) {
      const { files, report } = await load({ 'a.yml': 'one, better' })
      expect(report).toEqual({ ...nothing, conflicts: ['a.yml'] })
      expect(files).toEqual({ 'a.yml': 'by the lawyer' })
    }
  })

  test('When both changed to the same words, then they agree again', async () => {
    await load({ 'a.yml': 'one' })
    await edit('a.yml', 'the same')
    const { files, report } = await load({ 'a.yml': 'the same' })
    expect(report).toEqual({ ...nothing, updated: ['a.yml'] })
    expect(files).toEqual({ 'a.yml': 'the same' })
    expect((await load({ 'a.yml': 'the next' })).report).toEqual({ ...nothing, updated: ['a.yml'] })
  })

  test('When a file is gone that nobody edited, then it goes from the store too', async () => {
    await load({ 'a.yml': 'one', 'b.yml': 'two' })
    const { files, report } = await load({ 'a.yml': 'one' })
    expect(report).toEqual({ ...nothing, removed: ['b.yml'] })
    expect(files).toEqual({ 'a.yml': 'one' })
    expect(await stored('b.yml')).toBeUndefined()
  })

  test('When a file is gone that the console had edited, then its text stays live and it is reported', async () => {
    await load({ 'a.yml': 'one' })
    await edit('a.yml', 'by the lawyer')
    const { files, report } = await load({})
    expect(report).toEqual({ ...nothing, conflicts: ['a.yml'] })
    expect(files).toEqual({ 'a.yml': 'by the lawyer' })
    expect((await stored('a.yml'))?.text).toBe('by the lawyer')
  })
})
