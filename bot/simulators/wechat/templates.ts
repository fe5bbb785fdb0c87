import { createHash } from 'node:crypto'

/** A message form that the platform has approved: what may be sent outside the window. */
export interface Template {
  id: string
  title: string
  /** `{{name.DATA}}` stands for what the account fills in. */
  content: string
  /** `template`: to followers. `once`, `lasting`: who agreed, each time or for good. */
  kind: 'template' | 'once' | 'lasting'
}

const idOf = (title: string) => createHash('sha256').update(title).digest('base64url')

const template = (title: string, kind: Template['kind'], content: string): Template => ({
  id: idOf(title),
  title,
  kind,
  content,
})

/** What an account of this kind would have chosen from the public library. */
export const TEMPLATES: readonly Template[] = [
  template(
    '安全预警提醒',
    'template',
    '预警内容:{{thing1.DATA}}\n发布时间:{{time2.DATA}}\n温馨提示:{{thing3.DATA}}',
  ),
  template('活动提醒', 'once', '提醒内容:{{thing1.DATA}}\n时间:{{time2.DATA}}\n备注:{{thing3.DATA}}'),
]

/** Longest value by the kind of field, in characters: 《订阅通知参数值内容限制说明》. */
const LONGEST: Record<string, number> = {
  thing: 20,
  phrase: 5,
  character_string: 32,
  number: 32,
  letter: 32,
  symbol: 5,
  name: 10,
}

/** Names of the fields of a template. */
export const fieldsOf = ({ content }: Template): string[] =>
  [...content.matchAll(/\{\{(\w+)\.DATA\}\}/g)].map((match) => match[1] as string)

/** What is wrong with the data, as the platform says it; null when nothing is. */
export function faultIn(template: Template, data: Record<string, { value: string }>): string | null {
  for (const field of fieldsOf(template)) {
    const value = data[field]?.value ?? ''
    const longest = LONGEST[field.replace(/\d+$/, '')] ?? Infinity
    if (!value.trim()) return `argument invalid! data.${field}.value is empty`
    if ([...value].length > longest) return `argument invalid! data.${field}.value invalid`
  }
  return null
}

/** The message as the person sees it. */
export const filled = (template: Template, data: Record<string, { value: string }>): string =>
  `${template.title}\n${template.content.replace(/\{\{(\w+)\.DATA\}\}/g, (_, field: string) => data[field]?.value ?? '')}`
