import { Fault, unsupported } from './fault.js'
import { compileFilter, type Matcher } from './filter.js'
import { isArray, isDoc, type Doc } from './values.js'

/** A tree of the projected paths: true is a leaf. */
interface Tree {
  [key: string]: Tree | true
}

function addPath(tree: Tree, path: string): void {
  const parts = path.split('.')
  let node = tree
  for (const [i, part] of parts.entries()) {
    const next = node[part]
    const last = i === parts.length - 1
    if (next === true || (last && next !== undefined)) throw new Fault(31250, `Path collision at ${path}`)
    if (last) node[part] = true
    else node = node[part] = next ?? {}
  }
}

function include(value: unknown, tree: Tree): unknown {
  if (isArray(value))
    return value.filter((item) => isDoc(item) || isArray(item)).map((item) => include(item, tree))
  if (!isDoc(value)) return undefined
  const copy: Doc = {}
  for (const key of Object.keys(value)) {
    const below = tree[key]
    if (below === undefined) continue
    const kept = below === true ? value[key] : include(value[key], below)
    if (kept !== undefined) copy[key] = kept
  }
  return copy
}

function exclude(value: unknown, tree: Tree): unknown {
  if (isArray(value)) return value.map((item) => exclude(item, tree))
  if (!isDoc(value)) return value
  const copy: Doc = {}
  for (const key of Object.keys(value)) {
    const below = tree[key]
    if (below !== true) copy[key] = below === undefined ? value[key] : exclude(value[key], below)
  }
  return copy
}

function slice(items: unknown[], operand: unknown): unknown[] {
  const [skip, count] = isArray(operand) ? operand : [undefined, operand]
  if (typeof count !== 'number' || (skip !== undefined && typeof skip !== 'number'))
    throw new Fault(28667, '$slice takes a number or [skip, limit]')
  if (skip === undefined) return count < 0 ? items.slice(count) : items.slice(0, count)
  const from = skip < 0 ? Math.max(0, items.length + skip) : skip
  return items.slice(from, from + count)
}

/**
 * Compiles a find projection: inclusion or exclusion with dotted paths, `$slice` and `$elemMatch`.
 * The positional `.$`, `$meta` and computed fields are refused by name (aggregate can compute).
 */
export function compileProjection(projection: unknown): (doc: Doc) => Doc {
  if (projection === undefined || (isDoc(projection) && Object.keys(projection).length === 0))
    return (doc) => doc
  if (!isDoc(projection)) throw new Fault(14, 'Expected the projection to be an object')
  const [included, excluded]: [Tree, Tree] = [{}, {}]
  const slices: [string, unknown][] = []
  const matches: [string, Matcher][] = []
  let keepId = true
  for (const [path, value] of Object.entries(projection)) {
    if (path.includes('$')) throw unsupported(`The projection ${path}`, 2)
    if (path === '_id' && (value === 0 || value === false)) keepId = false
    else if (typeof value === 'number' || typeof value === 'boolean')
      addPath(value ? included : excluded, path)
    else if (isDoc(value) && '$slice' in value && Object.keys(value).length === 1 && !path.includes('.'))
      slices.push([path, value.$slice])
    else if (
      isDoc(value) &&
      '$elemMatch' in value &&
      Object.keys(value).length === 1 &&
      !path.includes('.')
    ) {
      const filter = compileFilter({ item: { $elemMatch: value.$elemMatch } })
      matches.push([path, (item) => filter({ item: [item] })])
      addPath(included, path)
    } else throw unsupported(`The projection ${path}: ${JSON.stringify(value)}`, 2)
  }
  const including =
    Object.keys(included).some((key) => key !== '_id') ||
    (included._id === true && Object.keys(projection).length === 1)
  if (including && Object.keys(excluded).length > 0)
    throw new Fault(31254, 'Cannot do exclusion in inclusion projection')
  if (including) {
    if (keepId) included._id = true
    for (const [path] of slices) included[path] = true
  } else if (!keepId) excluded._id = true
  return (doc) => {
    const result = (including ? include(doc, included) : exclude(doc, excluded)) as Doc
    for (const [path, operand] of slices)
      if (isArray(result[path])) result[path] = slice(result[path], operand)
    for (const [path, test] of matches) {
      const value = result[path]
      const found = isArray(value) ? value.find(test) : undefined
      if (found === undefined) delete result[path]
      else result[path] = [found]
    }
    return result
  }
}
