import type { Intent } from '../../shared/intent.js'
import { type Answer, type LayerName } from '../../shared/intent.js'
import { resolveCitation } from '../laws/articles.js'
import { lawBook, type Standing } from '../laws/review.js'
import { wordingFaults } from '../safety/wording.js'
import { bigrams } from '../text/ngrams.js'
import { normalise } from '../text/normalise.js'
import { answersHash, type Content, type Fault } from './content.js'

const ALIKE = 0.8
const LAYERS: LayerName[] = ['first', 'more', 'help']
const PLAIN_NUMBERS = new Set(['110', '119', '120', '122'])

/** Mistakes an author can make that a schema cannot see, on `day` (YYYY-MM-DD). Empty = publishable. */
export function checkContent(content: Content, day: string): Fault[] {
  const faults: Fault[] = []
  const numbers = new Set(content.hotlines.map(({ number }) => number))
  for (const intent of content.intents.values()) {
    const report = (what: string) => faults.push({ path: `${intent.id.replace('.', '/')}.yml`, what })
    checkButtons(content, intent, report)
    for (const answer of intent.answers) {
      for (const name of LAYERS) checkLayer(content, intent, answer, name, numbers, day, report)
    }
    checkReaders(intent, report)
    checkReviews(intent, day, report)
    checkAlike(intent.utterances, report)
  }
  checkShared(content, faults)
  checkSystem(content, numbers, faults)
  checkTests(content, faults)
  return faults
}

type Report = (what: string) => void

function checkButtons(content: Content, intent: Intent, report: Report): void {
  const young = intent.answers.find(({ reader }) => reader === 'young')
  for (const { label, to } of intent.buttons) {
    if (to === 'human') continue
    if (to === 'more' || to === 'help') {
      if (!young?.[to]) report(`button 「${label}」 leads to a layer ${to} that no young person's answer has`)
    } else if (!content.intents.has(to)) report(`button 「${label}」 leads nowhere: there is no intent ${to}`)
  }
  const labels = intent.buttons.map(({ label }) => label)
  if (new Set(labels).size < labels.length) report('two buttons have the same label')
  for (const id of intent.also) if (!content.intents.has(id)) report(`also names ${id}, which does not exist`)
}

function checkLayer(
  content: Content,
  intent: Intent,
  answer: Answer,
  name: LayerName,
  numbers: Set<string>,
  day: string,
  report: Report,
): void {
  const layer = answer[name]
  if (!layer) return
  const place = `${answer.reader}/${name}`
  const distress = name === 'first' && ['mh.suicide', 'mh.self_harm'].includes(intent.id)
  for (const fault of wordingFaults(layer.text, distress)) report(`${place}: ${fault}`)
  if (distress && layer.citations.length) report(`${place}: a first reply to distress carries no statute`)
  if (name === 'first' && layer.unverified)
    report(`${place}: the first bubble is always shown: an unverified fact belongs into more`)
  const bubbles = layer.text.split(/\n\s*\n/)
  if (bubbles.length > 2) report(`${place}: more than two bubbles`)
  if (bubbles.some((bubble) => (bubble.match(/[？?]/g) ?? []).length > 1))
    report(`${place}: more than one question in a bubble`)
  for (const fault of numberFaults(layer.text, numbers)) report(`${place}: ${fault}`)
  for (const citation of layer.citations) {
    const listed = resolveCitation(content.statutes, citation, day)
    const found = lawBook(content.statutes, content.texts).standing({ intent: intent.id, ...citation }, day)
    const fault = content.texts ? heldBack(found) : 'fault' in listed && listed.fault
    if (fault) report(`${place}: ${citation.law}${citation.article}: ${fault}`)
    for (const fault of wordingFaults(citation.plain))
      report(`${place}: ${citation.law}${citation.article}: ${fault}`)
  }
}

const HELD = {
  gone: 'no such article in the imported text',
  'not in force': 'not in force',
  changed: 'the words in force are others than when this was written: needs review',
  unknown: 'the words it was written for were never imported: needs review',
}

function heldBack(standing: Standing): string | null {
  return 'held' in standing ? HELD[standing.held] : null
}

