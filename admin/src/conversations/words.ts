import type { InboundEvent, Transit, Undelivered, Unreadable } from '../../../shared/channel.js'

export const UNREADABLE_WORDS: Record<Unreadable, string> = {
  voice: '语音',
  image: '图片',
  sticker: '表情',
  video: '视频',
  location: '位置',
  other: '读不出的内容',
}

export const EVENT_WORDS: Record<InboundEvent, string> = {
  subscribe: '关注了我们',
  unsubscribe: '取消了关注',
  menu: '点了菜单',
  scan: '扫了二维码',
  edit: '改过的话',
}

export const TRANSIT_WORDS: Record<Exclude<Transit['state'], 'undelivered'>, string> = {
  waiting: '等着发',
  'in-flight': '正在发',
  sent: '已送到平台',
}

export const UNDELIVERED_WORDS: Record<Undelivered, string> = {
  closed: '平台不许再发，要等对方再写一句',
  gone: '对方取消了关注或拉黑了我们',
  refused: '平台不收这条消息',
  late: '一天里都没能交给平台',
}
