import type { Hotline } from '../../../shared/hotline.js'
import type { LineCheck, LineRow } from '../../../shared/line.js'

export const STATE_WORDS: Record<LineRow['state'], string> = {
  open: '现在有人接',
  likely: '现在应该能打通',
  closed: '现在没人接',
}

export const CHECK_WORDS: Record<LineCheck, { label: string; meaning: string }> = {
  verified: { label: '核实过', meaning: '有人打通过，号码和时间是对的' },
  expiring: { label: '核实快到期', meaning: '30 天内到期，请再打一次' },
  lapsed: { label: '核实过期', meaning: '要再打一次；现在只说“应该能打通”' },
  unverified: { label: '没核实', meaning: '还没有人核实，现在只说“应该能打通”' },
}

export const DAY_WORDS: Record<keyof Hotline['hours'], string> = {
  workday: '工作日（含调休上班）',
  restday: '周末',
  holiday: '法定节假日',
}
