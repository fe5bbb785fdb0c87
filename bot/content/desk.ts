import type { Clock } from '../clock.js'
import type { Log } from '../log.js'
import type { Store } from '../store/store.js'
import type { ContentFiles } from './content.js'
import { draftBrain } from './draft-brain.js'
import { createDrafts } from './drafts.js'
import { intentEditor } from './edit-intents.js'
import { lineEditor } from './edit-lines.js'
import { wordingEditor } from './edit-wording.js'
import { startGoLive } from './go-live.js'
import type { Live } from './live.js'
import type { ContentReader } from './reader.js'
import { createReleasing } from './releasing.js'

export type ContentDesk = Awaited<ReturnType<typeof startContentDesk>>

/** Everything staff do with content, from the draft to the release, the lines, and the go-live list. */
export async function startContentDesk(parts: {
  store: Store
  clock: Clock
  log: Log
  live: Live
  reader: ContentReader
  shipped: ContentFiles
  abroad(): Promise<{ name: string; ruled: boolean }[]>
}) {
  const { store, live } = parts
  const drafts = createDrafts({ ...parts, texts: () => live.knowledge().content.texts })
  const lines = lineEditor(drafts, live)
  const releasing = createReleasing({ ...parts, drafts })
  const goLive = await startGoLive({
    ...parts,
    lines: (at) => lines.checks(at),
    staff: async () => {
      const [desk, administrators] = await Promise.all([store.staff.atDesk(), store.staff.administrators()])
      return { desk, administrators }
    },
  })
  return {
    drafts,
    intents: intentEditor(drafts),
    wording: wordingEditor(drafts),
    lines,
    releasing,
    draftBrain: draftBrain({ store, drafts, live }),
    goLive,
    async stop(): Promise<void> {
      goLive.stop()
      await releasing.stop()
    },
  }
}
