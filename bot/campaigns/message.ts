import type { PushText } from '../../shared/campaign.js'
import type { Bubble } from '../../shared/message.js'
import type { Content } from '../content/content.js'
import { withLines } from '../content/numbers.js'
import { AppError } from '../errors.js'

/** Under every warning, on every channel. */
export function howToStop(system: Content['system']): string {
  const stop = system.get('subscribe.stop')?.text
  if (!stop) throw new AppError('content.invalid', { why: 'intents/system has no subscribe.stop' })
  return stop
}

/** A warning as a person sees it: its name, the words, the Mongolian below where it is, and how to stop, always. */
export function pushBubble(
  { topic, text }: { topic: string; text: PushText },
  { topics, hotlines, system }: Pick<Content, 'topics' | 'hotlines' | 'system'>,
): Bubble {
  const title = topics.find(({ id }) => id === topic)?.title ?? ''
  const words = [text.zh, text.mn ?? ''].filter(Boolean).map((each) => withLines(each, hotlines))
  return { text: [`【${title}】${words[0]}`, ...words.slice(1), howToStop(system)].join('\n') }
}
