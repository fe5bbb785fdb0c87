import { ObjectId } from 'bson'
import { Fault, unsupported } from './fault.js'
import { compileFilter, isOperatorDoc, type Matcher } from './filter.js'
import { valuesAt } from './paths.js'
import { updateByPipeline } from './pipeline.js'
import { OPERATORS, UNCHANGED, type FieldOperator } from './update-operators.js'
import { cloneValue, compareValues, isArray, isDoc, printValue, type Doc } from './values.js'

/** A compiled update: the new document, or the very same object when nothing changes. */
export type Update = (doc: Doc, inserting: boolean) => Doc

interface Change {
  operator: string
  path: string
  argument: unknown
}

type Parent = { holder: Doc; key: string } | { holder: unknown[]; key: number }

/** Finds the container of a path, making documents on the way when `create`. */
function parentOf(root: Doc, parts: string[], create: boolean): Parent | undefined {
  let node: unknown = root
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1
    if (isArray(node) && /^\d+$/.test(part)) {
      if (last) return { holder: node, key: Number(part) }
      if (node[Number(part)] === undefined && create) setAt({ holder: node, key: Number(part) }, {})
      node = node[Number(part)]
    } else if (isDoc(node)) {
      if (last) return { holder: node, key: part }
      if (!Object.hasOwn(node, part)) {
        if (!create) return undefined
        node[part] = {}
      }
      node = node[part]
    } else if (!create) return undefined
    else
      throw new Fault(
        28,
        `Cannot create field '${part}' in element {${parts[i - 1] ?? ''}: ${printValue(node)}}`,
      )
  }
  return undefined
}

const getAt = (parent: Parent): unknown =>
  isArray(parent.holder)
    ? parent.holder[parent.key as number]
    : Object.hasOwn(parent.holder, parent.key)
      ? parent.holder[parent.key]
      : undefined

function setAt(parent: Parent, value: unknown): void {
  if (!isArray(parent.holder)) {
    parent.holder[parent.key] = value
    return
  }
  if ((parent.key as number) > 1_500_000) throw new Fault(2, 'Array index too large')
  while (parent.holder.length < (parent.key as number)) parent.holder.push(null)
  parent.holder[parent.key as number] = value
}

/** Which array element `$` means: the first that satisfies the filter's conditions on that array. */
function matchedPosition(doc: Doc, arrayPath: string, filter: Doc): number {
  const conditions: Doc[] = []
  const collect = (part: Doc): void => {
    for (const [key, value] of Object.entries(part)) {
      if (key === '$and') (value as Doc[]).forEach(collect)
      else if (key === arrayPath || key.startsWith(`${arrayPath}.`)) conditions.push({ [key]: value })
    }
  }
  collect(filter)
  const items = valuesAt(doc, arrayPath)[0]
  const alone = (item: unknown): Doc =>
    arrayPath.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), [item]) as Doc
  const tests = conditions.map(compileFilter)
  const at =
    isArray(items) && tests.length > 0
      ? items.findIndex((item) => tests.every((test) => test(alone(item))))
      : -1
  if (at < 0) throw new Fault(2, 'The positional operator did not find the match needed from the query.')
  return at
}

/** Replaces `$`, `$[]` and `$[name]` in a path by the positions they mean in this document. */
function concretePaths(doc: Doc, path: string, filter: Doc, arrayFilters: Map<string, Matcher>): string[][] {
  return path.split('.').reduce<string[][]>(
    (paths, part) => {
      if (!part.startsWith('$')) return paths.map((known) => [...known, part])
      return paths.flatMap((known) => {
        if (part === '$') return [[...known, String(matchedPosition(doc, known.join('.'), filter))]]
        const name = part.slice(2, -1)
        const test = name === '' ? () => true : arrayFilters.get(name)
        if (!test) throw new Fault(2, `No array filter found for identifier '${name}' in path '${path}'`)
        const items = valuesAt(doc, known.join('.'))[0]
        if (!isArray(items))
          throw new Fault(
            2,
            `The path '${known.join('.')}' must exist in the document in order to apply array updates.`,
          )
        return items.flatMap((item, i) => (test({ [name]: item }) ? [[...known, String(i)]] : []))
      })
    },
    [[]],
  )
}

function compileArrayFilters(filters: unknown, changes: Change[]): Map<string, Matcher> {
  const byName = new Map<string, Matcher>()
  for (const filter of isArray(filters) ? filters : []) {
    const name = isDoc(filter) ? Object.keys(filter)[0]?.split('.')[0] : undefined
    if (name === undefined || name.startsWith('$'))
      throw unsupported('An array filter whose first key is not a field', 9)
    if (!changes.some((change) => change.path.includes(`$[${name}]`)))
      throw new Fault(9, `The array filter for identifier '${name}' was not used in the update`)
    byName.set(name, compileFilter(filter))
  }
  return byName
}

