/** Cyrillic letters of Mongolian that Russian lacks … */
const OWN_LETTERS = /[өү]/iu
/** … and those of the neighbours that have them too (Kazakh, Kyrgyz, Tatar, Buryat). */
const OTHERS_LETTERS = /[әқңғұһіҗ]/iu
/** Everyday words, for what is written in few of those letters. */
const CYRILLIC_WORDS =
  /(?<!\p{L})(?:би|чи|та|бид|надад|намайг|миний|сайн|байна|байгаа|уу|юу|яах|яаж|яагаад|хэн|хаана|тусламж|туслаарай|хэрэгтэй|гэж|гэсэн|ээж|аав|багш|сургууль|найз|айж|баярлалаа|баяртай|зодсон|зоддог)(?!\p{L})/giu

/** Words of Mongolian in Latin letters, as it is typed on phones; none is a word of English or a string of pinyin. */
const LATIN_WORDS = new Set(
  `sain bainuu bnuu baigaa bgaa baisan bsan baihgui bhgui baidag bdag bainaa bnaa yuu yaah yaahav yaaj yagaad yaagaad
  hezee haana heniig nadad namaig minii chinii chamaig chamd manai tuslaarai tuslaach tusla tuslamj heregtei hereggui
  bolohgui bolno boloh boldog bolohuu medehgui medku medne hiih hiihgui hiij hiisen geed gesen gehdee gejee eej eejee eejiin aav aavaa aaviin
  egch bagsh bagshaa surguuli surguulid surguulia angiinhan humuus ohin naiz naizaa naiziinhaa zodson zodood zodoj zoddog zoduulsan
  ailgasan ailgaj aij aigaad uheh uhmeer uhmeeer amidrah amidarmaargui amidrahgui uilaad uilj gomdoltoi ganaaraa bayarlalaa
  bayartai uuchlaarai odoo unuudur margaash uchigdur geriinhen gertee mongol mongoloor helleh helehgui yariad yarih sanaa setgel gadaa
  orohgui yavah yavsan yavmaar irsen ireerei hureh hohuulsan hyatad`.split(/\s+/),
)
const LATIN_LEAST = 2

/** Whether words in Cyrillic letters are Mongolian. */
export function isMongolianCyrillic(text: string): boolean {
  if (OTHERS_LETTERS.test(text)) return false
  return OWN_LETTERS.test(text) || (text.match(CYRILLIC_WORDS)?.length ?? 0) >= 2
}

/** Whether words in Latin letters are Mongolian: two different ones must be known. */
export function isMongolianLatin(text: string): boolean {
  const words = new Set(text.toLowerCase().match(/[a-z]{3,}/g))
  let known = 0
  for (const word of words) if (LATIN_WORDS.has(word) && ++known === LATIN_LEAST) return true
  return false
}
