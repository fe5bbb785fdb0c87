import type { LatentModel } from './latent.js'
import type { LinearModel } from './linear-model.js'

/** What is kept of a linear model as JSON beside its bytes. */
interface Head {
  kind: LinearModel['kind']
  outputs: string[]
  features: number
}

/** One buffer for a model: a length, a JSON head, then the arrays. Read back by `fromBytes`. */
export function toBytes(model: LinearModel): Buffer {
  const features = model.index.size
  const hashes = new Uint32Array(features)
  for (const [gram, row] of model.index) hashes[row] = gram
  const head: Head = { kind: model.kind, outputs: model.outputs, features }
  return written(head, [hashes, model.idf, model.scale, model.bias, model.weights])
}

/** The same for a latent model. Read back by `latentFromBytes`. */
export function latentToBytes(model: LatentModel): Buffer {
  const { outputs, numberOf, scale, inner, innerBias, outer, outerBias, places } = model
  // Numbers rise with the rows: which rows have one says all.
  const rows = Uint32Array.from(Array.from(numberOf.keys()).filter((row) => numberOf[row]! >= 0))
  const arrays = [rows, scale, inner, innerBias, outer, outerBias, places]
  return written({ outputs, features: numberOf.length, lengths: arrays.map(({ length }) => length) }, arrays)
}

/** Reads what `toBytes` wrote. Throws RangeError when the buffer is cut short. */
export function fromBytes(bytes: Buffer): LinearModel {
  const { head, take } = reading<Head>(bytes)
  const { features, outputs } = head
  const hashes = new Uint32Array(take(features * 4))
  const idf = new Float32Array(take(head.kind === 'softmax' ? features * 4 : 0))
  const scale = new Float32Array(take(outputs.length * 4))
  const bias = new Float32Array(take(outputs.length * 4))
  const weights = new Int8Array(take(features * outputs.length))
  const index = new Map<number, number>()
  hashes.forEach((gram, row) => index.set(gram, row))
  return { kind: head.kind, outputs, index, idf, scale, bias, weights }
}

/** Reads what `latentToBytes` wrote. Throws RangeError when the buffer is cut short. */
export function latentFromBytes(bytes: Buffer): LatentModel {
  const { head, take } = reading<{ outputs: number; features: number; lengths: number[] }>(bytes)
  const floats = (at: number) => new Float32Array(take(head.lengths[at]! * 4))
  const numberOf = new Int32Array(head.features).fill(-1)
  new Uint32Array(take(head.lengths[0]! * 4)).forEach((row, number) => (numberOf[row] = number))
  return {
    outputs: head.outputs,
    numberOf,
    scale: floats(1),
    inner: floats(2),
    innerBias: floats(3),
    outer: floats(4),
    outerBias: floats(5),
    places: new Int8Array(take(head.lengths[6]!)),
  }
}

type Numbers = Uint32Array | Float32Array | Int8Array

function written(head: object, arrays: Numbers[]): Buffer {
  const json = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  return Buffer.concat([length, json, ...arrays.map(bytesOf)])
}

/** The head, and what takes the arrays one after the other. */
function reading<H>(bytes: Buffer): { head: H; take(size: number): ArrayBuffer } {
  const end = bytes.length < 4 ? Infinity : 4 + bytes.readUInt32LE(0)
  if (end > bytes.length) throw new RangeError('the model is cut short')
  let at = end
  return {
    head: JSON.parse(bytes.toString('utf8', 4, end)) as H,
    take(size) {
      if (at + size > bytes.length) throw new RangeError('the model is cut short')
      const copy = new Uint8Array(bytes.subarray(at, at + size))
      at += size
      return copy.buffer
    },
  }
}

function bytesOf(array: Numbers): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength)
}
