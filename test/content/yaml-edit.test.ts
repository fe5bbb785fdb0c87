import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import type { Hotline } from '../../shared/hotline.js'
import { HotlineFile } from '../../shared/hotline.js'
import { Intent } from '../../shared/intent.js'
import { contentFolder, readFolder } from '../../bot/content/folder.js'
import { rewrite } from '../../bot/content/yaml-edit.js'

const edit = <T>(text: string, change: (value: T) => void): string => {
  const was = parse(text) as T
  const next = structuredClone(was)
  change(next)
  const written = rewrite(text, was, next)
  expect(parse(written)).toEqual(next)
  return written
}

describe('a text changed in the console', () => {
  test('When nothing changed, then not a byte does', () => {
    const text = 'a:   [1,2]\n\n# why\nb: "x"\n'
    expect(edit(text, () => undefined)).toBe(text)
  })

  test('When one value changes, then comments, order and quotes around it stay', () => {
    const text =
      "# 开头\nid: a.b\n\n# 说明\ntitle: '旧的'\nlist:\n  - 一 # 第一句\n  # 第二句\n  - 二\n  - 三\n"
    expect(edit<{ title: string }>(text, (v) => (v.title = '新的'))).toBe(text.replace('旧的', '新的'))
    expect(edit<{ list: string[] }>(text, (v) => v.list.splice(1, 0, '一点五'))).toBe(
      text.replace('  # 第二句', '  - 一点五\n  # 第二句'),
    )
    expect(edit<{ list: string[] }>(text, (v) => v.list.pop())).toBe(text.replace('  - 三\n', ''))
    expect(edit<{ list: string[] }>(text, (v) => (v.list[1] = '贰'))).toBe(text.replace('- 二', '- 贰'))
  })

  test('When items are turned round, put in and taken out, then the text means just that', () => {
    const items = Array.from({ length: 40 }, (_, i) => ({ n: i, deep: { words: [`w${i}`] } }))
    const text = `items:\n${items.map(({ n }) => `  - n: ${n} # ${n}\n    deep: { words: [w${n}] }\n`).join('')}`
    const written = edit<{ items: typeof items }>(text, (v) => {
      v.items.reverse()
      v.items.splice(3, 7, { n: 99, deep: { words: [] } })
      v.items[20]!.deep.words.push('more')
    })
    expect(written).toContain('n: 39 # 39')
  })

  test('When a key is new or gone, then only that line is', () => {
    const text = 'a: 1\nb: 2 # two\n'
    expect(edit<Record<string, number>>(text, (v) => (v.c = 3))).toBe('a: 1\nb: 2 # two\nc: 3\n')
    expect(edit<Record<string, number>>(text, (v) => delete v.a)).toBe('b: 2 # two\n')
  })

  test('When one of several places that share their hours changes, then the others keep theirs', async () => {
    const text = (await readFolder(contentFolder()))['system/hotlines.yml']!
    const was = HotlineFile.parse(parse(text))
    const next = structuredClone(was)
    const open = next.lines.find(({ number }) => number === '12348') as Hotline
    open.hours.workday = [{ from: '08:30', to: '18:00' }]
    const written = rewrite(text, was, next)
    expect(HotlineFile.parse(parse(written))).toEqual(next)
    expect(written).toContain('# 国家卫生健康委')
    expect(written).not.toContain('emergency: false')
  })

  test('When every shipped topic has one saying added, then each means just that and keeps its lines', async () => {
    const files = Object.entries(await readFolder(contentFolder()))
    const intents = files.filter(
      ([path]) =>
        /^[a-z]+\/[a-z_]+\.yml$/.test(path) &&
        !/^(?:system|danger|background|laws|warnings|conversations|examples)\//.test(path),
    )
    expect(intents.length).toBeGreaterThan(45)
    for (const [, text] of intents) {
      const was = Intent.parse(parse(text))
      const next = { ...was, utterances: [...was.utterances, '新的一句话：真的“很新”'] }
      const written = rewrite(text, was, next)
      expect(Intent.parse(parse(written))).toEqual(next)
      expect(written.split('\n').length - text.split('\n').length).toBeLessThanOrEqual(1)
    }
  })
})
