import { parentPort, workerData } from 'node:worker_threads'
import { serve, type WorkerData, type WorkerMessage } from './start.js'

const say = (message: WorkerMessage): void => parentPort?.postMessage(message)

try {
  const server = await serve(workerData as WorkerData)
  parentPort?.once('message', () => void server.stop().then(() => parentPort?.close()))
  say('ready')
} catch (error) {
  say({ failed: error instanceof Error ? error.message : String(error) })
}
