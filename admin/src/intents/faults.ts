import type { ContentFault } from '../../../shared/content.js'

/** The mistakes of a form, asked for by field. */
export class Faults {
  constructor(private readonly all: readonly ContentFault[]) {}

  /** What is wrong with exactly this field; empty when nothing is. */
  at(field: string): string {
    return this.all.flatMap((fault) => (fault.at === field ? [fault.what] : [])).join('；')
  }

  /** How many there are in a field and below it. */
  below(field: string): number {
    return this.all.filter(({ at }) => at === field || at.startsWith(`${field}.`)).length
  }

  /** Those that stop the saving. */
  get stopping(): ContentFault[] {
    return this.all.filter(({ due }) => !due)
  }
}

/** Where a fault is, for the list beside the button. */
export function placeOf(at: string): string {
  const [field = '', n, layer] = at.split('.')
  const names: Record<string, string> = {
    title: '名字',
    utterances: '说法',
    test: '测试句',
    answers: '回答',
    buttons: '按钮',
    also: '也算对的话题',
    reviews: '签字',
  }
  const layers: Record<string, string> = { first: '第一句', more: '怎么办', help: '谁能帮' }
  const count = n !== undefined && /^\d+$/.test(n) ? `第 ${Number(n) + 1} 个` : ''
  return [names[field] ?? '', count, layers[layer ?? ''] ?? ''].filter(Boolean).join(' ')
}
