import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import { Refused } from './refused.js'

/** Numbers stay text ("007"), attributes and entities mean nothing: WeChat sends neither. */
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  processEntities: false,
  trimValues: false,
})

/** Nothing but a declaration may stand before the root: a document type is how entities are declared, no message has one. */
const START = /^\s*(?:<\?xml[^<>]*\?>\s*)?<xml>/

const Envelope = z.object({ xml: z.record(z.string(), z.unknown()) })

/** The fields of a message. Throws `Refused` for what is no XML, declares a document type, or has another root. */
export function readXml(text: string): Record<string, unknown> {
  if (!START.test(text)) throw new Refused('xml')
  let read: unknown
  try {
    read = parser.parse(text, true)
  } catch (error) {
    throw new Refused('xml', { cause: error })
  }
  const parsed = Envelope.safeParse(read)
  if (!parsed.success) throw new Refused('xml')
  return parsed.data.xml
}
