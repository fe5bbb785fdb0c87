import { parse, stringify } from 'yaml'
import { BackgroundFile, SafetyFile } from '../../shared/risk.js'
import type { ContentFiles } from '../../bot/content/content.js'
import { contentFolder, readFolder } from '../../bot/content/folder.js'

/** The real content with one of `every` lines of danger and of every day: learnt that much sooner. */
export async function thinnedContent(every = 10): Promise<ContentFiles> {
  const files = await readFolder(contentFolder())
  for (const [path, text] of Object.entries(files)) {
    if (path.startsWith('danger/')) files[path] = thinnedDanger(text, every)
    else if (path.startsWith('background/')) files[path] = thinnedBackground(text, every)
  }
  return files
}

/** A file of danger with one of `every` lines, learnt and held out. */
export function thinnedDanger(file: string, every: number): string {
  const { kind, groups } = SafetyFile.parse(parse(file))
  return stringify({ kind, groups: groups.map((group) => ({ ...group, ...fewer(group, every) })) })
}

const thinnedBackground = (file: string, every: number) => {
  const background = BackgroundFile.parse(parse(file))
  return stringify({ ...background, ...fewer(background, every) })
}

const fewer = ({ lines, test }: { lines: string[]; test: string[] }, every: number) => {
  const kept = (_: string, i: number) => i % every === 0
  return { lines: lines.filter(kept), test: test.filter(kept) }
}
