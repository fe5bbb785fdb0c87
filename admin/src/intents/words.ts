import { GROUPS, type Signed } from '../../../shared/content.js'
import {
  FIRST_MAX,
  HELP_MAX,
  MORE_MAX,
  type LayerName,
  type Reader,
  type Review,
} from '../../../shared/intent.js'

/** What the pages of content call things. */
export const SIGNED_WORDS: Record<Signed, { label: string; meaning: string }> = {
  signed: { label: '已签字', meaning: '签的就是现在的文字，还在有效期里' },
  expiring: { label: '快到期', meaning: '签字 30 天内到期，要约人重新签' },
  lapsed: { label: '签字过期', meaning: '签字到期了，没核实的内容已经不再显示' },
  unsigned: { label: '没签字', meaning: '还没有人签过现在的文字' },
}

export const READER_WORDS: Record<Reader, string> = {
  young: '写给孩子',
  parent: '写给家长',
  friend: '写给朋友同学',
  adult: '写给老师等大人',
}

export const LAYER_WORDS: Record<LayerName, { label: string; meaning: string; most: number }> = {
  first: { label: '第一句', meaning: '先接住，再给一件马上能做的事。一定会显示。', most: FIRST_MAX },
  more: { label: '怎么办', meaning: '步骤、证据、期限、之后会怎样。点了按钮才显示。', most: MORE_MAX },
  help: { label: '谁能帮', meaning: '找谁、打哪个电话。点了按钮才显示。', most: HELP_MAX },
}

export const REVIEWER_WORDS: Record<Review['role'], { label: string; signs: string }> = {
  lawyer: { label: '律师', signs: '法律' },
  counselor: { label: '心理老师', signs: '心理和危险' },
  doctor: { label: '医生', signs: '身体、药物、毒品、艾滋病' },
  editor: { label: '编辑', signs: '文字' },
}

export const groupWord = (id: string): string => GROUPS[id.split('.')[0] as keyof typeof GROUPS] ?? id

/** What was done to a document, as its history says it. */
export const VERB_WORDS: Record<string, string> = {
  edited: '改了内容',
  signed: '签了字',
  'file-taken': '换成了文件里的内容',
  'console-kept': '保留了管理台的内容',
}

export const FIELD_WORDS: Record<string, string> = {
  title: '名字',
  risk: '危险程度',
  danger: '危险的种类',
  also: '也算对的话题',
  utterances: '说法',
  test: '测试句',
  answers: '回答',
  buttons: '按钮',
  reviews: '签字',
}
