import { Fault, unsupported } from './fault.js'
import { isArray, isDoc, printValue, type Doc } from './values.js'

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

/**
 * Compiles a find projection: inclusion or exclusion with dotted paths. The positional `.$`, `$slice`, `$elemMatch`,
 * `$meta` and computed fields are refused by name (aggregate can compute).
 */
export function compileProjection(projection: unknown): (doc: Doc) => Doc {
  if (projection === undefined) return (doc) => doc
  if (!isDoc(projection)) throw new Fault(14, 'Expected the projection to be an object')
  const [included, excluded]: [Tree, Tree] = [{}, {}]
  for (const [path, value] of Object.entries(projection)) {
    if (path.includes('$') || (typeof value !== 'number' && typeof value !== 'boolean'))
      throw unsupported(`The projection ${printValue({ [path]: value })}`, 2)
    addPath(value ? included : excluded, path)
  }
  const fields = Object.keys(included)
  if (fields.length === 0) {
    if (Object.keys(excluded).length === 0) return (doc) => doc
    return (doc) => exclude(doc, excluded) as Doc
  }
  // Beside inclusions _id may be left out; beside exclusions it may be named, which changes nothing.
  const { _id, ...others } = excluded
  if (Object.keys(others).length > 0) {
    if (fields.length > 1 || included._id !== true)
      throw new Fault(31254, 'Cannot do exclusion in inclusion projection')
    return (doc) => exclude(doc, others) as Doc
  }
  if (_id === undefined) included._id = true
  return (doc) => include(doc, included) as Doc
}
