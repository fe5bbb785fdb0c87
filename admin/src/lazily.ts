import { lazy, type ComponentType } from 'react'

/** A page in a file of its own, fetched when it is first opened: `lazily(() => import('./StaffList.js'), 'StaffList')`. */
export function lazily<K extends string>(load: () => Promise<Record<K, ComponentType>>, name: K) {
  return lazy(async () => ({ default: (await load())[name] }))
}
