import type { Reader } from '../../shared/intent.js'

const PARENT =
  /(?:我|俺|咱)(?:的|们|家)?(?:的)?(?:儿子|女儿|闺女|孩子|小孩|娃|大儿|小儿|外孙|孙子|孙女)|孩子(?:今年|才|他|她|不|在|老|最近|总|被|说|回|跟|把|上|成绩)|作为(?:家长|父母|妈妈|爸爸)|我是(?:孩子|一位|一个|一名)?.{0,3}(?:家长|妈妈|母亲|爸爸|父亲)|我家(?:那|的)?(?:孩子|娃|儿子|女儿|闺女)/
const ADULT =
  /我是.{0,6}(?:老师|班主任|社工|邻居|医生|教练|村干部|志愿者|民警)|我(?:们)?班(?:上|里)?.{0,4}(?:一个|有个|的)学生|我的学生|邻居家/
const FRIEND =
  /我(?:的)?(?:一个|有个|有一个|最好的)?(?:好)?(?:朋友|同学|闺蜜|兄弟|哥们|室友|舍友|同桌|网友|表妹|表弟|妹妹|弟弟|姐姐|哥哥|妹|弟|对象)(?!.{0,12}(?:打|骂|欺负|孤立|威胁|逼|造谣|偷|抢|摸|骗|说|让|不理|不跟|把|给|拍|堵)(?:了|着|过)?我)(?!们?(?:打|骂|欺负|孤立|威胁|逼|造谣|偷|抢|摸|骗|老|总|天天))/

/** Who is asking, from how they speak; null when the message does not say. */
export function readerOf(text: string): Reader | null {
  if (ADULT.test(text)) return 'adult'
  if (PARENT.test(text)) return 'parent'
  if (FRIEND.test(text)) return 'friend'
  if (
    /我(?:今年|现在|是|才|刚)?.{0,4}(?:\d{1,2}|十[一二三四五六七])岁|我是.{0,6}(?:学生|女生|男生|初[一二三中]|高[一二三中])|我(?:爸|妈|父母|爸妈)/.test(
      text,
    )
  )
    return 'young'
  return null
}
