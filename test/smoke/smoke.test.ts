import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LEARNING_MS } from '../brain.js'
import { ask } from '../../bot/commands/ask.js'
import { bench } from '../../bot/commands/bench.js'
import { content } from '../../bot/commands/content.js'
import { evaluate } from '../../bot/commands/evaluate.js'
import { killChildren, prepare, qingan, root, urlOf } from '../child.js'
import { client } from '../server.js'
import { until } from '../until.js'

const home = mkdtempSync(join(tmpdir(), 'qingan-smoke-'))
const dataDir = join(home, 'data')
beforeAll(async () => void (await prepare(dataDir)), LEARNING_MS)
afterEach(killChildren)
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** The sources always; the compiled program where `npm run build` was run. */
const programs = [
  ['the sources', {}],
  ['the compiled program', { NODE_ENV: 'production' }],
] as const
const built = existsSync(join(root, 'dist/bot/cli.js'))

describe('qingan start', () => {
  test.each(programs.filter(([, env]) => built || !('NODE_ENV' in env)))(
    'When %s is started, then it serves the page, answers a question, and stops cleanly',
    async (_name, env) => {
      const child = qingan(['start'], { PORT: '0', DATA_DIR: dataDir, BURST_MS: '0', ...env })
      const url = await urlOf(child)
      if (!url) throw new Error(child.err())
      const page = await fetch(url)
      expect(page.status).toBe(200)
      expect(await page.text()).toContain('tel:110')
      for (const file of ['chat.js', 'chat.css', 'sw.js'])
        expect((await fetch(`${url}/${file}`)).status).toBe(200)
      const browser = await client(url)
      const asked = await browser.say('同学天天打我还拍视频发群里，我不敢告诉老师')
      expect(asked.status).toBe(202)
      const said = await browser.waitForReply()
      expect(said.at(-1)?.from).toBe('bot')
      const stream = await browser.events()
      await until(() => stream.seen.length === said.length, 'the stream')

      const started = Date.now()
      child.process.kill('SIGTERM')
      expect(await child.ended).toBe(0)
      expect(Date.now() - started).toBeLessThan(5000)
      await until(() => stream.ended(), 'the end of the stream')
      expect(existsSync(join(dataDir, 'database.sqlite-wal'))).toBe(false)
      expect(child.out() + child.err()).not.toContain('拍视频')
    },
    120_000,
  )

  test('When the data folder is in use already, then the second start says so and ends', async () => {
    const first = qingan(['start'], { PORT: '0', DATA_DIR: dataDir })
    if (!(await urlOf(first))) throw new Error(first.err())
    const second = qingan(['start'], { PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent' })
    expect(await second.ended).toBe(1)
    expect(second.err()).toMatch(/already in use/)
    expect(second.err()).not.toMatch(/\n\s+at /)
    first.process.kill('SIGTERM')
    expect(await first.ended).toBe(0)
  }, 120_000)

  test('When a setting is wrong, then the start names it, without its value and without a stack', async () => {
    const child = qingan(['start'], {
      PORT: 'eighty',
      DATA_KEY: 'a-secret-that-is-no-key',
      DATA_DIR: dataDir,
    })
    expect(await child.ended).not.toBe(0)
    expect(child.err()).toMatch(/PORT/)
    expect(child.err()).toMatch(/DATA_KEY/)
    expect(child.err()).not.toMatch(/eighty|a-secret/)
    expect(child.err()).not.toMatch(/\n\s+at /)
  }, 60_000)
})

describe('the command line', () => {
  const broken = join(home, 'broken.jsonl')
  const wrong = join(home, 'wrong.jsonl')
  beforeAll(() => {
    writeFileSync(broken, '{"text": "你好"\n')
    writeFileSync(wrong, '{"text": 5}\n')
  })

  const mistakes: [name: string, args: string[], input?: string][] = [
    ['no verb', []],
    ['an unknown verb', ['strat']],
    ['a time that is none', ['ask', '你好', '--at', 'yesterday-ish']],
    ['a file that is missing', ['evaluate', join(home, 'nowhere.jsonl')]],
    ['broken lines', ['ask', '--jsonl'], '{"text": "你好"\n'],
    ['a file of broken lines', ['evaluate', broken]],
  ]

  test('When it is used wrongly, then it ends with code 2 and a sentence, with nothing on stdout and no stack', async () => {
    const run = async ([name, args, input]: (typeof mistakes)[number]) => {
      const child = qingan(args, { DATA_DIR: dataDir }, input)
      const code = await child.ended
      const stack = /\n\s+at /.test(child.err())
      return { name, code, out: child.out(), stack, said: child.err().length > 20 }
    }
    // Two at a time: each is a process of its own.
    const results = []
    for (let i = 0; i < mistakes.length; i += 2)
      results.push(...(await Promise.all(mistakes.slice(i, i + 2).map(run))))
    expect(results).toEqual(mistakes.map(([name]) => ({ name, code: 2, out: '', stack: false, said: true })))
  }, 180_000)

  test.each<[name: string, run: () => Promise<number>]>([
    ['a question is missing', () => ask([])],
    ['a question is empty', () => ask(['  '])],
    ['a question is too long', () => ask(['长'.repeat(20_001)])],
    ['an option is unknown', () => ask(['你好', '--colour', 'red'])],
    ['a page is asked for beside a file', () => evaluate([wrong, '--html', 'page.html'])],
    ['a bench of reading is asked for too little', () => bench(['understand', '--utterances', '5'])],
    ['a folder is named', () => evaluate([home])],
    ['a file has wrong lines', () => evaluate([wrong])],
    ['a verb of content is unknown', () => content(['chekc'])],
    ['a bench is unknown', () => bench(['trun'])],
  ])('When %s, then the command says how it is used', async (_name, run) => {
    await expect(run()).rejects.toMatchObject({
      code: 'cli.usage',
      message: expect.stringContaining(': ') as unknown,
    })
  })

  test('When questions are asked, then stdout holds one JSON object a line and nothing else', async () => {
    const lines = ['你好', '我不想活了', '\ud800'].map((text) => JSON.stringify({ text }))
    const child = qingan(
      ['ask', '--jsonl', '--at', '2026-10-01T03:00'],
      { DATA_DIR: dataDir },
      `${lines.join('\n')}\n\n`,
    )
    expect(await child.ended).toBe(0)
    const written = child.out().trimEnd().split('\n')
    const answers = written.map(
      (line) =>
        JSON.parse(line) as { text: string; risk: { level: string }; escalate: boolean; reply: string[] },
    )
    expect(answers).toHaveLength(3)
    expect(answers[1]).toMatchObject({ text: '我不想活了', risk: { level: 'urgent' }, escalate: true })
    expect(answers.every(({ reply }) => reply.length > 0)).toBe(true)
  }, 120_000)

  test('When help is asked for, then it is printed and the code is 0', async () => {
    const child = qingan(['--help'], {})
    expect(await child.ended).toBe(0)
    expect(child.out()).toContain('qingan start')
  }, 60_000)
})
