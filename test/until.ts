/** How long a test waits for what must happen, in milliseconds; generous, because a busy machine is slow. */
const PATIENCE_MS = 20_000

/** Resolves with what `look` finds as soon as it finds something; throws when it never does. */
export async function until<T>(
  look: () => T | Promise<T>,
  what: string,
  milliseconds = PATIENCE_MS,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + milliseconds
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`waited ${milliseconds} ms for ${what}`)
    await new Promise((fulfil) => setTimeout(fulfil, 10))
  }
}
