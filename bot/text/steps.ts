import { setImmediate as turnOfTheLoop } from 'node:timers/promises'

/** Long work cut into steps: between two of them a server may answer somebody. */
export type Steps<T> = Generator<void, T>

/** All steps at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Step by step, the event loop having its turn between them. */
export async function finishGently<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    await turnOfTheLoop()
  }
}
