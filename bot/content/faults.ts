import type { z } from 'zod'

/** A mistake in the content, in words its author can act on. */
export interface Fault {
  /** Below intents/. */
  path: string
  /** The field, as in `answers.0.first.text`; empty for the file as a whole. */
  at: string
  /** What is wrong and what to do, for a lawyer or a counselor. */
  what: string
  /** Something fell due (a signature ran out): said aloud, but nothing waits for it. */
  due?: true
}

/** A fault on one line: file, field, what to do. */
export const faultLine = ({ path, at, what }: Fault): string =>
  at ? `${path} ${at}：${what}` : `${path}：${what}`

type Issue = z.core.$ZodIssue

/** What a schema found, as a fault in plain words. */
export function schemaFault(path: string, issue: Issue): Fault {
  return { path, at: issue.path.map(String).join('.'), what: sentence(issue) }
}

function sentence(issue: Issue): string {
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'array' ? `最多 ${issue.maximum} 条` : `太长了，最多 ${issue.maximum} 个字`
    case 'too_small':
      if (issue.origin === 'array') return `太少了，至少要 ${issue.minimum} 条`
      return issue.minimum === 1 ? '不能空着' : `太短了，至少 ${issue.minimum} 个字`
    case 'unrecognized_keys':
      return `不认识这个字段：${issue.keys.join('、')}`
    case 'invalid_value':
      return `只能是：${issue.values.map(String).join('、')}`
    case 'invalid_type':
      return issue.expected === 'undefined' ? '这里不该有内容' : '没有填，或者填的不是这一类内容'
    case 'invalid_format':
      return FORMATS[issue.format] ?? issue.message
    case 'invalid_union':
      return '填的不对，请重新选'
    default:
      return issue.message
  }
}

const FORMATS: Record<string, string> = { date: '日期要写成 2026-01-31 这样', datetime: '时间的写法不对' }
