import type { Job } from './clock.js'

/** Warnings arrive within the minute they are set for. */
export const dueCampaigns = (runner: { tick(): Promise<unknown> }): Job => ({
  name: 'due-campaigns',
  everyMs: 15_000,
  run: () => runner.tick(),
})
