import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { reportLines } from '../../bot/commands/laws.js'
import { resolveCitation } from '../../bot/laws/articles.js'
import { importLaws } from '../../bot/laws/import.js'
import { knownStatutes } from '../../bot/laws/library.js'
import { readSources, readUpload } from '../../bot/laws/sources.js'
import type { Store } from '../../bot/store/store.js'
import { zipOf } from './zip-of.js'
import { importTexts, LAWS, libraryOf, LISTED, memoryStore, NOW, statute } from './texts.js'

if (!LAWS) process.stdout.write('skipped: the official texts, QINGAN_LAWS not set\n')
const withLaws = LAWS ? test : test.skip

let store: Store
beforeEach(async () => {
  store = await memoryStore()
})
afterEach(() => store.close())

interface Described {
  statute: string
  version_date: string
  effective_date: string
  superseded: string | null
  articles: number
  sub_articles: number
}

describe('the official texts', () => {
  withLaws('When all of them are imported, then every count and date is that of index.json', async () => {
    const index = JSON.parse(readFileSync(join(LAWS as string, 'index.json'), 'utf8')) as Described[]
    const options = { known: LISTED, now: NOW }
    const report = await importLaws(store, await readSources([LAWS as string]), options)
    expect(report.faults).toEqual([])
    expect(report.versions.flatMap(({ anomalies, notices }) => [...anomalies, ...notices])).toEqual([])
    expect(reportLines(report).at(-1)).toBe('60 statutes, 61 versions, 6664 articles')

    const { versions } = await libraryOf(store)
    expect(versions).toHaveLength(index.length)
    for (const each of index) {
      const ours = versions.find(
        ({ statute, version }) => statute === each.statute && version === each.version_date,
      )
      const sub = ours?.articles.filter(({ number }) => number.includes('之')).length
      expect({
        statute: each.statute,
        effective: ours?.effective,
        ends: ours?.ends,
        articles: (ours?.articles.length ?? 0) - (sub ?? 0),
        sub,
      }).toEqual({
        statute: each.statute,
        effective: each.effective_date,
        ends: each.superseded,
        articles: each.articles,
        sub: each.sub_articles,
      })
    }

    const again = await importLaws(store, await readSources([LAWS as string]), options)
    expect(reportLines(again).at(-1)).toBe('0 changed')
    expect(await store.statutes.stamp()).toBe(1)

    const known = knownStatutes(LISTED, await libraryOf(store))
    const on = (law: string, day: string) => resolveCitation(known, { law, article: '第四十三条' }, day)
    expect(on('治安管理处罚法', '2025-12-31')).toMatchObject({ statute: { version: '2012-10-26' } })
    expect(on('治安管理处罚法', '2026-01-01')).toMatchObject({ statute: { version: '2025-06-27' } })
    expect(on('治安法', '2025-12-31')).toMatchObject({ statute: { version: '2012-10-26' } })
    expect(on('旧治安法', '2026-01-01')).toEqual({ fault: 'not in force' })
  })

  withLaws('When the same texts come in a zip, then nothing is new', async () => {
    const options = { known: LISTED, now: NOW }
    const sources = await readSources([LAWS as string])
    await importLaws(store, sources, options)
    const zip = zipOf(sources.files.map(({ path, text }) => [`laws/${path.split('/').at(-1)}`, text]))
    const report = await importLaws(store, await readUpload('laws.zip', zip), options)
    expect(reportLines(report).at(-1)).toBe('0 changed')
    expect(report.totals).toMatchObject({ statutes: 60, versions: 61, articles: 6664 })
  })
})

const RULES = [
  '为了孩子，制定本法。',
  '家里应当安静。\n\n（一）不吵；\n\n（二）不闹。\n\n晚上也一样。',
  '违反的，道歉。',
]

