import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'

/** A field of a push: texts become CDATA, numbers and ids stand bare, as in the platform's examples. */
export type Field = string | number | bigint | { bare: string } | Fields | Fields[]
export interface Fields {
  [name: string]: Field | undefined
}

const cdata = (text: string) => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

function element(name: string, value: Field): string {
  if (Array.isArray(value)) return value.map((each) => element(name, each)).join('')
  if (typeof value === 'string') return `<${name}>${cdata(value)}</${name}>`
  if (typeof value === 'number' || typeof value === 'bigint') return `<${name}>${value}</${name}>`
  if (typeof value.bare === 'string')
    return `<${name}>${value.bare.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`)}</${name}>`
  return `<${name}>${inside(value as Fields)}</${name}>`
}

const inside = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) => (value === undefined ? '' : element(name, value)))
    .join('')

/** `<xml>…</xml>` as the platform writes it. */
export const xmlOf = (fields: Fields): string => `<xml>${inside(fields)}</xml>`

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, processEntities: false })

const Reply = z.object({
  xml: z.object({
    ToUserName: z.string(),
    FromUserName: z.string(),
    CreateTime: z.string().regex(/^\d+$/),
    MsgType: z.literal('text'),
    Content: z.string().min(1),
  }),
})
const Sealed = z.object({
  xml: z.object({ Encrypt: z.string(), MsgSignature: z.string(), TimeStamp: z.string(), Nonce: z.string() }),
})
export type SealedReply = z.infer<typeof Sealed>['xml']

function parsed<T>(schema: z.ZodType<{ xml: T }>, text: string): T | null {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return null
  let raw: unknown
  try {
    raw = parser.parse(text, true)
  } catch {
    return null // The bot's answer is no XML: the platform shows its user that the account is out of order.
  }
  const found = schema.safeParse(raw)
  return found.success ? found.data.xml : null
}

/** A passive reply of the bot; null for everything else. Only text is simulated. */
export const readReply = (text: string) => parsed(Reply, text)
/** An encrypted passive reply. */
export const readSealed = (text: string): SealedReply | null => parsed(Sealed, text)
