import type {
  Audience,
  Campaign,
  CampaignState,
  CampaignStep,
  Caution,
  FailReason,
  Schedule,
  SkipReason,
} from '../../../shared/campaign.js'

export const STATE_WORDS: Record<CampaignState, { label: string; meaning: string }> = {
  draft: { label: '草稿', meaning: '还没有请人批准，不会发' },
  submitted: { label: '等人批准', meaning: '要另一位同事看过、同意，才会发' },
  approved: { label: '到时候发', meaning: '已经批准，到时间自动发' },
  running: { label: '正在发', meaning: '正在一个一个地发' },
  paused: { label: '暂停了', meaning: '现在不发，可以接着发' },
  done: { label: '发完了', meaning: '每一次都发完了' },
  stopped: { label: '停掉了', meaning: '不会再发，记录还在' },
}

export const STEP_WORDS: Record<CampaignStep, string> = {
  created: '写了这条',
  edited: '改了',
  submitted: '请人批准',
  returned: '退回修改',
  approved: '批准了',
  paused: '暂停了',
  resumed: '接着发',
  stopped: '停掉了',
}

/** Short enough for a chart, and what it means. */
export const SKIP_WORDS: Record<SkipReason, { label: string; meaning: string }> = {
  'opted-out': { label: '退订了', meaning: '自己退订了，停了这一种，或者取消了关注' },
  'not-parent': { label: '不是家长', meaning: '这条只发给以家长身份订的人' },
  channel: { label: '渠道没开', meaning: '用的渠道没有选上，或者没有开通' },
  closed: {
    label: '窗口关了',
    meaning: '平台只许在对方写过话之后的一段时间里发，现在过了，也没有能用的模板消息',
  },
  protected: {
    label: '先不打扰',
    meaning: '最近 14 天说到过危险，或者正有真人陪着、在等真人。为了保护他们，这几种合在一起数',
  },
  often: { label: '最近够多', meaning: '同一种一天最多一条，七天最多四条' },
  late: { label: '太晚了', meaning: '晚了一天以上，不再发' },
  stopped: { label: '停掉了', meaning: '发之前停掉了' },
  changed: { label: '改过了', meaning: '发之前改了内容，旧的不再发' },
  gone: { label: '已删除', meaning: '自己删除了全部记录' },
  several: {
    label: '几种原因',
    meaning: '退订了、最近够多、近 14 天说到过危险、正有真人陪着等。人少的时候不分开数，免得看出是谁',
  },
}

export const FAIL_WORDS: Record<FailReason, { label: string; meaning: string }> = {
  unreadable: { label: '地址读不出', meaning: '地址解不开，请告诉管理员' },
  refused: { label: '平台不收', meaning: '平台不收这条消息，请告诉管理员' },
  undelivered: { label: '没送到', meaning: '一天里都没能交给平台，请告诉管理员' },
  'gave-up': { label: '没发成', meaning: '试了几次都没成，请告诉管理员' },
}

export const CAUTION_WORDS: Record<Caution['code'], (about: string) => string> = {
  'number-unverified': (about) => `${about}：这个号码和时间还没有人核实过`,
  'number-closed': (about) => `${about}：按登记的时间，第一次发的时候没有人接`,
  'facts-unverified': (about) => `模板里有没核实的：${about}`,
  'template-unread': (about) => `模板“${about}”还没有专业的人签过字`,
  'template-changed': (about) => `文字和模板“${about}”不一样了`,
}

export const AUDIENCE_WORDS: Record<Audience, string> = {
  everyone: '订了这一种的所有人',
  parents: '只给以家长身份订的人',
}

export const REPEAT_WORDS: Record<Schedule['repeat'], string> = {
  once: '只发一次',
  weekly: '每周',
  monthly: '每月',
  yearly: '每年',
}

const ZONE = 'Asia/Shanghai'
const full = new Intl.DateTimeFormat('zh-CN', {
  timeZone: ZONE,
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
})
const dayOnly = new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, month: 'numeric', day: 'numeric' })
const weekday = new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, weekday: 'short' })
const clock = new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' })

/** 2026年12月1日周二 10:00, on the wall clock here. */
export const whenOf = (iso: string): string => full.format(new Date(iso))

/** The parts of a calendar leaf. */
export const leafOf = (iso: string) => {
  const at = new Date(iso)
  return { day: dayOnly.format(at), weekday: weekday.format(at), time: clock.format(at) }
}

/** What a calendar-minded person wants to know of it in one line. */
export function planOf({ schedule, occurrences }: Pick<Campaign, 'schedule' | 'occurrences'>): string {
  const { repeat, until } = schedule
  return repeat === 'once'
    ? REPEAT_WORDS.once
    : `${REPEAT_WORDS[repeat]}一次，到 ${until}，共 ${occurrences.length} 次`
}