describe('a text', () => {
  test('When it is Markdown, then chapters, paragraphs and items are told apart', async () => {
    await importTexts(store, { 'a.md': statute('中华人民共和国安静法', '2019年5月1日', RULES) })
    const [law] = (await libraryOf(store)).versions
    expect(law).toMatchObject({
      statute: '安静法',
      title: '中华人民共和国安静法',
      version: '2019-05-01',
      effective: '2020-01-01',
      ends: null,
    })
    expect(law?.articles[1]).toEqual({
      number: '第二条',
      under: ['第一章 总则'],
      paragraphs: [
        { text: '家里应当安静。', items: ['（一）不吵；', '（二）不闹。'] },
        { text: '晚上也一样。', items: [] },
      ],
    })
  })

  test('When it was pasted from an official page, then the table of contents is no text', async () => {
    const pasted = [
      '中华人民共和国安静法',
      '（2019年5月1日第一届大会第一次会议通过　根据2021年6月1日《关于修改〈中华人民共和国安静法〉的决定》修正）',
      '目　　录',
      '第一章　总　　则',
      '第二章　附　　则',
      '第一章　总　　则',
      '第一条　为了孩子，制定本法。',
      '第二条　家里应当安静：',
      '（一）不吵；',
      '1.早上不吵；',
      '2.晚上不吵；',
      '（二）不闹。',
      '第二条之一　猫也应当安静。',
      '第二章　附　　则',
      '第三条　本法自2020年1月1日起施行。',
      '附件：',
      '不吵的时间',
    ].join('\r\n')
    const report = await importTexts(store, { '安静法.txt': pasted })
    expect(report.faults).toEqual([])
    expect(report.versions[0]?.notices).toEqual(['施行的日子是按修正或公布的日子 2021-06-01 推定的，请核对'])
    const [law] = (await libraryOf(store)).versions
    expect(law?.articles.map(({ number, under }) => [number, ...under])).toEqual([
      ['第一条', '第一章 总则'],
      ['第二条', '第一章 总则'],
      ['第二条之一', '第一章 总则'],
      ['第三条', '第二章 附则'],
    ])
    expect(law?.articles[1]?.paragraphs).toEqual([
      { text: '家里应当安静：', items: ['（一）不吵；\n1.早上不吵；\n2.晚上不吵；', '（二）不闹。'] },
    ])
    expect(law?.appendices).toEqual([{ title: '附件：', paragraphs: ['不吵的时间'] }])
  })

  test('When its head says name and dates, or the operator does, then these count', async () => {
    const text = statute('中华人民共和国安静法', '2019年5月1日', RULES)
    const head = '---\nsidebar: auto\nname: 静法\neffective: 2020-03-01\n---\n\n'
    await importTexts(store, { 'a.md': head + text })
    await importTexts(
      store,
      { 'b.md': text },
      { told: { name: '静二法', version: '2019-06-01', until: '2022-01-01' } },
    )
    expect((await libraryOf(store)).versions).toMatchObject([
      { statute: '静法', version: '2019-05-01', effective: '2020-03-01', ends: null },
      { statute: '静二法', version: '2019-06-01', effective: '2020-01-01', ends: '2022-01-01' },
    ])
  })

  test('When a long statute stands in a folder of parts, then they are one text in the order of their articles', async () => {
    const report = await importTexts(store, {
      'docs/code/README.md':
        '---\nsidebar: auto\n---\n\n# 中华人民共和国大法典\n\n2019年5月1日通过\n\n- [第二编](b.md)\n',
      'docs/code/第一编 总则.md': '---\n---\n\n# 第一编　总则\n\n**第一条**　甲。\n\n**第二条**　乙。\n',
      'docs/code/第三编 末.md': '# 第三编　末\n\n**第四条**　本法自2020年1月1日起施行。\n',
      'docs/code/第二编 中.md': '# 第二编　中\n\n**第三条**　丙。\n',
      'docs/other/README.md': statute('另法', '2018年1月1日', ['甲。']),
      'docs/README.md': '# 关于这些文本\n\n说明。\n',
    })
    expect(report.faults).toEqual([])
    expect(report.totals).toMatchObject({ statutes: 2, versions: 2, articles: 6 })
    const law = (await libraryOf(store)).versions.find(({ statute }) => statute === '大法典')
    expect(law?.articles.map(({ number, under }) => [number, ...under])).toEqual([
      ['第一条', '第一编 总则'],
      ['第二条', '第一编 总则'],
      ['第三条', '第二编 中'],
      ['第四条', '第三编 末'],
    ])
  })

  test('When a newer version comes, then the older one ends on its first day and is kept', async () => {
    await importTexts(store, { 'a.md': statute('安静法', '2019年5月1日', RULES) })
    const later = statute('安静法', '2024年5月1日', ['新的第一条。', ...RULES], '2025年1月1日')
    const report = await importTexts(store, { 'b.md': later })
    expect(report.versions.map(({ version, outcome, notices }) => [version, outcome, ...notices])).toEqual([
      ['2024-05-01', 'new'],
      ['2019-05-01', 'repealed', '自 2025-01-01 起由新版本代替'],
    ])
    expect(report.versions[0]?.difference).toMatchObject({ added: ['第五条'], removed: [] })
    expect((await libraryOf(store)).versions).toMatchObject([
      { version: '2024-05-01', ends: null },
      { version: '2019-05-01', ends: '2025-01-01' },
    ])
  })

  test('When a text is corrected, then the correction counts and the first text is kept', async () => {
    const text = statute('安静法', '2019年5月1日', RULES)
    await importTexts(store, { 'a.md': text })
    const report = await importTexts(store, { 'a.md': text.replace('道歉', '道歉并打扫') })
    expect(report.versions).toMatchObject([{ outcome: 'changed', difference: { changed: ['第三条'] } }])
    const [law] = (await libraryOf(store)).versions
    expect(law?.articles[2]?.paragraphs[0]?.text).toBe('违反的，道歉并打扫。')
    expect(law?.first.articles[2]?.paragraphs[0]?.text).toBe('违反的，道歉。')
  })

  test('When articles are missing, doubled or out of order, then the lines are named and nothing changes', async () => {
    const text =
      '# 坏法\n\n2019年5月1日通过\n\n**第一条** 甲。\n\n**第三条** 丙。\n\n**第三条** 丙。\n\n**第二条** 本法自2020年1月1日起施行。\n'
    const report = await importTexts(store, {
      'bad.md': text,
      'good.md': statute('好法', '2019年5月1日', RULES),
    })
    expect(report.faults).toEqual([
      { path: 'bad.md', line: 7, what: '第一条和第三条之间缺 1 条' },
      { path: 'bad.md', line: 9, what: '第三条重复：第 7 行已经有了' },
      { path: 'bad.md', line: 11, what: '第二条排在第三条后面' },
    ])
    expect(await store.statutes.all()).toEqual([])
    expect(reportLines(report).at(-1)).toBe('有 3 处错误，什么都没有改动')
    const taken = await importTexts(store, { 'bad.md': text }, { allowAnomalies: true })
    expect(taken.totals.changed).toBe(1)
  })

  test('When it has other articles than the list that ships with the content says, then it is not taken', async () => {
    const text = statute('中华人民共和国反家庭暴力法', '2015年12月27日', RULES, '2016年3月1日')
    const { faults } = await importTexts(store, { 'a.md': text })
    expect(faults).toEqual([
      { path: 'a.md', line: 0, what: '读到 4 条和 0 个“之几”，内置清单里是 38 条和 0 个' },
    ])
  })

  test('When two imports run at once, then both are whole', async () => {
    const texts = ['甲法', '乙法', '丙法', '丁法'].map((title) => ({
      [`${title}.md`]: statute(title, '2019年5月1日', RULES),
    }))
    await Promise.all(texts.slice(0, 3).map((text) => importTexts(store, text)))
    expect((await libraryOf(store)).versions.map(({ statute }) => statute).sort()).toEqual([
      '丙法',
      '乙法',
      '甲法',
    ])
  })

  test('When a process dies in the middle of an import, then nothing of it is there', async () => {
    const crash = {
      ...store.statutes,
      commit: async (laws: { law: { statute: string; version: string } }[]) => {
        // What `commit` writes before its last write, and then no more.
        const [first] = laws
        await store.statutes.revisions.create({
          _id: 'dead:x',
          batch: 'dead',
          statute: first?.law.statute,
          version: first?.law.version,
          hash: 'x',
          law: JSON.stringify(first?.law),
        })
        throw new Error('killed')
      },
    }
    const text = { 'a.md': statute('安静法', '2019年5月1日', RULES) }
    await expect(importTexts({ statutes: crash } as never, text)).rejects.toThrow('killed')
    expect((await libraryOf(store)).versions).toEqual([])
    expect((await importTexts(store, text)).totals.changed).toBe(1)
    expect((await libraryOf(store)).versions).toHaveLength(1)
  })
})

