import { wordingFaults } from './wording.js'

/** What no message that nobody asked for may name: it is read unprepared, perhaps by somebody who thinks of dying. */
const UNASKED: { pattern: RegExp; why: string }[] = [
  { pattern: /自杀|轻生|自残|自伤|寻短见|不想活|结束(?:自己的)?生命|想死|遗书|殉情/, why: '说到了轻生' },
  {
    pattern: /跳楼|割腕|上吊|烧炭|安眠药|农药|百草枯|跳河|卧轨|刀片|煤气自|服毒/,
    why: '说到了方法',
  },
  {
    pattern:
      /[某×xX*]{1,2}(?:校|中学|小学|大学|学院|同学|学生|女生|男生|市|县|旗|村)|(?:近日|日前|昨日|昨天|上周).{0,12}(?:一名|一个|有名|多名)(?:学生|女生|男生|孩子|少年|少女|中学生)/,
    why: '像在说一个案例',
  },
]

/**
 * What is wrong with the words of a message the bot starts: the rules for every text, and no push mentions a suicide,
 * a method or a case (WHO, Preventing suicide: a resource for media professionals, 2023).
 */
export function pushWordingFaults(text: string): string[] {
  const unasked = UNASKED.flatMap(({ pattern, why }) => {
    const found = pattern.exec(text)
    return found ? [`“${found[0]}”${why}，主动发的话里不能有`] : []
  })
  return [...wordingFaults(text), ...unasked]
}
