import { z } from 'zod'
import type { Button } from '../people.js'

/** 《自定义菜单》: lengths count bytes. */
const bytes = (text: string) => Buffer.byteLength(text)

const Leaf = z.discriminatedUnion('type', [
  z.object({ type: z.literal('click'), name: z.string(), key: z.string() }),
  z.object({ type: z.literal('view'), name: z.string(), url: z.string() }),
])
type Leaf = z.infer<typeof Leaf>
const Branch = z.object({ name: z.string(), sub_button: z.array(z.unknown()) })
const Menu = z.object({ button: z.array(z.unknown()) })

export interface MenuButton {
  name: string
  leaf?: Leaf
  sub?: Leaf[]
}

/** The menu in this body, or the errcode that says what is wrong with it. */
export function readMenu(body: unknown): { menu: MenuButton[] } | { errcode: number } {
  const parsed = Menu.safeParse(body)
  if (!parsed.success || parsed.data.button.length < 1 || parsed.data.button.length > 3)
    return { errcode: 40016 }
  const menu: MenuButton[] = []
  for (const raw of parsed.data.button) {
    const branch = Branch.safeParse(raw)
    if (branch.success && branch.data.sub_button.length > 0) {
      const { name, sub_button: inner } = branch.data
      if (bytes(name) < 1 || bytes(name) > 16) return { errcode: 40018 }
      if (inner.length > 5) return { errcode: 40023 }
      const sub = inner.map((each) => leafOf(each, { name: 60, codes: [40024, 40025, 40026, 40027] }))
      const wrong = sub.find((each) => typeof each === 'number')
      if (typeof wrong === 'number') return { errcode: wrong }
      menu.push({ name, sub: sub as Leaf[] })
      continue
    }
    const leaf = leafOf(raw, { name: 16, codes: [40017, 40018, 40019, 40020] })
    if (typeof leaf === 'number') return { errcode: leaf }
    menu.push({ name: leaf.name, leaf })
  }
  return { menu }
}

/** A button that does something, or its errcode: wrong type, name, key, url. */
function leafOf(raw: unknown, { name: longest, codes }: { name: number; codes: number[] }): Leaf | number {
  const parsed = Leaf.safeParse(raw)
  const [type = 0, name = 0, key = 0, url = 0] = codes
  if (!parsed.success) return type
  const leaf = parsed.data
  if (bytes(leaf.name) < 1 || bytes(leaf.name) > longest) return name
  if (leaf.type === 'click' && (bytes(leaf.key) < 1 || bytes(leaf.key) > 128)) return key
  if (leaf.type === 'view' && (!URL.canParse(leaf.url) || bytes(leaf.url) > 1024)) return url
  return leaf
}

/** The menu as buttons of the page. */
export function menuButtons(menu: readonly MenuButton[]): Button[] {
  return menu
    .flatMap(({ leaf, sub }) => sub ?? (leaf ? [leaf] : []))
    .map((leaf) => ({
      label: leaf.name,
      press: leaf.type === 'click' ? { event: 'CLICK', key: leaf.key } : { event: 'VIEW', key: leaf.url },
    }))
}

/** The menu as `menu/get` gives it back. */
export const menuJson = (menu: readonly MenuButton[]) => ({
  menu: {
    button: menu.map(({ name, leaf, sub }) =>
      sub ? { name, sub_button: sub } : { ...leaf, sub_button: [] },
    ),
  },
})