describe('hostile files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qingan-laws-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const good = statute('安静法', '2019年5月1日', RULES)
  const importing = async (sources: Awaited<ReturnType<typeof readSources>>) => {
    const report = await importLaws(store, sources, { known: LISTED, now: NOW })
    expect(report.totals.changed).toBe(0)
    expect(await store.statutes.stamp()).toBe(0)
    return report.faults
  }

  test('When a zip unpacks to far more than it weighs, then it is not unpacked', async () => {
    const bomb = zipOf([
      ['a.md', good],
      ['bomb.md', '零'.repeat(600_000)],
    ])
    expect(bomb.length).toBeLessThan(20_000)
    expect(await importing(await readUpload('bomb.zip', bomb))).toMatchObject([
      { path: 'bomb.zip/bomb.md', what: '压缩比不正常，不解压' },
    ])
  })

  test('When a zip lies about a size, then it is refused', async () => {
    const lying = zipOf([['a.md', good]], { declared: 10 })
    expect(await importing(await readUpload('lying.zip', lying))).toMatchObject([
      { path: 'lying.zip', what: expect.stringContaining('压缩包打不开') },
    ])
  })

  test('When a zip leads out of its folder, then it is refused', async () => {
    for (const name of ['../../evil.md', '/etc/evil.md', 'C:\\evil.md', 'a/../../evil.md']) {
      const faults = await importing(
        await readUpload(
          'out.zip',
          zipOf([
            ['a.md', good],
            [name, good],
          ]),
        ),
      )
      expect(faults[0]?.what).toContain('压缩包里的路径不安全')
    }
  })

  test('When a zip is broken or has too many entries, then it is refused', async () => {
    expect(
      (await importing(await readUpload('cut.zip', zipOf([['a.md', good]]).subarray(0, 60))))[0]?.what,
    ).toContain('压缩包打不开')
    const many = zipOf(Array.from({ length: 5_001 }, (_, i) => [`${i}.md`, 'x']))
    expect((await importing(await readUpload('many.zip', many)))[0]?.what).toContain('5001 个文件')
  })

  test('When names in a zip are in the encoding of Chinese Windows, then they are read', async () => {
    const gbk = Buffer.from([0xb0, 0xb2, 0xbe, 0xb2, 0xb7, 0xa8, 0x2e, 0x6d, 0x64])
    const sources = await readUpload('w.zip', zipOf([[gbk, good]]))
    expect(sources.files.map(({ path }) => path)).toEqual(['w.zip/安静法.md'])
  })

  test('When one line is a hundred megabytes, then the file is not even read', async () => {
    const path = join(folder, 'long.md')
    writeFileSync(path, Buffer.alloc(100_000_000, 'a'))
    expect(await importing(await readSources([path]))).toMatchObject([
      { path, what: '文件有 100000000 字节，一个文件最多 2000000 字节' },
    ])
    rmSync(path)
    const line = `# 长法\n\n2019年5月1日通过\n\n**第一条** ${'长'.repeat(30_000)}\n`
    expect((await importTexts(store, { 'line.md': line })).faults).toMatchObject([
      { path: 'line.md', line: 5 },
    ])
  })

  test('When a file is in another encoding, then it says so', async () => {
    const gbk = join(folder, 'gbk.md')
    writeFileSync(gbk, Buffer.from([0x23, 0x20, 0xb0, 0xb2, 0xbe, 0xb2, 0xb7, 0xa8]))
    const utf16 = join(folder, 'utf16.md')
    writeFileSync(utf16, Buffer.from(`\uFEFF${good}`, 'utf16le'))
    const faults = await importing(await readSources([gbk, utf16]))
    expect(faults.map(({ what }) => what)).toEqual(Array(2).fill('不是 UTF-8 文本，请另存为 UTF-8 再导入'))
  })

  test('When Markdown carries a script, then it is refused with its line', async () => {
    for (const evil of [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '<a href="javascript:alert(1)">点</a>',
      '[点](javascript:alert(1))',
      '<svg/onload=alert(1)>',
    ]) {
      const { faults } = await importTexts(store, { 'evil.md': `${good}\n\n${evil}\n` })
      const line = good.split('\n').length + 2
      expect(faults).toMatchObject([{ path: 'evil.md', line, what: '这一行有网页代码，不是法律条文' }])
    }
  })

  test('When a folder holds links, or a path does not exist, then they are named and not followed', async () => {
    const inside = join(folder, 'inside')
    mkdirSync(inside)
    writeFileSync(join(inside, 'a.md'), good)
    symlinkSync('/etc', join(inside, 'etc'))
    const faults = await importing(await readSources([inside, join(folder, 'none.md')]))
    expect(faults.map(({ what }) => what)).toEqual(['是一个链接，不跟随链接', '没有这个文件'])
  })

  test('When a head or an index.json is no such thing, then the file is named', async () => {
    const twisted = `---\nname: [\n---\n\n${good}`
    expect((await importTexts(store, { 'a.md': twisted })).faults).toMatchObject([{ path: 'a.md' }])
    const wrongDay = `---\neffective: 明天\n---\n\n${good}`
    expect((await importTexts(store, { 'a.md': wrongDay })).faults).toMatchObject([{ path: 'a.md' }])
    expect((await importTexts(store, { 'a.md': good, 'index.json': '{' })).faults).toMatchObject([
      { path: 'index.json', what: '不是 JSON' },
    ])
    expect((await importTexts(store, { 'a.md': good, 'index.json': '[{"file": 3}]' })).faults).toMatchObject([
      { path: 'index.json' },
    ])
  })

  test('When a deflated stream is garbage, then the zip is refused', async () => {
    const garbage = zipOf([['a.md', good]], { body: deflateRawSync('x').map((byte) => byte ^ 0xff) })
    expect((await importing(await readUpload('g.zip', Buffer.from(garbage))))[0]?.what).toContain(
      '压缩包打不开',
    )
  })
})
