/** The syllables of Mandarin in Hanyu Pinyin (汉语拼音方案) without tones, as they are typed: v for ü. */
const SYLLABLES =
  'a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou cu cuan cui cun cuo da dai dan dang dao de den deng di dia dian diao die ding diu dong dou du duan dui dun duo e ei en eng er fa fan fang fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke kei ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei leng li lia lian liang liao lie lin ling liu long lou lu luan lun luo lv lve ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru ruan rui run ruo sa sai san sang sao se sen seng sha shai shan shang shao she shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan tang tao te teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo'

/** Where a character stands for a syllable: Unicode keeps this area for private use. */
const FIRST = 0xe000
const UNITS = new Map(
  SYLLABLES.split(' ').map((syllable, i) => [syllable, String.fromCharCode(FIRST + i)] as const),
)
const LONGEST = 6
/** One syllable may be an English word; so many in a row are pinyin. */
const LEAST = 2
/** No word is longer; a longer run of letters is left as it is. */
const WORD_MAX = 60

/** The character that stands for a syllable, if it is one. */
export const unitOf = (syllable: string): string | undefined => UNITS.get(syllable)

const RUN = /[a-z]+(?:[ ']+[a-z]+)*/g

/** Words of pinyin in a normalised text as one character a syllable: `wo bu xiang huo le` and `wobuxianghuole` become alike. */
export function inSyllables(text: string): string {
  return text.replace(RUN, (run) => {
    const words = run.split(/[ ']+/).map((word) => ({ word, units: split(word) }))
    const count = words.reduce((sum, { units }) => sum + (units?.length ?? 0), 0)
    if (count < LEAST) return run
    return words.map(({ word, units }) => units ?? ` ${word} `).join('')
  })
}

/** A word in as few syllables as possible; null when it is none. */
function split(word: string): string | null {
  if (word.length > WORD_MAX) return null
  const best: (string | null)[] = ['', ...Array.from(word, () => null)]
  for (let start = 0; start < word.length; start++) {
    const before = best[start]
    if (before === null || before === undefined) continue
    for (let end = start + 1; end <= Math.min(word.length, start + LONGEST); end++) {
      const unit = UNITS.get(word.slice(start, end))
      const now = best[end]
      if (unit && (now === null || now === undefined || now.length > before.length + 1))
        best[end] = before + unit
    }
  }
  return best[word.length] ?? null
}
