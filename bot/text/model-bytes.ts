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
  const head: Head = { kind: model.kind, outputs: model.outputs, features }
  const json = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  const hashes = new Uint32Array(features)
  for (const [gram, row] of model.index) hashes[row] = gram
  return Buffer.concat([
    length,
    json,
    ...[hashes, model.idf, model.scale, model.bias, model.weights].map(bytesOf),
  ])
}

/** Reads what `toBytes` wrote. Throws RangeError when the buffer is cut short. */
export function fromBytes(bytes: Buffer): LinearModel {
  const end = bytes.length < 4 ? Infinity : 4 + bytes.readUInt32LE(0)
  if (end > bytes.length) throw new RangeError('the model is cut short')
  const head = JSON.parse(bytes.toString('utf8', 4, end)) as Head
  const { features, outputs } = head
  let at = end
  const take = (size: number): ArrayBuffer => {
    if (at + size > bytes.length) throw new RangeError('the model is cut short')
    const copy = new Uint8Array(bytes.subarray(at, at + size))
    at += size
    return copy.buffer
  }
  const hashes = new Uint32Array(take(features * 4))
  const idf = new Float32Array(take(head.kind === 'softmax' ? features * 4 : 0))
  const scale = new Float32Array(take(outputs.length * 4))
  const bias = new Float32Array(take(outputs.length * 4))
  const weights = new Int8Array(take(features * outputs.length))
  const index = new Map<number, number>()
  hashes.forEach((gram, row) => index.set(gram, row))
  return { kind: head.kind, outputs, index, idf, scale, bias, weights }
}

function bytesOf(array: Uint32Array | Float32Array | Int8Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength)
}
