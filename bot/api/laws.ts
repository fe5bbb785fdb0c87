import type { lawRoutes } from '../../shared/api/laws.js'
import type { ImportReport } from '../../shared/law.js'
import { citationsOf } from '../content/cited.js'
import type { Content } from '../content/content.js'
import { dayOf } from '../content/lines.js'
import { AppError } from '../errors.js'
import { compareVersions } from '../laws/compare.js'
import { importLaws, type ImportOptions } from '../laws/import.js'
import {
  statuteCode,
  versionOf,
  type LawStore,
  type LiveLibrary,
  type ShelvedVersion,
} from '../laws/library.js'
import { lawBook } from '../laws/review.js'
import type { LawFinder } from '../laws/search.js'
import { readUpload } from '../laws/sources.js'
import { findVersion, inForce, summaries } from '../laws/view.js'
import type { Audit } from '../staff/audit.js'
import type { HandlersOf } from './handlers.js'

export interface LawApiParts {
  store: LawStore
  library: LiveLibrary
  /** The live content, with the imported texts. */
  content(): Content
  finder(): LawFinder | undefined
  audit: Audit
}

/** Hits of one search. */
const HITS = 20

export function lawHandlers(parts: LawApiParts): HandlersOf<typeof lawRoutes> {
  const { store, library, content, finder, audit } = parts
  const book = () => lawBook(content().statutes, library.current())
  const cited = () =>
    citationsOf(content()).map((each) => ({
      ...each,
      title: content().intents.get(each.intent)?.title ?? '',
    }))

  const one = (id: string, day: string, version?: string): ShelvedVersion => {
    const found = findVersion(library.current(), id, { day, version })
    if (!found) throw new AppError('record.unknown')
    return found
  }

  interface Upload {
    files: { name: string; content: string }[]
    told: Record<string, string | undefined>
    allowAnomalies: boolean
  }

  async function take(body: Upload, target: Pick<LawStore, 'statutes'>, now: Date): Promise<ImportReport> {
    const uploads = await Promise.all(
      body.files.map((file) => readUpload(file.name, Buffer.from(file.content, 'base64'))),
    )
    const sources = {
      files: uploads.flatMap(({ files }) => files),
      faults: uploads.flatMap(({ faults }) => faults),
    }
    const told: ImportOptions['told'] = Object.fromEntries(
      Object.entries(body.told).filter(([, value]) => value !== undefined),
    )
    const options = { known: content().statutes, told, allowAnomalies: body.allowAnomalies, now }
    return importLaws(target, sources, options)
  }

  return {
    'laws.list': ({ query: { page, perPage, q }, now }) => {
      const all = summaries(library.current(), dayOf(now)).filter(
        ({ statute, title }) => !q || statute.includes(q) || title.includes(q),
      )
      return Promise.resolve({ items: all.slice((page - 1) * perPage, page * perPage), total: all.length })
    },

    'laws.search': async ({ query: { q }, now }) => ({
      items: q ? ((await finder()?.find(library.current(), dayOf(now), q, HITS)) ?? []) : [],
    }),

    'laws.one': ({ params, query: { version }, now }) => {
      const day = dayOf(now)
      const shelved = one(params.id, day, version)
      const { first: _first, ends, ...law } = shelved
      return Promise.resolve({
        law,
        ends,
        inForce: inForce(shelved, day),
        code: statuteCode(law.statute),
        versions: summaries(library.current(), day).filter(({ statute }) => statute === law.statute),
        cited: cited().filter(({ law: name }) => name === law.statute || law.aliases.includes(name)),
      })
    },

    'laws.compare': ({ params, query, now }) => {
      const to = one(params.id, dayOf(now), query.to)
      const older = library
        .current()
        .versions.find(
          ({ statute, version }) =>
            statute === to.statute && (query.from ? version === query.from : version < to.version),
        )
      if (!older) throw new AppError('record.unknown')
      const { pairs, map } = compareVersions(library.current(), older, to)
      return Promise.resolve({ pairs, confirmed: map && { by: map.by, at: map.at.toISOString() } })
    },

    'laws.map': async ({ params, body: { from, to, pairs }, staff, now }) => {
      const { statute } = one(params.id, dayOf(now), from)
      if (!versionOf(library.current(), statute, to)) throw new AppError('record.unknown')
      await audit.record({ staff, verb: 'laws.mapped', subject: statuteCode(statute), at: now })
      await store.lawMaps.confirm({ statute, from, to, pairs, by: staff.workName, at: now })
      await library.refresh()
      return { done: true }
    },

    'laws.check': ({ body, now }) => {
      // The same as an import, against a store that takes nothing.
      const dry = { statutes: { ...store.statutes, commit: () => Promise.resolve(true) } }
      return take(body, dry, now)
    },

    'laws.import': async ({ body, staff, now }) => {
      const report = await take(body, store, now)
      if (report.totals.changed === 0) return report
      await audit.record({ staff, verb: 'laws.imported', subject: `${report.totals.changed}`, at: now })
      await library.refresh()
      return report
    },

    'law-reviews.list': ({ query: { page, perPage }, now }) => {
      const all = book().reviews(cited(), dayOf(now))
      const items = all
        .slice((page - 1) * perPage, page * perPage)
        .map((each) => ({ ...each, title: content().intents.get(each.intent)?.title ?? '' }))
      return Promise.resolve({ items, total: all.length })
    },

    'law-reviews.confirm': async ({ body, staff, now }) => {
      const key = `${body.intent}|${body.law}|${body.article}`
      const review = book()
        .reviews(cited(), dayOf(now))
        .find((each) => each.key === key)
      if (!review) throw new AppError('record.unknown')
      // The words that were read are no longer those in force.
      if (review.textHash !== body.textHash) throw new AppError('laws.changed')
      await audit.record({ staff, verb: 'laws.confirmed', subject: body.intent, at: now })
      await store.lawReviews.confirm({ ...body, by: staff.workName, at: now })
      await library.refresh()
      return { done: true }
    },
  }
}
