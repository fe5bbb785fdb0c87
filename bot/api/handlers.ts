import type { z } from 'zod'
import type { Route } from '../../shared/api/route.js'
import type { SignedIn } from '../../shared/staff.js'
import type { SessionDoor } from './session.js'

/** The `:names` of an express path. */
type Params<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Record<Name, string> & Params<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Record<Name, string>
    : unknown

/** Who asks, and what was asked; every part has passed its schema. */
export interface Asking<R extends Route> {
  /** The signed-in member of staff; on routes for everyone there may be none. */
  staff: R['roles'] extends 'everyone' ? SignedIn | null : SignedIn
  params: Params<R['path']>
  query: R extends { query: infer Q extends z.ZodType } ? z.output<Q> : undefined
  body: R extends { body: infer B extends z.ZodType } ? z.output<B> : undefined
  now: Date
  /** The caller's session. */
  session: SessionDoor
}

/** One handler for each route of a table, typed by it; a stream has its own way. A refusal is thrown as an AppError. */
export type HandlersOf<T extends Record<string, Route>> = {
  [K in keyof T as T[K] extends { stream: true } ? never : K]: (
    asking: Asking<T[K]>,
  ) => Promise<z.input<T[K]['reply']>>
}
