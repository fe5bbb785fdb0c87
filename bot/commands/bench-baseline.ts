import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import express, { type RequestHandler } from 'express'
import Database from 'libsql'

export type BaselineKind = 'echo' | 'insert'

/**
 * What `bench turn` is compared with, run as a child: express that echoes JSON, or that makes each request durable
 * in SQLite (WAL, synchronous FULL, a commit each) in `folder`. Prints `ready URL`; ends when stdin does.
 */
export async function baseline(kind: BaselineKind, folder: string): Promise<number> {
  const app = express()
  const answer = kind === 'echo' ? echo : insertInto(join(folder, 'baseline.sqlite'))
  app.post('/messages', express.json(), answer)
  const server = createServer(app)
  await new Promise<void>((fulfil) => server.listen(0, '127.0.0.1', fulfil))
  process.stdout.write(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
  // A parent that was killed closes the pipe: no child is left behind.
  await new Promise<void>((fulfil) => process.stdin.resume().once('end', fulfil))
  return 0
}

const echo: RequestHandler = (req, res) => void res.json(req.body)

function insertInto(file: string): RequestHandler {
  const database = new Database(file)
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL']) database.pragma(pragma)
  database.exec('CREATE TABLE message (id TEXT PRIMARY KEY, text TEXT NOT NULL)')
  const insert = database.prepare('INSERT INTO message (id, text) VALUES (?, ?)')
  return (req, res) => {
    const { id, text } = req.body as { id: string; text: string }
    insert.run([id, text])
    res.status(202).json({ id })
  }
}
