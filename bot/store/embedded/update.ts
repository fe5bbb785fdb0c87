import { ObjectId } from 'bson'
import { Fault, unsupported } from './fault.js'
import { isOperatorDoc } from './filter.js'
import { getAt, parentOf, setAt } from './paths.js'
import { OPERATORS, UNCHANGED } from './update-operators.js'
import { cloneValue, compareValues, isArray, isDoc, printValue, type Doc } from './values.js'

/** A compiled update: the new document, or the very same object when nothing changes. */
export type Update = (doc: Doc, inserting: boolean) => Doc

interface Change {
  operator: string
  path: string
  argument: unknown
}

/** Refuses what no field may be called, and by name the positional operators `$`, `$[]` and `$[name]`. */
function checkPath(path: string): void {
  const bad = path.split('.').find((part) => part === '' || part === '__proto__' || part.startsWith('$'))
  if (bad === undefined) return
  if (/^\$(\[\w*\])?$/.test(bad)) throw unsupported(`The positional operator ${bad} in '${path}'`, 2)
  throw new Fault(52, `The field path '${path}' contains the part '${bad}', which is not valid for storage`)
}

function parseChanges(update: Doc): Change[] {
  const changes = Object.entries(update).flatMap(([operator, fields]) => {
    if (!Object.hasOwn(OPERATORS, operator))
      throw new Fault(9, `Unknown modifier: ${operator} (or not supported by the embedded database)`)
    if (!isDoc(fields))
      throw new Fault(9, `Modifiers operate on fields but we found: {${operator}: ${printValue(fields)}}`)
    return Object.entries(fields).map(([path, argument]) => ({ operator, path, argument }))
  })
  const paths = changes.map(({ path }) => path).sort()
  for (const [i, path] of paths.entries()) {
    checkPath(path)
    const clash = paths.slice(i + 1).find((other) => other === path || other.startsWith(`${path}.`))
    if (clash) throw new Fault(40, `Updating the path '${clash}' would create a conflict at '${path}'`)
  }
  return changes
}

/** Applies one change; true when it changed something. */
function changeAt(doc: Doc, { operator, path, argument }: Change): boolean {
  const { creates, apply } = OPERATORS[operator] as (typeof OPERATORS)[string]
  const parent = parentOf(doc, path.split('.'), creates)
  if (!parent) return false
  const old = getAt(parent)
  const result = apply(old, argument, { path, id: doc._id })
  if (result === UNCHANGED) return false
  if (result !== undefined) {
    if (old !== undefined && typeof old === typeof result && compareValues(old, result) === 0) return false
    setAt(parent, result)
  } else if (isArray(parent.holder)) parent.holder[parent.key as number] = null
  else delete parent.holder[parent.key]
  return true
}

function keepId(before: Doc, after: Doc): Doc {
  if ('_id' in before && (!('_id' in after) || compareValues(before._id, after._id) !== 0))
    throw new Fault(66, "Performing an update on the path '_id' would modify the immutable field '_id'")
  return after
}

function compileReplacement(update: Doc): Update {
  const operator = Object.keys(update).find((key) => key.startsWith('$'))
  if (operator)
    throw new Fault(52, `The dollar ($) prefixed field '${operator}' is not allowed in a replacement`)
  return (doc) => {
    const replacement: Doc = { ...('_id' in doc ? { _id: doc._id } : {}), ...update }
    return compareValues(doc, keepId(doc, replacement)) === 0 ? doc : replacement
  }
}

/** Compiles an update: operators or a replacement document. Throws a Fault that names any operator that is not offered. */
export function compileUpdate(update: unknown): Update {
  if (isArray(update)) throw unsupported('An update by an aggregation pipeline', 9)
  if (!isDoc(update)) throw new Fault(9, 'Update argument must be an object')
  if (!isOperatorDoc(update)) return compileReplacement(update)
  const changes = parseChanges(update)
  return (doc, inserting) => {
    const next = cloneValue(doc)
    let changed = false
    for (const change of changes) {
      if (change.operator === '$setOnInsert' && !inserting) continue
      changed = changeAt(next, change) || changed
    }
    return changed ? keepId(doc, next) : doc
  }
}

/** True for a replacement, which updates at most one document. */
export const isReplacement = (update: unknown): boolean => isDoc(update) && !isOperatorDoc(update)

function seed(filter: Doc, doc: Doc): void {
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and') for (const part of condition as Doc[]) seed(part, doc)
    if (key.startsWith('$')) continue
    const value = isOperatorDoc(condition) ? condition.$eq : condition
    if (value === undefined || value instanceof RegExp) continue
    const parent = parentOf(doc, key.split('.'), true)
    if (parent && getAt(parent) !== undefined)
      throw new Fault(54, `cannot infer query fields to set, path '${key}' is matched twice`)
    if (parent) setAt(parent, cloneValue(value))
  }
}

/** The document an upsert inserts: the filter's equalities, then the update; an ObjectId where no _id is given. */
export function upsertedDocument(filter: Doc, update: unknown, apply: Update): Doc {
  const base: Doc = {}
  seed(isReplacement(update) ? ('_id' in filter ? { _id: filter._id } : {}) : filter, base)
  const { _id = new ObjectId(), ...rest } = apply(base, true)
  return { _id, ...rest }
}
