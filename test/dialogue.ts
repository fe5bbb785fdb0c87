import { DateTime } from 'luxon'
import { z } from 'zod'
import type { Bubble } from '../shared/message.js'
import { RiskKind, RiskLevel } from '../shared/risk.js'
import { ZONE } from '../bot/content/lines.js'
import type { Decision } from '../bot/conversation/decide.js'
import { receive, type Knowledge } from '../bot/conversation/receive.js'
import type { Floor, Heard } from '../bot/conversation/scene.js'
import { freshState } from '../bot/conversation/state.js'
import { wordingFaults } from '../bot/safety/wording.js'

const list = z.union([z.string(), z.array(z.string())]).transform((given) => [given].flat())

/** What one turn must be. Words are looked for in all bubbles together; what is not named is not looked at. */
const Expects = z.strictObject({
  contains: list.optional(),
  lacks: list.optional(),
  /** The level of this message; the conversation's own is `floor`. */
  level: z.union([RiskLevel, z.array(RiskLevel)]).optional(),
  floor: z.union([RiskLevel, z.array(RiskLevel)]).optional(),
  kinds: z.array(RiskKind).optional(),
  report: z.boolean().optional(),
  /** The topic the reply is about; several where they are equally right. */
  intent: z.union([z.string(), z.array(z.string()), z.null()]).optional(),
  /** Exactly the buttons under the last bubble. */
  buttons: z.array(z.string()).optional(),
  /** Exactly the lines shown, in order. */
  lines: z.array(z.string()).optional(),
  citations: z.enum(['some', 'none']).optional(),
  escalate: z.enum(['attempt', 'urgent', 'report', 'asked', 'none']).optional(),
  erase: z.boolean().optional(),
  optedOut: z.boolean().optional(),
})

/** A conversation as anyone can read and write it: test/dialogues/*.yml. */
export const Dialogue = z.strictObject({
  name: z.string().regex(/^When .+, then .+$/s),
  at: z.string(),
  region: z.string().default('内蒙古'),
  steps: z.array(z.strictObject({ say: list, expects: Expects })).min(1),
})
export type Dialogue = z.infer<typeof Dialogue>
export type Turn = Decision & { heard: Heard }

const COMING =
  /(?:老师|真人|咨询师|社工|工作人员|值班|同事|有人)(?:们)?(?:马上|正在|很快|已经|就|稍后|一会儿?|随后|会尽快|这就)(?:在)?(?:会)?(?:来|接|联系|看|回|赶|上线|读|收到)|(?:已经?|正在|马上)(?:帮你|给你|为你)?(?:通知|转给|转接|叫了|联系了|安排)|转接中|请稍等|排队/

/** Plays a conversation and says what was otherwise than expected, step by step. */
export async function faultsOf(knowledge: Knowledge, { at, region, steps }: Dialogue): Promise<string[]> {
  const now = DateTime.fromISO(at, { zone: ZONE }).toJSDate()
  let floor: Floor = { level: 'none', kinds: [], report: false }
  let state = freshState()
  const faults: string[] = []
  for (const { say, expects } of steps) {
    const said = { texts: say, unreadable: false }
    const turn = await receive(knowledge, { state, floor }, said, { now, region, counselorPresent: false })
    const all = [...differences(turn, expects), ...alwaysFaults(turn, floor)]
    faults.push(...all.map((fault) => `「${say.join(' / ')}」 ${fault}\n      ${wordsOf(turn.bubbles)}`))
    ;({ state, floor } = turn)
  }
  return faults
}

function differences(turn: Turn, expects: z.infer<typeof Expects>): string[] {
  const { heard, bubbles } = turn
  const words = wordsOf(bubbles)
  const faults: string[] = []
  const same = (what: string, wanted: unknown, found: unknown) => {
    if (wanted === undefined) return
    const among = Array.isArray(wanted) && !Array.isArray(found) ? wanted : [wanted]
    const equal = among.some((each) => JSON.stringify(each) === JSON.stringify(found))
    if (!equal) faults.push(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`)
  }
  for (const wanted of expects.contains ?? []) if (!words.includes(wanted)) faults.push(`lacks 「${wanted}」`)
  for (const unwanted of expects.lacks ?? [])
    if (words.includes(unwanted)) faults.push(`says 「${unwanted}」`)
  for (const kind of expects.kinds ?? [])
    if (!heard.risk.kinds.includes(kind as never)) faults.push(`is not ${kind}`)
  same('level', expects.level, heard.risk.level)
  same('floor', expects.floor, turn.floor.level)
  same('report', expects.report, heard.risk.report)
  same('intent', expects.intent, turn.intent)
  same('buttons', expects.buttons, bubbles.at(-1)?.buttons ?? [])
  same(
    'lines',
    expects.lines,
    bubbles.flatMap((bubble) => bubble.lines ?? []).map(({ number }) => number),
  )
  same('citations', expects.citations, bubbles.some((bubble) => bubble.citations?.length) ? 'some' : 'none')
  same('escalate', expects.escalate, turn.escalate ?? 'none')
  same('erase', expects.erase, turn.erase)
  same('optedOut', expects.optedOut, turn.state.optedOut)
  return faults
}

/** What must hold of every turn of every conversation (domain/safe-messaging.md, first-ten-minutes.md). */
export function alwaysFaults(turn: Turn, before: Floor): string[] {
  const { bubbles, heard, floor } = turn
  const words = wordsOf(bubbles)
  const faults: string[] = []
  const rank = { none: 0, watch: 1, urgent: 2 }
  if (bubbles.length === 0 || bubbles.some(({ text }) => !text.trim())) faults.push('is silent')
  if (bubbles.length > 2) faults.push(`has ${bubbles.length} bubbles`)
  if (bubbles.some(({ text }) => (text.match(/[？?]/g) ?? []).length > 1))
    faults.push('asks more than one question in a bubble')
  if (/\{\{|\}\}|undefined|\[object/.test(words)) faults.push('shows a placeholder')
  if (COMING.test(words)) faults.push(`says or implies that somebody is coming: ${COMING.exec(words)?.[0]}`)
  if (rank[floor.level] < rank[before.level] || (before.report && !floor.report))
    faults.push('lets the floor fall')
  if (bubbles.slice(0, -1).some(({ buttons }) => buttons?.length))
    faults.push('has buttons above the last bubble')
  if (new Set(turn.state.offered.map(({ label }) => label)).size < turn.state.offered.length)
    faults.push('offers one label twice')
  if (heard.risk.level === 'urgent') {
    const length = [...words.replace(/\s/g, '')].length
    if (length > 180) faults.push(`is ${length} characters long in danger`)
    const numbers = bubbles.flatMap((bubble) => bubble.lines ?? []).map(({ number }) => number)
    if (!numbers.includes('110') || !numbers.includes('120'))
      faults.push('is urgent and shows not both 110 and 120')
    if (!turn.escalate || !['urgent', 'attempt'].includes(turn.escalate))
      faults.push('is urgent and not escalated')
  }
  if (
    heard.risk.level !== 'none' &&
    heard.risk.kinds.some((kind) => kind === 'self-harm' || kind === 'attempt')
  ) {
    if (heard.risk.level === 'urgent' && bubbles.some(({ citations }) => citations?.length))
      faults.push('cites a statute to who wants to die')
    if (heard.risk.level === 'urgent') for (const fault of wordingFaults(words, true)) faults.push(fault)
  }
  return faults
}

export const wordsOf = (bubbles: readonly Bubble[]) => bubbles.map(({ text }) => text).join('\n')
