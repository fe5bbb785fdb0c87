import { beforeAll, describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'
import { receive, type Knowledge } from '../bot/conversation/receive.js'
import { freshState } from '../bot/conversation/state.js'
import { LEARNING_MS, realKnowledge } from './brain.js'
import { alwaysFaults, Dialogue, faultsOf } from './dialogue.js'

const folder = fileURLToPath(new URL('./dialogues', import.meta.url))
/** Each file holds one or more conversations, divided by `---`. */
const dialogues = readdirSync(folder).flatMap((file) =>
  parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) =>
    Dialogue.parse(document.toJS()),
  ),
)

let knowledge: Knowledge

beforeAll(async () => {
  knowledge = await realKnowledge()
}, LEARNING_MS)

describe('whole conversations', () => {
  test.each(dialogues.map((dialogue) => [dialogue.name, dialogue] as const))('%s', async (_, dialogue) => {
    expect((await faultsOf(knowledge, dialogue)).join('\n')).toBe('')
  })

  test('When a conversation is otherwise than written, then it is told where', async () => {
    const wrong = Dialogue.parse({
      name: 'When wrong, then told',
      at: '2026-10-01T03:00',
      steps: [
        {
          say: '我不想活了',
          expects: {
            contains: '《刑法》',
            lacks: '谢谢',
            level: 'none',
            lines: ['110', '12355'],
            escalate: 'none',
            buttons: ['好'],
          },
        },
      ],
    })
    expect(await faultsOf(knowledge, wrong)).toHaveLength(6)
  })

  test('When a reply breaks a rule that always holds, then the rule is named', async () => {
    const now = new Date('2026-11-24T02:00:00Z')
    const known = { state: freshState(), floor: { level: 'none' as const, kinds: [], report: false } }
    const said = { texts: ['我不想活了'], unreadable: false }
    const turn = await receive(knowledge, known, said, { now, region: '内蒙古', counselorPresent: false })
    const faultsSaying = (...texts: string[]) =>
      alwaysFaults(
        { ...turn, bubbles: texts.map((text) => ({ text, lines: turn.bubbles.at(-1)?.lines })) },
        known.floor,
      ).join()
    expect(faultsSaying('我在。')).toBe('')
    const coming = [
      '老师马上来',
      '真人正在看',
      '已经帮你通知了',
      '正在为你转接',
      '工作人员会尽快联系你',
      '请稍等',
      '有人正在读',
    ]
    for (const text of coming) expect(faultsSaying(text)).toContain('somebody is coming')
    expect(faultsSaying('一', '二', '三')).toContain('3 bubbles')
    expect(faultsSaying('你在哪？你几岁？')).toContain('more than one question')
    expect(faultsSaying('好'.repeat(181))).toContain('181 characters')
    expect(faultsSaying('依据第一条')).toContain('讲了法律或强制')
    expect(faultsSaying('{{feeling}}')).toContain('placeholder')
    expect(alwaysFaults(turn, { level: 'urgent', kinds: [], report: true }).join()).toContain(
      'lets the floor fall',
    )
    expect(alwaysFaults({ ...turn, bubbles: [{ text: '好' }] }, known.floor).join()).toContain(
      'not both 110 and 120',
    )
  })
})
