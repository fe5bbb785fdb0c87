import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const ConnectionSchema = z.object({
  uri: z.string().startsWith('mongodb://'),
  /** True for `qingan database serve`, which several processes may share; false inside another program. */
  standalone: z.boolean(),
})

/** How the process that has a data folder open can be reached. */
export type Connection = z.infer<typeof ConnectionSchema>

const fileIn = (dataDir: string): string => join(dataDir, 'database.json')

/** Says in the folder how to reach this process; only for the eyes of its owner: the URI may hold a password. */
export function writeConnection(dataDir: string, connection: Connection): void {
  writeFileSync(fileIn(dataDir), `${JSON.stringify(connection)}\n`, { mode: 0o600 })
}

/** What the folder says, or undefined while nothing (or half a line) stands there. Only the lock says whether it is still true. */
export function readConnection(dataDir: string): Connection | undefined {
  try {
    return ConnectionSchema.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}

export function removeConnection(dataDir: string): void {
  rmSync(fileIn(dataDir), { force: true })
}
