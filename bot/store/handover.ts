import type { Bubble } from '../../shared/message.js'
import type { DangerKind, RiskLevel } from '../../shared/risk.js'
import type {
  Conversation,
  ConversationDoc,
  ConversationModel,
  conversationSeals,
  Pending,
} from './conversation-document.js'
import type { Counselor } from './counselor.js'

/** The desk's part of a conversation: from the bot to a human and back. Each is one conditional write. */
export function handover(model: ConversationModel, seals: ReturnType<typeof conversationSeals>) {
  return {
    /** A number for the desk's next decision about this conversation; null when it is gone. */
    async nextMove(id: string): Promise<number | null> {
      const doc = await model
        .findOneAndUpdate(
          { _id: id },
          { $inc: { moves: 1 } },
          { returnDocument: 'after', projection: { moves: 1 } },
        )
        .lean<ConversationDoc>()
      return doc ? doc.moves : null
    },

    /**
     * Hands the conversation to a human at once, whatever the bot is about to say: the turn number changes, so that
     * a reply being thought of cannot be recorded. False when a newer decision was carried out before; done again
     * it stays as it is.
     */
    async giveToHuman(id: string, move: number, staff: Counselor): Promise<boolean> {
      const result = await model.updateOne(
        { _id: id, move: { $lte: move } },
        { $set: { owner: 'human', staff, move }, $inc: { turn: 1 } },
      )
      return result.matchedCount === 1
    },

    /**
     * Hands it back to the bot, as it stood at `was` and with nothing pending; the bot's first word, that it is back,
     * stands in the same write, so that no answer can come before it. `after` is the risk as the human left it and
     * what the bot remembers; without it both stay. False: it changed meanwhile, look again.
     */
    async giveToBot(
      was: Conversation,
      move: number,
      card: { key: string; bubble: Bubble },
      after: { level: RiskLevel; kinds: DangerKind[]; report: boolean; state: unknown } | null,
    ): Promise<boolean> {
      const number = was.number + 1
      const pending: Pending = {
        turn: was.turn + 1,
        handled: [],
        replies: [{ ...card, number, from: 'system' }],
      }
      const set = after ? { ...after, state: seals.seal(was, after.state) } : {}
      const recorded = {
        number,
        pending: seals.seal(was, pending),
        pendingTurn: pending.turn,
      }
      const result = await model.updateOne(
        { _id: was.id, turn: was.turn, pendingTurn: null, move: { $lt: move } },
        { $set: { owner: 'bot', staff: null, move, ...recorded, ...set }, $inc: { turn: 1 } },
      )
      return result.modifiedCount === 1
    },

    /** Newest decision of the desk carried out here; null when the conversation is gone. */
    async lastMove(id: string): Promise<number | null> {
      const doc = await model.findById(id, { move: 1 }).lean<ConversationDoc>()
      return doc ? doc.move : null
    },
  }
}
