import type { Deed, Stage } from '../control.js'
import type { Act } from './acts.js'
import type { People } from './people.js'
import type { Template } from './templates.js'
import type { Tokens } from './tokens.js'

/** What one can do on the page beside writing. */
export function deedsOf(
  start: Stage<Act>['start'],
  {
    people,
    tokens,
    templates,
    verify,
  }: { people: People; tokens: Tokens; templates: readonly Template[]; verify(): Promise<boolean> },
): Deed[] {
  const act = (id: string, label: string, what: (text: string) => Act): Deed => ({
    id,
    label,
    person: true,
    run: (user, text) => start(user, what(text)),
  })
  const asked = templates.find(({ kind }) => kind !== 'template')
  return [
    act('subscribe', '关注', () => ({ event: 'subscribe' })),
    act('unsubscribe', '取消关注', () => ({ event: 'unsubscribe' })),
    act('scan', '扫带参数的码', () => ({ event: 'SCAN', key: 'school' })),
    act('voice', '把框里的字当语音发', (text) => ({ voice: text })),
    act('image', '发图片', () => ({ image: true })),
    act('sticker', '发表情包', () => ({ sticker: true })),
    act('video', '发视频', () => ({ video: true })),
    act('location', '发位置', () => ({ location: { x: 40.842, y: 111.749, label: '呼和浩特' } })),
    act('link', '发链接', () => ({
      link: { title: '一个网页', description: '', url: 'https://example.org/' },
    })),
    ...(asked
      ? [
          act('agree', '同意收一次通知', () => ({
            event: 'subscribe_msg_popup_event',
            template: asked.id,
            answer: 'accept',
          })),
        ]
      : []),
    {
      id: 'reject',
      label: '收或不收通知',
      person: true,
      run: (user) => {
        const person = people.meet(user)
        person.rejects = !person.rejects
      },
    },
    { id: 'close', label: '过了 48 小时', person: true, run: (user) => people.meet(user).allowance.close() },
    { id: 'expire', label: '令牌过期', person: false, run: () => tokens.expire() },
    { id: 'revoke', label: '令牌作废', person: false, run: () => tokens.revoke() },
    { id: 'verify', label: '验证服务器地址', person: false, run: verify },
  ]
}
