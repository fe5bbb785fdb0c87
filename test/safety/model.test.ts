import { describe, expect, test } from '@jest/globals'
import { SafetyFile } from '../../shared/risk.js'
import { scoreWindow, setBands, trainJudges } from '../../bot/safety/model.js'
import { latentToBytes, toBytes } from '../../bot/text/model-bytes.js'

/** As many lines as a judge needs who looks at nothing rare. */
const often = (lines: string[]) => Array.from({ length: 6 }, () => lines).flat()
const group = (level: string, lines: string[], more = {}) => ({
  level,
  speaker: 'self',
  style: 'plain',
  lines: often(lines),
  ...more,
})
const files = [
  SafetyFile.parse({
    kind: 'self-harm',
    groups: [
      group('urgent', ['我不想活了', '真的不想活了', '今晚就不想活了', '我想死', '好想死', '我想死了算了']),
      group('watch', ['最近好难过', '每天都好难过', '难过得睡不着', '难过想哭']),
      group('none', ['笑死我了', '累死我了', '饿死我了', '热死我了']),
    ],
  }),
  SafetyFile.parse({
    kind: 'violence',
    groups: [
      group('urgent', ['我爸打我', '我爸又打我', '我妈又打我', '我妈打我', '他打我打得好疼'], {
        report: true,
      }),
    ],
  }),
]
const everyday = [
  '今天天气不错',
  '晚饭吃火锅',
  '今天下雨了',
  '晚上写作业',
  '作业写完了',
  '天气预报说下雪',
  '火锅好吃',
  '写完作业看电影',
]
const near = ['可以报警吗', '怎么报警', '派出所受理吗', '报警要带什么', '派出所怎么报警']
const questions = [
  ...often(near).map((text) => ({ text, danger: 'violence' as const })),
  { text: '作业写不完怎么办' },
]
const lesson = { files, everyday: often(everyday), questions, safe: [] }
const judges = trainJudges(lesson)
const bands = setBands(lesson)

describe('learning danger', () => {
  test('When lines near the lesson come, then danger scores high, its kind is told, and everyday text scores low', () => {
    expect(scoreWindow(judges, '我真的不想活了').urgent).toBeGreaterThan(0.7)
    expect(scoreWindow(judges, '我真的不想活了').kinds['self-harm']).toBeGreaterThan(0.5)
    expect(scoreWindow(judges, '我爸又打我了').report).toBeGreaterThan(0.5)
    const { kinds } = scoreWindow(judges, '我爸又打我了')
    expect(Object.entries(kinds).sort((a, b) => b[1] - a[1])[0]?.[0]).toBe('violence')
    expect(scoreWindow(judges, '今天写作业').raised).toBeLessThan(0.3)
  })

  test('When what only sounds like danger comes, then it scores below danger', () => {
    expect(scoreWindow(judges, '困死我了').urgent).toBeLessThan(scoreWindow(judges, '我想死').urgent)
  })

  test('When a question is only near a danger, then it raises and is of its kind, and does not cry out', () => {
    const { raised, urgent, kinds } = scoreWindow(judges, '派出所怎么报警呢')
    expect(raised).toBeGreaterThan(0.5)
    expect(kinds.violence).toBeGreaterThan(0.5)
    expect(urgent).toBeLessThan(raised)
  })

  test('When the bands are set, then asking gently begins no later than crying out may, and both within bounds', () => {
    for (const band of [bands.watch, bands.urgent].flatMap(({ brief, whole, part }) => [brief, whole, part]))
      expect(band >= 0.2 && band <= 0.98).toBe(true)
  })

  test('When the same lesson is learnt twice, then nothing differs', () => {
    const again = trainJudges(lesson)
    expect(toBytes(again.linear)).toEqual(toBytes(judges.linear))
    expect(latentToBytes(again.latent)).toEqual(latentToBytes(judges.latent))
    expect(setBands(lesson)).toEqual(bands)
  })
})
