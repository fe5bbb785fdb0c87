/** Work names of today, by staff id. */
export type WorkNames = (ids: string[]) => Promise<Map<string, string>>

/** Puts the work names in where core gives ids. */
export async function namesOf(workNames: WorkNames, ids: (string | null)[]) {
  const names = await workNames([...new Set(ids.filter((id) => id !== null))])
  return (id: string) => ({ id, workName: names.get(id) ?? '' })
}
