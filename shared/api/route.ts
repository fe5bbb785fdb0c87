import { z } from 'zod'
import type { Role } from '../staff.js'

/**
 * One route of the console's interface, below /api. From this the router, the table of roles, the OpenAPI document
 * and the console's data provider are made: there is no route beside the table.
 */
export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Below /api, express style: /staff/:id. */
  path: string
  /** Who may: these roles, anyone signed in, or everybody (sign-in itself). */
  roles: readonly Role[] | 'signed-in' | 'everyone'
  /** One line for the OpenAPI document. */
  summary: string
  /** The `:names` of the path; without it each must be an id as the store makes them, else 404. */
  params?: z.ZodObject
  /** Strings of the query, coerced by the schema. */
  query?: z.ZodObject
  body?: z.ZodType
  /** Most bytes of a body, where half a megabyte is not enough: '24mb'. */
  bodyMax?: string
  /** Nothing beyond it leaves the server. */
  reply: z.ZodType
  /** The answer is a stream of server-sent events, the data of each as in `reply`. */
  stream?: true
}

/** Keeps the literal types of a table of routes. */
export const routes = <const R extends Record<string, Route>>(table: R): R => table

/** An id as the store makes them. */
export const Id = z.string().regex(/^[0-9a-f]{24}$/)

/** How every list is asked for; filters of its own are added with `.extend`. */
export const ListQuery = z.strictObject({
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  perPage: z.coerce.number().int().min(1).max(100).default(25),
})

/** How every list answers. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), total: z.number().int() })

/** For what has nothing to say but that it was done. */
export const Done = z.object({ done: z.literal(true) })

/** A refusal: `message` is for the person at the console. */
export const Refusal = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    detail: z.record(z.string(), z.unknown()).optional(),
  }),
})
