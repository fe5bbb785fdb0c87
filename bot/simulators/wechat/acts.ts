import { z } from 'zod'
import { TEXT_MAX } from '../control.js'
import type { Fields } from './xml.js'

const Text = z.string().min(1).max(TEXT_MAX)
const Key = z.string().min(1).max(128)

/** What a person can do on WeChat. */
export const Act = z.union([
  Text,
  z.strictObject({ text: Text }),
  z.strictObject({ image: z.literal(true) }),
  /** What the platform makes of the sound; empty: nothing, or recognition is off. */
  z.strictObject({ voice: z.string().max(TEXT_MAX) }),
  z.strictObject({ video: z.literal(true) }),
  z.strictObject({ sticker: z.literal(true) }),
  z.strictObject({ location: z.strictObject({ x: z.number(), y: z.number(), label: z.string().max(200) }) }),
  z.strictObject({
    link: z.strictObject({ title: z.string().max(200), description: z.string().max(500), url: z.url() }),
  }),
  /** A line of a menu message. */
  z.strictObject({ press: z.strictObject({ id: z.string().max(64), content: Text }) }),
  z.strictObject({ event: z.enum(['subscribe', 'SCAN']), key: Key.optional() }),
  z.strictObject({ event: z.literal('unsubscribe') }),
  z.strictObject({ event: z.enum(['CLICK', 'VIEW']), key: z.string().min(1).max(1024) }),
  /** Answers the window that asks whether notices of this template may be sent. */
  z.strictObject({
    event: z.literal('subscribe_msg_popup_event'),
    template: z.string().min(1).max(64),
    answer: z.enum(['accept', 'reject']),
  }),
])
export type Act = z.infer<typeof Act>

/** What WeChat writes in place of what it hands to no account: stickers of one's own, files, red packets. */
const UNSUPPORTED = '【收到不支持的消息类型，暂无法显示】'

/** What is pushed for it, without the fields that every push has. `id`: a media id that nothing else has. */
export function pushOf(
  act: Act,
  id: () => string,
): { what: string; fields: Fields; shown: string; kind?: string } {
  if (typeof act === 'string' || 'text' in act) {
    const text = typeof act === 'string' ? act : act.text
    return { what: 'text', fields: { Content: text }, shown: text }
  }
  if ('image' in act)
    return {
      what: 'image',
      fields: { PicUrl: `http://mmbiz.qpic.cn/mmbiz_jpg/${id()}/0`, MediaId: id() },
      shown: '一张图片',
      kind: '图片',
    }
  if ('voice' in act)
    return {
      what: 'voice',
      fields: {
        MediaId: id(),
        Format: 'amr',
        MediaId16K: id(),
        ...(act.voice ? { Recognition: act.voice } : {}),
      },
      shown: act.voice || '一段语音',
      kind: '语音',
    }
  if ('video' in act)
    return { what: 'video', fields: { MediaId: id(), ThumbMediaId: id() }, shown: '一段视频', kind: '视频' }
  if ('sticker' in act)
    return { what: 'text', fields: { Content: UNSUPPORTED }, shown: '一个表情', kind: '表情' }
  if ('location' in act) {
    const { x, y, label } = act.location
    return {
      what: 'location',
      fields: {
        Location_X: { bare: x.toFixed(6) },
        Location_Y: { bare: y.toFixed(6) },
        Scale: 15,
        Label: label,
      },
      shown: label,
      kind: '位置',
    }
  }
  if ('link' in act) {
    const { title, description, url } = act.link
    return {
      what: 'link',
      fields: { Title: title, Description: description, Url: url },
      shown: title,
      kind: '链接',
    }
  }
  if ('press' in act) {
    const { id: bizmsgmenuid, content } = act.press
    return {
      what: 'text',
      fields: { Content: content, bizmsgmenuid: { bare: bizmsgmenuid } },
      shown: content,
    }
  }
  return eventOf(act, id)
}

function eventOf(
  act: Extract<Act, { event: string }>,
  id: () => string,
): { what: string; fields: Fields; shown: string; kind: string } {
  const event = (fields: Fields, shown: string) => ({
    what: act.event,
    fields: { Event: act.event, ...fields },
    shown,
    kind: '动作',
  })
  switch (act.event) {
    case 'subscribe':
      // Who comes by a code with a scene brings the scene along.
      return event(act.key ? { EventKey: `qrscene_${act.key}`, Ticket: id() } : { EventKey: '' }, '关注')
    case 'unsubscribe':
      return event({ EventKey: '' }, '取消关注')
    case 'SCAN':
      return event({ EventKey: act.key ?? '1', Ticket: id() }, '扫码')
    case 'CLICK':
      return event({ EventKey: act.key }, `点菜单：${act.key}`)
    case 'VIEW':
      return event({ EventKey: act.key, MenuId: { bare: '1' } }, `点菜单里的链接：${act.key}`)
    case 'subscribe_msg_popup_event':
      return event(
        {
          SubscribeMsgPopupEvent: {
            List: [{ TemplateId: act.template, SubscribeStatusString: act.answer, PopupScene: '2' }],
          },
        },
        act.answer === 'accept' ? '同意接收通知' : '不同意接收通知',
      )
  }
}
