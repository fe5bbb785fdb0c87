import { parentPort, workerData } from 'node:worker_threads'
import { DataFileError } from './data-file.js'
import { serve, type WorkerData, type WorkerMessage } from './start.js'

const say = (message: WorkerMessage): void => parentPort?.postMessage(message)

try {
  const { uri, stop } = await serve(workerData as WorkerData, (notice) => say({ notice }))
  parentPort?.once('message', () => void stop().then(() => parentPort?.close()))
  say({ uri })
} catch (error) {
  say({
    failed: error instanceof Error ? error.message : String(error),
    busy: error instanceof DataFileError && error.busy,
  })
}
