const BLOCK = 512

/** First position in `items` where `test` turns true; `test` is false, then true, along the array. */
function firstWhere<T>(items: T[], test: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (test(items[middle] as T)) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * A sorted multiset in blocks of at most 512 items: one binary search over the blocks, one inside,
 * so that an insert moves at most one block. Serves 100,000s of entries without a tree to balance.
 */
export class SortedList<T> {
  private blocks: T[][] = []

  constructor(private readonly compare: (a: T, b: T) => number) {}

  /** Takes many items at once, in any order: one sort instead of a search for each. The list must be empty. */
  fill(items: T[]): void {
    items.sort(this.compare)
    for (let at = 0; at < items.length; at += BLOCK) this.blocks.push(items.slice(at, at + BLOCK))
  }

  add(item: T): void {
    let at = firstWhere(this.blocks, (block) => this.compare(block[block.length - 1] as T, item) >= 0)
    if (at === this.blocks.length) at = Math.max(0, at - 1)
    const block = this.blocks[at]
    if (!block) {
      this.blocks.push([item])
      return
    }
    const position = firstWhere(block, (other) => this.compare(other, item) >= 0)
    if (position === block.length) block.push(item)
    else block.splice(position, 0, item)
    if (block.length <= BLOCK) return
    // Appending in order (new ids, timestamps) is the usual case: leave the full block and start the next one.
    const cut = at === this.blocks.length - 1 && position === block.length - 1 ? BLOCK : BLOCK / 2
    this.blocks.splice(at + 1, 0, block.splice(cut))
  }

  remove(item: T): void {
    const at = firstWhere(this.blocks, (block) => this.compare(block[block.length - 1] as T, item) >= 0)
    const block = this.blocks[at]
    if (!block) return
    const position = firstWhere(block, (other) => this.compare(other, item) >= 0)
    const found = block[position]
    if (found === undefined || this.compare(found, item) !== 0) return
    block.splice(position, 1)
    if (block.length === 0) this.blocks.splice(at, 1)
  }

  /** Items for which `side` is 0; it must be negative before the range, positive after it, along the order. */
  *range(side: (item: T) => number, backwards = false): Generator<T> {
    if (backwards) {
      for (let at = firstWhere(this.blocks, (block) => side(block[0] as T) > 0) - 1; at >= 0; at--) {
        const block = this.blocks[at] as T[]
        for (let i = firstWhere(block, (item) => side(item) > 0) - 1; i >= 0; i--) {
          if (side(block[i] as T) !== 0) return
          yield block[i] as T
        }
      }
      return
    }
    for (
      let at = firstWhere(this.blocks, (block) => side(block[block.length - 1] as T) >= 0);
      at < this.blocks.length;
      at++
    ) {
      const block = this.blocks[at] as T[]
      for (let i = firstWhere(block, (item) => side(item) >= 0); i < block.length; i++) {
        if (side(block[i] as T) !== 0) return
        yield block[i] as T
      }
    }
  }
}
