import { MongoBackend } from '@agendajs/mongo-backend'
import { Agenda } from 'agenda'
import type { Log } from '../log.js'

/** Something that looks, every so often, whether there is work. Safe to run twice at once: agenda is at-least-once. */
export interface Job {
  name: string
  everyMs: number
  /** How long after its start a run counts as dead, and another process may run it. */
  lockMs: number
  run(): Promise<unknown>
}

/** agenda's connection to the database this process has open. */
export type JobDatabase = Extract<ConstructorParameters<typeof MongoBackend>[0], { mongo: unknown }>['mongo']

/** How often agenda looks for jobs whose time has come, in milliseconds. Numbers only: its strings are traps. */
const LOOK_MS = 1_000
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
  for (const { name, lockMs, run } of jobs) {
    const guarded = async () => {
      try {
        await run()
      } catch (error) {
        // The next run tries again; nothing here may end the process.
        log.error({ err: error, job: name }, 'job.failed')
      }
    }
    agenda.define(name, guarded, { concurrency: 1, lockLifetime: lockMs })
  }
  await agenda.start()
  for (const { name, everyMs } of jobs) await agenda.every(everyMs, name)
  return {
    async stop() {
      const processor: unknown = Reflect.get(agenda, 'jobProcessor')
      await agenda.drain({ timeout: PATIENCE_MS, closeConnection: false })
      // agenda 6.2.6 leaves a timer for each job it took ahead of time, which would ask a closed database.
      if (processor) Object.assign(processor, { jobProcessing: () => Promise.resolve() })
    },
  }
}
