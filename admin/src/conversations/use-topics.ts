export interface Topic {
  id: string
  title: string
}
export function useTopics(_enabled: boolean): readonly Topic[] {
  return []
}
