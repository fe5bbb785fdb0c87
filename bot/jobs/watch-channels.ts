import type { Job } from './clock.js'

/** A dead token or session is seen within minutes, not when somebody waits for an answer. */
export const watchChannels = (channels: { watch(): Promise<unknown> }): Job => ({
  name: 'watch-channels',
  everyMs: 120_000,
  run: () => channels.watch(),
})
