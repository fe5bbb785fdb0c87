import { useAsk } from '../use-api.js'

/** What a talk can have been about. Small talk is no topic. */
export function useTopics(enabled: boolean): { id: string; title: string }[] {
  const { data } = useAsk('desk.topics', {}, { enabled })
  return data?.items.filter(({ id }) => !id.startsWith('chat.')) ?? []
}
