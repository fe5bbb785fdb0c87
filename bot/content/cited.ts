import type { CitedPlace } from '../../shared/law.js'
import type { Cited } from '../laws/review.js'
import type { Content } from './content.js'

/** Every citation of every answer, with where it stands. */
export function citationsOf({ intents }: Pick<Content, 'intents'>): (Cited & CitedPlace)[] {
  return [...intents.values()].flatMap(({ id, answers }) =>
    answers.flatMap((answer) =>
      (['first', 'more', 'help'] as const).flatMap((layer) =>
        (answer[layer]?.citations ?? []).map(({ law, article, plain }) => ({
          intent: id,
          reader: answer.reader,
          layer,
          plain,
          law,
          article,
        })),
      ),
    ),
  )
}
