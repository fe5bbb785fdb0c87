import type { ChannelView } from '../../../shared/api/channels.js'

/** The state of a channel: a word first, colour only repeats it. */
export const STATE_WORDS: Record<
  ChannelView['state'],
  { label: string; severity: 'success' | 'warning' | 'error' | 'info' }
> = {
  ok: { label: '正常', severity: 'success' },
  failing: { label: '暂时不通', severity: 'warning' },
  dead: { label: '断了', severity: 'error' },
  off: { label: '没有打开', severity: 'info' },
}

/** What is wrong, or what is still to be done, in one sentence. */
export function stateSentence({ state, why, missing, abroad, ruling, lookedAt }: ChannelView): string {
  if (missing.length > 0) return `还缺设置：${missing.join('、')}。请管机器的人设好，重新启动。`
  if (abroad && !ruling) return '服务器在国外。下面记下合规结论以后才会打开。'
  if (why) return why
  if (!lookedAt) return '设置齐了，还没有测试过。'
  return state === 'ok' ? '能收能发。' : '请看下面，再测试一次。'
}
