import { z } from 'zod'
import type { Route } from '../../shared/api/route.js'

const TOKEN = 'A'.repeat(43)
const PASSWORD = '山丹-河套-马头琴-1947'

const CAMPAIGN = {
  topic: 'hiv',
  text: { zh: '今天是世界艾滋病日，可以免费做检测。' },
  schedule: { start: '2026-12-01T10:00' },
  channels: ['web'],
}

/** Bodies that cannot be made from their schema alone: patterns, and what must fit together. By name of the route. */
const BODIES: Record<string, unknown> = {
  'sign-in': { name: 'somebody', password: PASSWORD },
  'welcome.look': { token: TOKEN },
  'welcome.accept': { token: TOKEN, password: PASSWORD },
  'welcome.first': { token: TOKEN, name: 'somebody', workName: '某人', password: PASSWORD },
  'me.password': { current: 'not this one', password: PASSWORD },
  'conversations.reply': { key: 'a-key-of-this-test', text: '你好' },
  'campaigns.create': CAMPAIGN,
  'campaigns.update': { ...CAMPAIGN, version: 1 },
  'staff.create': { name: 'nobody-yet', workName: '某人', roles: ['editor'] },
}

/** Values of `:names` that are not ids of the store. By name of the route. */
export const PARAMS: Record<string, Record<string, string>> = {}

interface Json {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Json[]
  properties?: Record<string, Json>
  required?: string[]
  items?: Json
  minItems?: number
  minLength?: number
  minimum?: number
  format?: string
}

/** Something that fits a JSON schema, as far as types and lengths go. */
function fitting(schema: Json): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return fitting(schema.anyOf[0] as Json)
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((key) => [key, fitting(schema.properties?.[key] ?? {})]),
      )
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => fitting(schema.items ?? {}))
    case 'string':
      return schema.format === 'date-time' ? '2026-12-01T02:00:00Z' : '字'.repeat(schema.minLength ?? 1)
    case 'number':
    case 'integer':
      return Math.max(schema.minimum ?? 1, 1)
    case 'boolean':
      return true
    default:
      return null
  }
}

/** A body the route's schema takes; undefined for a route without one. */
export function bodyOf(name: string, { body }: Route): unknown {
  return body && (BODIES[name] ?? fitting(z.toJSONSchema(body, { io: 'input' }) as Json))
}
