import type { Escalation } from '../../../shared/desk.js'
import { GRADE_WORDS, KIND_WORDS } from './words.js'

/** How hard the desk must be called: `loud` for danger, `soft` for everything else new. */
export type Alarm = 'loud' | 'soft' | null

const isDanger = ({ grade, level }: Escalation) =>
  grade === 'attempt' || grade === 'urgent' || level === 'urgent'

/** What one has to look at: who waits, one's own whose danger rose, and those whose human does not answer. */
export const pressing = (escalations: readonly Escalation[], me: string): Escalation[] =>
  escalations.filter(
    ({ state, risen, overdue, claimedBy }) =>
      state === 'waiting' || (state === 'claimed' && (overdue || (risen && claimedBy?.id === me))),
  )

/** One state of one escalation that calls for attention; when it rises or becomes overdue it calls again. */
const callOf = ({ id, grade, raisedAt, overdue, state }: Escalation): string =>
  [id, grade, raisedAt, overdue, state].join(' ')

/** The calls that were not there before, and those there are now. The first look calls for all that waits already. */
export function newCalls(
  seen: ReadonlySet<string>,
  now: readonly Escalation[],
): { fresh: Escalation[]; seen: ReadonlySet<string> } {
  return { fresh: now.filter((each) => !seen.has(callOf(each))), seen: new Set(now.map(callOf)) }
}

/** The sound for these calls. */
export function alarmOf(calls: readonly Escalation[]): Alarm {
  if (calls.length === 0) return null
  return calls.some(isDanger) ? 'loud' : 'soft'
}

/** Whether the alarm goes on until somebody answers: a person in danger whom nobody has taken. */
export const unanswered = (escalations: readonly Escalation[]): boolean => escalations.some(isDanger)

/** What a screen reader says of new calls, most pressing first. */
export function sentenceOf(calls: readonly Escalation[]): string {
  return calls
    .map(({ grade, kinds, state, overdue }) => {
      const what = [GRADE_WORDS[grade].label, ...kinds.map((kind) => KIND_WORDS[kind])].join('，')
      if (state === 'claimed') return overdue ? `接了没有回：${what}` : `你的对话里危险升高：${what}`
      return overdue ? `等太久了：${what}` : `有人在等：${what}`
    })
    .join('。')
}

/** The title of the tab while somebody waits: it changes to and fro so that it is seen among other tabs. */
export const titleOf = (title: string, waiting: number, blink: boolean): string =>
  waiting === 0 ? title : `${blink ? '【' : '〖'}${waiting} 人等待${blink ? '】' : '〗'}${title}`
