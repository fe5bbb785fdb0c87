import type { AuditVerb } from '../../../shared/api/audit.js'

/** What was done, in words. */
export const VERB_WORDS: Record<AuditVerb, string> = {
  'conversation.read': '看了对话',
  'escalation.claimed': '接下对话',
  'escalation.released': '交还对话',
  'escalation.resolved': '结束对话',
  'campaign.changed': '改了预警',
  'campaign.approved': '同意预警',
  'campaign.stopped': '停了预警',
  'content.changed': '改了内容',
  'content.released': '发布内容',
  'lines.changed': '改了电话',
  'laws.imported': '导入法律',
  'laws.confirmed': '核对法条',
  'laws.mapped': '确认条号对照',
  'go-live.changed': '改了上线清单',
  'channels.changed': '改了渠道',
  'sign-in': '登录',
  'sign-in.failed': '登录没成功',
  'sign-out': '退出登录',
  'password.set': '设了密码',
  'session.ended': '让一处登录退出',
  'staff.created': '新建账号',
  'staff.changed': '改了账号',
  'staff.link': '发了一次性链接',
}
