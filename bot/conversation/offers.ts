import type { Offer } from './state.js'
import type { Words } from './words.js'

/** Labels that always mean the same, whatever was offered last (the first screen's buttons among them). */
export const STANDING: Record<string, string> = {
  我有危险: 'danger',
  我想问问: 'ask',
  找真人: 'human',
  直接找真人: 'human',
  转人工: 'human',
  人工: 'human',
}

/** The buttons a system message brings, each leading to the step of its name. */
export function stepOffers(words: Words, key: string): Offer[] {
  const steps: Record<string, string> = STEPS_OF[key] ?? {}
  return words.message(key).buttons.flatMap((label) => {
    const to = STANDING[label] ?? steps[label]
    return to ? [{ label, to }] : []
  })
}

/** Asked of somebody who worries for another: what to do differs. */
const SAFETY_OF_OTHER = { 安全: 'safe.yes', 不安全: 'safe.no-other', 不知道: 'safe.unknown' }
const SAFETY = { 安全: 'safe.yes', 不安全: 'safe.no', 不知道: 'safe.unknown' }
const STEPS_OF: Record<string, Record<string, string>> = {
  'danger.self-harm.self': { 是的: 'life.yes', 有时会想: 'life.yes', 不是: 'life.no' },
  'danger.gentle.self': { 想过: 'life.yes', 没有: 'life.no' },
  'danger.life.company': { 有人: 'company.yes', 没有人: 'company.no', 我不安全: 'company.unsafe' },
  'danger.attempt.again': { 打了: 'attempt.called', 还没打: 'attempt.not-called' },
  'danger.threat.self': { 一个人: 'alone.threat', 有人在: 'company.threat' },
  'danger.drugs.self': { 有: 'body.bad', 没有: 'body.fine' },
  'danger.drugs.other': { 能: 'body.fine-other', 不能: 'body.bad' },
  'danger.medical.self': { 有人: 'body.bad', 没有人: 'body.alone' },
  'danger.medical.other': { 醒着: 'body.bad', 叫不醒: 'body.bad' },
  'danger.neglect.self': { 有: 'safe.yes', 没有: 'need.no' },
  'danger.neglect.other': { 有: 'safe.yes', 没有: 'need.no' },
}
for (const key of [
  'violence.self',
  'sexual.self',
  'bullying.self',
  'threat.other',
  'runaway.self',
  'extortion.self',
  'gentle.goodbye',
  'gentle.safe',
]) {
  STEPS_OF[`danger.${key}`] = SAFETY
}
for (const kind of ['self-harm', 'violence', 'sexual', 'bullying', 'extortion'])
  STEPS_OF[`danger.${kind}.other`] = SAFETY_OF_OTHER
