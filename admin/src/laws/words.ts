import type { StatuteSummary } from '../../../shared/law.js'

/** 2026-01-01 → 2026年1月1日 */
export function dayWords(iso: string): string {
  const [year, month, date] = iso.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

/** When a version is in force, in one line. */
export function datesOf({
  version,
  effective,
  until,
}: Pick<StatuteSummary, 'version' | 'effective' | 'until'>): string {
  const end = until ? `，到${dayWords(until)}为止` : ''
  return `${dayWords(version)}版，${dayWords(effective)}起施行${end}`
}

/** The address of a statute's page, of one version of it, at one article. */
export function lawPath(
  code: string,
  { version, article }: { version?: string; article?: string } = {},
): string {
  const query = new URLSearchParams({ ...(version && { version }), ...(article && { article }) }).toString()
  return `/laws/${encodeURIComponent(code)}/show${query && `?${query}`}`
}

/** Who an answer is written for, and which layer of it. */
export const READER_WORDS: Record<string, string> = {
  young: '写给孩子的',
  parent: '写给家长的',
  friend: '写给朋友的',
  adult: '写给大人的',
}
export const LAYER_WORDS: Record<string, string> = { first: '第一层', more: '怎么办', help: '谁能帮' }
