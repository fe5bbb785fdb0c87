import { parentPort, workerData } from 'node:worker_threads'
import { trainPart, type Part } from './brain.js'
import type { Content } from './content.js'

// Training takes seconds of pure computing: here it stalls nobody's chat.
const { content, part } = workerData as { content: Content; part: Part }
parentPort?.postMessage(trainPart(content, part))
