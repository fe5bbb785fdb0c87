import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '../errors.js'
import { readConnection } from './embedded/connection-file.js'
import { DataFileError } from './embedded/data-file.js'
import type { Notice } from './embedded/notice.js'
import { startEmbedded } from './embedded/start.js'

/**
 * Where the data are: MongoDB, a data folder, or memory. `shared` is for a command beside a running server: it goes
 * through the process that has the folder open, and opens the folder itself where none has. `sweepMs`: how often what has expired is removed.
 */
export type Place =
  { uri: string } | { dataDir: string; shared?: boolean; sweepMs?: number } | { memory: true }

/** A database that can be connected to; `stop` ends it where this process started it. */
export interface Reached {
  uri: string
  /** True when the embedded database runs in this process, so that no other has these data open. */
  own: boolean
  stop(): Promise<void>
}

/** A server that has just taken the folder still reads it; how long a command waits for it, in milliseconds. */
const START_MS = 30_000
const LOOK_MS = 50

export type Hear = (notice: Notice) => void

/** Where nobody else listens, a notice is a warning of the process: a line on stderr. */
const warn: Hear = ({ event, text }) => process.emitWarning(text, { type: event })

/** Makes the database of a place reachable. Throws `store.unavailable` with a sentence for whoever started the program. */
export async function reach(place: Place, hear: Hear = warn): Promise<Reached> {
  if ('uri' in place) return { uri: place.uri, own: false, stop: () => Promise.resolve() }
  try {
    const { uri, stop } = await startEmbedded({ ...place, onNotice: hear })
    return { uri, own: true, stop }
  } catch (error) {
    if (!(error instanceof DataFileError)) throw error
    if (!error.busy || !('dataDir' in place)) throw unavailable(error.message, error)
    const connection = await connectionIn(place.dataDir, place.shared ? START_MS : LOOK_MS)
    if (connection && place.shared) return { uri: connection.uri, own: false, stop: () => Promise.resolve() }
    throw unavailable(
      connection?.standalone
        ? `The data folder ${place.dataDir} is served by \`qingan database serve\`. To work on it too, set MONGODB_URI='${connection.uri}' and start again.`
        : error.message,
      error,
    )
  }
}

const unavailable = (why: string, cause: Error): AppError =>
  new AppError('store.unavailable', { why }, { cause })

async function connectionIn(dataDir: string, patience: number) {
  const deadline = Date.now() + patience
  for (;;) {
    const connection = readConnection(dataDir)
    if (connection || Date.now() > deadline) return connection
    await pause(LOOK_MS)
  }
}

/** Serves a data folder from this thread, for several processes. Throws `store.unavailable` like `reach`. */
export async function serveDatabase(dataDir: string): Promise<Reached> {
  try {
    const { uri, stop } = await startEmbedded({ dataDir, inline: true, standalone: true, onNotice: warn })
    return { uri, own: true, stop }
  } catch (error) {
    if (error instanceof DataFileError) throw unavailable(error.message, error)
    throw error
  }
}
