import type { Job } from './clock.js'

/** Who waits for a human and nobody came: told the truth within seconds of the five minutes. */
export const overdueEscalations = (look: () => Promise<unknown>): Job => ({
  name: 'overdue-escalations',
  everyMs: 5_000,
  run: look,
})
