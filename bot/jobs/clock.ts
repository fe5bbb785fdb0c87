import { MongoBackend } from '@agendajs/mongo-backend'
import { Agenda, type Job as AgendaJob } from 'agenda'
import type { Log } from '../log.js'

/** Something that looks, every so often, whether there is work. Safe to run twice at once: agenda is at-least-once. */
export interface Job {
  name: string
  everyMs: number
  run(): Promise<unknown>
}

/** agenda's connection to the database this process has open. */
export type JobDatabase = Extract<ConstructorParameters<typeof MongoBackend>[0], { mongo: unknown }>['mongo']

/** How often agenda looks for jobs whose time has come, in milliseconds. Numbers only: its strings are traps. */
const LOOK_MS = 1_000
/**
 * A run that gave no sign of life for so long is dead, and another process takes the job. Short, because agenda keeps
 * a timer of half of it after each run, and because nobody should wait for a dead process.
 */
const LOCK_MS = 2_000
const BEAT_MS = 500
/** How long a stop waits for a run to end; what it leaves behind the next process takes up. */
const PATIENCE_MS = 20_000

/**
 * Starts the clock: of all processes on a database about one runs each job at its time. What is due is decided by the
 * job, from the injected clock; agenda only wakes it.
 */
export async function startJobs(
  database: JobDatabase,
  jobs: readonly Job[],
  log: Log,
): Promise<{ stop(): Promise<void> }> {
  const backend = new MongoBackend({ mongo: database, collection: 'jobs' })
  const agenda = new Agenda({ backend, processEvery: LOOK_MS, defaultConcurrency: 1 })
  agenda.on('error', (error: Error) => log.error({ err: error }, 'jobs.failed'))
  const running = new Set<Promise<void>>()
  for (const { name, run } of jobs) {
    const once = (job: AgendaJob): Promise<void> => {
      const work = guarded(name, run, job, log).finally(() => running.delete(work))
      running.add(work)
      return work
    }
    agenda.define(name, once, { concurrency: 1, lockLifetime: LOCK_MS })
  }
  await agenda.start()
  for (const { name, everyMs } of jobs) await agenda.every(everyMs, name)
  return {
    async stop() {
      const processor: unknown = Reflect.get(agenda, 'jobProcessor')
      await agenda.drain({ timeout: PATIENCE_MS, closeConnection: false })
      // agenda 6.2.6 leaves a timer for each job it took ahead of time, which would ask a closed database.
      if (processor) Object.assign(processor, { jobProcessing: () => Promise.resolve() })
      await Promise.all(running)
    },
  }
}

/** One run, with signs of life. Its failure is logged, and the next run tries again. */
async function guarded(name: string, run: Job['run'], job: AgendaJob, log: Log): Promise<void> {
  let beating = Promise.resolve()
  const beat = () => {
    beating = job
      .touch()
      .catch((error: unknown) =>
        log.warn({ err: error, job: name }, 'job.taken: another process may run it too'),
      )
  }
  const timer = setInterval(beat, BEAT_MS)
  try {
    await run()
  } catch (error) {
    log.error({ err: error, job: name }, 'job.failed')
  } finally {
    clearInterval(timer)
    await beating
  }
}
