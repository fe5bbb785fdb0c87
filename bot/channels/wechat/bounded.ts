/** Runs work at most `atOnce` side by side; at most `most` wait. */
export function bounded(atOnce: number, most: number) {
  const waiting: (() => void)[] = []
  let running = 0

  return {
    /** False: so much waits already that more would only fill the memory. */
    hasRoom: (): boolean => waiting.length < most,

    async run<T>(work: () => Promise<T>): Promise<T> {
      if (running >= atOnce) await new Promise<void>((fulfil) => waiting.push(fulfil))
      else running++
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else running--
      }
    },
  }
}
