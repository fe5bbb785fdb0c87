// Starts train-worker.ts where the program runs from its sources; the compiled program starts train-worker.js.
import { register } from 'tsx/esm/api'

register()
await import('./train-worker.ts')
