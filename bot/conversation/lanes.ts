/** Lets so many in at a time; `atOnce` is asked whenever somebody comes or leaves. Who presses goes before all who came earlier and do not. */
export type Lanes = ReturnType<typeof lanes>

export function lanes(atOnce: () => number) {
  const pressing = new Map<string, () => void>()
  const usual = new Map<string, () => void>()
  let inside = 0

  /** Lets in whoever is next, as many as may. */
  const letIn = () => {
    while (inside < atOnce()) {
      const from = pressing.size > 0 ? pressing : usual
      const [next] = from
      if (!next) return
      from.delete(next[0])
      inside++
      next[1]()
    }
  }

  return {
    /** Resolves when it is this one's turn, with how to leave; leaving twice is leaving once. */
    async enter(id: string, presses: boolean): Promise<() => void> {
      await new Promise<void>((fulfil) => {
        ;(presses ? pressing : usual).set(id, fulfil)
        letIn()
      })
      let left = false
      return () => {
        if (left) return
        left = true
        inside--
        letIn()
      }
    },

    /** Who waits already goes before the others from now on. */
    press(id: string): void {
      const waiting = usual.get(id)
      if (!waiting) return
      usual.delete(id)
      pressing.set(id, waiting)
    },

    /** More may be in than before. */
    letIn,

    waiting: (): number => pressing.size + usual.size,
  }
}
