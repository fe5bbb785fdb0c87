import type { z } from 'zod'

/** What is wrong with an input by its schema, in the schema's own words or in these; empty when nothing is. */
export function fault(schema: z.ZodType, value: unknown, words?: string): string {
  const parsed = schema.safeParse(value)
  return parsed.success ? '' : (words ?? parsed.error.issues[0]?.message ?? '这里没填对')
}
