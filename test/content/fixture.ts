import { stringify } from 'yaml'
import { parseContent, type Content, type ContentFiles } from '../../bot/content/content.js'

const SAYINGS = [
  '老板不发工资',
  '打工一个月没拿到钱',
  '暑假工的钱被扣',
  '说好的日结不给',
  '工头跑了找不到人',
  '押金不退还扣身份证',
  '干了三天就让走一分不给',
  '加班费从来没有',
  '奶茶店拖着不结账',
  '欠条写了也不认',
  '老板把我拉黑',
  '工钱少算了一半',
]
const OTHERS = [
  '同桌撕我本子',
  '被起外号',
  '放学被堵',
  '群里骂我',
  '没人跟我一组',
  '书包扔进水池',
  '逼我买东西',
  '推我下楼梯',
  '厕所里泼水',
  '嘲笑我口音',
  '抢我饭卡',
  '寝室排挤',
]

/** A small house of content with no fault in it; `change` may break what it likes before it is written down. */
export interface Draft {
  wage: Record<string, unknown> & {
    utterances: string[]
    test: string[]
    buttons: unknown[]
    reviews: unknown[]
    also: string[]
  }
  answer: {
    reader: string
    first: Record<string, unknown>
    more: Record<string, unknown>
    help: Record<string, unknown>
  }
  bullied: Record<string, unknown> & { utterances: string[]; test: string[]; answers: unknown[] }
  suicide: Record<string, unknown> & { answers: { first: Record<string, unknown> }[] }
  messages: Record<string, { text: string; buttons?: string[]; reviews?: unknown[] }>
  lines: Record<string, unknown>[]
  statutes: Record<string, unknown>[]
  groups: Record<string, unknown>[]
}

const test = ['工资要不回来', '没拿到工钱', '老板赖账', '干完活不给钱']
const always = [{ from: '00:00', to: '24:00' }]

export function filesWith(change: (draft: Draft) => void = () => undefined): ContentFiles {
  const answer: Draft['answer'] = {
    reader: 'young',
    first: {
      text: '你干了活，就该拿到钱。先把聊天和转账截图留好。',
      citations: [{ law: '劳动法', article: '第五十条', plain: '工资要按月发，不能拖欠。' }],
    },
    more: { text: '写下哪天干了什么，找劳动监察投诉。' },
    help: { text: '打 {{hotline.12333}} 问一问。' },
  }
  const intent = (id: string, title: string, utterances: string[], answers: unknown[]) => ({
    id,
    title,
    risk: 'none',
    also: [] as string[],
    utterances: [...utterances],
    test: test.map((text) => `${title}${text}`),
    answers,
    buttons: [] as unknown[],
    reviews: [] as unknown[],
  })
  const plain = { reader: 'young', first: { text: '这不是你的错。先告诉一个信得过的大人。' } }
  const draft: Draft = {
    answer,
    wage: {
      ...intent('work.wage', '工资', SAYINGS, [answer]),
      test: [...test],
      buttons: [
        { label: '怎么要', to: 'more' },
        { label: '被欺负', to: 'sch.bullied' },
      ],
    },
    bullied: intent('sch.bullied', '被欺负', OTHERS, [plain]),
    suicide: intent(
      'mh.suicide',
      '不想活',
      OTHERS.map((text) => `${text}活着好难`),
      [{ reader: 'young', first: { text: '你在难受。你身边有人吗？' } }],
    ) as unknown as Draft['suicide'],
    messages: { hello: { text: '你好，我在。' } },
    lines: [
      {
        number: '110',
        name: '报警',
        purpose: '有人伤害你',
        contact: ['call'],
        emergency: true,
        hours: { workday: always, restday: always, holiday: always },
        verified: null,
      },
      {
        number: '120',
        name: '急救',
        purpose: '受伤流血',
        contact: ['call'],
        emergency: true,
        hours: { workday: always, restday: always, holiday: always },
        verified: null,
      },
      {
        number: '12333',
        name: '人社热线',
        purpose: '打工、工资',
        contact: ['call'],
        hours: { workday: [{ from: '09:00', to: '17:00' }] },
        verified: null,
      },
    ],
    statutes: [
      {
        name: '劳动法',
        title: '中华人民共和国劳动法',
        version: '2018-12-29',
        effective: '2018-12-29',
        articles: 107,
      },
      {
        name: '治安管理处罚法',
        aliases: ['治安法'],
        title: '中华人民共和国治安管理处罚法',
        version: '2025-06-27',
        effective: '2026-01-01',
        articles: 144,
      },
      {
        name: '治安管理处罚法',
        title: '中华人民共和国治安管理处罚法',
        version: '2012-10-26',
        effective: '2013-01-01',
        until: '2026-01-01',
        articles: 119,
      },
      {
        name: '刑法',
        title: '中华人民共和国刑法',
        version: '2023-12-29',
        effective: '2024-03-01',
        articles: 452,
        sub: ['第二百三十六条之一'],
      },
    ],
    groups: [{ level: 'urgent', speaker: 'self', style: 'plain', lines: ['我不想活了'], test: ['活够了'] }],
  }
  change(draft)
  return {
    'work/wage.yml': stringify(draft.wage),
    'sch/bullied.yml': stringify(draft.bullied),
    'mh/suicide.yml': stringify(draft.suicide),
    'system/talk.yml': stringify({ about: '说话', messages: draft.messages }),
    'system/hotlines.yml': stringify({ about: '电话', lines: draft.lines }),
    'laws/articles.yml': stringify({ statutes: draft.statutes }),
    'danger/self-harm.yml': stringify({ kind: 'self-harm', groups: draft.groups }),
    'background/daily.yml': stringify({ about: '日常', lines: ['今天天气不错'] }),
  }
}

/** The same, parsed; throws where the schema already refuses it. */
export function contentWith(change: (draft: Draft) => void = () => undefined): Content {
  const { content, faults } = parseContent(filesWith(change))
  if (!content) throw new Error(faults.map(({ path, what }) => `${path}: ${what}`).join('\n'))
  return content
}
