import type { ContentFault, IntentDraft, IntentRow, Signature } from '../../shared/content.js'
import { Intent } from '../../shared/intent.js'
import type { RiskLevel } from '../../shared/risk.js'
import { parse } from 'yaml'
import { AppError } from '../errors.js'
import { answersHash, pathOf, type Content } from './content.js'
import { byReading } from './coverage.js'
import type { Drafts } from './drafts.js'
import { schemaFault } from './faults.js'
import { dayOf } from './lines.js'
import { sha256 } from './load.js'
import { checkExpiry, standing } from './standing.js'
import { rewrite } from './yaml-edit.js'

/** Which intents are asked for. */
export interface IntentFilter {
  group?: string
  risk?: RiskLevel
  signed?: IntentRow['signed']
  changed?: boolean
  /** In the id, the title or a saying. */
  q?: string
}

/** Who does it, and when. */
export interface Doing {
  by: { id: string }
  at: Date
}

export type IntentEditor = ReturnType<typeof intentEditor>

/** Intents as staff read and change them: drafts, live only by a release. */
export function intentEditor(drafts: Drafts) {
  const view = async (id: string, at: Date): Promise<IntentDraft> => {
    const path = pathOf(id)
    const { text } = await drafts.stored(path)
    const intent = Intent.parse(parse(text))
    const hash = answersHash(intent)
    return {
      id: intent.id,
      hash: sha256(text),
      intent,
      answersHash: hash,
      faults: await drafts.faults(path, text, at),
      ...standing(intent.reviews, hash, dayOf(at)),
      changed: drafts.isChanged(path, text),
      conflict: (await drafts.conflicts()).some((conflict) => conflict.path === path),
    }
  }

  /** The form as an intent, or its faults. A signature holds only for the words it signed: the others fall away. */
  const formed = (
    id: string,
    form: unknown,
    was: Intent,
  ): { intent: Intent } | { faults: ContentFault[] } => {
    const parsed = Intent.safeParse({ ...(form as object), id, reviews: [] })
    if (!parsed.success) return { faults: parsed.error.issues.map((issue) => schemaFault(pathOf(id), issue)) }
    const hash = answersHash(parsed.data)
    return { intent: { ...parsed.data, reviews: was.reviews.filter((review) => review.hash === hash) } }
  }

  return {
    one: view,

    async list(filter: IntentFilter, page: { page: number; perPage: number }, at: Date) {
      const files = await drafts.files()
      const [content, conflicts] = await Promise.all([drafts.content(files), drafts.conflicts()])
      const disputed = new Set(conflicts.map(({ path }) => path))
      const rows = [...content.intents.values()]
        .filter((intent) => !filter.q || says(intent, filter.q))
        .map((intent): IntentRow => {
          const path = pathOf(intent.id)
          return {
            ...rowOf(intent, dayOf(at)),
            changed: drafts.isChanged(path, files[path] as string),
            conflict: disputed.has(path),
          }
        })
        .filter(
          (row) =>
            (!filter.group || row.group === filter.group) &&
            (!filter.risk || row.risk === filter.risk) &&
            (!filter.signed || row.signed === filter.signed) &&
            (filter.changed === undefined || row.changed === filter.changed),
        )
        .sort(byReading)
      const start = (page.page - 1) * page.perPage
      return { items: rows.slice(start, start + page.perPage), total: rows.length }
    },

    /** What is wrong with a form, kept nowhere. */
    async check(id: string, form: unknown, at: Date): Promise<ContentFault[]> {
      const path = pathOf(id)
      const { text } = await drafts.stored(path)
      const was = Intent.parse(parse(text))
      const next = formed(id, form, was)
      return 'faults' in next ? next.faults : drafts.faults(path, rewrite(text, was, next.intent), at)
    },

    /** Keeps a form as the draft. Throws `content.faults`, `content.changed`, `record.unknown`. */
    async save(id: string, hash: string, form: unknown, doing: Doing): Promise<IntentDraft> {
      const path = pathOf(id)
      const was = Intent.parse(parse((await drafts.stored(path)).text))
      const next = formed(id, form, was)
      if ('faults' in next) throw new AppError('content.faults', { tell: { faults: next.faults } })
      const { intent } = next
      const change = { path, hash, ...doing, verb: 'edited', fields: differing(was, intent) }
      await drafts.keep(change, (text) => rewrite(text, Intent.parse(parse(text)), intent))
      return view(id, doing.at)
    },

    /** Puts a signature under the answers as they were read (`signs`). Throws `content.changed` when they are others. */
    async sign(
      id: string,
      signs: string,
      { role, name, expires }: Signature,
      doing: Doing,
    ): Promise<IntentDraft> {
      const path = pathOf(id)
      const { text } = await drafts.stored(path)
      const was = Intent.parse(parse(text))
      if (answersHash(was) !== signs) throw new AppError('content.changed')
      const date = dayOf(doing.at)
      checkExpiry(date, expires)
      const review = { role, name, date, expires, hash: signs }
      const reviews = [...was.reviews.filter((each) => each.hash === signs && each.role !== role), review]
      const change = { path, hash: sha256(text), ...doing, verb: 'signed', fields: ['reviews'] }
      await drafts.keep(change, () => rewrite(text, was, { ...was, reviews }))
      return view(id, doing.at)
    },

    history: (id: string) => drafts.history(pathOf(id)),
  }
}

const says = ({ id, title, utterances }: Intent, q: string): boolean =>
  id.includes(q) || title.includes(q) || utterances.some((text) => text.includes(q))

function rowOf(intent: Intent, day: string): Omit<IntentRow, 'changed' | 'conflict'> {
  const layers = intent.answers.flatMap(({ first, more, help }) =>
    [first, more, help].filter((layer) => layer !== undefined),
  )
  return {
    id: intent.id,
    title: intent.title,
    group: intent.id.split('.')[0] as string,
    risk: intent.risk,
    danger: intent.danger ?? null,
    utterances: intent.utterances.length,
    test: intent.test.length,
    answers: intent.answers.length,
    citations: layers.reduce((all, { citations }) => all + citations.length, 0),
    unverified: layers.filter(({ unverified }) => unverified).length,
    ...standing(intent.reviews, answersHash(intent), day),
  }
}

const differing = (was: Intent, next: Intent): string[] =>
  (Object.keys(next) as (keyof Intent)[]).filter(
    (key) => JSON.stringify(was[key]) !== JSON.stringify(next[key]),
  )

/** Statutes in force on a day, as an answer may cite them. */
export function statutesOn({ statutes }: Content, day: string) {
  return statutes.filter(({ effective, until }) => effective <= day && (!until || day < until))
}
