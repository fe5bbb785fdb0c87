import { DateTime } from 'luxon'
import type { Answer, Intent, IntentButton, LayerName, Reader } from '../../shared/intent.js'
import type { Bubble, CitationCard, LineView } from '../../shared/message.js'
import { published, type Content } from '../content/content.js'
import { dangerLines, ZONE } from '../content/lines.js'
import { lawBook } from '../laws/review.js'
import { whereToRead } from '../laws/view.js'
import { AppError } from '../errors.js'
import type { Offer } from './state.js'

/** What is true at this moment. */
export interface Moment {
  now: Date
  region: string
  /** A counselor is connected and on duty: only then may a reply say that a person can come. */
  counselorPresent: boolean
}

const DEFAULT_LABELS = { more: '怎么办', help: '谁能帮我', human: '找真人' } as const

/** The content's words, filled in for a moment. */
export function wordsAt(content: Content, moment: Moment) {
  const day = DateTime.fromJSDate(moment.now, { zone: ZONE }).toISODate() as string

  const message = (key: string) => {
    const found = content.system.get(key)
    if (!found) throw new AppError('content.invalid', { why: `intents/system has no ${key}` })
    return found
  }

  const fill = (text: string, feeling = ''): string =>
    text.replaceAll('{{feeling}}', feeling).replace(/\{\{hotline\.(\d+)\}\}/g, (_, number: string) => {
      const line = content.hotlines.find((hotline) => hotline.number === number)
      return line ? `${line.number} ${line.name}` : number
    })

  /** A system message as a bubble, with where its buttons lead. */
  const say = (key: string, extra: Partial<Bubble> = {}, feeling = ''): Bubble => {
    const { text, buttons } = message(key)
    return { text: fill(text, feeling), ...(buttons.length ? { buttons } : {}), ...extra }
  }

  const cards = (intent: string, citations: Answer['first']['citations']): CitationCard[] =>
    citations.flatMap(({ law, article, plain, paragraph }) => {
      const found = lawBook(content.statutes, content.texts).standing({ intent, law, article }, day)
      // Not in force today, or in other words than its author read: the card is left out rather than wrong.
      if (!('statute' in found)) return []
      const { effective, version, name } = found.statute
      const card = { law, article, plain, since: effective, version }
      return [{ ...card, ...whereToRead(content.texts, name, version, { article, plain, paragraph }) }]
    })

  const answerFor = (intent: Intent, reader: Reader | null): Answer => {
    const by = (wanted: Reader) => intent.answers.find((answer) => answer.reader === wanted)
    const order: Reader[] = reader === 'parent' ? ['parent', 'adult', 'young'] : [reader ?? 'young', 'young']
    const chosen = order.map(by).find(Boolean) ?? (intent.answers[0] as Answer)
    return published(intent, chosen, day)
  }

  /** A layer as bubbles, citations on the last. */
  const layer = (intent: Intent, name: LayerName, reader: Reader | null, cite: boolean): Bubble[] => {
    const found = answerFor(intent, reader)[name]
    if (!found) return []
    const texts = fill(found.text)
      .split(/\n\s*\n/)
      .map((text) => text.trim())
    const citations = cite ? cards(intent.id, found.citations) : []
    return texts.map((text, i) => ({
      text,
      ...(citations.length && i === texts.length - 1 ? { citations } : {}),
    }))
  }

  /** What may be pressed under an intent's answer, as far as it leads somewhere. */
  const offers = (intent: Intent, reader: Reader | null, except?: LayerName): Offer[] => {
    const answer = answerFor(intent, reader)
    const usable = (button: IntentButton) => {
      if (button.to === 'more' || button.to === 'help')
        return button.to !== except && Boolean(answer[button.to])
      return button.to === 'human' || content.intents.has(button.to)
    }
    const authored = intent.buttons.filter(usable)
    const implied = (['more', 'help'] as const).filter(
      (to) => to !== except && answer[to] && !authored.some((button) => button.to === to),
    )
    return [...implied.map((to) => ({ label: DEFAULT_LABELS[to], to })), ...authored]
      .slice(0, 4)
      .map(({ label, to }) => ({ label, to: to === 'more' || to === 'help' ? `${to}:${intent.id}` : to }))
  }

  return {
    day,
    /** Somebody at the desk is there: only then may a reply speak of a human who knows or may come. */
    counselorPresent: moment.counselorPresent,
    message,
    say,
    layer,
    offers,
    lines: (kinds: readonly string[]): LineView[] =>
      dangerLines(content.hotlines, kinds, moment.now, moment.region),
  }
}
export type Words = ReturnType<typeof wordsAt>
