import { calculateObjectSize, serialize } from 'bson'
import { Fault } from './fault.js'
import { decode, type Doc } from './values.js'

const OP_REPLY = 1
const OP_QUERY = 2004
const OP_MSG = 2013
const CHECKSUM_PRESENT = 1
const MORE_TO_COME = 2
const KNOWN_FLAGS = CHECKSUM_PRESENT | MORE_TO_COME | (1 << 16)
/** What hello announces as maxMessageSizeBytes. */
export const MAX_MESSAGE_BYTES = 48_000_000
/** A cursor's batch ends before this many bytes of documents. */
export const MAX_BATCH_BYTES = 16_000_000

/** One request: the command with its database in `$db`, and how its answer is framed. */
export interface Request {
  id: number
  command: Doc
  legacy: boolean
  /** False for moreToCome (unacknowledged writes): nothing is answered. */
  wantsReply: boolean
}

/** Collects the bytes of a connection and gives each complete message once. */
export class MessageReader {
  private chunks: Buffer[] = []
  private size = 0

  private head(): Buffer {
    if ((this.chunks[0]?.length ?? 0) < 16) this.chunks = [Buffer.concat(this.chunks)]
    return this.chunks[0] as Buffer
  }

  /** Throws when the peer does not speak the protocol; the connection is then of no more use. */
  *push(chunk: Buffer): Generator<Buffer> {
    this.chunks.push(chunk)
    this.size += chunk.length
    while (this.size >= 16) {
      const first = this.head()
      const length = first.readInt32LE(0)
      if (length < 16 || length > MAX_MESSAGE_BYTES) throw new Fault(9, `Message of ${length} bytes`)
      if (this.size < length) return
      const all = this.chunks.length === 1 ? first : Buffer.concat(this.chunks)
      this.chunks = all.length > length ? [all.subarray(length)] : []
      this.size -= length
      yield all.subarray(0, length)
    }
  }
}

/** The bytes of a document or section that begins with its own length, which a hostile peer may choose. */
function sized(bytes: Buffer, at: number): Buffer {
  const length = bytes.readInt32LE(at)
  if (length < 5 || at + length > bytes.length) throw new Fault(9, `${length} bytes at ${at}`)
  return bytes.subarray(at, at + length)
}

function decodeMsg(message: Buffer): { command: Doc; wantsReply: boolean } {
  const flags = message.readUInt32LE(16)
  if (flags & 0xffff & ~KNOWN_FLAGS) throw new Fault(9, `OP_MSG flags ${flags}`)
  const end = message.length - (flags & CHECKSUM_PRESENT ? 4 : 0)
  let command: Doc = {}
  const sequences: Doc = {}
  for (let at = 20; at < end;) {
    const kind = message[at]
    const section = sized(message, at + 1)
    if (kind === 0) command = decode(section)
    else if (kind === 1) {
      const nameEnd = section.indexOf(0, 4)
      const docs: Doc[] = []
      for (let start = nameEnd + 1; start < section.length;) {
        const doc = sized(section, start)
        docs.push(decode(doc))
        start += doc.length
      }
      sequences[section.toString('utf8', 4, nameEnd)] = docs
    } else throw new Fault(9, `OP_MSG section kind ${kind}`)
    at += 1 + section.length
  }
  return { command: { ...command, ...sequences }, wantsReply: (flags & MORE_TO_COME) === 0 }
}

function decodeQuery(message: Buffer): Doc {
  const nameEnd = message.indexOf(0, 20)
  const namespace = message.toString('utf8', 20, nameEnd)
  return { ...decode(message.subarray(nameEnd + 9)), $db: namespace.split('.')[0] }
}

/** Bytes of one message → request. Throws on anything but OP_MSG and the OP_QUERY of a first hello. */
export function decodeRequest(message: Buffer): Request {
  const id = message.readInt32LE(4)
  const opCode = message.readInt32LE(12)
  if (opCode === OP_MSG) return { id, legacy: false, ...decodeMsg(message) }
  if (opCode === OP_QUERY) return { id, legacy: true, wantsReply: true, command: decodeQuery(message) }
  throw new Fault(9, `Unsupported opcode ${opCode}`)
}

/** The answer to a request, framed. */
export function encodeReply(request: Request, reply: Doc): Buffer {
  const body = serialize(reply, { ignoreUndefined: true })
  const prefix = request.legacy ? 36 : 21
  const message = Buffer.alloc(prefix + body.length)
  message.writeInt32LE(message.length, 0)
  message.writeInt32LE(request.id, 8)
  message.writeInt32LE(request.legacy ? OP_REPLY : OP_MSG, 12)
  if (request.legacy) message.writeInt32LE(1, 32)
  message.set(body, prefix)
  return message
}

/** How many of the documents fit into one batch: at least one, at most `count`, at most 16 MB. */
export function batchLength(docs: Doc[], from: number, count: number): number {
  let bytes = 0
  let at = from
  for (; at < docs.length && at - from < count; at++) {
    bytes += calculateObjectSize(docs[at] as Doc)
    if (bytes > MAX_BATCH_BYTES && at > from) break
  }
  return at - from
}
