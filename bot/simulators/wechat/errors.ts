import { randomBytes } from 'node:crypto'

/** 《全局返回码》: what the platform says beside the code. */
const WORDS: Record<number, string> = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40013: 'invalid appid',
  40016: 'invalid button size',
  40017: 'invalid button type',
  40018: 'invalid button name size',
  40019: 'invalid button key size',
  40020: 'invalid button url size',
  40023: 'invalid sub button size',
  40024: 'invalid sub button type',
  40025: 'invalid sub button name size',
  40026: 'invalid sub button key size',
  40027: 'invalid sub button url size',
  40037: 'invalid template_id',
  40066: 'invalid url',
  40125: 'invalid appsecret',
  40164: 'invalid ip, not in whitelist',
  41001: 'access_token missing',
  42001: 'access_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  43004: 'require subscribe',
  43101: 'user refuse to accept the msg',
  44002: 'empty post data',
  44004: 'empty content',
  45002: 'content size out of limit',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit must slower retry next minute',
  45015: 'response out of time limit or subscription is canceled',
  45047: 'out of response count limit',
  46003: 'menu no exist',
  47001: 'data format error',
  47003: 'argument invalid!',
  48001: 'api unauthorized',
}

/** An answer of the platform: an errcode in a 200. */
export interface Result {
  errcode?: number
  errmsg?: string
  [more: string]: unknown
}

/** A refusal, with the trace id that the platform appends. */
export function refusal(errcode: number, words = WORDS[errcode] ?? 'error'): Result {
  const hex = randomBytes(12).toString('hex')
  return { errcode, errmsg: `${words} rid: ${hex.slice(0, 8)}-${hex.slice(8, 16)}-${hex.slice(16)}` }
}

export const OK: Result = { errcode: 0, errmsg: 'ok' }
