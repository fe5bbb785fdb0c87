import { useEffect, useRef, useState } from 'react'

/** j, k and arrows move through a list of cards, Enter does what `onEnter` says. Keys inside a field stay the field's. */
export function useListKeys(ids: readonly string[], onEnter: (id: string) => void) {
  const [chosen, choose] = useState<string | null>(null)
  const items = useRef(new Map<string, HTMLElement>())
  // A card that has gone leaves the choice to the first one.
  const current = chosen !== null && ids.includes(chosen) ? chosen : (ids[0] ?? null)

  const state = useRef({ ids, current, onEnter })
  useEffect(() => {
    state.current = { ids, current, onEnter }
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const at = event.target instanceof HTMLElement ? event.target : document.body
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (at.closest('input, textarea, select, [role="dialog"], [role="menu"], [role="listbox"]')) return
      const { ids, current, onEnter } = state.current
      if (!current) return
      const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key]
      if (step !== undefined) {
        event.preventDefault()
        const isOn = items.current.get(current)?.contains(document.activeElement)
        // The first key lands on the first card.
        const next = isOn ? ids[Math.min(ids.length - 1, Math.max(0, ids.indexOf(current) + step))] : current
        if (!next) return
        choose(next)
        items.current.get(next)?.focus()
      } else if (event.key === 'Enter' && items.current.get(current) === document.activeElement) {
        event.preventDefault()
        onEnter(current)
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  return {
    current,
    choose,
    /** For the card of this id. */
    refOf: (id: string) => (element: HTMLElement | null) => {
      if (element) items.current.set(id, element)
      else items.current.delete(id)
    },
  }
}
