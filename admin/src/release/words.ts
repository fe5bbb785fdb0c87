import type { FailReason, Measured, Share } from '../../../shared/release.js'

export const FAIL_WORDS: Record<FailReason, string> = {
  faults: '内容里有错，改好以后再做一次。',
  'danger-fell':
    '没有通过：新版本注意到的危险比正在用的少，不能发布。看看最近改了哪些危险的说法，或者补几句新的，再做一次。',
  'nothing-measured': '没有通过：没有一句可以考的危险的话，量不出来，不能发布。',
  interrupted: '中途断了（程序停了或重启了），没有发布任何东西。可以重新做。',
  error: '服务器出了故障，没有做成。可以重新做；还不行，请告诉管理员。',
}

/** Each figure: what it counts, and whether more is better. */
export const FIGURE_WORDS: { name: keyof Measured; label: string; unit: string; good: 'more' | 'less' }[] = [
  { name: 'danger', label: '危险的话，注意到了', unit: '句', good: 'more' },
  { name: 'urgent', label: '紧急的话，注意到了', unit: '句', good: 'more' },
  { name: 'urgentAsUrgent', label: '紧急的话，当成紧急', unit: '句', good: 'more' },
  { name: 'falseAlarms', label: '平常的话，误当成危险', unit: '句', good: 'less' },
  { name: 'top1', label: '测试句，一下就听对', unit: '句', good: 'more' },
  { name: 'top3', label: '测试句，前三个里有对的', unit: '句', good: 'more' },
]

export const percentOf = ({ count, of }: Share): string => (of ? `${((100 * count) / of).toFixed(1)}%` : '—')

export const releaseName = (at: string): string =>
  new Intl.DateTimeFormat('zh-CN', {
    timeZone: 'Asia/Shanghai',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(at))
