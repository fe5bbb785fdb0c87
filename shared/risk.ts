import { z } from 'zod'

/** Levels of risk in rising order. `attempt` in progress is a kind above `urgent`, not a level of its own. */
export const RiskLevel = z.enum(['none', 'watch', 'urgent'])
export type RiskLevel = z.infer<typeof RiskLevel>

export const RiskKind = z.enum([
  'self-harm',
  'attempt',
  'violence',
  'sexual',
  'bullying',
  'threat',
  'runaway',
  'drugs',
  'extortion',
  'medical',
  'neglect',
  'report',
])
export type RiskKind = z.infer<typeof RiskKind>

/** What the kind files of intents/danger may be named after: every kind but the report flag, which stands beside. */
export const DangerKind = RiskKind.exclude(['report'])
export type DangerKind = z.infer<typeof DangerKind>

export const Speaker = z.enum(['self', 'friend', 'parent', 'adult'])
export type Speaker = z.infer<typeof Speaker>

export const LineStyle = z.enum([
  'plain',
  'euphemism',
  'slang',
  'pinyin',
  'emoji',
  'fragment',
  'voice',
  'long',
  'lyric',
  'idiom',
  'law',
  'fiction',
  'quote',
  'past',
  'negation',
  'denial',
  'goodbye',
  'game',
])
export type LineStyle = z.infer<typeof LineStyle>

const lines = z.array(z.string().trim().min(1).max(1200))

/** One file of intents/danger: what danger of one kind sounds like, and what only sounds like it. */
export const SafetyFile = z.strictObject({
  kind: DangerKind,
  groups: z
    .array(
      z.strictObject({
        level: RiskLevel,
        speaker: Speaker,
        style: LineStyle,
        /** Suspected harm to a minor (未成年人保护法 第十一条): a report task opens beside the level. */
        report: z.boolean().default(false),
        /** Further kinds the lines carry beside the file's own. */
        also: z.array(DangerKind).default([]),
        lines,
        /** Held out: never trained on. */
        test: lines.default([]),
      }),
    )
    .min(1),
})
export type SafetyFile = z.infer<typeof SafetyFile>

/** One file of intents/background: everyday text that is none of the hotline's business. */
export const BackgroundFile = z.strictObject({ about: z.string().min(1), lines, test: lines.default([]) })
export type BackgroundFile = z.infer<typeof BackgroundFile>
