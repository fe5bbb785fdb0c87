import { Schema } from 'mongoose'
import { connect } from './connection.js'

const schema = new Schema(
  {
    conversation: { type: String, required: true },
    number: { type: Number, required: true },
    key: { type: String, required: true },
    from: { type: String, required: true },
    body: { type: Buffer, required: true },
    at: { type: Date, required: true },
    waiting: { type: Boolean, required: true },
    attempts: { type: Number, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ key: 1 }, { unique: true })
schema.index({ conversation: 1, number: 1 })
schema.index({ from: 1, at: -1 })

/** A model shaped and indexed like the messages, for `qingan bench store`. */
export async function benchConnection(uri: string) {
  const connection = await connect(uri)
  const model = connection.model('benchmark', schema)
  await model.createIndexes()
  return {
    model,
    ping: () => connection.db?.command({ ping: 1 }) as Promise<unknown>,
    close: () => connection.close(),
  }
}

export type BenchModel = Awaited<ReturnType<typeof benchConnection>>['model']
