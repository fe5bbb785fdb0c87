/** Lets so many in at a time. Who presses goes before all who came earlier and do not. */
export type Lanes = ReturnType<typeof lanes>

export function lanes(atOnce: number) {
  const pressing = new Map<string, () => void>()
  const usual = new Map<string, () => void>()
  let inside = 0

  const next = () => {
    const from = pressing.size > 0 ? pressing : usual
    const [first] = from
    if (!first) {
      inside--
      return
    }
    from.delete(first[0])
    first[1]()
  }

  return {
    /** Resolves when it is this one's turn, with how to leave; leaving twice is leaving once. */
    async enter(id: string, presses: boolean): Promise<() => void> {
      if (inside < atOnce) inside++
      else await new Promise<void>((fulfil) => (presses ? pressing : usual).set(id, fulfil))
      let left = false
      return () => {
        if (!left) next()
        left = true
      }
    },

    /** Who waits already goes before the others from now on. */
    press(id: string): void {
      const waiting = usual.get(id)
      if (!waiting) return
      usual.delete(id)
      pressing.set(id, waiting)
    },

    waiting: (): number => pressing.size + usual.size,
  }
}
