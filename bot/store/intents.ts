import { Schema, type Connection } from 'mongoose'

/** A content document as stored: what it says now, and the hash of the file it last came from. */
export interface StoredContent {
  path: string
  text: string
  /** Hash of the file's text when it was last taken over. */
  fileHash: string
}

const schema = new Schema<StoredContent & { _id: string }>(
  { _id: { type: String, required: true }, path: String, text: String, fileHash: String },
  { versionKey: false, strict: 'throw' },
)

export type StoredContents = ReturnType<typeof contents>

/** Content documents, one per file of intents/. */
export function contents(connection: Connection) {
  const model = connection.model('content', schema)
  return {
    model,
    async all(): Promise<StoredContent[]> {
      const docs = await model.find().sort({ _id: 1 }).lean<(StoredContent & { _id: string })[]>()
      return docs.map(({ path, text, fileHash }) => ({ path, text, fileHash }))
    },
    async put(content: StoredContent): Promise<void> {
      await model.updateOne({ _id: content.path }, { $set: content }, { upsert: true })
    },
    async remove(path: string): Promise<void> {
      await model.deleteOne({ _id: path })
    },
  }
}
