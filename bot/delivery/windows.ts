import type { Allowance } from '../../shared/channel.js'
import type { Recipient } from '../store/recipients.js'

export interface Windows {
  /** Opened by each message of theirs: how long, how many messages, and how many of these the machine may use. */
  message: { ms: number; most: number; bot: number }
  /** Opened by following, the menu, scanning: how long, how many. */
  event?: { ms: number; most: number }
}

/** The allowance of a channel whose network counts messages in windows. The short window is used up first. */
export const windowed =
  ({ message, event }: Windows) =>
  (recipient: Recipient, now: Date): Allowance => {
    const { lastInboundAt, lastEventAt, sentSince, botSince, eventSince, reachable } = recipient
    const none = { window: null, left: 0, bot: 0, until: null }
    if (!reachable) return { state: 'gone', ...none }
    const opened = (at: Date | null, ms: number) =>
      at && now.getTime() < at.getTime() + ms ? new Date(at.getTime() + ms).toISOString() : null
    const long = opened(lastInboundAt, message.ms)
    const left = long ? Math.max(0, message.most - sentSince) : 0
    const bot = Math.min(left, Math.max(0, message.bot - botSince))
    const short = event ? opened(lastEventAt, event.ms) : null
    const free = short && event ? Math.max(0, event.most - eventSince) : 0
    if (free > 0)
      return { state: 'open', window: 'event', left: free + left, bot: free + bot, until: long ?? short }
    if (left > 0) return { state: 'open', window: 'message', left, bot, until: long }
    return { state: 'closed', ...none }
  }
