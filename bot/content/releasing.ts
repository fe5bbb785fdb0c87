import { randomUUID } from 'node:crypto'
import type { Candidate, Figures, ReleaseRow, ReleaseView } from '../../shared/release.js'
import type { Clock } from '../clock.js'
import { AppError } from '../errors.js'
import type { Log } from '../log.js'
import type { StoredCandidate } from '../store/candidates.js'
import type { Store } from '../store/store.js'
import { lessonHash, TRAINER_VERSION } from './brain.js'
import type { CandidateOrder } from './candidate.js'
import { LINES_PATH, type Content, type ContentFiles } from './content.js'
import type { Drafts } from './drafts.js'
import { dayOf } from './lines.js'
import type { Live } from './live.js'
import { releaseId, releaseOf } from './release.js'
import { makeInWorker } from './workers.js'

/** A maker says that it is alive this often; silent for four times as long it is dead. Milliseconds. */
const BEAT_MS = 5_000
const LEASE_MS = 20_000
/** Mistakes shown of a refused candidate. */
const FAULTS_SHOWN = 50

export interface ReleasingParts {
  store: Pick<Store, 'candidates' | 'releases' | 'feed'>
  clock: Clock
  log: Log
  drafts: Drafts
  live: Pick<Live, 'id' | 'files' | 'refresh'>
}

type Unnamed<T> = Omit<T, 'by'> & { by: string | null }
/** As shown, but members by id: the desk's interface puts the names in. */
export type ReleaseState = Omit<ReleaseView, 'candidate' | 'releases'> & {
  candidate: Unnamed<Candidate> | null
  releases: Unnamed<ReleaseRow>[]
}

export type Releasing = ReturnType<typeof createReleasing>

/**
 * From the draft to what every process says: a candidate is checked, trained and measured in a thread, one at a time
 * in an installation; a person looks at the figures and publishes. Nothing is live before that click, which is one
 * write; a process that dies on the way leaves a candidate that anyone may begin again.
 */
