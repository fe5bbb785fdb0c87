import { Types } from 'mongoose'
import type { Undelivered } from '../../shared/channel.js'
import type { Author, Bubble } from '../../shared/message.js'
import type { MessageDoc, messageModel, messageSeals } from './message-document.js'

/** A message on its way out, as far as it has come. */
export interface Outgoing {
  id: string
  number: number
  key: string
  from: Author
  /** Work name of the human who wrote it. */
  name: string | null
  bubble: Bubble
  at: Date
  /** Tries that failed. */
  attempts: number
  /** The channel was being called when this was written: found so, nobody knows whether the network took the piece. */
  inFlight: boolean
  /** Pieces the network has taken, and how many it was cut into at most when the first of them went out. */
  pieces: number
  most: number | null
  /** Not to be tried before. */
  retryAt: Date | null
  /** Waits for its window, not for a time. */
  held: boolean
}

/** The way out: what a conversation has to be handed out still. Every step is written before or after the call it belongs to. */
export function outbox(
  model: ReturnType<typeof messageModel>,
  { openWaiting }: Pick<ReturnType<typeof messageSeals>, 'openWaiting'>,
) {
  const these = (ids: string[]) => ({ _id: { $in: ids.map((id) => new Types.ObjectId(id)) }, sending: true })
  const set = (ids: string[], change: Partial<MessageDoc>) =>
    model.updateMany(these(ids), { $set: change }).then(() => undefined)

  return {
    /** What a conversation's channel must be handed, in order. */
    async outgoing(conversation: string): Promise<Outgoing[]> {
      const docs = await model.find({ conversation, sending: true }).sort({ number: 1 }).lean<MessageDoc[]>()
      return docs.map((doc) => {
        const { staff, unreadable: _, event: __, id: ___, ...bubble } = openWaiting(doc)
        const { key, from, at, attempts } = doc
        return {
          ...{ key, from, at, attempts, bubble },
          id: String(doc._id),
          number: doc.number ?? 0,
          name: staff?.workName ?? null,
          inFlight: doc.inFlight ?? false,
          pieces: doc.pieces ?? 0,
          most: doc.most ?? null,
          retryAt: doc.retryAt ?? null,
          held: doc.held ?? false,
        }
      })
    },

    /** Words of a human that are on their way, and not counted as sent yet. */
    queuedByHuman: (conversation: string): Promise<number> =>
      model.countDocuments({
        conversation: new Types.ObjectId(conversation),
        from: 'counselor',
        $or: [{ waiting: true }, { sending: true, inFlight: { $ne: true } }],
      }),

    /** The channel is about to be called. `doubled`: it was before, and never said what came of it. */
    depart: (ids: string[], most: number | null, doubled: boolean): Promise<void> =>
      set(ids, {
        inFlight: true,
        held: false,
        retryAt: null,
        most,
        ...(doubled ? { doubled } : {}),
      }),

    /** The network took a piece and wants the next. */
    piece: (ids: string[], pieces: number): Promise<void> =>
      set(ids, { inFlight: false, pieces, attempts: 0 }),

    /** The network took all of it. */
    arrived: (ids: string[], at: Date, receipt: string | null): Promise<void> =>
      set(ids, { inFlight: false, sending: false, sentAt: at, receipt }),

    /** Not taken, or not known to be (`inFlight`): tried again at `retryAt`. */
    async retry(ids: string[], retryAt: Date, inFlight: boolean): Promise<void> {
      await model.updateMany(these(ids), { $set: { retryAt, inFlight }, $inc: { attempts: 1 } })
    },

    /** Waits for the window to open; looked at again when they write, and at `retryAt` at the latest. */
    hold: (ids: string[], retryAt: Date, inFlight: boolean): Promise<void> =>
      set(ids, { held: true, inFlight, retryAt }),

    /** The channel of a conversation is off: what is due waits. */
    async postpone(conversation: string, now: Date, until: Date): Promise<void> {
      const due = { $or: [{ retryAt: null }, { retryAt: { $lte: now } }] }
      await model.updateMany({ conversation, sending: true, ...due }, { $set: { retryAt: until } })
    },

    /** It will not arrive. */
    giveUp: (ids: string[], why: Undelivered): Promise<void> =>
      set(ids, { inFlight: false, sending: false, why }),
  }
}
