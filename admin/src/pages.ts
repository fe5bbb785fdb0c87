import type { ResourceProps } from 'react-admin'
import type { RouteName } from './call.js'
import { allows, type Me } from './session.js'

/**
 * One line of the menu and the pages behind it, spread into <Resource>. The name is that of its routes in
 * shared/api.ts: whoever may not ask `<name>.list` neither sees the line nor can open the page.
 */
export interface Pages extends ResourceProps {
  name: ListName | 'release' | 'go-live'
  /** What one must be allowed to ask, where it is no list. */
  needs?: RouteName
  icon: NonNullable<ResourceProps['icon']>
  options: {
    /** In the menu and as the title. */
    label: string
    /** Under which heading of the menu. */
    group: '值守' | '内容' | '管理'
  }
}

type ListName = Extract<RouteName, `${string}.list`> extends `${infer Name}.list` ? Name : never

/** The pages this person may open. */
export const openTo = (me: Me | undefined, pages: readonly Pages[]): Pages[] =>
  pages.filter(({ name, needs }) => allows(me, needs ?? (`${name}.list` as RouteName)))
