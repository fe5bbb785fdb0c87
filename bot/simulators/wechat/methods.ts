import { z } from 'zod'
import type { LogLine } from '../log.js'
import { OK, refusal, type Result } from './errors.js'
import { menuJson, readMenu, type MenuButton } from './menu.js'
import type { People, Person } from './people.js'
import { faultIn, filled, type Template } from './templates.js'
import type { Tokens } from './tokens.js'

/** 《发送客服消息》: longest text in bytes. */
const TEXT_BYTES = 2048
/** A repeated client_msg_id is one message for ten minutes. */
const CLIENT_ID_MS = 600_000

export interface MethodParts {
  appId: string
  secret: string
  tokens: Tokens
  people: People
  templates: readonly Template[]
  menu: { get(): MenuButton[] | null; set(menu: MenuButton[] | null): void }
  now(): Date
  /** Another number for a message that the platform sends on. */
  messageId(): string
  /** After a template or a notice has gone out: the event that says what became of it. */
  receipt(person: Person, template: Template, msgid: string): void
}

/** What a method answers; `note` is for the log. */
type Answered = Result & { note?: Partial<LogLine> }

export interface Method {
  verb: 'GET' | 'POST'
  token: boolean
  answer(data: unknown): Answered
}

const OpenId = z.string()
const Grant = z.object({
  grant_type: z.string(),
  appid: z.string(),
  secret: z.string(),
  force_refresh: z.boolean().default(false),
})
const Menu = z.object({
  head_content: z.string().default(''),
  list: z.array(z.object({ id: z.string().min(1), content: z.string().min(1) })).min(1),
  tail_content: z.string().default(''),
})
const Custom = z.object({ touser: OpenId, msgtype: z.string() }).loose()
const Data = z.record(z.string(), z.object({ value: z.string() }))
const Notice = z.object({
  touser: OpenId,
  template_id: z.string(),
  client_msg_id: z.string().max(32).optional(),
  data: Data,
})

