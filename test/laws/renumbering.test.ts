import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { LawVersion, RenumberedPair } from '../../shared/law.js'
import { importLaws } from '../../bot/laws/import.js'
import { versionOf } from '../../bot/laws/library.js'
import { proposeRenumbering } from '../../bot/laws/renumbering.js'
import { readSources } from '../../bot/laws/sources.js'
import { readStatuteText } from '../../bot/laws/statute-text.js'
import type { Store } from '../../bot/store/store.js'
import { LAWS, libraryOf, LISTED, memoryStore, NOW, statute } from './texts.js'

/** 治安管理处罚法 2012 → 2025, found by reading both: null = its rule stands in another statute now. */
const READ: [from: string, to: string | null][] = [
  ['第六条', '第二条'],
  ['第十二条', '第十二条'],
  ['第十九条', '第二十条'],
  ['第二十一条', '第二十三条'],
  ['第二十六条', '第三十条'],
  ['第三十二条', '第三十八条'],
  ['第四十条', '第四十七条'],
  ['第四十二条', '第五十条'],
  ['第四十三条', '第五十一条'],
  ['第四十四条', '第五十二条'],
  ['第四十五条', '第五十三条'],
  ['第四十九条', '第五十八条'],
  ['第五十八条', '第八十八条'],
  ['第六十一条', null],
  ['第七十条', '第八十二条'],
  ['第七十二条', '第八十四条'],
  ['第七十三条', '第八十五条'],
  ['第八十四条', '第九十八条'],
]

;(LAWS ? describe : describe.skip)('治安管理处罚法, 2012 to 2025', () => {
  let store: Store
  let map: RenumberedPair[]
  beforeAll(async () => {
    store = await memoryStore()
    await importLaws(store, await readSources([LAWS as string]), { known: LISTED, now: NOW })
    const library = await libraryOf(store)
    const [from, to] = ['2012-10-26', '2025-06-27'].map((version) =>
      versionOf(library, '治安管理处罚法', version),
    )
    map = proposeRenumbering(from as LawVersion, to as LawVersion)
  }, 60_000)
  afterAll(() => store.close())

  test('When its articles are compared, then at least nine tenths of the pairs known by reading are found', () => {
    const found = READ.filter(([from, to]) => map.find((pair) => pair.from === from)?.to === to)
    process.stdout.write(`renumbering: ${found.length} of ${READ.length} known pairs\n`)
    expect(map).toHaveLength(119)
    expect(found.length / READ.length).toBeGreaterThanOrEqual(0.9)
  })

  test('When an editor confirms a map, then it is kept and may be confirmed anew', async () => {
    const confirmed = {
      statute: '治安管理处罚法',
      from: '2012-10-26',
      to: '2025-06-27',
      pairs: map,
      by: '编辑',
      at: NOW,
    }
    const before = await store.lawMaps.stamp()
    await store.lawMaps.confirm(confirmed)
    await store.lawMaps.confirm({ ...confirmed, by: '另一位' })
    expect(await store.lawMaps.all()).toEqual([{ ...confirmed, by: '另一位' }])
    expect(await store.lawMaps.stamp()).toBe(before + 2)
  })
})

test('When nothing is alike, then no successor is proposed', () => {
  const law = (articles: string[]) =>
    readStatuteText(statute('法', '2019年1月1日', articles)) as unknown as LawVersion
  const [first] = proposeRenumbering(
    law(['猫在屋顶晒太阳，尾巴垂下来。', '狗守着院门，见生人就叫。']),
    law(['纳税人应当按期申报。', '狗守着院门，见了生人就叫。']),
  )
  expect(first).toMatchObject({ from: '第一条', to: null })
})
