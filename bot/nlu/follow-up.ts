/** Words that point back at what was said before: 那, 他, 这个, and questions without an object of their own. */
const LEANING =
  /^(?:那|然后|还有|所以|可是|但是|要是|如果|万一|可|不过|而且|另外|再|就|嗯|哦|好|知道了|明白|行|谢谢)|[他她它]|这[个样种事边]|那[个样种边]|人家|对方|(?:呢|吗|咋整|怎么办|多久|多少钱|要钱|哪里|哪儿|去哪|谁|几天|几年|什么时候)[?？啊呀吧]*$/

/** What standing within a talk is worth to its topic, as a share of the vote; set on half of intents/examples/follow-ups.yml. */
const BASE = 0.15
const LEANS = 0.2
const SHORT = 0.4
/** From here on a message stands on its own. Characters. */
const LONG = 20

/** Whether a message points back at what was said before. */
export const pointsBack = (text: string): boolean => LEANING.test(text)

/** How much a message leans on what is being talked of: added to the vote of that topic. 0..1 */
export function leaning(text: string): number {
  const shortness = Math.max(0, LONG - text.length) / LONG
  if (text.length > 3 * LONG) return 0
  return BASE + (pointsBack(text) ? LEANS : 0) + SHORT * shortness
}
