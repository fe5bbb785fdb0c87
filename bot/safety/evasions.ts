/**
 * Ways of writing a word so that a filter does not see it, and the word they stand for. Each needs its context:
 * 紫砂壶 is a teapot, "zs" alone may be a name, 4 is a number. Applied to normalised text, for reading risk only.
 */
const SPELLINGS: [RegExp, string][] = [
  // letters and digits mixed with characters
  [/自\s*(?:sha|s(?![a-z])|shā|沙|鲨|刹)|zi\s*[杀沙鲨]|z杀/g, '自杀'],
  [/(?<![a-z])zi\s?sha(?![a-z])/g, '自杀'],
  [/(?<=[想要去再试过]|一起|打算|准备|已经|已)\s*zs(?![a-z])|(?<![a-z])zs(?=了|过|算|吧|方|怎么|$)/g, '自杀'],
  [/紫砂(?![壶杯锅器泥陶茶艺煲罐盆花碗矿料])/g, '自杀'],
  [/自残|(?<![a-z])zc(?=了|过|的)|zi\s?can(?![a-z])|自can/g, '自残'],
  [/(?<=[想要去快就该不如真我])\s*(?:4|s|si|鼠|亖|屎|似)(?=[了掉吧啊呀哦算的一]|$|\s|[。，,!！~])/g, '死'],
  // 去4楼, 去4班, 去school are places
  [/(?<=去)(?:4|s|si|鼠|亖|似)(?![\da-z楼班号点层区栋年月路院店室个次家人标])/g, '死'],
  [/(?:s|4|死|鼠|si|似)一(?:s|4|鼠|si|似)(?![\da-z])/g, '死一死'],
  [/不想[火或获]了|不想h了|不想huo了|不想活l|bu想活/g, '不想活了'],
  [/活不下qu|活不xia去/g, '活不下去'],
  [/跳lou|tiao楼|跳[漏搂娄喽](?!洞)|(?<![a-z])tiao\s?lou(?![a-z])/g, '跳楼'],
  [/割wan|ge腕|割[碗万]|(?<![a-z])ge\s?wan(?![a-z])/g, '割腕'],
  [/遗shu|yi书|(?<![a-z])yi\s?shu(?![a-z])/g, '遗书'],
  [/想[噶嘎]|把自己[噶嘎]|自[噶嘎]|[噶嘎]了自己|自己[噶嘎]了/g, '想死'],
  [/(?<![a-z])wo\s?(?:zhen\s?de\s?)?bu\s?xiang\s?huo\s?(?:le|xia\s?qu)?/g, '我不想活了'],
  [/(?<![a-z])(?:bu\s?xiang|buxiang)\s?huo(?:\s?le)?/g, '不想活了'],
  [/(?<![a-z])huo\s?bu\s?xia\s?qu(?:\s?le)?/g, '活不下去了'],
  [/(?<![a-z])(?:wo\s?)?xiang\s?(?:qu\s?)?si(?:\s?le)?(?![a-z]|\s(?:ni|ta|ren|chuan)(?![a-z]))/g, '我想死了'],
  [/(?<![a-z])huo\s?zhe\s?(?:hao\s?)?(?:lei|mei\s?yi\s?si)/g, '活着好累没意思'],
  [/(?<![a-z])jiu\s?ming(?![a-z])/g, '救命'],
  [/强j(?![a-z])|qiang奸|(?<![a-z])qiang\s?jian(?![a-z])|强[歼碱]/g, '强奸'],
  [/迷j(?![a-z])|迷jian/g, '迷奸'],
  [/(?<![a-z])qj(?=了|过|我|的)/g, '强奸'],
  [/x侵|性q(?![a-z])|xing侵/g, '性侵'],
  [/luo聊|裸liao|果聊/g, '裸聊'],
  [/luo照|果照/g, '裸照'],
  [/b凌|ba凌|霸l/g, '霸凌'],
  [/吸du|xi毒|溜冰(?=了|过|被|上瘾)/g, '吸毒'],
]

const WEDGE = /([\u4e00-\u9fff])[ \t*·.\-_+/\\|'"“”~^#@&=\u2022]{1,6}(?=[\u4e00-\u9fff])/g

/** The text as it was meant, for rules and model: spaced and starred characters joined, spellings undone. */
export function unmask(text: string): string {
  // Only single characters set apart (自 杀, 自*杀): a space between words of a sentence stays.
  const joined = text.replace(WEDGE, (whole: string, char: string, at: number) => {
    const before = text.charAt(at - 1)
    const after = text.charAt(at + whole.length + 1)
    const alone = !/[\u4e00-\u9fff]/.test(before) || !/[\u4e00-\u9fff]/.test(after)
    return alone ? char : whole
  })
  let meant = joined
  for (const [spelling, word] of SPELLINGS) meant = meant.replace(spelling, word)
  return meant
}
