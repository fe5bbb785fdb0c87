import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { parseArgs, promisify } from 'node:util'
import { z } from 'zod'
import { AppError } from '../errors.js'
import { launcher } from './bench-children.js'
import { Read } from './bench-readers.js'
import { columns } from './bench-report.js'

const Options = z.object({
  utterances: z.coerce.number().int().min(500).max(10_000),
  json: z.boolean(),
})

/** Each reads alone in a process of its own; node-nlp may take minutes to learn. Milliseconds. */
const PATIENCE_MS = 1_800_000

/**
 * `qingan bench understand [--utterances 10000] [--json]`: how fast messages are read for danger and topic on one core,
 * how long learning takes, how large the models are, beside node-nlp taught the same utterances in the same run.
 */
export async function benchUnderstand(args: string[]): Promise<number> {
  const { utterances, json } = parse(args)
  const read = async (who: 'qingan' | 'node-nlp') => {
    process.stderr.write(`bench: ${who} learns ${utterances} utterances and reads …\n`)
    const command = [launcher(), 'bench', 'baseline', `read-${who}`, String(utterances)]
    const { stdout } = await promisify(execFile)(process.execPath, command, {
      timeout: PATIENCE_MS,
      maxBuffer: 1 << 20,
    })
    return Read.parse(JSON.parse(stdout))
  }
  const ours = await read('qingan')
  const theirs = await read('node-nlp')
  const text = json
    ? `${JSON.stringify({ utterances, qingan: ours, 'node-nlp': theirs }, null, 1)}\n`
    : report(utterances, ours, theirs)
  await new Promise<void>((fulfil) => process.stdout.write(text, () => fulfil()))
  return 0
}

function parse(args: string[]): z.infer<typeof Options> {
  const options = {
    utterances: { type: 'string', default: '10000' },
    json: { type: 'boolean', default: false },
  } as const
  try {
    return Options.parse(parseArgs({ args, options }).values)
  } catch (cause) {
    throw new AppError(
      'cli.usage',
      { why: 'qingan bench understand [--utterances 500…10000] [--json]' },
      { cause },
    )
  }
}

function report(utterances: number, ours: Read, theirs: Read): string {
  const row = (name: string, value: (read: Read) => string) => columns(name, [value(ours), value(theirs)])
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
  const times = ours.byLength.map(({ upTo }, i) =>
    row(`  up to ${upTo} characters: p50 / p99 ms`, ({ byLength }) => {
      const found = byLength[i]
      return found ? `${found.p50.toFixed(2)} / ${found.p99.toFixed(2)}` : '–'
    }),
  )
  return [
    `one thread of ${availableParallelism()} cores, Node ${process.version}; qingan reads danger and topic, node-nlp a topic`,
    '',
    columns('', ['qingan', 'node-nlp']),
    row('messages a second', ({ perSecond }) => perSecond.toFixed(0)),
    ...times,
    row(`learning topics from ${utterances} utterances, s`, ({ learning }) => (learning / 1000).toFixed(2)),
    row('learning danger besides, s', ({ learningDanger }) =>
      learningDanger === null ? '–' : (learningDanger / 1000).toFixed(2),
    ),
    row('model of topics', ({ model }) => megabytes(model)),
    row('model of danger', ({ modelOfDanger }) => (modelOfDanger === null ? '–' : megabytes(modelOfDanger))),
    row('memory of the process', ({ memory }) => megabytes(memory)),
    row('held-out phrases: best guess right', ({ right }) => right.toFixed(3)),
    '',
    columns('messages a second, qingan ÷ node-nlp', [(ours.perSecond / theirs.perSecond).toFixed(1)]),
    columns('learning, node-nlp ÷ qingan', [(theirs.learning / ours.learning).toFixed(1)]),
    '',
  ].join('\n')
}
