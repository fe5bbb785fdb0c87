import type { ArticleView, LawArticle, LawVersion, Paragraph, StatuteSummary } from '../../../shared/law.js'

/** What stands on every page. */
export interface Frame {
  demoText: string
  exitUrl: string
}

type Statute = LawVersion & { ends: string | null; inForce: boolean }

/** Text as HTML: a statute's text is text, whatever stands in it. */
const escape = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

function page(frame: Frame, title: string, body: string): string {
  const demo = frame.demoText ? `<p class="demo">${escape(frame.demoText)}</p>` : ''
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8" />
<title>${escape(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="referrer" content="no-referrer" />
<meta name="format-detection" content="telephone=no" />
<meta name="color-scheme" content="light dark" />
<link rel="stylesheet" href="/laws.css" />
</head>
<body>
<header>
<nav><a href="/laws/">全部法律</a> <a href="/">回到聊天</a> <a class="exit" href="${escape(frame.exitUrl)}" rel="noreferrer">快速离开</a></nav>
${demo}
</header>
<main>
${body}
</main>
<footer><p>条文是本站导入的文本，以国家法律法规数据库公布的为准。这里只给原文，不是法律意见。</p></footer>
</body>
</html>
`
}

/** 2026-01-01 → 2026年1月1日 */
function day(iso: string): string {
  const [year, month, date] = iso.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

function dates(
  { version, effective, inForce }: StatuteSummary | ArticleView | Statute,
  ends: string | null,
): string {
  const from =
    version === effective ? `${day(effective)}起施行` : `${day(version)}版，${day(effective)}起施行`
  const until = ends ? `，到${day(ends)}为止` : ''
  if (inForce) return `<p class="dates">${from}${until}。现行有效。</p>`
  return `<p class="dates old">${from}${until}。<strong>今天不适用。</strong></p>`
}

function words(paragraphs: readonly Paragraph[], ids: boolean): string {
  return paragraphs
    .map(({ text, items }, i) => {
      const lines = items.map((item) => `<p class="item">${escape(item).replaceAll('\n', '<br />')}</p>`)
      return `<div class="paragraph"${ids ? ` id="p${i + 1}"` : ''}><p>${escape(text)}</p>${lines.join('')}</div>`
    })
    .join('')
}

/** 39 or 236-1 at the end of an article's address. */
const anchor = (path: string) => `a${path.slice(path.lastIndexOf('/') + 1)}`

/** One article, its dates and source, and the rest of its chapter folded below. */
export function articlePage(
  frame: Frame,
  { article, chapter }: { article: ArticleView; chapter: ArticleView[] },
): string {
  const { law, title, under, paragraphs, source, path } = article
  const statute = path.slice(0, path.lastIndexOf('/'))
  const around = chapter
    .map(
      (each) =>
        `<section id="${anchor(each.path)}"${each.article === article.article ? ' class="here"' : ''}><h3>${escape(each.article)}</h3>${words(each.paragraphs, false)}</section>`,
    )
    .join('')
  const fold =
    chapter.length > 1
      ? `<details><summary>看看前后：${escape(under.at(-1) ?? title)}，共 ${chapter.length} 条</summary>${around}</details>`
      : ''
  return page(
    frame,
    `《${law}》${article.article}`,
    `<p class="under"><a href="${escape(statute)}">${escape(title)}</a>${under.map((each) => ` › ${escape(each)}`).join('')}</p>
<h1>${escape(article.article)}</h1>
${dates(article, article.until)}
<article>${words(paragraphs, true)}</article>
<p class="source">来源：${escape(source)}</p>
${fold}`,
  )
}

/** A whole statute: contents, articles with an anchor each, appendices. */
export function statutePage(frame: Frame, law: Statute): string {
  const contents: string[] = []
  const body: string[] = []
  let before: readonly string[] = []
  for (const article of law.articles) {
    const id = articleAnchor(article.number)
    article.under.forEach((heading, level) => {
      if (before[level] === heading && before.slice(0, level).join() === article.under.slice(0, level).join())
        return
      const tag = `h${Math.min(level + 2, 5)}`
      contents.push(`<li class="level${level}"><a href="#${id}">${escape(heading)}</a></li>`)
      body.push(`<${tag}>${escape(heading)}</${tag}>`)
    })
    before = article.under
    body.push(section(article, id))
  }
  for (const { number, paragraphs } of law.clauses)
    body.push(`<section id="c${escape(number)}">${words(paragraphs, false)}</section>`)
  for (const { title, paragraphs } of law.appendices)
    body.push(`<h2>${escape(title)}</h2>${paragraphs.map((each) => `<p>${escape(each)}</p>`).join('')}`)
  const list = contents.length
    ? `<details class="contents"><summary>目录</summary><ul>${contents.join('')}</ul></details>`
    : ''
  return page(
    frame,
    law.title,
    `<h1>${escape(law.title)}</h1>
${dates(law, law.ends)}
<div class="history">${law.history.map((each) => `<p>${escape(each)}</p>`).join('')}</div>
${list}
${law.preface.map((each) => `<p>${escape(each)}</p>`).join('')}
${body.join('\n')}
<p class="source">来源：${escape(law.source)}</p>`,
  )
}

const section = (article: LawArticle, id: string) =>
  `<section id="${id}">${heading(article)}${words(article.paragraphs, false)}</section>`

/** One level below the headings it stands under. */
function heading({ number, under }: LawArticle): string {
  const tag = `h${Math.min(under.length + 2, 6)}`
  return `<${tag} class="number">${escape(number)}</${tag}>`
}

/** An anchor that says which article it is; the same in every version. */
const articleAnchor = (number: string) => encodeURIComponent(number)

/** Every statute in force, and the superseded versions below. */
export function listPage(frame: Frame, statutes: readonly StatuteSummary[]): string {
  if (statutes.length === 0)
    return page(frame, '法律原文', '<h1>法律原文</h1><p>这里还没有导入法律原文。</p>')
  const line = (each: StatuteSummary) =>
    `<li><a href="/laws/${each.code}${each.inForce ? '' : `?version=${each.version}`}">${escape(each.title)}</a> <span class="small">${day(each.version)}版${each.inForce ? '' : '，今天不适用'}</span></li>`
  const [now, other] = [statutes.filter(({ inForce }) => inForce), statutes.filter(({ inForce }) => !inForce)]
  return page(
    frame,
    '法律原文',
    `<h1>法律原文</h1><ul class="list">${now.map(line).join('')}</ul>${
      other.length ? `<h2>以前的，或还没施行的</h2><ul class="list">${other.map(line).join('')}</ul>` : ''
    }`,
  )
}

export const missingPage = (frame: Frame): string =>
  page(
    frame,
    '没有找到',
    '<h1>没有找到</h1><p>这里没有这部法律，或者没有这一条。<a href="/laws/">看看全部法律</a></p>',
  )
