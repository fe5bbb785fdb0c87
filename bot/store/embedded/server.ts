import { chmodSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { credentials, guard } from './authenticate.js'
import { Engine } from './engine.js'
import { Fault } from './fault.js'
import type { Store } from './store.js'
import type { Doc } from './values.js'
import { decodeRequest, encodeReply, MessageReader, type Request } from './wire.js'

/** Where to listen: a socket in a private folder, or any free port of loopback, which then asks for a password. */
export type Address = { socketPath: string } | { password: string }

interface Pending {
  socket: Socket
  request: Request
  reply: Doc
}

/**
 * Listens for drivers on a unix socket. Group commit: what arrives in one turn of the event loop is executed at once, shares
 * one transaction, and is answered only after its COMMIT (fsync); so no reply shows or confirms what a crash could take back.
 */
export class EmbeddedServer {
  private readonly engine: Engine
  private readonly server: Server
  private readonly sockets = new Set<Socket>()
  private readonly timer: NodeJS.Timeout
  private password: string | undefined
  private pending: Pending[] = []
  private scheduled = false

  constructor(
    private readonly store: Store,
    sweepMs: number,
  ) {
    this.engine = new Engine(store)
    this.server = createServer((socket) => this.accept(socket))
    this.timer = setInterval(() => this.sweep(), sweepMs)
    this.timer.unref()
  }

  /**
   * Starts to listen and gives the URI for drivers, with `qingan` as its default database. A socket file left by a
   * process that died is replaced (the store's lock says that it is dead).
   */
  async listen(address: Address): Promise<string> {
    const listening = new Promise<void>((resolve, reject) => {
      this.server.once('error', reject)
      this.server.once('listening', resolve)
    })
    if ('socketPath' in address) {
      rmSync(address.socketPath, { force: true })
      this.server.listen(address.socketPath)
      await listening
      chmodSync(address.socketPath, 0o600)
      return `mongodb://${encodeURIComponent(address.socketPath)}/qingan?directConnection=true`
    }
    this.password = address.password
    this.server.listen(0, '127.0.0.1')
    await listening
    const { port } = this.server.address() as AddressInfo
    const { user, options } = credentials(address.password)
    return `mongodb://${user}127.0.0.1:${port}/qingan?directConnection=true${options}`
  }

  private accept(socket: Socket): void {
    const reader = new MessageReader()
    const check = this.password === undefined ? undefined : guard(this.password)
    this.sockets.add(socket)
    socket.on('close', () => this.sockets.delete(socket))
    socket.on('error', () => socket.destroy()) // the peer went away: nothing is left to tell it
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const message of reader.push(chunk)) this.handle(socket, decodeRequest(message), check)
      } catch {
        socket.destroy() // not the protocol, or garbled BSON: there is no request to answer
      }
    })
  }

  private handle(socket: Socket, request: Request, check?: (command: Doc) => Doc | undefined): void {
    this.pending.push({ socket, request, reply: this.engine.execute(request.command, check) })
    if (this.scheduled) return
    this.scheduled = true
    setImmediate(() => this.flush())
  }

  private flush(): void {
    this.scheduled = false
    const replies = this.pending
    this.pending = []
    let failure: Doc | undefined
    try {
      this.store.commit()
    } catch (error) {
      failure = new Fault(
        14031,
        `The write could not be made durable and was undone: ${String(error)}`,
      ).toReply()
    }
    for (const { socket, request, reply } of replies) {
      if (request.wantsReply && !socket.destroyed) socket.write(this.frame(request, failure ?? reply))
    }
  }

  /** A reply beyond what BSON may hold (a huge distinct or group) becomes an error of that one command. */
  private frame(request: Request, reply: Doc): Buffer {
    try {
      return encodeReply(request, reply)
    } catch (error) {
      return encodeReply(request, new Fault(10334, `The reply cannot be sent: ${String(error)}`).toReply())
    }
  }

  private sweep(): void {
    this.engine.sweep(Date.now())
    this.flush()
  }

  /** Answers what has arrived, closes all connections and the store. */
  async stop(): Promise<void> {
    clearInterval(this.timer)
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    this.flush()
    for (const socket of this.sockets) socket.destroySoon()
    await closed
    this.store.close()
  }
}
