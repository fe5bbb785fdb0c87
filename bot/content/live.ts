import type { Clock } from '../clock.js'
import type { Log } from '../log.js'
import type { Release } from '../store/releases.js'
import type { Store } from '../store/store.js'
import { lessonHash, talkLesson, TRAINER_VERSION, wakeGently, type Brain } from './brain.js'
import { LINES_PATH, parseFile, type Content, type ContentFiles } from './content.js'
import { contentOf } from './folder.js'
import { dayOf } from './lines.js'
import { compareFiles, type Comparison } from './load.js'
import type { ContentReader } from './reader.js'
import { cachedModel, releaseId, releaseOf, train } from './release.js'
import { createTalk } from './talk.js'
import { makeInWorker } from './workers.js'

/** How often a process looks by itself which release is live: hints of the feed may be missed. Milliseconds. */
const POLL_MS = 30_000

/** The live content and what was learnt from it. */
export interface Known {
  content: Content
  brain: Brain
}

export interface LiveParts {
  store: Pick<Store, 'contents' | 'releases' | 'feed'>
  clock: Clock
  log: Log
  reader: ContentReader
  /** The files this program came with. */
  shipped: ContentFiles
  /** Folder of models that the command line keeps too: what was learnt there need not be learnt again. */
  models?: string
  /** Learnt before, for tests and trials: nothing is trained then. */
  learnt?: Known
}

export type Live = Awaited<ReturnType<typeof startLive>>

/**
 * What every process of an installation says: the live release, with the lines as they are now. It is brought up at
 * the start and follows when another is published, here or elsewhere. `knowledge` never waits.
 */
export async function startLive(parts: LiveParts) {
  const { store, log, reader, shipped, learnt } = parts
  const talk = createTalk(log)
  const ours = contentOf(shipped)

  /** What is known of what is live: compared at each look. */
  const seen = { release: null as string | null, lines: '' }
  let now: Known & { files: ContentFiles }
  let lines: Content['hotlines'] = ours.hotlines

  const wakeUp = async (found: Release): Promise<typeof now & { learnt: Promise<void> }> => {
    const files = JSON.parse(found.content) as ContentFiles
    const { content, faults } = await reader.read(files)
    if (!content) throw new TypeError(`release ${found.id} does not parse: ${faults.length} faults`)
    const small = talk.of(talkLesson(content))
    // Words the program needs and the release, made before them, does not have.
    const system = new Map([...ours.system, ...content.system])
    const brain = await wakeGently(content, found.model, small)
    return { content: { ...content, system }, brain, files, learnt: small.learnt }
  }

  const readLines = async () => {
    const stored = await store.contents.one(LINES_PATH)
    if (!stored || stored.text === seen.lines) return
    const file = parseFile(LINES_PATH, stored.text)
    if (file.kind !== 'hotlines') throw new TypeError(`${LINES_PATH} does not parse`)
    lines = file.value.lines
    seen.lines = stored.text
  }

  // What the files brought is made live before it is taken over: a process that dies between finds it again.
  const comparison = compareFiles(shipped, await store.contents.all())
  if (comparison.report.conflicts.length)
    log.warn(
      { files: comparison.report.conflicts },
      'content.conflict: changed in the console and in its file; the console is kept',
    )
  let ready: Promise<void> = Promise.resolve()
  if (learnt) {
    now = { ...learnt, files: shipped }
    seen.release = (await store.releases.live())?.id ?? releaseId(learnt.content)
  } else {
    const first = await bringUp(parts, comparison)
    const awake = await wakeUp(first)
    now = awake
    ready = awake.learnt
    seen.release = first.id
  }
  await comparison.takeOver(store.contents)
  // Whoever runs already need not wait for its next look.
  await store.feed.publish('content')
  await readLines()

  /** Looks which release is live and which lines there are; follows. One look at a time, and the last word counts. */
  let looking: Promise<void> | null = null
  let again = false
  const look = async () => {
    await readLines()
    const live = await store.releases.live()
    if (!live || live.id === seen.release) return
    const found = await store.releases.find(live.id)
    if (!found) return
    // Another version of the program runs beside this one: its models mean something else.
    if (found.trainer !== TRAINER_VERSION) {
      seen.release = found.id
      return log.error({ release: found.id }, 'content.foreign: the live release is of another version')
    }
    const started = performance.now()
    const awake = await wakeUp(found)
    // Nobody waits for its small talk: until then the release before answers.
    await awake.learnt
    now = awake
    seen.release = found.id
    log.info({ release: found.id, ms: Math.round(performance.now() - started) }, 'content.live')
  }
  const refresh = (): Promise<void> => {
    again = true
    looking ??= (async () => {
      try {
        while (again) {
          again = false
          await look()
        }
      } finally {
        looking = null
      }
    })()
    return looking
  }
  const follow = () => void refresh().catch((error: unknown) => log.error({ err: error }, 'content.follow'))
  const unfollow = store.feed.follow('content', follow)
  const timer = setInterval(follow, POLL_MS)
  timer.unref()

  return {
    /** What is live now. A turn takes it once, at its beginning. */
    knowledge: (): Known => ({ brain: now.brain, content: { ...now.content, hotlines: lines } }),
    /** The id of the live release, or of what was brought along. */
    id: (): string | null => seen.release,
    /** The live release's files. */
    files: (): ContentFiles => now.files,
    /** Resolves when the first message will not have to wait for small talk to be learnt. */
    ready,
    /** Looks now; resolves when this process says what is live. */
    refresh,
    async stop(): Promise<void> {
      unfollow()
      clearInterval(timer)
      // Who asked for the look hears of its failure; stopping only waits for its end.
      await Promise.allSettled([looking])
      await talk.stop()
    },
  }
}

