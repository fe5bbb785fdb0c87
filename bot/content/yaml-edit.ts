import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  type Node,
  type YAMLMap,
  type YAMLSeq,
  visit,
} from 'yaml'

type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain | undefined }

/**
 * The YAML text with `was` changed into `next`; comments, order of keys and ways of quoting stay wherever nothing
 * changed. Both values are what the schema makes of a text (with its defaults): a default the author left out is not
 * written in.
 */
export function rewrite(text: string, was: unknown, next: unknown): string {
  if (same(was, next)) return text
  const document = parseDocument(text)
  spellOut(document)
  document.contents = change(
    document,
    document.contents,
    was as Plain,
    next as Plain,
  ) as typeof document.contents
  return document.toString({ lineWidth: 0 })
}

/** Aliases become what they stand for: a change in one place must not change another. */
function spellOut(document: Document): void {
  visit(document, {
    Alias(_key, alias) {
      const source = alias.resolve(document)?.clone() as Node | undefined
      if (source && 'anchor' in source) delete source.anchor
      return source
    },
  })
  visit(document, {
    Node(_key, node) {
      if (!isAlias(node) && 'anchor' in node) delete node.anchor
    },
  })
}

function change(document: Document, node: unknown, was: Plain | undefined, next: Plain): unknown {
  if (same(was, next)) return node
  if (isMap(node) && isRecord(was) && isRecord(next)) return changeMap(document, node, was, next)
  if (isSeq(node) && Array.isArray(was) && Array.isArray(next)) return changeSeq(document, node, was, next)
  const fresh = document.createNode(next)
  if (isScalar(node) && isScalar(fresh)) {
    fresh.comment = node.comment
    fresh.commentBefore = node.commentBefore
    fresh.spaceBefore = node.spaceBefore
    if (typeof node.value === typeof fresh.value) fresh.type = node.type
  }
  return fresh
}

function changeMap(
  document: Document,
  node: YAMLMap,
  was: Record<string, Plain | undefined>,
  next: Record<string, Plain | undefined>,
): YAMLMap {
  for (const key of Object.keys(was)) if (next[key] === undefined) node.delete(key)
  for (const [key, value] of Object.entries(next)) {
    if (value === undefined || same(was[key], value)) continue
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
    if (pair) pair.value = change(document, pair.value, was[key], value)
    else node.add(document.createPair(key, value))
  }
  return node
}

/** Items that stay keep their comments; between two that stay, old and new are matched in order. */
function changeSeq(document: Document, node: YAMLSeq, was: Plain[], next: Plain[]): YAMLSeq {
  const items: unknown[] = []
  let [from, to] = [0, 0]
  for (const [kept, at] of [...inCommon(was, next), [was.length, next.length] as const]) {
    for (; to < at; to++) {
      const value = next[to] as Plain
      items.push(
        from < kept ? change(document, node.items[from], was[from], value) : document.createNode(value),
      )
      if (from < kept) from++
    }
    if (kept < was.length) items.push(node.items[kept])
    ;[from, to] = [kept + 1, at + 1]
  }
  node.items = items
  return node
}

/** The longest run of items that both lists have in the same order, as pairs of positions. */
function inCommon(was: readonly Plain[], next: readonly Plain[]): [number, number][] {
  const [a, b] = [was, next].map((list) => list.map((item) => JSON.stringify(item))) as [string[], string[]]
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      (lengths[i] as Uint16Array)[j] =
        a[i] === b[j]
          ? (lengths[i + 1]?.[j + 1] ?? 0) + 1
          : Math.max(lengths[i + 1]?.[j] ?? 0, lengths[i]?.[j + 1] ?? 0)
  const pairs: [number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) pairs.push([i++, j++])
    else if ((lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)) i++
    else j++
  }
  return pairs
}

const isRecord = (value: Plain | undefined): value is Record<string, Plain | undefined> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Both come from one schema, which gives keys one order. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
