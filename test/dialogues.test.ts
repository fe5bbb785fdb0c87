import { beforeAll, describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'
import type { Knowledge } from '../bot/conversation/receive.js'
import { LEARNING_MS, realKnowledge } from './brain.js'
import { Dialogue, faultsOf } from './dialogue.js'

const folder = fileURLToPath(new URL('./dialogues', import.meta.url))
/** Each file holds one or more conversations, divided by `---`. */
const dialogues = readdirSync(folder).flatMap((file) =>
  parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => Dialogue.parse(document.toJS())),
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
      steps: [{ say: '我不想活了', expects: { contains: '《刑法》', lacks: '谢谢', level: 'none', lines: ['110', '12355'], escalate: 'none', buttons: ['好'] } }],
    })
    expect(await faultsOf(knowledge, wrong)).toHaveLength(6)
  })
})
