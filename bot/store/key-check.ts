import { Schema, type Connection } from 'mongoose'
import { bytes, type Vault } from './crypto.js'

const schema = new Schema<{ _id: string; sealed: Buffer }>(
  { _id: { type: String, required: true }, sealed: { type: Buffer, required: true } },
  { versionKey: false, strict: 'throw' },
)

/** Makes sure that this key is the one the stored texts were sealed by. Throws `store.key-wrong`. */
export async function checkKey(connection: Connection, vault: Vault): Promise<void> {
  const model = connection.model('keycheck', schema)
  const sealed = vault.seal('qingan', 'key-check')
  const kept = await model
    .findOneAndUpdate({ _id: 'key' }, { $setOnInsert: { sealed } }, { upsert: true, returnDocument: 'after' })
    .orFail()
    .lean<{ sealed: Buffer }>()
  vault.open(bytes(kept.sealed), 'key-check')
}
