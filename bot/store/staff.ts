import { Schema, Types, type Connection } from 'mongoose'
import { DESK_ROLES, type Role } from '../../shared/staff.js'

/** An account of a member of staff. It is never deleted: what was recorded keeps its name. */
export interface StoredStaff {
  id: string
  /** What one signs in with, lower case. */
  name: string
  workName: string
  roles: Role[]
  active: boolean
  /** PHC string of argon2id; null until the one-time link is used. */
  passwordHash: string | null
  /** A session made under an older number has ended. */
  epoch: number
  lastSeenAt: Date | null
  createdAt: Date
}

type Doc = Omit<StoredStaff, 'id'> & { _id: Types.ObjectId }

const schema = new Schema<Doc>(
  {
    name: { type: String, required: true },
    workName: { type: String, required: true },
    roles: { type: [String], required: true },
    active: { type: Boolean, required: true },
    passwordHash: { type: String, default: null },
    epoch: { type: Number, required: true },
    lastSeenAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ name: 1 }, { unique: true })
schema.index({ createdAt: 1 })

const read = ({ _id, ...rest }: Doc): StoredStaff => ({ id: String(_id), ...rest })

/** MongoDB's code for a broken unique index. */
const DUPLICATE = 11000

export type StaffStore = ReturnType<typeof staff>

/** Accounts of staff. */
export function staff(connection: Connection) {
  const model = connection.model('staff', schema, 'staff')

  const change = async (id: string, update: Record<string, unknown>): Promise<StoredStaff | null> => {
    const doc = await model
      .findOneAndUpdate({ _id: new Types.ObjectId(id) }, update, { returnDocument: 'after' })
      .lean<Doc>()
    return doc ? read(doc) : null
  }

  return {
    model,

    /** Makes an account; null when the name is taken. */
    async create(
      fresh: Pick<StoredStaff, 'name' | 'workName' | 'roles' | 'passwordHash' | 'createdAt'>,
    ): Promise<StoredStaff | null> {
      try {
        const doc = await model.create({ ...fresh, active: true, epoch: 0, lastSeenAt: null })
        return read(doc.toObject())
      } catch (error) {
        if ((error as { code?: unknown }).code === DUPLICATE) return null
        throw error
      }
    },

    async find(id: string): Promise<StoredStaff | null> {
      const doc = await model.findById(new Types.ObjectId(id)).lean<Doc>()
      return doc ? read(doc) : null
    },

    async byName(name: string): Promise<StoredStaff | null> {
      const doc = await model.findOne({ name }).lean<Doc>()
      return doc ? read(doc) : null
    },

    /** In the order they were made. */
    async list(
      filter: { active?: boolean },
      page: { page: number; perPage: number },
    ): Promise<{ items: StoredStaff[]; total: number }> {
      const where = filter.active === undefined ? {} : { active: filter.active }
      const [docs, total] = await Promise.all([
        model
          .find(where)
          .sort({ createdAt: 1, _id: 1 })
          .skip((page.page - 1) * page.perPage)
          .limit(page.perPage)
          .lean<Doc[]>(),
        model.countDocuments(where),
      ])
      return { items: docs.map(read), total }
    },

    /** Work names by id, for showing who did what. */
    async workNames(ids: string[]): Promise<Map<string, string>> {
      const docs = await model
        .find({ _id: { $in: ids.map((id) => new Types.ObjectId(id)) } }, { workName: 1 })
        .lean<Doc[]>()
      return new Map(docs.map((doc) => [String(doc._id), doc.workName]))
    },

    /** How many administrators can sign in. */
    async administrators(): Promise<number> {
      return model.countDocuments({ active: true, roles: 'administrator', passwordHash: { $ne: null } })
    },

    /** How many can sign in and sit at the desk. */
    async atDesk(): Promise<number> {
      return model.countDocuments({
        active: true,
        roles: { $in: [...DESK_ROLES] },
        passwordHash: { $ne: null },
      })
    },

    change: (id: string, set: Partial<Pick<StoredStaff, 'workName' | 'roles' | 'active'>>) =>
      change(id, { $set: set }),

    /** The same, and all sessions end in the same write. */
    changeAndEnd: (
      id: string,
      set: Partial<Pick<StoredStaff, 'workName' | 'roles' | 'active' | 'passwordHash'>>,
    ) => change(id, { $set: set, $inc: { epoch: 1 } }),

    async seen(id: string, at: Date): Promise<void> {
      await model.updateOne({ _id: new Types.ObjectId(id) }, { $max: { lastSeenAt: at } })
    },
  }
}
