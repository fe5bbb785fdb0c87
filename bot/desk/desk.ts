import type { DeskReply, Resolution } from '../../shared/desk.js'
import { AppError } from '../errors.js'
import type { Counselor } from '../store/counselor.js'
import type { StoredEscalation } from '../store/escalation-document.js'
import { carryOut } from './carry-out.js'
import { eachByItself, expiry, type DeskParts } from './parts.js'
import { checkRoom } from './room.js'

export type Desk = ReturnType<typeof createDesk>

/** How many decisions that a dead process left are carried out in one go. */
const MOST = 200

/**
 * The desk's decisions. Each is one conditional write into the escalation, first; what follows from it in the
 * conversation is carried out after, and by `settle` where a process died between.
 */
export function createDesk(parts: DeskParts) {
  const { store, clock } = parts

  const decided = async (
    id: string,
    decide: (move: number, now: Date) => Promise<StoredEscalation | null>,
    /** Whether the same decision was made before by the same person: done again it is carried out, not refused. */
    before: (was: StoredEscalation) => boolean,
  ): Promise<StoredEscalation> => {
    const was = await store.escalations.find(id)
    if (!was) throw new AppError('record.unknown')
    const move = await store.conversations.nextMove(was.conversation)
    if (move === null) {
      // Its words have been erased, by the person or by time: nobody waits here any more.
      await store.escalations.close(was.conversation, clock.now())
      await store.feed.publish('desk')
      throw new AppError('desk.gone')
    }
    const found = (await decide(move, clock.now())) ?? (await store.escalations.find(id))
    if (!found || (found.move !== move && !before(found))) throw refusal(found ?? was)
    await carryOut(parts, found)
    return (await store.escalations.find(id)) ?? found
  }

  return {
    /** Takes the conversation over. Of several one wins; the others are told who (`desk.claimed`). */
    claim: (id: string, by: Counselor) =>
      decided(
        id,
        (move, now) => store.escalations.claim(id, move, by, now),
        (was) => was.state === 'claimed' && was.claimedBy?.id === by.id,
      ),

    /** Gives a claimed conversation back to the queue: its owner, or with `anyone` a supervisor. */
    release: (id: string, by: Counselor, anyone: boolean) =>
      decided(
        id,
        (move, now) => store.escalations.release(id, move, anyone ? null : by.id, now),
        (was) => was.due === 'release',
      ),

    /** Ends the human part; the bot goes on and says so. The risk falls only here. */
    resolve: (id: string, by: Counselor, resolution: Resolution) =>
      decided(
        id,
        (move, now) => store.escalations.resolve(id, move, by.id, resolution, now),
        (was) => was.state === 'resolved' && was.claimedBy?.id === by.id,
      ),

    /**
     * Stores a counselor's words for the person; only the conversation's owner may (`desk.not-yours`), and only what can
     * reach them now (`desk.window-closed`, `desk.window-short` …). Idempotent by key.
     */
    async reply(conversation: string, by: Counselor, { key, text }: DeskReply): Promise<void> {
      const was = await store.conversations.read(conversation)
      if (!was) throw new AppError('desk.gone')
      if (was.owner !== 'human' || was.staff?.id !== by.id) throw new AppError('desk.not-yours')
      const now = clock.now()
      const kept = store.vault.hash(`desk:${conversation}:${by.id}:${key}`)
      // Sent again it was let through before.
      if (!(await store.messages.known(kept))) await checkRoom(parts, was, { text, workName: by.workName })
      await store.messages.submit({
        conversation,
        key: kept,
        from: 'counselor',
        bubble: { text },
        staff: by,
        at: now,
        expiresAt: expiry(parts, now),
      })
      if (await store.escalations.answered(conversation)) await store.feed.publish('desk')
      parts.wake(conversation)
    },

    /** Carries out what a dead process decided and did not carry out. One that fails keeps no other waiting. Returns how many. */
    async settle(): Promise<number> {
      const left = await store.escalations.unsettled(MOST)
      await eachByItself(parts, left, 'desk.settle-failed', (escalation) => carryOut(parts, escalation))
      return left.length
    },
  }
}

function refusal(was: StoredEscalation): AppError {
  if (was.state === 'resolved') return new AppError('desk.resolved')
  if (was.state === 'waiting') return new AppError('desk.not-claimed')
  return new AppError('desk.claimed', { tell: { by: was.claimedBy?.workName ?? '' } })
}