export function createReleasing({ store, clock, log, drafts, live }: ReleasingParts) {
  const running = new Set<{ work: Promise<void>; stop(): Promise<void> }>()

  const advance = async (
    run: string,
    step: Parameters<typeof store.candidates.advance>[1],
  ): Promise<boolean> => {
    const mine = await store.candidates.advance(run, step)
    if (mine) await store.feed.publish('content')
    return mine
  }

  const order = async (files: ContentFiles, content: Content): Promise<CandidateOrder> => {
    const head = await store.releases.live()
    const before = head && (await store.releases.find(head.id))
    return {
      files,
      day: dayOf(clock.now()),
      model: await store.releases.modelOf(lessonHash(content)),
      // Another trainer's model cannot be asked; then there is nothing to compare with.
      before:
        before && before.trainer === TRAINER_VERSION
          ? { files: JSON.parse(before.content) as ContentFiles, model: before.model }
          : null,
      check: true,
    }
  }

  const make = async (
    run: string,
    files: ContentFiles,
    content: Content,
    ends: { stop(): Promise<void> },
  ) => {
    const before = (await store.releases.live())?.id ?? null
    const making = makeInWorker(await order(files, content), (state) => {
      void advance(run, { state }).catch((error: unknown) => log.error({ err: error }, 'candidate.state'))
    })
    ends.stop = making.stop
    const result = await making.made
    if ('faults' in result) {
      const faults = JSON.stringify(result.faults.slice(0, FAULTS_SHOWN))
      return advance(run, { state: 'failed', reason: 'faults', faults, before })
    }
    const figures = JSON.stringify(result.figures)
    if (result.refusal) return advance(run, { state: 'failed', reason: result.refusal, figures, before })
    const release = { ...releaseOf(content, files, result.model, clock.now()), figures }
    await store.releases.keep(release)
    return advance(run, { state: 'ready', release: release.id, figures, before })
  }

  const work = async (
    run: string,
    files: ContentFiles,
    content: Content,
    ends: { stop(): Promise<void> },
  ) => {
    const beat = setInterval(() => {
      const leaseUntil = new Date(clock.now().getTime() + LEASE_MS)
      // A beat that fails is made good by the next; without any the lease runs out, and that is seen.
      store.candidates
        .advance(run, { leaseUntil })
        .catch((error: unknown) => log.warn({ err: error }, 'candidate.beat'))
    }, BEAT_MS)
    const started = performance.now()
    try {
      const kept = await make(run, files, content, ends)
      log.info({ run, kept, ms: Math.round(performance.now() - started) }, 'candidate.made')
    } catch (error) {
      log.error({ err: error, run }, 'candidate.failed')
      await advance(run, { state: 'failed', reason: 'error' })
    } finally {
      clearInterval(beat)
    }
  }

  const current = async (): Promise<StoredCandidate | null> => {
    const found = await store.candidates.read(clock.now())
    // Published, and the process died before it could say so.
    return found?.state === 'ready' && found.release === live.id() ? { ...found, state: 'published' } : found
  }

  return {
    /** What there is to release, the candidate, and what was live before. */
    async view(): Promise<ReleaseState> {
      const files = await drafts.files()
      const [content, found, heads] = await Promise.all([
        drafts.content(files),
        current(),
        store.releases.list(),
      ])
      const liveHead = heads.find((head) => head.live)
      const lesson = liveHead && (await store.releases.lessonOf(liveHead.id))
      return {
        changes: changesOf(live.files(), files, content),
        learning: lesson !== lessonHash(content),
        candidate: found && candidateOf(found, releaseId(content)),
        releases: heads.map(({ id, at, by, live: isLive, trainer, figures }) => ({
          id,
          at: at.toISOString(),
          by,
          live: isLive,
          usable: trainer === TRAINER_VERSION,
          figures: figuresOf(figures),
        })),
      }
    },

    /**
     * Begins to make a candidate of what is written now; returns at once. Throws `release.nothing` when that is live
     * already, `release.busy` while one is being made.
     */
    async begin(by: { id: string }): Promise<void> {
      const files = await drafts.files()
      const content = await drafts.content(files)
      if (releaseId(content) === live.id()) throw new AppError('release.nothing')
      const run = randomUUID()
      const now = clock.now()
      if (!(await store.candidates.begin(run, by.id, now, new Date(now.getTime() + LEASE_MS))))
        throw new AppError('release.busy')
      await store.feed.publish('content')
      const ends = { stop: () => Promise.resolve() }
      const working = work(run, files, content, ends).catch((error: unknown) =>
        // The store is away: the lease runs out, and it can be begun again.
        log.error({ err: error, run }, 'candidate.lost'),
      )
      const entry = { work: working, stop: () => ends.stop() }
      running.add(entry)
      void working.then(() => running.delete(entry))
    },

    /**
     * Makes the candidate `id` live, here at once and elsewhere within seconds. Throws `release.not-ready`, and
     * `release.stale` when another release went live since it was compared.
     */
    async publish(id: string, by: { id: string }): Promise<void> {
      const found = await current()
      if (found?.state !== 'ready' || found.release !== id) throw new AppError('release.not-ready')
      const head = await store.releases.live()
      if ((head?.id ?? null) !== found.before) throw new AppError('release.stale')
      if (!(await store.releases.makeLive(id, clock.now(), by.id))) throw new AppError('release.not-ready')
      await advance(found.run, { state: 'published' })
      await live.refresh()
    },

    /** Goes back to a release that was live before. What is written stays as it is. Throws `record.unknown`, `release.old`. */
    async back(id: string, by: { id: string }): Promise<void> {
      const head = (await store.releases.list()).find((each) => each.id === id)
      if (!head) throw new AppError('record.unknown')
      if (head.trainer !== TRAINER_VERSION) throw new AppError('release.old')
      await store.releases.makeLive(id, clock.now(), by.id)
      await store.feed.publish('content')
      await live.refresh()
    },

    /** Ends what is being made here; it can be begun again at once. */
    async stop(): Promise<void> {
      await Promise.all([...running].map((entry) => entry.stop()))
      await Promise.allSettled([...running].map((entry) => entry.work))
    },
  }
}

const figuresOf = (json: string | null): Figures | null => (json ? (JSON.parse(json) as Figures) : null)

function candidateOf(found: StoredCandidate, written: string): Unnamed<Candidate> {
  const { state, by, startedAt, release, figures, reason, faults } = found
  return {
    state: state === 'none' ? 'failed' : state,
    by,
    startedAt: startedAt.toISOString(),
    release,
    figures: figuresOf(figures),
    reason: reason as Candidate['reason'],
    faults: faults ? (JSON.parse(faults) as Candidate['faults']) : [],
    outdated: state === 'ready' && release !== written,
  }
}

function changesOf(live: ContentFiles, files: ContentFiles, content: Content): ReleaseView['changes'] {
  const titles = new Map(
    [...content.intents.values()].map(({ id, title }) => [`${id.replace('.', '/')}.yml`, title]),
  )
  return [...new Set([...Object.keys(live), ...Object.keys(files)])]
    .filter((path) => path !== LINES_PATH && live[path] !== files[path])
    .sort()
    .map((path) => ({
      path,
      title: titles.get(path) ?? path,
      what: !(path in live) ? 'added' : path in files ? 'changed' : 'removed',
    }))
}
