import type { z } from 'zod'
import { zhCN } from 'zod/locales'
import { AppError } from '../errors.js'

const error = zhCN().localeError

/** What came from outside, by its schema. Throws `request.invalid` with a sentence in Chinese for each wrong field. */
export function parsed<T extends z.ZodType>(schema: T | undefined, value: unknown): z.output<T> | undefined {
  if (!schema) return undefined
  const result = schema.safeParse(value, { error })
  if (result.success) return result.data
  const fields = Object.fromEntries(
    result.error.issues.slice(0, 20).map(({ path, message }) => [path.join('.'), message]),
  )
  throw new AppError('request.invalid', { tell: { fields } })
}
