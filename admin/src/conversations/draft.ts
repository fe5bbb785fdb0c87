/** Everything typed and not sent is kept under names that begin so: it outlives the page, never the tab. */
const KEPT = 'qingan.'

/** Where a member of staff's draft or unsent replies of one conversation are kept: nobody else at this machine gets them. */
export const placeOf = (what: 'draft' | 'unsent', staff: string, conversation: string): string =>
  `${KEPT}${what}.${staff}.${conversation}`

/** Signing out leaves nothing behind. */
export function forgetTyped(storage: { removeItem(name: string): void }): void {
  for (const name of Object.keys(storage)) if (name.startsWith(KEPT)) storage.removeItem(name)
}
