// A child of the trial `database`: fourteen writers that print each acknowledged write until they are killed.
import { writeSync } from 'node:fs'
import { createConnection } from 'mongoose'
import { startEmbedded } from '../../bot/store/embedded/start.js'

const [dataDir, round] = process.argv.slice(2) as [string, string]
const { uri } = await startEmbedded({ dataDir })
const connection = await createConnection(uri, { maxPoolSize: 20 }).asPromise()
const log = connection.collection<{ _id: string; kind: string }>('log')
await log.createIndex({ kind: 1, _id: 1 })
await connection.collection('keys').createIndex({ key: 1 }, { unique: true })

const id = (writer: number, n: number) => `${round}.${writer}.${n}`

/** One write of each kind; resolves when the database has acknowledged it. */
const KINDS: Record<string, (writer: number, n: number) => Promise<unknown>> = {
  insert: (writer, n) => log.insertOne({ _id: id(writer, n), kind: 'insert' }),
  increment: (writer) =>
    connection.collection<{ _id: number }>('counters').updateOne({ _id: writer }, { $inc: { n: 1 } }, { upsert: true }), // prettier-ignore
  upsert: (writer, n) =>
    connection
      .collection('keys')
      .updateOne({ key: `${writer}.${n % 40}` }, { $set: { by: id(writer, n) }, $inc: { n: 1 } }, { upsert: true }), // prettier-ignore
  bulk: (writer, n) =>
    log.bulkWrite([
      ...[0, 1, 2, 3, 4].map((i) => ({ insertOne: { document: { _id: `${id(writer, n)}.${i}`, kind: 'bulk' } } })), // prettier-ignore
      { updateOne: { filter: { _id: `${id(writer, n)}.0` }, update: { $set: { kind: 'bulk' } } } },
    ]),
}

async function write(writer: number): Promise<never> {
  const kind = Object.keys(KINDS)[writer % 4] as string
  for (let n = 1; ; n++) {
    await KINDS[kind]?.(writer, n)
    writeSync(1, `${kind} ${writer} ${n}\n`)
  }
}

await Promise.all(Array.from({ length: 14 }, (_, writer) => write(writer)))
