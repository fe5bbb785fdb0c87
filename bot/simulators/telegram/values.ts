import { z } from 'zod'

/** Values come as JSON, or as text from a form or the query. */
export const Int = z.coerce.number().int()
export const Bool = z.union([z.boolean(), z.stringbool()])
export const json = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => {
    if (typeof value !== 'string') return value
    try {
      return JSON.parse(value) as unknown
    } catch {
      return value // The schema refuses it.
    }
  }, schema)
