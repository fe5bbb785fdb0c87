import { describe, expect, test } from '@jest/globals'
import { answersHash, hashOf, parseContent, published } from '../../bot/content/content.js'
import { faultLine } from '../../bot/content/faults.js'
import { contentOf } from '../../bot/content/folder.js'
import { contentWith, filesWith, type Draft } from './fixture.js'

const faultsOf = (files: Record<string, string>) => parseContent(files).faults.map(faultLine)

describe('reading content', () => {
  test('When files are in order, then each kind goes to its place', () => {
    const content = contentWith()
    expect([...content.intents.keys()].sort()).toEqual(['mh.suicide', 'sch.bullied', 'work.wage'])
    expect(content.system.get('talk.hello')).toEqual({ text: '你好，我在。', buttons: [], reviews: [] })
    expect(content.hotlines.map(({ number }) => number)).toEqual(['110', '120', '12333'])
    expect(content.statutes).toHaveLength(4)
    expect(content.safety.map(({ kind }) => kind)).toEqual(['self-harm'])
    expect(content.background[0]?.lines).toEqual(['今天天气不错'])
  })

  const broken: [what: string, change: (files: Record<string, string>) => void, fault: RegExp][] = [
    ['a file is no YAML', (f) => (f['work/wage.yml'] = 'id: [work.wage'), /^work\/wage\.yml：不是 YAML：.+/],
    ['a file is empty', (f) => (f['work/wage.yml'] = ''), /^work\/wage\.yml：没有填/],
    [
      'an intent stands in the wrong file',
      (f) => (f['work/pay.yml'] = f['work/wage.yml']!),
      /work\/pay\.yml id：编号 work\.wage 的文件应该是 work\/wage\.yml/,
    ],
    [
      'a field has a slip of the pen',
      (f) => (f['work/wage.yml'] += 'utterence: []\n'),
      /work\/wage\.yml：.*utterence/,
    ],
    [
      'a clock is none',
      (f) => (f['system/hotlines.yml'] = f['system/hotlines.yml']!.replace('17:00', '25:00')),
      /hotlines\.yml lines\.2\.hours.*HH:MM/,
    ],
    [
      'an article is written in digits',
      (f) => (f['work/wage.yml'] = f['work/wage.yml']!.replace('第五十条', '第50条')),
      /answers\.0\.first\.citations\.0\.article/,
    ],
  ]
  test.each(broken)('When %s, then the fault names the file and what to do', (_, change, fault) => {
    const files = filesWith()
    change(files)
    const { content } = parseContent(files)
    expect(content).toBeNull()
    expect(faultsOf(files).join('\n')).toMatch(fault)
  })

  const tooMuch: [what: string, change: (draft: Draft) => void, fault: string][] = [
    [
      'a first bubble is longer than a frightened reader bears',
      (d) => (d.answer.first.text = '好'.repeat(181)),
      'answers.0.first.text',
    ],
    ['there are fewer than twelve utterances', (d) => d.wage.utterances.pop(), 'utterances'],
    ['there are fewer than four test phrases', (d) => d.wage.test.pop(), 'test'],
    [
      'a button is too long',
      (d) => d.wage.buttons.push({ label: '一二三四五六七八九十一二三', to: 'human' }),
      'buttons.2.label',
    ],
  ]
  test.each(tooMuch)('When %s, then the schema refuses it', (_, change, place) => {
    expect(faultsOf(filesWith(change)).join('\n')).toContain(`work/wage.yml ${place}`)
  })

  test('When several files are broken, then every one is named, and starting with them fails by name', () => {
    const files = { ...filesWith(), 'work/wage.yml': '[', 'sch/bullied.yml': 'id: 1' }
    expect(new Set(parseContent(files).faults.map(({ path }) => path))).toEqual(
      new Set(['work/wage.yml', 'sch/bullied.yml']),
    )
    expect(() => contentOf(files)).toThrow(
      /content\.invalid: \d+ faults; .*work\/wage\.yml|sch\/bullied\.yml/,
    )
  })

  test('When anything in a file changes, then the hash does, and the order of files does not matter', () => {
    const files = filesWith()
    const turned = Object.fromEntries(Object.entries(files).reverse())
    expect(hashOf(turned)).toBe(hashOf(files))
    expect(hashOf({ ...files, 'work/wage.yml': `${files['work/wage.yml']} ` })).not.toBe(hashOf(files))
    expect(hashOf({ a: 'bc' })).not.toBe(hashOf({ ab: 'c' }))
  })
})

describe('what may be shown', () => {
  const unverified = (d: Draft) => {
    d.answer.more.unverified = '要多少天没人核实过'
    d.answer.help.unverified = '这个号码没人核实过'
  }
  const hash = answersHash(contentWith(unverified).intents.get('work.wage')!)
  const review = { role: 'lawyer', name: '王律师', date: '2026-03-01', expires: '2026-09-01', hash }
  const shown = (day: string, ...reviews: unknown[]) => {
    const intent = contentWith((d) => {
      unverified(d)
      d.wage.reviews.push(...reviews)
    }).intents.get('work.wage')!
    const { first, more, help } = published(intent, intent.answers[0]!, day)
    return [first, more, help].map((layer) => layer !== undefined)
  }

  test('When nobody has signed, then layers with an unverified fact are held back and the first bubble stands', () => {
    expect(shown('2026-06-01')).toEqual([true, false, false])
  })

  test('When a review holds, then they are shown from its date to the day before it expires', () => {
    expect(shown('2026-02-28', review)).toEqual([true, false, false])
    expect(shown('2026-03-01', review)).toEqual([true, true, true])
    expect(shown('2026-08-31', review)).toEqual([true, true, true])
    expect(shown('2026-09-01', review)).toEqual([true, false, false])
  })

  test('When a review signs other words, then they stay held back', () => {
    expect(shown('2026-06-01', { ...review, hash: 'b'.repeat(64) })).toEqual([true, false, false])
  })

  test('When the answers change after signing, then the hash does; new utterances leave it', () => {
    const changed = contentWith((d) => {
      unverified(d)
      d.answer.more.text = '换了一句话。'
    }).intents.get('work.wage')!
    const taught = contentWith((d) => {
      unverified(d)
      d.wage.utterances.push('老板欠薪不还跑路')
    }).intents.get('work.wage')!
    expect(answersHash(changed)).not.toBe(hash)
    expect(answersHash(taught)).toBe(hash)
  })
})
