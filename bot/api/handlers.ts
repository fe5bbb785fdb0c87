import type { z } from 'zod'
import type { Route } from '../../shared/api/route.js'
import type { Staff } from '../../shared/staff.js'

/** Who asks, and what was asked; every part has passed its schema. */
export interface Asking<R extends Route> {
  /** The signed-in member of staff; on routes for everyone there may be none. */
  staff: R['roles'] extends 'everyone' ? Staff | null : Staff
  params: Record<string, string>
  query: R extends { query: infer Q extends z.ZodType } ? z.output<Q> : undefined
  body: R extends { body: infer B extends z.ZodType } ? z.output<B> : undefined
  now: Date
}

/** One handler for each route of a table, typed by it. A refusal is thrown as an AppError. */
export type HandlersOf<T extends Record<string, Route>> = {
  [K in keyof T]: (asking: Asking<T[K]>) => Promise<z.input<T[K]['reply']>>
}
