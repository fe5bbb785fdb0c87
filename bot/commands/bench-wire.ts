import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { MessageReader } from '../store/embedded/wire.js'

export interface Trip {
  /** The command and its collection. */
  name: string
  calls: number
  /** From request to reply, all calls together. */
  milliseconds: number
}

/** A listening post between the driver and the database. */
export interface Tap {
  uri: string
  /** What passed since the last call, most time first. */
  take(): Trip[]
  close(): Promise<void>
}

/** The driver's own housekeeping. */
const HOUSEKEEPING = /^(?:hello|isMaster|ismaster|ping|endSessions)\b/
const OP_MSG = 2013

/** Stands between a driver and the database at `uri` (a unix socket) and counts the commands that pass. */
export async function tapDatabase(uri: string): Promise<Tap> {
  const target = decodeURIComponent(/^mongodb:\/\/([^/]+)/.exec(uri)?.[1] ?? '')
  const trips = new Map<string, Trip>()
  const sockets = new Set<Socket>()
  const count = (name: string, milliseconds: number) => {
    const trip = trips.get(name) ?? { name, calls: 0, milliseconds: 0 }
    trips.set(name, { name, calls: trip.calls + 1, milliseconds: trip.milliseconds + milliseconds })
  }
  const server = createServer((driver) => {
    const database = connect(target)
    join(driver, database, count)
    for (const socket of [driver, database]) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    }
  })
  await new Promise<void>((fulfil) => server.listen(0, '127.0.0.1', fulfil))
  return {
    uri: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/qingan?directConnection=true`,
    take() {
      const all = [...trips.values()].filter(({ name }) => !HOUSEKEEPING.test(name))
      trips.clear()
      return all.sort((a, b) => b.milliseconds - a.milliseconds)
    },
    close: () =>
      new Promise((fulfil) => {
        server.close(() => fulfil())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function join(driver: Socket, database: Socket, count: (name: string, milliseconds: number) => void): void {
  const asked = new Map<number, { name: string; at: number }>()
  const requests = new MessageReader()
  const replies = new MessageReader()
  driver.on('data', (chunk: Buffer) => {
    for (const message of requests.push(chunk)) {
      asked.set(message.readInt32LE(4), { name: nameOf(message), at: performance.now() })
    }
    database.write(chunk)
  })
  database.on('data', (chunk: Buffer) => {
    for (const message of replies.push(chunk)) {
      const id = message.readInt32LE(8)
      const request = asked.get(id)
      if (request) count(request.name, performance.now() - request.at)
      asked.delete(id)
    }
    driver.write(chunk)
  })
  const end = () => {
    driver.destroy()
    database.destroy()
  }
  for (const socket of [driver, database]) socket.on('close', end).on('error', end)
}

/** First element of the command document: the command's name, and the collection where its value is a string. */
function nameOf(message: Buffer): string {
  // Header 16, flags 4, kind 1, length of the document 4; then the element's type, its name, its value.
  if (message.readInt32LE(12) !== OP_MSG) return 'hello'
  const end = message.indexOf(0, 26)
  const command = message.toString('utf8', 26, end)
  if (message[25] !== 2) return command
  const length = message.readInt32LE(end + 1)
  return `${command} ${message.toString('utf8', end + 5, end + 4 + length)}`
}
