import type { LayerName, Reader } from '../../shared/intent.js'
import type { DangerKind } from '../../shared/risk.js'

/** A situation, and what must never be said in it or answered to it. */
export interface ForbiddenPair {
  /** What goes wrong, for an author. */
  why: string
  /** Whose answers the words are looked for in. */
  in: { topics: RegExp; readers: readonly Reader[]; layers: readonly LayerName[] }
  /** Words that must not stand there … */
  never?: RegExp
  /** … articles, as 刑法第三百四十七条, that must not be cited there … */
  uncited?: RegExp
  /** … and words one of which must. */
  needs?: RegExp
  /** Topics that must not be the answer to a message in one of these dangers. */
  answered?: { to: readonly DangerKind[]; by: RegExp }
}

const ALL: readonly Reader[] = ['young', 'parent', 'friend', 'adult']
const PEERS: readonly Reader[] = ['young', 'friend']
const LAYERS: readonly LayerName[] = ['first', 'more', 'help']
const PARENTS = '(?:你)?(?:爸爸?妈妈?|爸爸?|妈妈?|父亲|母亲|父母|家长|养父|继父|后爸|后妈|继母|监护人)'

/** Each from the safe-messaging rules of docs/wording.md; the rest of them a person has to read for. */
export const FORBIDDEN_PAIRS: readonly ForbiddenPair[] = [
  {
    why: '伤害来自照顾人的，不能叫孩子去跟那个人谈、告诉那个人',
    in: {
      topics:
        /^(?:fam\.(?:violence|neglect|early_marriage|guardian_drugs)|safety\.(?:trusted_adult_abuse|locked_camp|silent_help))$/,
      readers: PEERS,
      layers: LAYERS,
    },
    never: new RegExp(
      `(?<!(?:不要|不用|别|不必|先不|不)去?)(?:跟|和|找|向|同)${PARENTS}(?:好好|心平气和地?)?(?:谈|聊|说|沟通|商量|认错|道歉|解释|讲)|(?<!不要|不用|别|不必|先不|能不能|不想|不敢|可信的|另一个)告诉${PARENTS}(?!以外|之外)`,
    ),
    answered: { to: ['violence', 'neglect'], by: /^fam\.(?:conflict|parenting)$/ },
  },
  {
    why: '问怎么伤自己的人，不能只说“不能告诉你”，要接住他、给他一个人或一个电话',
    in: {
      topics: /^(?:chat\.dangerous_howto|mh\.(?:suicide|self_harm|attempt|suicide_pact|harm_others))$/,
      readers: PEERS,
      layers: ['first'],
    },
    needs: /[？?]|\{\{hotline\.|120|110|转人工|找真人|身边/,
    answered: { to: ['self-harm', 'attempt'], by: /^chat\.(?:out_of_scope|bored|abuse_test)$/ },
  },
  {
    why: '不满十四岁没有“自愿”，不能教怎么同意、怎么做安全措施',
    in: { topics: /^(?:sex|safety|hiv)\./, readers: ALL, layers: LAYERS },
    never:
      /(?:不满|没满|未满|不到|小于)(?:十四|14)周?岁[^。！？]*(?:也?可以(?:同意|自愿)|愿意就(?:行|可以)|(?:戴|用)(?:好)?(?:安全套|避孕套)|避孕)/,
    answered: { to: ['sexual'], by: /^chat\./ },
  },
  {
    why: '对吸毒的人和他的家人，不能说去举报他、叫警察抓他',
    in: {
      topics: /^(?:drug\.(?!report$)|fam\.guardian_drugs$)/,
      readers: ['young', 'friend', 'parent'],
      layers: LAYERS,
    },
    never:
      /(?<!不用|不要|别|不是)(?:举报|告发|检举)(?:了)?(?:他|她|TA|家人|朋友|孩子|爸|妈|同学)|(?:叫|让)警察(?:来)?(?:抓|把)(?:他|她|TA|你|孩子|爸|妈)/,
  },
  {
    why: '被人利用的孩子，第一句不能先讲他犯了什么法',
    in: {
      topics:
        /^(?:net\.(?:sextortion|rent_card|image_leak_ai)|safety\.(?:trafficking|scam_compound|forced_escort|sexual_assault|trusted_adult_abuse)|drug\.carry_sell|mh\.(?:suicide|self_harm|attempt))$/,
      readers: PEERS,
      layers: ['first'],
    },
    never:
      /你(?:这|也|就|已经|可能|会|是)?(?:是|算|构成|涉嫌)?(?:在)?(?:犯罪|犯法|违法|犯了罪|被判|判刑|坐牢|被拘留)/,
    uncited: /^刑法第(?:三百四十[七八]|三百五十[三四]|二百八十七)条|^反电信网络诈骗法第四十四条/,
    answered: {
      to: ['extortion', 'sexual'],
      by: /^jus\.(?:theft_robbery|gang|public_security|criminal_age)$/,
    },
  },
]

/** Whether this topic must not be the answer to a message in one of these dangers. */
export function misrouted(kinds: readonly DangerKind[], topic: string): boolean {
  return FORBIDDEN_PAIRS.some(
    ({ answered }) => answered?.by.test(topic) && kinds.some((kind) => answered.to.includes(kind)),
  )
}
