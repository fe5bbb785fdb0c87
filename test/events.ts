/** One server-sent event. */
export interface Event {
  id?: number
  event: string
  data: string
}

/** Follows a stream of events; `cut` breaks the connection, what was seen so far remains. */
export async function followEvents(url: string, headers: Record<string, string>) {
  const abort = new AbortController()
  const response = await fetch(url, { headers, signal: abort.signal })
  const seen: Event[] = []
  let ended = false
  const reading = (async () => {
    let rest = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      const pieces = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
      rest = pieces.pop() ?? ''
      seen.push(...pieces.flatMap(parseEvent))
    }
  })()
    .catch(() => undefined) // A cut connection ends the reading with an error: that is what cutting means.
    .finally(() => (ended = true))
  return {
    status: response.status,
    seen,
    ended: () => ended,
    async cut(): Promise<void> {
      abort.abort()
      await reading
    },
  }
}

function parseEvent(block: string): Event[] {
  const fields = new Map(
    block.split('\n').flatMap((line) => {
      const at = line.indexOf(': ')
      return at > 0 ? [[line.slice(0, at), line.slice(at + 2)] as const] : []
    }),
  )
  const event = fields.get('event')
  const id = fields.get('id')
  return event ? [{ event, data: fields.get('data') ?? '', ...(id ? { id: Number(id) } : {}) }] : []
}
