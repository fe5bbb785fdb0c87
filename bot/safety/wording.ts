/** A wording no text for young people may have, and why. */
interface Forbidden {
  pattern: RegExp
  why: string
}

/** WHO, Preventing suicide: a resource for media professionals (2023), and the house's own rules in docs/wording.md. */
const EVERYWHERE: Forbidden[] = [
  {
    pattern: /自私|丢人现眼|(?<!不)丢人(?!的事)|矫情|懦弱|想不开|(?<!不是你)没出息|傻(?:孩子|瓜|事)/,
    why: '责备或羞辱人',
  },
  { pattern: /解脱|自杀成功|自杀未遂|一了百了/, why: '美化死亡，或给它下判断' },
  { pattern: /你(?:得|患)(?:了|上)(?:抑郁|焦虑|精神)|你(?:是|有)抑郁症/, why: '下了诊断' },
  { pattern: /(?:绝对|一定|保证|肯定)(?:会)?(?:替你|帮你|给你)?(?:保密|不告诉)/, why: '保证保密' },
  { pattern: /(?:一定|肯定|保证)(?:能|会)(?:赢|胜诉|判|退(?:款|钱)|赔|要回)/, why: '保证结果' },
  { pattern: /(?<!不)(?:我是|我也是)(?:真人|律师|医生|老师)/, why: '冒充真人或专家' },
  { pattern: /为什么(?:不|没)(?:反抗|早说|告诉|报警|还手|跑)/, why: '在问“为什么不”' },
  { pattern: /\d+(?:\.\d+)?\s*(?:毫克|mg|粒|片(?!面))/i, why: '说出了剂量' },
  {
    pattern:
      /发(?:一张|一下|给我们?)?(?:照片|图片|视频)(?:给|过来)|(?:照片|图片|视频)(?:也|都|先)?发(?:一张|一下|过来|给我)/,
    why: '向孩子要照片',
  },
  {
    pattern:
      /(?:马上|立刻|等下|一会儿)(?:就)?(?:有|会有)(?:老师|人|真人|工作人员)(?:来|接|联系)|老师正在(?:看|赶|来)/,
    why: '说有人会来',
  },
]

/** Words for methods: never in an answer to somebody who may be thinking of dying. */
const METHODS: Forbidden[] = [
  { pattern: /跳楼|割腕|上吊|烧炭|安眠药|农药|百草枯|跳河|卧轨|刀片|煤气自/, why: '说出了方法' },
  {
    pattern:
      /《[^》]{1,20}(?:法|法典|条例|规定|解释)》|第[一二三四五六七八九十百千]+条|法律规定|判刑|处罚|拘留|强制(?:住院|入院)|监护人同意/,
    why: '对难受的人讲了法律或强制',
  },
]

/** What is wrong with a text, machine-checkable as far as rules are strings. */
export function wordingFaults(text: string, distress = false): string[] {
  const rules = distress ? [...EVERYWHERE, ...METHODS] : EVERYWHERE
  return rules.flatMap(({ pattern, why }) => {
    const found = pattern.exec(text)
    return found ? [`“${found[0]}”${why}，请换个说法`] : []
  })
}
