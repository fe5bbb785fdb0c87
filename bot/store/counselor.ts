import { Schema } from 'mongoose'

/** A member of the desk as a record names one: the work name as it was then. */
export interface Counselor {
  id: string
  workName: string
}

/** A counselor inside another document. */
export const counselorSchema = new Schema<Counselor>(
  { id: { type: String, required: true }, workName: { type: String, required: true } },
  { _id: false, id: false },
)
