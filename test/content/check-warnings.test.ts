import { beforeAll, describe, expect, test } from '@jest/globals'
import { checkWarnings, pushFaults } from '../../bot/content/check-warnings.js'
import { parseContent, type Content } from '../../bot/content/content.js'
import { contentFolder, contentOf, readFolder } from '../../bot/content/folder.js'
import { wordingFaults } from '../../bot/safety/wording.js'

let content: Content
beforeAll(async () => {
  content = contentOf(await readFolder(contentFolder()))
})

/** The faults of the content with one thing broken. */
function faultsWith(change: (content: Content) => void): string[] {
  const broken = structuredClone({ ...content, intents: new Map(), system: new Map() }) as Content
  broken.intents = content.intents
  change(broken)
  return checkWarnings(broken).map(({ path, at, what }) => `${path} ${at} ${what}`)
}
const topic = (broken: Content, id: string) => {
  const found = broken.topics.find((each) => each.id === id)
  if (!found) throw new Error(`there is no topic ${id}`)
  return found
}
const first = (broken: Content) => {
  const [warning] = broken.warnings
  if (!warning) throw new Error('there is no warning')
  return warning
}

describe('the warnings of the year', () => {
  test('When they are checked, then there is no fault, and every topic has some', () => {
    expect(checkWarnings(content)).toEqual([])
    expect(content.topics.map(({ id }) => id).sort()).toEqual([
      'bullying',
      'drugs',
      'fraud',
      'hiv',
      'mental',
      'net',
      'season',
      'water',
    ])
    expect(content.warnings.length).toBeGreaterThan(40)
  })

  test('When they are read, then Mongolian is left to translators, and exam stress to parents', () => {
    expect(content.warnings.filter(({ text }) => text.mn !== null)).toEqual([])
    const exams = content.warnings.filter(({ text }) => /期末|大考|高考|中考/.test(text.zh))
    expect(exams.length).toBeGreaterThan(2)
    expect(exams.every(({ audience }) => audience === 'parents')).toBe(true)
  })

  test('When a warning speaks of a fact nobody has verified, then it carries the flag', () => {
    const open = content.warnings.filter(({ text }) => /72 小时|肥皂/.test(text.zh))
    expect(open.length).toBeGreaterThan(1)
    expect(open.every(({ unverified }) => unverified)).toBe(true)
  })

  test('When the questions are read, then each says what comes, how it stops and who is not told', () => {
    for (const { consent } of content.topics) {
      for (const part of ['会发什么', '退订', '不会告诉家长和老师', '要订吗？', '晚上不发'])
        expect(consent.text).toContain(part)
      expect(wordingFaults(consent.text)).toEqual([])
    }
    const grown = content.topics.filter(({ minAge }) => minAge).map(({ id, minAge }) => [id, minAge])
    expect(grown).toEqual([
      ['drugs', 14],
      ['hiv', 15],
      ['mental', 14],
    ])
  })
})

describe('what no warning may say', () => {
  test.each([
    '有个孩子自杀了，打 {{hotline.110}}。',
    '别想着轻生，打 {{hotline.12356}}。',
    '家里的农药收好，打 {{hotline.120}}。',
    '某中学出了事，请小心，打 {{hotline.110}}。',
    '近日有一名学生被骗，请小心，打 {{hotline.110}}。',
    'XX中学一个女生出事了，打 {{hotline.110}}。',
    '你得了抑郁症，打 {{hotline.12356}}。',
    '我们一定替你保密，打 {{hotline.110}}。',
    '马上有老师联系你，打 {{hotline.110}}。',
  ])('When a push says 「%s」, then it is refused', (zh) => {
    expect(pushFaults({ zh, mn: null }, content)).toHaveLength(1)
  })

  test.each([
    ['no number', '今天下雪，路滑，慢一点走。', null],
    ['two numbers', '着火打 119，有人受伤打 {{hotline.120}}。', null],
    ['a bare number', '想问问，打 12355，急了打 110。', null],
    ['a number nobody knows', '想问问，打 {{hotline.99999}}。', null],
    ['another placeholder', '你好 {{name}}，打 {{hotline.110}}。', null],
    ['two questions', '冷吗？怕吗？打 {{hotline.110}}。', null],
    ['a number nobody knows in Mongolian', '下雪了，打 {{hotline.110}}。', 'ᠲᠤᠰᠠ {{hotline.99999}}'],
  ])('When a push has %s, then it is refused', (_, zh, mn) => {
    expect(pushFaults({ zh, mn }, content).length).toBeGreaterThan(0)
  })

  test('When the same number is named twice, or plainly, then it is one number', () => {
    expect(pushFaults({ zh: '着火打 119，一定打 119。', mn: null }, content)).toEqual([])
    expect(pushFaults({ zh: '有人打你，打 110，记住 {{hotline.110}}。', mn: null }, content)).toEqual([])
  })
})

describe('mistakes of authors', () => {
  test.each<[string, (broken: Content) => void, string]>([
    ['a topic twice', (c) => void c.topics.push(topic(c, 'hiv')), '写了两次'],
    ['a name two topics share', (c) => void topic(c, 'hiv').names.push('禁毒'), '有两个提醒都这么叫'],
    ['an intent that is none', (c) => void topic(c, 'hiv').near.push('hiv.nothing'), '没有话题 hiv.nothing'],
    ['a group that is none', (c) => void topic(c, 'hiv').near.push('weather.'), '没有话题 weather.'],
    [
      'a question without how to stop',
      (c) => void (topic(c, 'hiv').consent.text = '我们会给你发一些消息，大概一年几次。要订吗？'),
      '退订',
    ],
    [
      'a question without a question',
      (c) => void (topic(c, 'hiv').consent.text = '我们会给你发一些消息，想停就回复“退订”。'),
      '要正好问一句',
    ],
    [
      'a topic without warnings',
      (c) => void (c.warnings = c.warnings.filter((each) => each.topic !== 'hiv')),
      '还没有 warnings/hiv.yml',
    ],
    ['a warning of no topic', (c) => void (first(c).topic = 'weather'), 'topics.yml 里没有 weather'],
    ['a warning twice', (c) => void c.warnings.push({ ...first(c) }), '写了两次'],
    ['a day that is none', (c) => void (first(c).when.from = '02-30'), '没有 02-30 这一天'],
    ['a bad word in a warning', (c) => void (first(c).text.zh = '别矫情，打 {{hotline.110}}。'), '责备'],
  ])('When there is %s, then it is said where', (_, change, said) => {
    expect(faultsWith(change).join('\n')).toContain(said)
  })

  test('When a file does not fit its schema, then the field is named', () => {
    const files = {
      'topics.yml': 'about: x\ntopics: [{ id: hiv, title: 防艾提醒 }]',
      'warnings/hiv.yml':
        'about: x\ntopic: hiv\nwarnings: [{ id: a-b, title: 标题, when: { from: "13-01", to: "01-01" } }]',
    }
    const { faults } = parseContent(files)
    expect(faults.map(({ path, at }) => `${path} ${at}`)).toEqual(
      expect.arrayContaining(['topics.yml topics.0.consent', 'warnings/hiv.yml warnings.0.when.from']),
    )
  })
})
