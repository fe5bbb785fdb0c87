import { createHash } from 'node:crypto'

/** Signatures remembered at most: half an hour of a thousand messages a minute would not fill it. */
const MOST = 50_000

/**
 * Remembers which body came with a signature for as long as it is fresh. The platform repeats a request word for
 * word; another body under the same signature is somebody else's.
 */
export function replays(freshMs: number) {
  const bodies = new Map<string, { hash: string; until: number }>()

  return {
    /** False when this signature came with another body before. */
    first(signed: string, body: Uint8Array, now: Date): boolean {
      for (const [old, { until }] of bodies) {
        if (until > now.getTime() && bodies.size < MOST) break
        bodies.delete(old)
      }
      const hash = createHash('sha256').update(body).digest('base64')
      const known = bodies.get(signed)
      if (known) return known.hash === hash
      bodies.set(signed, { hash, until: now.getTime() + 2 * freshMs })
      return true
    },
  }
}
