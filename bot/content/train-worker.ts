import { parentPort, workerData } from 'node:worker_threads'
import { trainPart, type Part } from './brain.js'
import type { ContentFiles } from './content.js'
import { contentOf } from './folder.js'

// Training takes seconds of pure computing: here it stalls nobody's chat.
const { files, part } = workerData as { files: ContentFiles; part: Part }
parentPort?.postMessage(trainPart(contentOf(files), part))
