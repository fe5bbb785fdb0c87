import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { FaultBox } from '../faults.js'
import type { Log, LogLine } from '../log.js'
import type { Said } from '../people.js'
import type { Answer, Poster } from '../post.js'
import { decrypt, encrypt, signatureOf } from './codec.js'
import { readReply, readSealed, xmlOf, type Fields } from './xml.js'

/** 《接收普通消息》: no answer within 5 s, then up to three more attempts. */
export interface Timing {
  answerMs: number
  retries: number
  /** From the beginning of one attempt to the beginning of the next. */
  retryMs: number
}
export const TIMING: Timing = { answerMs: 5_000, retries: 3, retryMs: 5_000 }

/** How long a push that is overtaken waits for the next one at most, in milliseconds. */
const OVERTAKEN_MS = 1_000

export interface Account {
  appId: string
  token: string
  aesKey?: string
  /** 明文, 兼容, 安全. */
  mode: 'plain' | 'compatible' | 'safe'
  webhook: string
}

export interface Push {
  user: string
  what: string
  key: string
  text?: string
  fields: Fields & { CreateTime: number }
}

export type Pusher = ReturnType<typeof createPusher>

/** Hands messages and events to the account's server. `reply` gets the text of a passive reply. */
export function createPusher(parts: {
  account: Account
  log: Log
  faults: FaultBox
  poster: Poster
  timing: Timing
  now(): Date
  reply(user: string, text: string): void
}) {
  const { account, log, faults, poster, timing, now } = parts
  const ending = new AbortController()
  let overtake: (() => void) | undefined

  const signed = (more: Record<string, string> = {}) => {
    const timestamp = String(Math.floor(now().getTime() / 1000))
    const nonce = String(randomBytes(4).readUInt32BE())
    const signature = signatureOf(account.token, timestamp, nonce)
    return { timestamp, nonce, query: new URLSearchParams({ signature, timestamp, nonce, ...more }) }
  }
  const at = (query: URLSearchParams): string => {
    const url = new URL(account.webhook)
    for (const [name, value] of query) url.searchParams.set(name, value)
    return url.href
  }

  function requestOf({ user, fields }: Push): { url: string; body: string } {
    const xml = xmlOf(fields)
    const { timestamp, nonce, query } = signed({ openid: user })
    if (account.mode === 'plain' || !account.aesKey) return { url: at(query), body: xml }
    const Encrypt = encrypt(xml, account.appId, account.aesKey)
    query.set('encrypt_type', 'aes')
    query.set('msg_signature', signatureOf(account.token, timestamp, nonce, Encrypt))
    const sealed =
      account.mode === 'safe' ? { ToUserName: fields.ToUserName, Encrypt } : { ...fields, Encrypt }
    return { url: at(query), body: xmlOf(sealed) }
  }

  /** Whether the account's answer counts: `success`, nothing, or a passive reply that can be read. */
  function accepts(push: Push, { status, body }: Extract<Answer, { ok: true }>): boolean {
    if (status !== 200) return false
    if (body === 'success' || body === '') return true
    const xml = account.mode === 'safe' ? openReply(body) : (openReply(body) ?? body)
    const reply = xml === null ? null : readReply(xml)
    if (!reply || reply.ToUserName !== push.user) return false
    parts.reply(push.user, reply.Content)
    return true
  }

  function openReply(body: string): string | null {
    const sealed = account.aesKey ? readSealed(body) : null
    if (!sealed || !account.aesKey) return null
    const { Encrypt, MsgSignature, TimeStamp, Nonce } = sealed
    if (signatureOf(account.token, TimeStamp, Nonce, Encrypt) !== MsgSignature) return null
    return decrypt(Encrypt, account.appId, account.aesKey)
  }

  async function attempt(push: Push, number: number, repeated: boolean): Promise<boolean> {
    const fault = faults.draw('pushes', push.what, ['drop', 'lose'])
    const line = log.add({
      kind: 'push',
      what: push.what,
      user: push.user,
      key: push.key,
      ...(push.text === undefined ? {} : { text: push.text }),
      attempt: number,
      outcome: 'open',
      ...(fault ? { fault: fault.kind } : repeated ? { fault: 'repeat' } : {}),
    })
    const { url, body } = requestOf(push)
    const answer = await poster.ask(url, {
      body,
      headers: { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0', accept: '*/*' },
      timeoutMs: timing.answerMs,
      ...(fault ? { cut: fault.kind === 'lose' ? 'answer' : 'request' } : {}),
    })
    return ended(line, answer, answer.ok && accepts(push, answer))
  }

  function ended(line: LogLine, answer: Answer, taken: boolean): boolean {
    if (!answer.ok) log.end(line, { outcome: answer.why })
    else log.end(line, { outcome: taken ? 'taken' : 'refused', status: answer.status })
    return taken
  }

  /** Lets the next push go first, if one comes soon. */
  async function letPass(): Promise<void> {
    const passed = new Promise<void>((fulfil) => (overtake = fulfil))
    await Promise.race([passed, pause(OVERTAKEN_MS)])
  }
  const pause = (milliseconds: number): Promise<void> =>
    wait(milliseconds, undefined, { signal: ending.signal }).catch(() => undefined) // Stopped: nothing more is pushed.

  return {
    /** Never rejects: how it ended is what it resolves with, and stands in the log. */
    async push(push: Push): Promise<Said> {
      const waiting = overtake
      overtake = undefined
      if (!waiting && faults.draw('pushes', push.what, ['reorder'])) await letPass()
      let number = 0
      let taken = false
      while (!taken && number <= timing.retries && !ending.signal.aborted) {
        const began = Date.now()
        taken = await attempt(push, ++number, false)
        if (number === 1) waiting?.()
        if (!taken && number <= timing.retries)
          await pause(Math.max(0, timing.retryMs - (Date.now() - began)))
      }
      if (taken && faults.draw('pushes', push.what, ['repeat'])) await attempt(push, ++number, true)
      return { key: push.key, taken, attempts: number }
    },

    /** 《接入指南》: the GET by which the platform makes sure that the address is the account's. */
    async verify(): Promise<boolean> {
      const echostr = String(randomBytes(8).readBigUInt64BE())
      const line = log.add({ kind: 'push', what: 'verify', key: echostr, outcome: 'open' })
      const answer = await poster.ask(at(signed({ echostr }).query), {
        method: 'GET',
        timeoutMs: timing.answerMs,
      })
      return ended(line, answer, answer.ok && answer.status === 200 && answer.body === echostr)
    },

    stop: () => ending.abort(),
  }
}
