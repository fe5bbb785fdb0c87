import type { Store } from '../store/store.js'
import type { Channel } from './channel.js'
import { compose } from './compose.js'

/**
 * Hands a conversation's outgoing messages to its channel, in order; the only way out. Called under the
 * conversation's lease. A channel's failure travels up: what was not sent stays outgoing and is swept.
 */
export async function sendOutgoing(
  store: Store,
  channel: Channel,
  conversation: { id: string; address: string },
  publicUrl?: string,
): Promise<number> {
  const outgoing = await store.messages.outgoing(conversation.id)
  const sent: string[] = []
  try {
    for (const { id, key, number, from, bubble } of outgoing) {
      for (const [part, piece] of compose(bubble, channel.capabilities, publicUrl).entries()) {
        const partKey = part === 0 ? key : `${key}/${part}`
        await channel.send({
          key: partKey,
          conversation: conversation.id,
          address: conversation.address,
          number,
          from,
          bubble: piece,
        })
      }
      sent.push(id)
    }
  } finally {
    if (sent.length) await store.messages.sent(sent)
  }
  return sent.length
}
