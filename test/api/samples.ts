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

const HASH = '0'.repeat(64)
const SIGNATURE = { role: 'lawyer', name: '某律师', expires: '2027-01-01' }
const LINE = { number: '999999', name: '某条线', purpose: '问一问', contact: ['call'], hours: {} }

const LAW_FILES = { files: [{ name: 'a.md', content: 'eA==' }] }

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
  'intents.save': { hash: HASH, intent: {} },
  'intents.sign': { answersHash: HASH, ...SIGNATURE },
  'wording.save': { hash: HASH, text: '好的' },
  'wording.sign': { hash: HASH, ...SIGNATURE },
  'conflicts.resolve': { path: 'nothing/here.yml', hash: HASH, take: 'console' },
  'release.begin': { written: 'a'.repeat(24) },
  'lines.add': { hash: HASH, line: LINE },
  'lines.save': { hash: HASH, line: LINE },
  'lines.verify': { hash: HASH, by: '某人', expires: '2027-01-01' },
  'lines.remove': { hash: HASH },
  'go-live.state': { text: '某单位' },
  'laws.map': {
    from: '2020-01-01',
    to: '2021-01-01',
    pairs: [{ from: '第一条', to: '第二条', likeness: 1 }],
  },
  'channels.template': { template: 'a-template-id' },
  'laws.check': LAW_FILES,
  'laws.import': LAW_FILES,
  'law-reviews.confirm': { intent: 'none.such', law: '某法', article: '第一条', textHash: '0'.repeat(32) },
  'staff.create': { name: 'nobody-yet', workName: '某人', roles: ['editor'] },
}

/** Values of `:names` that are not ids of the store. By name of the route. */
export const PARAMS: Record<string, Record<string, string>> = {
  'intents.one': { id: 'none.such' },
  'intents.save': { id: 'none.such' },
  'intents.check': { id: 'none.such' },
  'intents.sign': { id: 'none.such' },
  'intents.history': { id: 'none.such' },
  'wording.save': { id: 'none.such' },
  'wording.sign': { file: 'none' },
  'wording.history': { file: 'none' },
  'lines.one': { id: '999998' },
  'lines.save': { id: '999998' },
  'lines.verify': { id: '999998' },
  'lines.remove': { id: '999998' },
  'laws.one': { id: 'none-such' },
  'laws.compare': { id: 'none-such' },
  'laws.map': { id: 'none-such' },
  'go-live.withdraw': { name: 'operator' },
}

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
