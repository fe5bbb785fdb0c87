/** 公众号《客服消息》: what a person did opens a window in which the account may send so many messages. */
const WINDOWS = {
  /** Wrote a message. */
  message: { ms: 48 * 3_600_000, quota: 5 },
  /** Followed, clicked in the menu (CLICK) or in a menu message, scanned a code. */
  event: { ms: 60_000, quota: 3 },
} as const
export type WindowKind = keyof typeof WINDOWS

export type Allowance = ReturnType<typeof createAllowance>

/**
 * What may be sent to one person. A message that is sent counts in every window that is open, so quotas of several
 * windows are not added up.
 */
export function createAllowance() {
  const opened: Partial<Record<WindowKind, { at: number; sent: number }>> = {}
  const windows = (now: Date) =>
    (Object.keys(WINDOWS) as WindowKind[]).flatMap((kind) => {
      const window = opened[kind]
      const until = window ? window.at + WINDOWS[kind].ms : 0
      return window && until > now.getTime()
        ? [{ window, until, left: Math.max(0, WINDOWS[kind].quota - window.sent) }]
        : []
    })

  return {
    open: (kind: WindowKind, now: Date) => void (opened[kind] = { at: now.getTime(), sent: 0 }),

    /** As if 48 hours had gone by. */
    close: () => {
      for (const kind of Object.keys(opened) as WindowKind[]) delete opened[kind]
    },

    /** `left` null: no window is open. */
    at(now: Date): { left: number | null; until: Date | null } {
      const all = windows(now)
      const best = all.toSorted((a, b) => b.left - a.left || b.until - a.until)[0]
      return best ? { left: best.left, until: new Date(best.until) } : { left: null, until: null }
    },

    /** Counts a message; the caller has looked whether it may be sent. */
    count(now: Date): void {
      for (const { window } of windows(now)) window.sent++
    },
  }
}
