import { z } from 'zod'
import { IntentId } from './intent.js'
import { DangerKind, RiskLevel } from './risk.js'

const text = z.string().trim().min(1).max(1200)
const ids = z.array(IntentId).min(1)

/** What one young person writes, message by message; the replies in between are the bot's. */
export const Conversation = z
  .strictObject({
    about: z.string().trim().min(1).max(40),
    /** The dangers in it; none: sad, loud or playful, and safe. */
    kinds: z.array(DangerKind).default([]),
    level: RiskLevel,
    /** The message (from 1) at which a careful human would act; null in a safe one. */
    act: z.number().int().positive().nullable(),
    messages: z.array(text).min(6).max(20),
  })
  .refine(
    ({ level, act, kinds }) =>
      level === 'none' ? act === null && !kinds.length : act !== null && kinds.length > 0,
    {
      path: ['act'],
      error: '有危险的对话要写 act 和 kinds，没有危险的都不写',
    },
  )
  .refine(({ act, messages }) => act === null || act <= messages.length, {
    path: ['act'],
    error: 'act 超过了这段对话的句数',
  })
export type Conversation = z.infer<typeof Conversation>

/** One file of intents/conversations. `learn`: the bands of danger are set on it. `test`: only ever measured on. */
export const ConversationFile = z.strictObject({
  about: z.string().min(1),
  use: z.enum(['learn', 'test']),
  conversations: z.array(Conversation).min(1),
})
export type ConversationFile = z.infer<typeof ConversationFile>

/** intents/examples/several.yml: messages with more than one problem. Nothing is learnt from them; bot/nlu/problems.ts is set on half. */
export const SeveralFile = z.strictObject({
  about: z.string().min(1),
  messages: z.array(
    z.strictObject({
      text,
      /** One entry a problem, in the order in which they should be answered; each with the topics that are right for it. */
      topics: z.array(ids).min(2).max(4),
    }),
  ),
})
export type SeveralFile = z.infer<typeof SeveralFile>

/** intents/examples/follow-ups.yml: messages that mean nothing without what came before. Nothing is learnt from them; bot/nlu/follow-up.ts is set on half. */
export const FollowUpFile = z.strictObject({
  about: z.string().min(1),
  messages: z.array(
    z.strictObject({
      /** The topic that was answered, and the question that asked for it. */
      topic: IntentId,
      before: text,
      text,
      /** The topics that are right now. */
      expected: ids,
    }),
  ),
})
export type FollowUpFile = z.infer<typeof FollowUpFile>
