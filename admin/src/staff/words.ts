import type { Role } from '../../../shared/staff.js'

/** Each role in a word and a sentence: who gives one should know what it opens. */
export const ROLE_WORDS: Record<Role, { label: string; meaning: string }> = {
  administrator: { label: '管理员', meaning: '管账号、看操作记录、办上线手续。看不到孩子的对话。' },
  supervisor: {
    label: '督导',
    meaning: '能接对话，也能看全部需要真人的对话、交还同事的对话；等太久时会被叫。',
  },
  counselor: { label: '辅导员', meaning: '值班、接对话、和孩子说话。只看在等的和自己接过的。' },
  editor: { label: '内容编辑', meaning: '改问答和说法，试一试，发布。看不到对话。' },
  campaigner: { label: '预警编辑', meaning: '写预警、选发给谁。要另一个人同意才能发。看不到对话。' },
}
