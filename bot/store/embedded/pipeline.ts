import { Context } from 'mingo'
import { Aggregator } from 'mingo/aggregator'
import { Lazy, type Iterator } from 'mingo/lazy'
import * as stages from 'mingo/operators/pipeline'
import type { Options } from 'mingo/types'
import { checkExpression, inMingo, mingoOptions } from './expressions.js'
import { Fault, unsupported } from './fault.js'
import { compileFilter } from './filter.js'
import { documentOrder, parseSort } from './paths.js'
import { cloneValue, isArray, isDoc, type Doc } from './values.js'

const whole = (stage: string, spec: unknown, least: number): void => {
  if (!Number.isInteger(spec) || (spec as number) < least)
    throw new Fault(5107201, `invalid argument to ${stage} stage: expected a whole number from ${least}`)
}

/** `{ a: { b: 1 } }` means `a.b` in $addFields; mingo would replace the whole of `a`. */
function flattenFields(spec: Doc, prefix = ''): Doc {
  return Object.entries(spec).reduce<Doc>((flat, [key, value]) => {
    const nested = isDoc(value) && Object.keys(value).length > 0 && !Object.keys(value)[0]?.startsWith('$')
    return Object.assign(flat, nested ? flattenFields(value, `${prefix}${key}.`) : { [prefix + key]: value })
  }, {})
}

/** Each offered stage with the check of its specification, made before any document is read. */
const STAGES: Record<string, (spec: unknown) => void> = {
  $match: compileFilter,
  $sort: parseSort,
  $group: (spec) => {
    if (!isDoc(spec) || !('_id' in spec)) throw new Fault(15955, 'a group specification must include an _id')
    checkExpression(spec)
  },
  $project: checkExpression,
  $addFields: checkExpression,
  $set: checkExpression,
  $unset: () => undefined,
  $limit: (spec) => whole('$limit', spec, 1),
  $skip: (spec) => whole('$skip', spec, 0),
  $count: (spec) => {
    if (typeof spec !== 'string' || spec === '')
      throw new Fault(40156, 'the count field must be a non-empty string')
  },
  $unwind: (spec) => {
    const known = ['path', 'preserveNullAndEmptyArrays', 'includeArrayIndex']
    const other = isDoc(spec) ? Object.keys(spec).find((key) => !known.includes(key)) : undefined
    if (other) throw unsupported(`The option ${other} of $unwind`, 9)
  },
  $replaceRoot: checkExpression,
  $replaceWith: checkExpression,
  $sortByCount: checkExpression,
}
/** Stages that hand documents on as they are, so that those of the store need no copy. */
const WITHOUT_COPIES = '$match $sort $group $limit $skip $count $sortByCount $unwind'.split(' ')

type PipelineOps = Record<`$${string}`, never>

const addFields = (docs: Iterator, spec: Doc, options: Options): Iterator =>
  stages.$addFields(docs, flattenFields(spec), options)
const context = Context.from(
  mingoOptions.context,
  Context.init({
    pipeline: {
      ...(Object.fromEntries(
        Object.keys(STAGES).map((name) => [name, (stages as Record<string, unknown>)[name]]),
      ) as PipelineOps),
      $match: (docs: Iterator, spec: unknown) => docs.filter(compileFilter(spec)),
      $sort: (docs: Iterator, spec: unknown) =>
        docs.transform((all) => Lazy((all as Doc[]).slice().sort(documentOrder(parseSort(spec))))),
      $addFields: addFields,
      $set: addFields,
    } as unknown as PipelineOps,
  }),
)

/** Refuses by name every stage and expression that is not offered. Returns the pipeline, typed. */
export function checkPipeline(pipeline: unknown): Doc[] {
  if (!isArray(pipeline)) throw new Fault(14, "'pipeline' option must be specified as an array")
  return pipeline.map((stage) => {
    const [name, ...others] = isDoc(stage) ? Object.keys(stage) : []
    if (name === undefined || others.length > 0)
      throw new Fault(40323, 'A pipeline stage specification object must contain exactly one field.')
    const check = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined
    if (!check)
      throw new Fault(
        40324,
        `Unrecognized pipeline stage name: '${name}' (or not supported by the embedded database)`,
      )
    check((stage as Doc)[name])
    return stage as Doc
  })
}

/** Runs a checked pipeline over documents, which it never changes. */
export function runPipeline(docs: Iterable<Doc>, pipeline: Doc[]): Doc[] {
  const shares = pipeline.every((stage) => WITHOUT_COPIES.includes(Object.keys(stage)[0] as string))
  const input = shares ? docs : Array.from(docs, cloneValue)
  return inMingo(() => new Aggregator(pipeline, { ...mingoOptions, context }).run(input))
}
