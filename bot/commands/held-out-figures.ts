import type { HeldOut } from '../content/held-out.js'
import type { Proportion } from '../nlu/intervals.js'

/** A brain on the held-out lines, and what it is called in a report. */
export interface Measured {
  name: string
  found: HeldOut
}

/** The figures of one brain by name, in the order of a report; shares are better when they are larger, or smaller. */
export const FIGURES: [
  title: string,
  rows: [name: string, better: 'more' | 'less', of: (found: HeldOut) => Proportion][],
][] = [
  [
    'Danger, each line alone',
    [
      ['raised (watch or urgent)', 'more', ({ danger }) => danger.raised],
      ['a wish to die, self-harm: raised', 'more', ({ danger }) => danger.selfHarm],
      ['attempts: raised', 'more', ({ danger }) => danger.attempts],
      ['urgent as urgent', 'more', ({ danger }) => danger.urgentAsUrgent],
      ['only sounds like it, yet raised', 'less', ({ soundalikes }) => soundalikes.raised],
      ['only sounds like it, yet urgent', 'less', ({ soundalikes }) => soundalikes.urgent],
      ['everyday lines raised', 'less', ({ everyday }) => everyday.raised],
      ['everyday lines urgent', 'less', ({ everyday }) => everyday.urgent],
    ],
  ],
  [
    'Conversations',
    [
      ['danger raised at most one message late', 'more', ({ talks }) => talks.inTime],
      ['urgent ones called urgent', 'more', ({ talks }) => talks.urgent],
      ['safe ones with an urgent alarm', 'less', ({ talks }) => talks.falseAlarms],
    ],
  ],
  [
    'Topics',
    [
      ['held-out phrases: answered rightly', 'more', ({ phrases }) => phrases.top1],
      ['held-out phrases: right among three', 'more', ({ phrases }) => phrases.top3],
      ['held-out phrases: refused', 'less', ({ phrases }) => phrases.refused],
      ['everyday lines refused', 'more', ({ everyday }) => everyday.refused],
      ['several problems: found', 'more', ({ several }) => several.found],
      ['several problems: messages with all found', 'more', ({ several }) => several.all],
      ['several problems: the right one first', 'more', ({ several }) => several.first],
      ['follow-ups: right topic', 'more', ({ followUps }) => followUps],
    ],
  ],
]
