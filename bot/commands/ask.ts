import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { DateTime } from 'luxon'
import { z } from 'zod'
import { TEXT_MAX } from '../../shared/message.js'
import { readConfig } from '../config.js'
import { ZONE } from '../content/lines.js'
import type { Knowledge } from '../conversation/receive.js'
import { answerStranger } from '../conversation/stranger.js'
import type { Moment } from '../conversation/words.js'
import { compose } from '../delivery/compose.js'
import { AppError } from '../errors.js'
import { kindsWithReport } from '../safety/assess.js'
import { loadKnowledge, quietStdout } from './knowledge.js'

const Line = z.object({ text: z.string().max(TEXT_MAX) })

/** A channel of plain text: cards and lines become words. */
const PLAIN = { maxText: TEXT_MAX, buttons: 9, cards: false }

/** `qingan ask`: one question, or one a line; each is a stranger. Prints one JSON object each. */
export async function ask(args: string[]): Promise<number> {
  const { values, positionals } = parse(args)
  const config = readConfig()
  const now = values.at ? timeOf(values.at) : new Date()
  const moment: Moment = { now, region: values.region ?? config.REGION, counselorPresent: false }
  quietStdout()
  if (!values.jsonl) {
    const text = positionals.join(' ')
    if (!text.trim()) throw new AppError('cli.usage', { why: 'a question is missing: qingan ask "问题"' })
    if (text.length > TEXT_MAX)
      throw new AppError('cli.usage', { why: `a question has at most ${TEXT_MAX} characters` })
    print(await reply(await loadKnowledge(config), text, moment))
    return 0
  }
  const knowledge = await loadKnowledge(config)
  let number = 0
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    number++
    if (line.trim()) print(await reply(knowledge, textOf(line, number), moment))
  }
  return 0
}

/** The answer to a stranger as the command line prints it. */
export async function reply(knowledge: Knowledge, text: string, moment: Moment) {
  const { heard, bubbles, escalate } = await answerStranger(knowledge, text, moment)
  const { risk, understood } = heard
  const citations = bubbles.flatMap((bubble) => bubble.citations ?? [])
  return {
    text,
    intent: understood.intent,
    confidence: round(understood.confidence),
    alternatives: understood.alternatives.map(({ intent, confidence }) => ({
      intent,
      confidence: round(confidence),
    })),
    risk: { level: risk.level, kinds: kindsWithReport(risk), score: round(risk.score) },
    reply: bubbles
      .flatMap((bubble) => compose({ ...bubble, citations: undefined }, PLAIN))
      .map((bubble) => bubble.text),
    citations: citations.map(({ law, article }) => ({ law, article })),
    escalate,
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { jsonl: { type: 'boolean' }, at: { type: 'string' }, region: { type: 'string' } },
    })
  } catch (error) {
    throw new AppError('cli.usage', { why: (error as Error).message })
  }
}

/** A time without a zone is read in Asia/Shanghai. */
function timeOf(text: string): Date {
  const time = DateTime.fromISO(text.replace(' ', 'T'), { zone: ZONE })
  if (!time.isValid)
    throw new AppError('cli.usage', {
      why: `--at wants a time such as 2026-10-01T03:00, not ${JSON.stringify(text)}`,
    })
  return time.toJSDate()
}

function textOf(line: string, number: number): string {
  const usage = (why: string) => new AppError('cli.usage', { why: `line ${number}: ${why}` })
  let raw: unknown
  try {
    raw = JSON.parse(line)
  } catch {
    throw usage('not JSON')
  }
  const parsed = Line.safeParse(raw)
  if (!parsed.success) throw usage(`wants {"text": "…"} with at most ${TEXT_MAX} characters`)
  return parsed.data.text
}

const round = (value: number) => Math.round(value * 1000) / 1000
const print = (object: unknown) => process.stdout.write(`${JSON.stringify(object)}\n`)
