import { z } from 'zod'
import { InboundEvent, Transit, Unreadable } from './channel.js'
import { ChatMessage } from './message.js'
import { DangerKind, RiskLevel } from './risk.js'

/** Why a human is wanted, most pressing first: the order the desk takes them in. */
export const Grade = z.enum(['attempt', 'urgent', 'report', 'asked', 'fault'])
export type Grade = z.infer<typeof Grade>

export const EscalationState = z.enum(['waiting', 'claimed', 'resolved'])
export type EscalationState = z.infer<typeof EscalationState>

/** How a human's part ended. */
export const Outcome = z.enum(['helped', 'emergency', 'referred', 'left', 'not-needed'])
export type Outcome = z.infer<typeof Outcome>

const Counselor = z.object({ id: z.string(), workName: z.string() })

/** Who waits for a human, and why. It holds no word of the conversation. */
export const Escalation = z.object({
  id: z.string(),
  conversation: z.string(),
  channel: z.string(),
  grade: Grade,
  level: RiskLevel,
  kinds: z.array(DangerKind),
  /** Suspected harm to a minor (未成年人保护法 第十一条). */
  report: z.boolean(),
  state: EscalationState,
  openedAt: z.iso.datetime(),
  /** When danger last rose. */
  raisedAt: z.iso.datetime(),
  /** Danger rose while a human has it, and the human has not written since. */
  risen: z.boolean(),
  /** Waited five minutes unclaimed, rose for a minute unanswered, or was written to and left for five. */
  overdue: z.boolean(),
  claimedBy: Counselor.nullable(),
  claimedAt: z.iso.datetime().nullable(),
  resolvedAt: z.iso.datetime().nullable(),
  outcome: Outcome.nullable(),
  topic: z.string().nullable(),
})
export type Escalation = z.infer<typeof Escalation>

/** A message as the desk sees it. */
export const DeskMessage = ChatMessage.extend({
  /** Not read by the machine: another script, a picture, a voice. */
  unreadable: Unreadable.nullable(),
  /** What they did beside writing: followed, pressed the menu, scanned, changed an earlier message. */
  event: InboundEvent.nullable(),
  level: RiskLevel,
  /** What the machine took as danger, [start, end) in the text. */
  evidence: z.array(z.object({ start: z.number().int(), end: z.number().int() })),
  /** On a counselor's message: whose. */
  staff: Counselor.nullable(),
  /** Where it is on its way to the person; null where their page fetches it, and for what came in. */
  transit: Transit.nullable(),
})
export type DeskMessage = z.infer<typeof DeskMessage>

/** What a human may send now, to be known before a word is typed. */
export const ReplyRoom = z.object({
  /** `off`: the channel itself does not run. */
  state: z.enum(['open', 'closed', 'gone', 'off']),
  /** Messages left before the person writes again; null: any number. */
  left: z.number().int().min(0).nullable(),
  /** When it closes by itself; null: never. */
  until: z.iso.datetime().nullable(),
  /** Longest single message, in UTF-16 units: longer words count as several. */
  maxText: z.number().int(),
})
export type ReplyRoom = z.infer<typeof ReplyRoom>

/** A conversation as the desk sees it, with all its messages. */
export const DeskConversation = z.object({
  id: z.string(),
  channel: z.string(),
  owner: z.enum(['bot', 'human']),
  claimedBy: Counselor.nullable(),
  level: RiskLevel,
  kinds: z.array(DangerKind),
  report: z.boolean(),
  escalation: Escalation.nullable(),
  /** Null where nothing is counted: the person's page fetches by itself. */
  room: ReplyRoom.nullable(),
  messages: z.array(DeskMessage),
  /** Lines that answer now, to name to the young person. */
  lines: z.array(z.object({ number: z.string(), name: z.string(), hours: z.string() })),
})
export type DeskConversation = z.infer<typeof DeskConversation>

/** Longest reply of a counselor, in UTF-16 units. */
export const REPLY_MAX = 2_000

export const DeskReply = z.strictObject({
  /** Made by the console, so that sending again never doubles. */
  key: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
  text: z.string().trim().min(1).max(REPLY_MAX),
})
export type DeskReply = z.infer<typeof DeskReply>

export const Resolution = z.strictObject({
  outcome: Outcome,
  /** The intent id nearest to what it was about, for counting; null when none fits. */
  topic: z.string().max(80).nullable(),
  /** The risk from here on: only a human lowers it. */
  level: RiskLevel,
})
export type Resolution = z.infer<typeof Resolution>

export const Presence = z.object({
  /** Connected within the last 30 s and on duty. */
  present: z.array(Counselor),
  onDuty: z.boolean(),
})
export type Presence = z.infer<typeof Presence>
