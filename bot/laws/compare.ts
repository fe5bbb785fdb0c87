import type { ComparedPair, RenumberedPair } from '../../shared/law.js'
import type { LawMap } from '../store/law-maps.js'
import { articleOf, textHash, type Library, type ShelvedVersion } from './library.js'
import { proposeRenumbering } from './renumbering.js'

/** Two versions side by side in the order of the newer one; what has no partner stands alone where it stood. */
export function compareVersions(
  library: Library,
  from: ShelvedVersion,
  to: ShelvedVersion,
): { pairs: ComparedPair[]; map: LawMap | null } {
  const map = mapBetween(library, from, to)
  const pairs = map?.pairs ?? proposeRenumbering(from, to)
  return { pairs: lined(pairs, from, to), map }
}

export const mapBetween = (library: Library, from: ShelvedVersion, to: ShelvedVersion): LawMap | null =>
  library.maps.find(
    (each) => each.statute === to.statute && each.from === from.version && each.to === to.version,
  ) ?? null

function lined(pairs: readonly RenumberedPair[], from: ShelvedVersion, to: ShelvedVersion): ComparedPair[] {
  const taken = new Set(pairs.map((pair) => pair.to))
  const old = pairs.map(({ from: number, to: next, likeness }): ComparedPair => {
    const [before, after] = [articleOf(from, number), next ? articleOf(to, next) : null]
    const same = before && after ? textHash(before.paragraphs) === textHash(after.paragraphs) : false
    return { from: before, to: after, likeness, same }
  })
  const fresh = to.articles.filter(({ number }) => !taken.has(number))
  const place = new Map(to.articles.map(({ number }, i) => [number, i]))
  let last = -1
  const placed = old.map((pair) => {
    last = pair.to ? (place.get(pair.to.number) ?? last) : last
    return { pair, at: pair.to ? last : last + 0.5 }
  })
  const alone = fresh.map((article) => ({
    pair: { from: null, to: article, likeness: 0, same: false },
    at: place.get(article.number) ?? 0,
  }))
  return [...placed, ...alone].sort((a, b) => a.at - b.at).map(({ pair }) => pair)
}
