import type { Speaker } from '../../shared/risk.js'

const CHILD = /(?:我|俺|咱)?(?:的|家)?(?:儿子|女儿|闺女|孩子|小孩|娃|小朋友)/
const PUPIL =
  /(?:我|班)(?:上|里|的)?(?:一个|有个|的)?(?:学生|学员)|我是.{0,6}(?:老师|班主任|社工|邻居|教练|医生)|邻居家?的?.{0,3}(?:孩子|小孩)/
/** Somebody near, told of as the one in danger … */
const PEER =
  /(?:我|俺|有|有个|一个|最好|好|我们班|同)(?:的|有|一)?(?:一)?(?:个)?(?:好|男|女|小|初中|高中|大学)?(?:朋友|同学|闺蜜|兄弟|哥们|室友|舍友|同桌|网友|对象|姐妹|弟弟|妹妹|哥哥|姐姐|表弟|表妹|表姐|表哥|弟|妹|哥|姐|发小)|(?:她|他|ta)(?:说|想|要|已经|刚|就|总是|一直|今天|跟我说)/
/** … and not as the one who does it to me. */
const DONE_TO_ME =
  /(?:让|逼|叫|打|骂|踢|踹|掐|揍|堵|追|摸|亲|抱|碰|骗|害|勒索|敲诈|威胁|欺负|孤立|嘲笑|排挤|辱骂|强迫|强奸|侵犯|猥亵|跟踪|偷拍|拍|发给|给|对|把|跟|冲|朝|不理|不管|针对|拉|拖|带|推|灌|控制|关)(?:着|了|过)?我(?!说|讲|发(?:了)?(?:消息|信息|微信)|打(?:了)?电话|哭)|我(?:被|让|叫)(?:他|她|人|同学|室友|网友)/

/** Who a message speaks for. `about` is the stretch the danger stands in; what is done to the writer, or felt by them, wins. */
export function speakerOf(text: string, about = text): Speaker {
  const other = speakerIn(about)
  if (other !== 'self')
    return OWN.test(about) || (other === 'friend' && DONE_TO_ME.test(about)) ? 'self' : other
  if (FIRST_PERSON.test(about)) return 'self'
  const whole = speakerIn(text)
  return whole === 'self' || OWN.test(text) || (whole === 'friend' && DONE_TO_ME.test(text)) ? 'self' : whole
}

const FIRST_PERSON =
  /(?:^|[^让叫对跟给和帮替为是])我(?!的|们|家|朋友|同学|儿子|女儿|孩子|妹|弟|该|应该|要怎么|怎么|很担心|担心)/
const OWN =
  /我(?:也|真的|真|好|就|都|自己|现在|已经|一直|经常|总|特|很)*(?:不想活|想死|想自杀|活不下去|撑不住|自残|割|被打|被)/

function speakerIn(text: string): Speaker {
  if (PUPIL.test(text)) return 'adult'
  if (CHILD.test(text)) return 'parent'
  if (PEER.test(text)) return 'friend'
  return 'self'
}
