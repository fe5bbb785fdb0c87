// Starts worker.ts where the program runs from its sources; the compiled program starts worker.js.
import { register } from 'tsx/esm/api'

register()
await import('./worker.ts')
