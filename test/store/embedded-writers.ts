// A child process for embedded.test.ts: eight writers that print each acknowledged write until they are killed.
import { createConnection } from 'mongoose'
import { writeSync } from 'node:fs'
import { startEmbedded } from '../../bot/store/embedded/start.js'

const [dataDir, round] = process.argv.slice(2) as [string, string]
const { uri } = await startEmbedded({ dataDir })

async function write(writer: number): Promise<never> {
  const connection = await createConnection(uri).asPromise()
  for (let number = 1; ; number++) {
    await connection
      .collection<{ _id: number }>('counters')
      .updateOne({ _id: writer }, { $inc: { n: 1 } }, { upsert: true })
    await connection.collection('log').insertOne({ round: Number(round), writer, number })
    writeSync(1, `${writer} ${number}\n`)
  }
}

await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)))