/** What the simulated platform can be asked, by path. */
export function methods(parts: MethodParts): Record<string, Method> {
  const { tokens, people, templates, menu, now, messageId } = parts
  const seen = new Map<string, { msgid: string; at: number }>()

  const remember = (once: string, msgid: string): void => {
    const at = now().getTime()
    for (const [old, known] of seen) {
      if (known.at > at - CLIENT_ID_MS) break
      seen.delete(old)
    }
    seen.delete(once)
    seen.set(once, { msgid, at })
  }

  const post = <T>(schema: z.ZodType<T>, answer: (data: T) => Answered, token = true): Method => ({
    verb: 'POST',
    token,
    answer: (data) => {
      const parsed = schema.safeParse(data)
      return parsed.success ? answer(parsed.data) : refusal(47001)
    },
  })
  const get = (answer: () => Answered): Method => ({ verb: 'GET', token: true, answer })

  function custom(data: z.infer<typeof Custom>): Answered {
    const person = people.get(data.touser)
    const bubble = bubbleOf(data)
    const note = { user: data.touser, ...('text' in bubble ? { text: bubble.text } : {}) }
    if (!person) return { ...refusal(40003), note }
    if ('errcode' in bubble) return { ...refusal(bubble.errcode), note }
    if (!person.following) return { ...refusal(43004), note }
    const { left } = person.allowance.at(now())
    if (left === null) return { ...refusal(45015), note }
    if (left === 0) return { ...refusal(45047), note }
    person.allowance.count(now())
    person.chat.show({ from: 'bot', ...bubble })
    return { ...OK, note: { ...note, key: messageId() } }
  }

  function notice(data: z.infer<typeof Notice>, kinds: Template['kind'][]): Answered {
    const { touser, template_id: id, client_msg_id: once } = data
    const person = people.get(touser)
    const template = templates.find((each) => each.id === id && kinds.includes(each.kind))
    const note = { user: touser, ...(template ? { text: filled(template, data.data) } : {}) }
    if (!person) return { ...refusal(40003), note }
    if (!template) return { ...refusal(40037), note }
    const wrong = faultIn(template, data.data)
    if (wrong) return { ...refusal(47003, wrong), note }
    if (template.kind === 'template' && !person.following) return { ...refusal(43004), note }
    const consents = person.consents.get(id) ?? 0
    if (template.kind !== 'template' && consents < 1) return { ...refusal(43101), note }
    const known = once ? seen.get(`${touser} ${once}`) : undefined
    if (known && known.at > now().getTime() - CLIENT_ID_MS)
      return { ...OK, msgid: Number(known.msgid), note: { ...note, key: known.msgid, fault: 'repeat' } }
    const msgid = messageId()
    if (once) remember(`${touser} ${once}`, msgid)
    if (template.kind === 'once') person.consents.set(id, consents - 1)
    if (!person.rejects) person.chat.show({ from: 'bot', kind: '通知', text: filled(template, data.data) })
    parts.receipt(person, template, msgid)
    const result = template.kind === 'template' ? { ...OK, msgid: Number(msgid) } : OK
    return { ...result, note: { ...note, key: msgid } }
  }

  return {
    'cgi-bin/stable_token': post(
      Grant,
      ({ grant_type, appid, secret, force_refresh }) => {
        if (grant_type !== 'client_credential') return refusal(40002)
        if (appid !== parts.appId) return refusal(40013)
        if (secret !== parts.secret) return refusal(40125)
        return tokens.grant(force_refresh) ?? refusal(45009)
      },
      false,
    ),
    'cgi-bin/get_api_domain_ip': get(() => ({ ip_list: ['127.0.0.1'] })),
    'cgi-bin/message/custom/send': post(Custom, custom),
    'cgi-bin/message/template/send': post(Notice, (data) => notice(data, ['template'])),
    'cgi-bin/message/subscribe/bizsend': post(Notice, (data) => notice(data, ['once', 'lasting'])),
    'cgi-bin/template/get_all_private_template': get(() => ({
      template_list: templates
        .filter(({ kind }) => kind === 'template')
        .map(({ id, title, content }) => ({ template_id: id, title, content, example: '' })),
    })),
    'wxaapi/newtmpl/gettemplate': get(() => ({
      ...OK,
      data: templates
        .filter(({ kind }) => kind !== 'template')
        .map(({ id, title, content, kind }) => ({
          priTmplId: id,
          title,
          content,
          example: '',
          // 2: asked for each time, 3: lasting.
          type: kind === 'once' ? 2 : 3,
        })),
    })),
    'cgi-bin/menu/create': post(z.unknown(), (data) => {
      const read = readMenu(data)
      if ('errcode' in read) return refusal(read.errcode)
      menu.set(read.menu)
      return OK
    }),
    'cgi-bin/menu/get': get(() => {
      const now = menu.get()
      return now ? menuJson(now) : refusal(46003)
    }),
    'cgi-bin/menu/delete': get(() => {
      menu.set(null)
      return OK
    }),
  }
}

/** A customer-service message as the person sees it, or the errcode. Media need an upload, which is not simulated. */
function bubbleOf(
  data: z.infer<typeof Custom>,
): { text: string; buttons?: { label: string; press: unknown }[] } | { errcode: number } {
  if (data.msgtype === 'text') {
    const parsed = z.object({ content: z.string() }).safeParse(data.text)
    if (!parsed.success) return { errcode: 47001 }
    if (!parsed.data.content) return { errcode: 44004 }
    return Buffer.byteLength(parsed.data.content) > TEXT_BYTES
      ? { errcode: 45002 }
      : { text: parsed.data.content }
  }
  if (data.msgtype === 'msgmenu') {
    const parsed = Menu.safeParse(data.msgmenu)
    if (!parsed.success) return { errcode: 47001 }
    const { head_content: head, list, tail_content: tail } = parsed.data
    const text = [head, ...list.map(({ content }) => content), tail].filter(Boolean).join('\n')
    if (Buffer.byteLength(text) > TEXT_BYTES) return { errcode: 45002 }
    return {
      text,
      buttons: list.map(({ id, content }) => ({ label: content, press: { press: { id, content } } })),
    }
  }
  return { errcode: ['image', 'voice', 'video', 'music', 'mpnews'].includes(data.msgtype) ? 40007 : 40008 }
}
