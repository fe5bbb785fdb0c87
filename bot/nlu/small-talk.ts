import { REGIONS } from './regions.js'

/** What node-nlp finds in a message. */
export interface Entities {
  /** Years. */
  age?: number
  /** A league or city of the region served, or another province. */
  region?: string
  /** As the person wrote it: 明天, 11月3号. */
  date?: string
  phone?: string
}

export interface SmallTalk {
  /** The small-talk intent it votes for, 0..1; null when it votes for none. Only short messages are asked. */
  vote(text: string): Promise<{ intent: string; score: number } | null>
  entities(text: string): Promise<Entities>
}

/** Small talk that says nothing: where it is asked elsewhere, or is not what is measured. */
export const SILENT: SmallTalk = { vote: () => Promise.resolve(null), entities: () => Promise.resolve({}) }

/** node-nlp keeps and tokenises all it is given: longer messages are cut before it sees them. Characters. */
const VOTE_MAX = 12
const ENTITY_MAX = 400
const NONE = 'none'

const AGE =
  /(?<!\d)(\d{1,2}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=\s*(?:周岁|岁|嵗))/
const PHONE = /(?<!\d)1[3-9]\d{9}(?!\d)/
const DATE =
  /今天|昨天|前天|明天|后天|昨晚|今晚|上周|下周|这周|上个月|下个月|去年|今年|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号]/
const REGION = new RegExp([...REGIONS.values()].flat().join('|'))
const HINT = new RegExp([AGE, PHONE, DATE, REGION].map(({ source }) => source).join('|'))

/** Only short messages are small talk; for the others no vote is asked. */
export const worthVote = (text: string): boolean =>
  text.length <= VOTE_MAX && /\p{Script=Han}|[a-z]/u.test(text)

/** Whether a message may name an age, a date, a place or a number at all. */
export const worthEntities = (text: string): boolean => HINT.test(text)

/**
 * Teaches node-nlp the small talk. It has one vote there and finds entities; it never decides about danger.
 * Its own built-in entity recognisers (10 ms a message) are replaced by patterns.
 */
export async function learnSmallTalk(
  talk: Record<string, readonly string[]>,
  other: readonly string[],
): Promise<SmallTalk> {
  // Loaded only here: it costs seconds and memory, and the threads that train never need it.
  const { NlpManager } = await import('node-nlp')
  const manager = new NlpManager({
    languages: ['zh'],
    autoSave: false,
    autoLoad: false,
    forceNER: true,
    nlu: { log: false },
  })
  // Microsoft's recognisers (10 ms a message) are not used: patterns and names do.
  manager.container.register('extract-builtin-??', { extract: (input: unknown) => input }, true)
  for (const [intent, utterances] of Object.entries(talk)) {
    for (const text of utterances) if (text.length <= VOTE_MAX) manager.addDocument('zh', text, intent)
  }
  for (const text of other) if (text.length <= VOTE_MAX) manager.addDocument('zh', text, NONE)
  manager.addRegexEntity('age', 'zh', AGE)
  manager.addRegexEntity('phone', 'zh', PHONE)
  manager.addRegexEntity('date', 'zh', DATE)
  // Names as a pattern: node-nlp's own lists are matched letter by letter for likeness, 4 ms a message.
  manager.addRegexEntity('region', 'zh', REGION)
  await manager.train()
  // The first message would otherwise wait for what node-nlp still builds.
  await manager.process('zh', '你好')

  return {
    async vote(text) {
      if (!worthVote(text)) return null
      const { intent, score } = await manager.process('zh', text)
      return intent === NONE || intent === 'None' || score < 0.6 ? null : { intent, score }
    },
    async entities(text) {
      if (!worthEntities(text)) return {}
      const { entities } = await manager.process('zh', text.slice(0, ENTITY_MAX))
      const found: Entities = {}
      for (const { entity, sourceText } of entities) {
        if (entity === 'age') found.age ??= ageOf(sourceText)
        else if (entity === 'region') found.region ??= regionOf(sourceText)
        else if (entity === 'date') found.date ??= sourceText
        else if (entity === 'phone') found.phone ??= sourceText
      }
      return found
    },
  }
}

const regionOf = (name: string) => [...REGIONS].find(([, names]) => names.includes(name))?.[0]

const DIGITS = '零一二三四五六七八九'

function ageOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text)
  const [tens, ones] = text.includes('十') ? text.split('十') : ['0', text]
  const digit = (char: string | undefined, fallback: number) =>
    char ? Math.max(0, DIGITS.indexOf(char.replace('两', '二'))) : fallback
  return digit(tens, 1) * 10 + digit(ones, 0)
}