/** Telephone numbers come from hotlines.yml, so that a number that changes changes everywhere. */
function numberFaults(text: string, numbers: Set<string>): string[] {
  const faults = [...text.matchAll(/\{\{hotline\.(\d+)\}\}/g)].filter(
    (found) => !numbers.has(found[1] as string),
  )
  const unknown = faults.map((found) => `{{hotline.${found[1]}}} is not in system/hotlines.yml`)
  const bare =
    text
      .replace(/\{\{[^}]*\}\}/g, '')
      .match(/(?<![\d.–-])(?:1[12]\d{1,3}|96110|12[0-9]{3})(?!\d|\s?(?:岁|元|万|个|年|天|小时))/g) ?? []
  return [
    ...unknown,
    ...bare
      .filter((number) => !PLAIN_NUMBERS.has(number))
      .map((number) => `write ${number} as {{hotline.${number}}}`),
  ]
}

function checkReaders(intent: Intent, report: Report): void {
  const readers = intent.answers.map(({ reader }) => reader)
  if (!readers.includes('young')) report('there is no answer for the young person')
  if (new Set(readers).size < readers.length) report('two answers for the same reader')
}

function checkReviews(intent: Intent, day: string, report: Report): void {
  const hash = answersHash(intent)
  for (const review of intent.reviews) {
    if (review.hash !== hash)
      report(`the review by ${review.role} ${review.date} signs another text; the answers are now ${hash}`)
    else if (review.expires <= day) report(`the review by ${review.role} expired on ${review.expires}`)
  }
}

function checkAlike(utterances: readonly string[], report: Report): void {
  const grams = utterances.map((text) => new Set(bigrams(normalise(text).text)))
  grams.forEach((a, i) => {
    grams.slice(0, i).forEach((b, j) => {
      if (a.size > 3 && jaccard(a, b) > ALIKE)
        report(`utterances nearly alike: 「${utterances[j]}」 and 「${utterances[i]}」`)
    })
  })
}

/** The same saying under two intents teaches both wrongly, unless one names the other as `also` right. */
function checkShared(content: Content, faults: Fault[]): void {
  const owner = new Map<string, Intent>()
  for (const intent of content.intents.values()) {
    for (const text of intent.utterances) {
      const key = bigrams(normalise(text).text).join()
      const other = owner.get(key)
      if (other && other !== intent && !other.also.includes(intent.id) && !intent.also.includes(other.id)) {
        faults.push({
          path: `${intent.id.replace('.', '/')}.yml`,
          what: `「${text}」 is also an utterance of ${other.id}`,
        })
      }
      owner.set(key, intent)
    }
  }
}

/** Held-out lines that are also trained on measure nothing. */
function checkTests(content: Content, faults: Fault[]): void {
  const trained = new Set(
    [...content.intents.values()].flatMap(({ utterances }) => utterances.map((text) => text.trim())),
  )
  for (const { id, test } of content.intents.values()) {
    for (const text of test) {
      if (trained.has(text.trim()))
        faults.push({
          path: `${id.replace('.', '/')}.yml`,
          what: `test phrase 「${text}」 is also an utterance`,
        })
    }
  }
  for (const { kind, groups } of content.safety) {
    const lines = new Set(groups.flatMap((group) => group.lines))
    for (const text of groups.flatMap((group) => group.test)) {
      if (lines.has(text))
        faults.push({ path: `danger/${kind}.yml`, what: `test line 「${text}」 is also trained on` })
    }
  }
}

function checkSystem(content: Content, numbers: Set<string>, faults: Fault[]): void {
  for (const [key, { text }] of content.system) {
    const path = `system/${key.split('.')[0]}.yml`
    const distress = /^danger\.(?:self-harm|attempt|life|company|gentle)/.test(key)
    for (const fault of [...wordingFaults(text, distress), ...numberFaults(text, numbers)]) {
      // The notice names the line for lawyers by its number, in brackets.
      if (!key.startsWith('notice.')) faults.push({ path, what: `${key}: ${fault}` })
    }
  }
  for (const number of ['110', '120']) {
    if (!numbers.has(number)) faults.push({ path: 'system/hotlines.yml', what: `${number} is missing` })
  }
}

function jaccard(a: Set<string>, b: Set<string>): number {
  let shared = 0
  for (const gram of a) if (b.has(gram)) shared++
  return shared / (a.size + b.size - shared || 1)
}
