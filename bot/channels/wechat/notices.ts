import { createHash } from 'node:crypto'
import { z } from 'zod'
import { SendFailure } from '../../delivery/failure.js'
import type { Api } from './api.js'

/** How long a list of templates is believed. */
const KEEP_MS = 10 * 60_000
/** Longest value of a field by its kind, in characters (公众号 订阅通知参数值内容限制说明). */
const THING_MAX = 20

const Private = z.object({
  template_list: z.array(z.object({ template_id: z.string(), content: z.string() })),
})
const Subscribed = z.object({ data: z.array(z.object({ priTmplId: z.string(), content: z.string() })) })

/** What goes out by a template. `key`: sent again under it within ten minutes, the platform sends it once. */
export interface Notice {
  openId: string
  template: string
  text: string
  key: string
  /** Where a tap leads. */
  url?: string
}

interface Form {
  path: string
  fields: string[]
}

/**
 * Warnings outside the window, in a form the platform has approved: template messages to followers, subscription
 * messages to who agreed to them there. Which of the two a template is, and its fields, are asked of the platform.
 */
export function notices(api: Api) {
  let forms = new Map<string, Form>()
  let readAt = -Infinity

  const read = async (): Promise<void> => {
    const followers = Private.safeParse(await api.call('/cgi-bin/template/get_all_private_template'))
    const subscribers = Subscribed.safeParse(await api.call('/wxaapi/newtmpl/gettemplate'))
    const found = new Map<string, Form>()
    for (const { template_id, content } of followers.data?.template_list ?? [])
      found.set(template_id, { path: '/cgi-bin/message/template/send', fields: fieldsOf(content) })
    for (const { priTmplId, content } of subscribers.data?.data ?? [])
      found.set(priTmplId, { path: '/cgi-bin/message/subscribe/bizsend', fields: fieldsOf(content) })
    forms = found
    readAt = performance.now()
  }

  return {
    /** Throws `SendFailure`; `refused` when the template is unknown or has a field we cannot fill. */
    async send({ openId, template, text, key, url }: Notice, at: Date): Promise<{ receipt?: string }> {
      if (!forms.has(template) || performance.now() - readAt > KEEP_MS) await read()
      const form = forms.get(template)
      if (!form) throw new SendFailure('refused', undefined, 'template-unknown')
      const data = fill(form.fields, text, at)
      if (!data) throw new SendFailure('refused', undefined, 'template-fields')
      const link = url && form.path.endsWith('template/send') ? { url } : {}
      const answer = await api.call(form.path, {
        touser: openId,
        template_id: template,
        client_msg_id: createHash('sha256').update(key).digest('hex').slice(0, 32),
        ...link,
        data,
      })
      const { msgid } = answer
      return typeof msgid === 'number' || typeof msgid === 'string' ? { receipt: String(msgid) } : {}
    },
  }
}

const fieldsOf = (content: string): string[] =>
  [...content.matchAll(/\{\{(\w+)\.DATA\}\}/g)].map((found) => found[1] as string)

/** The text in the first field for words, the day in those for a time; further words are what is left of the text. */
function fill(fields: string[], text: string, at: Date): Record<string, { value: string }> | null {
  const words = pieces(text)
  const data: Record<string, { value: string }> = {}
  for (const field of fields) {
    if (/^(?:time|date)\d*$/.test(field)) data[field] = { value: DAY.format(at) }
    else if (/^(?:thing|first|keyword|remark|content)\d*$/.test(field))
      data[field] = { value: words.shift() ?? '详情请回复我们' }
    else return null
  }
  return fields.length > 0 ? data : null
}

const DAY = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: 'long',
  day: 'numeric',
})

/** Whole sentences first: what fits into one field each, in order. */
function pieces(text: string): string[] {
  const sentences = text.match(/[^。！？\n]+[。！？]?/gu) ?? [text]
  return sentences.map((sentence) => {
    const chars = [...sentence.trim()]
    return chars.length <= THING_MAX ? chars.join('') : `${chars.slice(0, THING_MAX - 1).join('')}…`
  })
}
