import type { Log } from '../log.js'
import type { SmallTalk } from '../nlu/small-talk.js'
import type { TalkLesson } from './brain.js'
import { talkInWorker, type TalkThread } from './workers.js'

/** A turn that began with the talk before may still ask it for this long. Milliseconds. */
const LINGER_MS = 60_000
/** Between the death of a thread and the next try. Milliseconds. */
const AGAIN_MS = 10_000

export interface Talk extends SmallTalk {
  /** Resolves when it has been learnt, or has failed to be: then it is learnt again later, and nobody waits. */
  learnt: Promise<void>
}

/** Small talk for the live content, in threads: one at a time, the one before until its last turn is over. */
export function createTalk(log: Log) {
  const threads = new Set<TalkThread>()
  const timers = new Set<NodeJS.Timeout>()
  let current: { key: string; talk: Talk } | null = null

  const later = (work: () => void, milliseconds: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, milliseconds)
    timer.unref()
    timers.add(timer)
  }

  const make = (lesson: TalkLesson): { talk: Talk; end(): void } => {
    let wanted = true
    const begin = (): TalkThread => {
      const begun = talkInWorker(lesson, (error) => {
        threads.delete(begun)
        log.error({ err: error }, 'talk.ended: small talk goes without its vote for a while')
        later(() => {
          if (wanted) thread = begin()
        }, AGAIN_MS)
      })
      threads.add(begun)
      return begun
    }
    let thread = begin()
    return {
      talk: {
        learnt: thread.learnt,
        vote: (text) => thread.vote(text),
        entities: (text) => thread.entities(text),
      },
      end() {
        wanted = false
        later(() => {
          threads.delete(thread)
          void thread.stop()
        }, LINGER_MS)
      },
    }
  }

  let end = () => undefined as void
  return {
    /** Small talk learnt from this lesson; the same as before when the lesson is. */
    of(lesson: TalkLesson): Talk {
      const key = JSON.stringify(lesson)
      if (current?.key === key) return current.talk
      end()
      const made = make(lesson)
      current = { key, talk: made.talk }
      end = made.end
      return made.talk
    },
    async stop(): Promise<void> {
      end()
      for (const timer of timers) clearTimeout(timer)
      await Promise.all([...threads].map((thread) => thread.stop()))
    },
  }
}