function parseChanges(update: Doc): Change[] {
  const changes = Object.entries(update).flatMap(([operator, fields]) => {
    if (!OPERATORS[operator])
      throw new Fault(9, `Unknown modifier: ${operator} (or not supported by the embedded database)`)
    if (!isDoc(fields))
      throw new Fault(
        9,
        `Modifiers operate on fields but we found type ${typeof fields} instead: {${operator}: ${printValue(fields)}}`,
      )
    return Object.entries(fields).map(([path, argument]) => {
      const bad = path
        .split('.')
        .find(
          (part) =>
            part === '' || part === '__proto__' || (part.startsWith('$') && !/^\$(\[\w*\])?$/.test(part)),
        )
      if (bad !== undefined)
        throw new Fault(
          52,
          `The field path '${path}' contains the part '${bad}', which is not valid for storage`,
        )
      return { operator, path, argument }
    })
  })
  const paths = changes
    .flatMap((change) =>
      change.operator === '$rename' ? [change.path, String(change.argument)] : [change.path],
    )
    .sort()
  for (const [i, path] of paths.entries()) {
    const clash = paths.slice(i + 1).find((other) => other === path || other.startsWith(`${path}.`))
    if (clash) throw new Fault(40, `Updating the path '${clash}' would create a conflict at '${path}'`)
  }
  return changes
}

function rename(doc: Doc, path: string, target: unknown): boolean {
  if (typeof target !== 'string' || target === '' || path.includes('$') || target.includes('$'))
    throw new Fault(2, `The 'to' field for $rename must be a field path: ${path}`)
  const from = parentOf(doc, path.split('.'), false)
  if (!from || isArray(from.holder) || !Object.hasOwn(from.holder, from.key)) return false
  const value = from.holder[from.key as string]
  delete from.holder[from.key as string]
  const to = parentOf(doc, target.split('.'), true)
  if (to) setAt(to, value)
  return true
}

/** Applies one operator at one concrete path; true when it changed something. */
function changeAt(
  doc: Doc,
  parts: string[],
  operator: FieldOperator,
  argument: unknown,
  id: unknown,
): boolean {
  const parent = parentOf(doc, parts, operator.creates)
  if (!parent) return false
  const old = getAt(parent)
  const result = operator.apply(old, argument, { path: parts.join('.'), id })
  if (result === UNCHANGED) return false
  if (result !== undefined) {
    if (old !== undefined && typeof old === typeof result && compareValues(old, result) === 0) return false
    setAt(parent, result)
  } else if (isArray(parent.holder)) {
    if (old === undefined) return false
    parent.holder[parent.key as number] = null
  } else {
    if (!Object.hasOwn(parent.holder, parent.key)) return false
    delete parent.holder[parent.key]
  }
  return true
}

function keepId(before: Doc, after: Doc): Doc {
  if ('_id' in before && (!('_id' in after) || compareValues(before._id, after._id) !== 0)) {
    throw new Fault(66, "Performing an update on the path '_id' would modify the immutable field '_id'")
  }
  return after
}

/**
 * Compiles an update: operators, a replacement document, or a pipeline of $set, $unset, $project, $replaceRoot.
 * `filter` gives `$` its meaning. Throws a Fault that names any operator that is not offered.
 */
export function compileUpdate(update: unknown, filter: Doc, arrayFilters?: unknown): Update {
  if (isArray(update)) return (doc) => keepId(doc, updateByPipeline(doc, update))
  if (!isDoc(update)) throw new Fault(9, 'Update argument must be either an object or an array')
  if (!isOperatorDoc(update)) {
    const operator = Object.keys(update).find((key) => key.startsWith('$'))
    if (operator)
      throw new Fault(
        52,
        `The dollar ($) prefixed field '${operator}' in '${operator}' is not allowed in the context of a replacement`,
      )
    return (doc) => {
      const replacement: Doc = { ...('_id' in doc ? { _id: doc._id } : {}), ...(update as Doc) }
      return compareValues(doc, keepId(doc, replacement)) === 0 ? doc : replacement
    }
  }
  const changes = parseChanges(update)
  const filters = compileArrayFilters(arrayFilters, changes)
  return (doc, inserting) => {
    const next = cloneValue(doc)
    let changed = false
    for (const { operator, path, argument } of changes) {
      if (operator === '$setOnInsert' && !inserting) continue
      if (operator === '$rename') changed = rename(next, path, argument) || changed
      else
        for (const parts of concretePaths(next, path, filter, filters))
          changed = changeAt(next, parts, OPERATORS[operator] as FieldOperator, argument, doc._id) || changed
    }
    return changed ? keepId(doc, next) : doc
  }
}

/** True for a replacement, which updates at most one document. */
export const isReplacement = (update: unknown): boolean => isDoc(update) && !isOperatorDoc(update)

function seed(filter: Doc, doc: Doc): void {
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and') for (const part of condition as Doc[]) seed(part, doc)
    else if (!key.startsWith('$')) {
      const value = isOperatorDoc(condition) ? condition.$eq : condition
      if (value === undefined || value instanceof RegExp) continue
      const parent = parentOf(doc, key.split('.'), true)
      if (parent && getAt(parent) !== undefined)
        throw new Fault(54, `cannot infer query fields to set, path '${key}' is matched twice`)
      if (parent) setAt(parent, cloneValue(value))
    }
  }
}

/** The document an upsert inserts: the filter's equalities, then the update; an ObjectId where no _id is given. */
export function upsertedDocument(filter: Doc, update: unknown, apply: Update): Doc {
  const base: Doc = {}
  seed(isReplacement(update) ? ('_id' in filter ? { _id: filter._id } : {}) : filter, base)
  const { _id = new ObjectId(), ...rest } = apply(base, true)
  return { _id, ...rest }
}
