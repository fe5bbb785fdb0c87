import type { Deed, Stage } from '../control.js'
import type { Act } from './acts.js'

/** What one can do on the page beside writing. */
export function deedsOf(start: Stage<Act>['start']): Deed[] {
  const act = (id: string, label: string, what: (text: string) => Act): Deed => ({
    id,
    label,
    person: true,
    run: (user, text) => start(user, what(text)),
  })
  return [
    act('start', '点「开始」', () => ({ start: '' })),
    act('deep', '从宣传码进来（start=drugs）', () => ({ start: 'drugs' })),
    act('edit', '把上一句改成框里的字', (text) => ({ edit: text || '（改过）' })),
    act('voice', '发语音', () => ({ voice: true })),
    act('image', '发图片', () => ({ image: true })),
    act('sticker', '发贴纸', () => ({ sticker: true })),
    act('block', '停用机器人', () => ({ event: 'block' })),
    act('unblock', '重新启用', () => ({ event: 'unblock' })),
  ]
}
