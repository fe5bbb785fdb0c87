import { parentPort, workerData } from 'node:worker_threads'
import { train } from './brain.js'
import type { ContentFiles } from './content.js'
import { contentOf } from './folder.js'

// Training takes seconds of pure computing: here it stalls nobody's chat.
const { bytes, milliseconds } = train(contentOf(workerData as ContentFiles))
parentPort?.postMessage({ bytes, milliseconds })