/** The release a start makes live: the one that is, with what the files brought since. */
async function bringUp(parts: LiveParts, { draft, news }: Comparison): Promise<Release> {
  const { store, clock, log, reader } = parts
  const head = await store.releases.live()
  const old = head && (await store.releases.find(head.id))
  const files = old ? { ...(JSON.parse(old.content) as ContentFiles), ...news.changed } : draft
  for (const path of news.removed) delete files[path]
  const { content, faults } = await reader.read(files)
  if (!content) {
    // An older release under a newer schema: what the program came with is whole.
    if (!old) contentOf(files)
    log.error(
      { faults: faults.length },
      'content.invalid: the live release does not parse; the files are taken',
    )
    return publish(parts, parts.shipped)
  }
  const id = releaseId(content)
  if (old && old.id === id) return old
  const kept = await store.releases.find(id)
  if (kept) {
    await store.releases.makeLive(id, clock.now(), null)
    return kept
  }
  if (old && old.trainer === TRAINER_VERSION && old.lesson !== lessonHash(content)) {
    const day = dayOf(clock.now())
    const before = { files: JSON.parse(old.content) as ContentFiles, model: old.model }
    const { made } = makeInWorker({ files, day, model: null, before, check: false }, () => undefined)
    const result = await made
    if ('model' in result && result.refusal === 'danger-fell') {
      log.error(
        { release: id },
        'content.refused: with the changed files less danger would be noticed; the release before stays live',
      )
      return old
    }
    if ('model' in result) {
      const release = releaseOf(content, files, result.model, clock.now())
      await store.releases.publish({ ...release, figures: JSON.stringify(result.figures) })
      return release
    }
  }
  return publish(parts, files)
}

async function publish({ store, clock, log, models }: LiveParts, files: ContentFiles): Promise<Release> {
  const content = contentOf(files)
  const known = await store.releases.modelOf(lessonHash(content))
  const started = performance.now()
  const model = known ?? (await (models ? cachedModel(content, models) : train(content)))
  const release = releaseOf(content, files, model, clock.now())
  await store.releases.publish(release)
  const trainedMs = known ? 0 : Math.round(performance.now() - started)
  log.info({ release: release.id, trainedMs, intents: content.intents.size }, 'content.live')
  return release
}
