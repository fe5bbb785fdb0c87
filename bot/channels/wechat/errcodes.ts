import { SendFailure, type FailureKind } from '../../delivery/failure.js'

/** The token is no good any more: fetched anew, and the call made once more. */
const RENEW = new Set([40001, 40014, 42001])

/** What an errcode in a 200 means for the message (公众号 全局返回码, 客服消息, 模板消息, 订阅通知). */
const KINDS: Record<number, FailureKind> = {
  [-1]: 'temporary',
  /** The 48 hours are over, or the person has left. */
  45015: 'closed',
  /** The messages of the window are used up. */
  45047: 'closed',
  /** This person takes no message of this template. */
  43101: 'closed',
  /** Calls of the day, of the minute. */
  45009: 'limited',
  45011: 'limited',
  /** Not an OpenID of this 公众号, does not follow, blocked by us, refuses messages. */
  40003: 'gone',
  43004: 'gone',
  43019: 'gone',
  48002: 'gone',
  /** Too long, empty, not JSON. */
  45002: 'refused',
  44004: 'refused',
  47001: 'refused',
  /** Template: unknown, wrong fields. */
  40037: 'refused',
  47003: 'refused',
}

/** How long to wait when the platform says "too fast": a minute's quota opens in a minute, a day's at midnight. */
const RETRY_MS: Record<number, number> = { 45011: 60_000, 45009: 5 * 60_000 }

/** What nobody but the operator can mend, in plain words. */
const DEAD: Record<number, string> = {
  40013: '微信说 AppID 不对。请核对 WECHAT_APP_ID（公众平台“设置与开发 → 基本配置”）。',
  40125: '微信说 AppSecret 不对。请在公众平台重置 AppSecret，再改 WECHAT_APP_SECRET。',
  40164: '这台服务器的 IP 不在公众号的白名单里。请在公众平台“基本配置 → IP 白名单”里加上它。',
  40243: 'AppSecret 被冻结了。请在公众平台解冻或重置。',
  48001: '这个公众号没有发客服消息的权限。需要已认证的公众号。',
  48004: '微信停用了这个公众号的接口。请登录公众平台看通知。',
  50002: '这个公众号被限制了。请登录公众平台看通知。',
  61004: '这台服务器的 IP 不在公众号的白名单里。请在公众平台“基本配置 → IP 白名单”里加上它。',
}

export const renews = (errcode: number): boolean => RENEW.has(errcode)

/** The failure an errcode stands for; what is not known may pass by itself. */
export function failureOf(errcode: number): SendFailure {
  return new SendFailure(KINDS[errcode] ?? 'temporary', RETRY_MS[errcode], String(errcode))
}

/** Why nothing works until the operator does something; undefined when the errcode does not mean that. */
export function deadBy(errcode: number): string | undefined {
  return (
    DEAD[errcode] ??
    (renews(errcode) ? '微信不认我们的凭证。请核对 WECHAT_APP_ID 和 WECHAT_APP_SECRET。' : undefined)
  )
}
