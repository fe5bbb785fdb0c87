import { Schema, type Connection } from 'mongoose'

/** A content document as stored: what it says now, and the hash of the file it last came from. */
export interface StoredContent {
  path: string
  text: string
  /** Hash of the file's text when it was last taken over; empty when somebody chose to keep what has no file. */
  fileHash: string
}

/** A change made in the console. */
export interface ContentEdit {
  at: Date
  /** Whose: a staff id. */
  by: string
  /** What was done, such as `edited` or `signed`, and to which fields. */
  verb: string
  fields: string[]
  /** The text before it. */
  was: string
}

type Doc = StoredContent & { _id: string; history?: ContentEdit[] }

const schema = new Schema<Doc>(
  {
    _id: { type: String, required: true },
    path: String,
    text: String,
    fileHash: String,
    history: { type: [{ at: Date, by: String, verb: String, fields: [String], was: String, _id: false }] },
  },
  { versionKey: false, strict: 'throw' },
)

/** Changes remembered with the text before them, per document. */
const HISTORY = 20

export type StoredContents = ReturnType<typeof contents>

/** Content documents, one per file of intents/: what is written now, released or not. */
export function contents(connection: Connection) {
  const model = connection.model('content', schema)
  const plain = ({ path, text, fileHash }: Doc): StoredContent => ({ path, text, fileHash })
  const bare = { history: 0 } as const
  return {
    model,

    async all(): Promise<StoredContent[]> {
      return (await model.find({}, bare).sort({ _id: 1 }).lean<Doc[]>()).map(plain)
    },

    async one(path: string): Promise<StoredContent | null> {
      const doc = await model.findById(path, bare).lean<Doc>()
      return doc ? plain(doc) : null
    },

    /** Takes a file over, unless somebody changed the document since it was read as `was`. */
    async put(content: StoredContent, was: StoredContent | null): Promise<void> {
      const { path, text, fileHash } = content
      if (was) await model.updateOne({ _id: path, text: was.text }, { $set: { text, fileHash } })
      else
        await model.updateOne({ _id: path }, { $setOnInsert: { ...content, history: [] } }, { upsert: true })
    },

    /** Writes a change and who made it, in one write; false when the text is no longer what it was. */
    async change(
      was: StoredContent,
      next: Pick<StoredContent, 'text' | 'fileHash'>,
      edit: Omit<ContentEdit, 'was'>,
    ): Promise<boolean> {
      const history = { $each: [{ ...edit, was: was.text }], $slice: -HISTORY }
      const { text, fileHash } = next
      const result = await model.updateOne(
        { _id: was.path, text: was.text, fileHash: was.fileHash },
        { $set: { text, fileHash }, $push: { history } },
      )
      return result.matchedCount === 1
    },

    /** The changes of a document, newest first. */
    async history(path: string): Promise<ContentEdit[]> {
      const doc = await model.findById(path, { history: 1 }).lean<Doc>()
      return (doc?.history ?? []).toReversed()
    },

    /** Removes a document whose file is gone, unless somebody changed it since it was read as `was`. */
    async remove(was: StoredContent): Promise<boolean> {
      return (await model.deleteOne({ _id: was.path, text: was.text })).deletedCount === 1
    },
  }
}
