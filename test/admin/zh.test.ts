import { describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import english from 'ra-language-english'
import ts from 'typescript'
import { zh } from '../../admin/src/zh.js'

type Tree = { [key: string]: string | Tree }

/** Every message by its path. */
const flat = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : flat(value, `${path}${key}.`),
  )
const placeholders = (text: string) => [...new Set(text.match(/%\{\w+\}/g))].sort()

describe('what the console says', () => {
  test('When react-admin has a message, then ours has it in Chinese, with no placeholder of its own invention', () => {
    const ours = new Map(flat(zh as unknown as Tree))
    for (const [path, text] of flat(english as unknown as Tree)) {
      const own = ours.get(path)
      expect([path, own === undefined]).toEqual([path, false])
      if (text.replace(/%\{\w+\}/g, '').trim())
        expect([path, /[\u4e00-\u9fff]/.test(own ?? '')]).toEqual([path, true])
      for (const each of placeholders(own ?? ''))
        expect([path, placeholders(text)]).toEqual([path, expect.arrayContaining([each])])
    }
  })

  test('When a page of the console shows words, then they are Chinese', () => {
    const folder = fileURLToPath(new URL('../../admin/src', import.meta.url))
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.tsx'),
    )
    expect(files.length).toBeGreaterThan(20)
    const strange = files.flatMap((name) =>
      shownWords(readFileSync(join(folder, name), 'utf8')).map((text) => `${name}: ${text}`),
    )
    expect(strange).toEqual([])
  })
})

const SHOWN = new Set(['title', 'label', 'aria-label', 'placeholder', 'helperText', 'alt', 'primaryText'])
/** Names of keys and makes are the same in every language. */
const NAMES = /\b(?:AI|Ctrl|Enter|Tab|Esc|[jk]|https?|JavaScript|PEP|CSV|OpenAPI)\b|Markdown/g

/** Text between tags and in the attributes people see that holds a Latin word. */
function shownWords(source: string): string[] {
  const file = ts.createSourceFile('page.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const text = ts.isJsxText(node)
      ? node.text
      : ts.isJsxAttribute(node) &&
          SHOWN.has(node.name.getText(file)) &&
          node.initializer &&
          ts.isStringLiteral(node.initializer)
        ? node.initializer.text
        : ''
    if (/[A-Za-z]{2,}/.test(text.replace(NAMES, ''))) found.push(text.trim())
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}
