import type { contentRoutes } from '../../shared/api/content.js'
import type { ContentChange, Told } from '../../shared/content.js'
import type { ReleaseView } from '../../shared/release.js'
import type { Content } from '../content/content.js'
import type { ContentDesk } from '../content/desk.js'
import type { Drafts } from '../content/drafts.js'
import { statutesOn } from '../content/edit-intents.js'
import { dayOf } from '../content/lines.js'
import type { Known } from '../content/live.js'
import { answerStranger } from '../conversation/stranger.js'
import { kindsWithReport } from '../safety/assess.js'
import type { Audit } from '../staff/audit.js'
import type { HandlersOf } from './handlers.js'
import { namesOf, type WorkNames } from './names.js'

export interface ContentParts {
  desk: ContentDesk
  knowledge(): Known
  region: string
  audit: Audit
  workNames: WorkNames
}

export function contentHandlers(parts: ContentParts): HandlersOf<typeof contentRoutes> {
  const { desk, audit, workNames } = parts
  const { drafts, intents, wording, releasing, draftBrain } = desk

  const changes = async (
    history: Awaited<ReturnType<Drafts['history']>>,
  ): Promise<{ items: ContentChange[] }> => {
    const named = await namesOf(
      workNames,
      history.map(({ by }) => by),
    )
    return { items: history.map((edit) => ({ ...edit, at: edit.at.toISOString(), by: named(edit.by) })) }
  }

  const releaseView = async (): Promise<ReleaseView> => {
    const { candidate, releases, ...rest } = await releasing.view()
    const named = await namesOf(workNames, [candidate?.by ?? null, ...releases.map(({ by }) => by)])
    return {
      ...rest,
      candidate: candidate && { ...candidate, by: named(candidate.by ?? '') },
      releases: releases.map((release) => ({ ...release, by: release.by ? named(release.by) : null })),
    }
  }

  const tell = async (known: Known, text: string, now: Date): Promise<Told> => {
    const moment = { now, region: parts.region, counselorPresent: false }
    const { heard, bubbles, escalate } = await answerStranger(known, text, moment)
    const { risk, understood } = heard
    return {
      intent: understood.intent ? named(known.content, understood.intent) : null,
      confidence: understood.confidence,
      alternatives: understood.alternatives.map(({ intent, confidence }) => ({
        ...named(known.content, intent),
        confidence,
      })),
      risk: { level: risk.level, kinds: kindsWithReport(risk), score: risk.score },
      escalate,
      bubbles,
    }
  }

  return {
    'intents.list': ({ query: { page, perPage, ...filter }, now }) =>
      intents.list(filter, { page, perPage }, now),

    'intents.one': ({ params, now }) => intents.one(params.id, now),

    'intents.check': async ({ params, body, now }) => ({
      faults: await intents.check(params.id, body.intent, now),
    }),

    'intents.save': async ({ params, body, staff, now }) => {
      const kept = await intents.save(params.id, body.hash, body.intent, { by: staff, at: now })
      await audit.record({ staff, verb: 'content.changed', subject: params.id, at: now })
      return kept
    },

    'intents.sign': async ({ params, body: { answersHash, ...signature }, staff, now }) => {
      const signed = await intents.sign(params.id, answersHash, signature, { by: staff, at: now })
      await audit.record({ staff, verb: 'content.changed', subject: params.id, at: now })
      return signed
    },

    'intents.history': async ({ params }) => changes(await intents.history(params.id)),

    'wording.list': async ({ query, now }) => {
      const items = await wording.list(now, query.file)
      return { items, total: items.length }
    },

    'wording.save': async ({ params, body, staff, now }) => {
      await wording.save(params.id, body.hash, body.text, { by: staff, at: now })
      await audit.record({ staff, verb: 'content.changed', subject: params.id, at: now })
      return { done: true }
    },

    'wording.sign': async ({ params, body: { hash, ...signature }, staff, now }) => {
      await wording.sign(params.file, hash, signature, { by: staff, at: now })
      await audit.record({ staff, verb: 'content.changed', subject: params.file, at: now })
      return { done: true }
    },

    'wording.history': async ({ params }) => changes(await wording.history(params.file)),

    'statutes.list': async ({ now }) => {
      const items = statutesOn(await drafts.content(), dayOf(now))
      return {
        items: items.map(({ until: _, ...statute }) => statute),
        total: items.length,
      }
    },

    'content.try': async ({ body, now }) => {
      const { learnt, ...draft } = await draftBrain.now()
      const [live, written] = [
        await tell(parts.knowledge(), body.text, now),
        await tell(draft, body.text, now),
      ]
      return { live, draft: written, learnt }
    },

    'conflicts.list': async () => {
      const items = await drafts.conflicts()
      return { items, total: items.length }
    },

    'conflicts.resolve': async ({ body: { path, hash, take }, staff, now }) => {
      await drafts.resolve(path, hash, take, staff, now)
      await audit.record({ staff, verb: 'content.changed', subject: path.replaceAll('/', '.'), at: now })
      return { done: true }
    },

    'release.view': releaseView,

    'release.begin': async ({ staff }) => {
      await releasing.begin(staff)
      return { done: true }
    },

    'release.publish': async ({ params, staff, now }) => {
      await releasing.publish(params.id, staff)
      await audit.record({ staff, verb: 'content.released', subject: params.id, at: now })
      return releaseView()
    },

    'release.back': async ({ params, staff, now }) => {
      await releasing.back(params.id, staff)
      await audit.record({ staff, verb: 'content.released', subject: params.id, at: now })
      return releaseView()
    },
  }
}

const named = (content: Content, id: string) => ({ id, title: content.intents.get(id)?.title ?? id })
