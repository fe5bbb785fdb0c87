import { basename } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Anomaly, LawVersion } from '../../shared/law.js'
import type { Statute } from './articles.js'
import { daysIn } from './days.js'
import type { SourceFile } from './gather.js'
import type { StatuteText } from './statute-text.js'

const day = z.iso.date()

/** One entry of an index.json that stands beside the texts. What it says wins over what the text suggests. */
export const IndexEntry = z.object({
  file: z.string(),
  name: z.string().optional(),
  statute: z.string().optional(),
  alias: z.array(z.string()).default([]),
  full_title: z.string().optional(),
  version_date: day.optional(),
  effective_date: day.optional(),
  superseded: day.nullish(),
  articles: z.number().int().optional(),
  sub_articles: z.number().int().optional(),
  missing: z.array(z.unknown()).default([]),
  duplicates: z.array(z.unknown()).default([]),
  source_repo: z.string().optional(),
  source_commit: z.string().optional(),
  note: z.string().default(''),
})
export type IndexEntry = z.infer<typeof IndexEntry>
export const IndexFile = z.array(IndexEntry)

const day2 = z.preprocess((value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value), day)

/** The YAML head of a Markdown file; keys we do not know are none of ours. */
const FrontMatter = z.object({
  name: z.string().optional(),
  title: z.string().optional(),
  aliases: z.array(z.string()).default([]),
  version: day2.optional(),
  effective: day2.optional(),
  until: day2.optional(),
  source: z.string().optional(),
})

/** What the operator says on the command line or in the console, for a single text. */
export interface Told {
  name?: string
  version?: string
  effective?: string
  until?: string
  source?: string
}

/** Names, dates and source of a text: from what was told, index.json, the head of the file, the text, the file's name. */
export function describe(
  file: SourceFile,
  text: StatuteText,
  entry: IndexEntry | undefined,
  told: Told,
  known: readonly Statute[],
): { law: LawVersion; notices: string[]; anomalies: Anomaly[] } | { what: string } {
  const head = frontMatter(file.text)
  if (!head) return { what: '文件开头的 --- 部分读不懂（要写成 YAML，日期写成 2026-01-01）' }
  const notices: string[] = []
  const title = entry?.full_title ?? text.title
  const statute = told.name ?? entry?.statute ?? entry?.name ?? head.name ?? shortName(title, known)
  const named = /(\d{4}-\d{2}-\d{2})/.exec(basename(file.path))?.[1]
  const folder = /\/versions\/(\d{4}-\d{2}-\d{2})\//.exec(file.path)?.[1]
  const passed = text.history.flatMap(daysIn).sort()
  const version = told.version ?? entry?.version_date ?? head.version ?? named ?? passed.at(-1)
  if (!version) return { what: '看不出是哪一天通过或修正的，请用 --version 写明' }
  const stated = told.effective ?? entry?.effective_date ?? head.effective ?? folder
  const effective = stated ?? effectiveIn(text, version, notices)
  if (!effective) return { what: '看不出从哪一天起施行，请用 --effective 写明' }
  const until = told.until ?? entry?.superseded ?? head.until ?? null
  if (until && until <= effective) return { what: `失效的日子 ${until} 不在施行的日子 ${effective} 之后` }
  const aliases = [...(entry?.alias ?? []), ...head.aliases, entry?.name ?? '']
  const repo = entry?.source_repo && `${entry.source_repo}@${(entry.source_commit ?? '').slice(0, 12)}`
  const { history, preface, articles, clauses, appendices } = text
  return {
    law: {
      statute,
      aliases: [...new Set(aliases)].filter((alias) => alias.length > 1 && alias !== statute),
      title,
      version,
      effective,
      until,
      history,
      preface,
      articles,
      clauses,
      appendices,
      source: told.source ?? head.source ?? repo ?? basename(file.path),
      note: entry?.note ?? '',
    },
    notices,
    anomalies: countAnomalies(text, statute, version, entry, known),
  }
}

function frontMatter(text: string): z.infer<typeof FrontMatter> | null {
  const found = /^\uFEFF?---\r?\n([\s\S]{0,4000}?)\r?\n---\r?\n/.exec(text)
  if (!found) return FrontMatter.parse({})
  try {
    const parsed = FrontMatter.safeParse(parse(found[1] as string, { maxAliasCount: 0 }) ?? {})
    return parsed.success ? parsed.data : null
  } catch {
    // The YAML parser throws many kinds of errors at text that is no YAML: a fault of the file.
    return null
  }
}

function shortName(title: string, known: readonly Statute[]): string {
  return known.find((statute) => statute.title === title)?.name ?? title.replace(/^中华人民共和国/, '')
}

/** 本法自…起施行. An amendment leaves that sentence as it was: then the day of the amendment is taken, and said. */
function effectiveIn(text: StatuteText, version: string, notices: string[]): string | null {
  const last = text.history.at(-1) ?? ''
  const written = lastDay(text)
  if (written && !(written < version && /修正|修改/.test(last))) return written
  if (/施行/.test(last) && daysIn(last).length) return daysIn(last).at(-1) as string
  if (!written && !text.articles.length && !/修正|修改|公布|发布/.test(last)) return null
  notices.push(`施行的日子是按修正或公布的日子 ${version} 推定的，请核对`)
  return version
}

function lastDay(text: StatuteText): string | null {
  for (const { paragraphs } of text.articles.toReversed().slice(0, 5)) {
    for (const { text: words } of paragraphs) {
      const sentence = /自([^。；]{4,20})起(?:施行|实施|生效)/.exec(words)
      const day = sentence ? daysIn(sentence[1] as string)[0] : undefined
      if (day) return day
    }
  }
  return null
}

/** A text that has more or fewer articles than index.json or the bare list says is not what it claims to be. */
function countAnomalies(
  text: StatuteText,
  statute: string,
  version: string,
  entry: IndexEntry | undefined,
  known: readonly Statute[],
): Anomaly[] {
  const sub = text.articles.filter(({ number }) => number.includes('之')).length
  const whole = text.articles.length - sub
  const said = (where: string, articles: number, subs: number): Anomaly[] =>
    articles === whole && subs === sub
      ? []
      : [
          {
            kind: 'count',
            line: null,
            what: `读到 ${whole} 条和 ${sub} 个“之几”，${where}是 ${articles} 条和 ${subs} 个`,
          },
        ]
  if (entry?.articles !== undefined) return said(' index.json 里', entry.articles, entry.sub_articles ?? 0)
  const bare = known.find((each) => each.name === statute && each.version === version)
  return bare ? said('内置清单里', bare.articles, bare.sub.length) : []
}
