import type { Store } from '../store/store.js'
import { lessonHash, wakeGently, type Brain } from './brain.js'
import type { Content } from './content.js'
import type { Drafts } from './drafts.js'
import type { Known, Live } from './live.js'

export type DraftBrain = ReturnType<typeof draftBrain>

/** What the bot would say and know if the draft were live: for trying it on the spot. */
export function draftBrain(parts: {
  store: Pick<Store, 'releases'>
  drafts: Pick<Drafts, 'content'>
  live: Pick<Live, 'knowledge'>
}) {
  const { store, drafts, live } = parts
  /** The last one woken: whoever writes tries again and again. */
  let last: { lesson: string; brain: Brain } | null = null

  return {
    /** `learnt`: by a model that learnt this draft; else the live model reads, and only the words are the draft's. */
    async now(): Promise<Known & { learnt: boolean }> {
      const known = live.knowledge()
      const { hotlines, texts } = known.content
      const content = { ...(await drafts.content()), hotlines, texts }
      const lesson = lessonHash(content)
      if (lesson === lessonHash(known.content)) return { ...known, content, learnt: true }
      if (last?.lesson !== lesson) {
        const model = await store.releases.modelOf(lesson)
        last = model && { lesson, brain: await wakeGently(content, model, known.brain.talk) }
      }
      return last
        ? { ...known, content, brain: last.brain, learnt: true }
        : { ...known, content, brain: within(content, known.brain), learnt: false }
    },
  }
}

/** A brain that learnt other content: what this one does not have it cannot answer with. */
function within(content: Content, brain: Brain): Brain {
  const here = (id: string) => content.intents.has(id)
  const recognise: Brain['recognise'] = async (text) => {
    const understood = await brain.recognise(text)
    const { intent, alternatives } = understood
    return {
      ...understood,
      intent: intent && here(intent) ? intent : null,
      alternatives: alternatives.filter((each) => here(each.intent)),
    }
  }
  return {
    ...brain,
    recognise,
    async read(text) {
      const [{ risk }, understood] = await Promise.all([brain.read(text), recognise(text)])
      return { risk, understood }
    },
  }
}
