/** Slots of a new table; a power of two. */
const SLOTS = 2 ** 16
/** A fuller table is made twice as large. */
const FULLEST = 0.6
const FREE = -(2 ** 31)

/**
 * Gives a row number to each n-gram seen often enough: ten million of them are counted for one lesson, which a Map does
 * several times more slowly. Open addressing: n-grams are hashes, their lowest bits say where to look first.
 */
export class GramTable {
  private grams = new Uint32Array(SLOTS)
  /** The row, or how many times the n-gram has yet to be seen, below 0. */
  private rows = new Int32Array(SLOTS).fill(FREE)
  private held = 0
  private given = 0

  /** `least`: how many times an n-gram is seen before it has a row, 2 or more. */
  constructor(private readonly least: number) {}

  count(gram: number): void {
    const slot = this.slotOf(gram)
    const row = this.rows[slot]!
    if (row === FREE) {
      this.grams[slot] = gram
      this.rows[slot] = 1 - this.least
      if (++this.held > this.rows.length * FULLEST) this.grow()
    } else if (row < 0) this.rows[slot] = row === -1 ? this.given++ : row + 1
  }

  /** The row of an n-gram seen often enough, else less than 0. */
  readonly rowOf = (gram: number): number => this.rows[this.slotOf(gram)]!

  /** n-gram → row, in the order of the rows. */
  index(): Map<number, number> {
    const inOrder = new Uint32Array(this.given)
    this.rows.forEach((row, slot) => {
      if (row >= 0) inOrder[row] = this.grams[slot]!
    })
    return new Map(Array.from(inOrder, (gram, row) => [gram, row]))
  }

  /** Where the n-gram stands, or would. */
  private slotOf(gram: number): number {
    const last = this.rows.length - 1
    let slot = gram & last
    while (this.rows[slot] !== FREE && this.grams[slot] !== gram) slot = (slot + 1) & last
    return slot
  }

  private grow(): void {
    const { grams, rows } = this
    this.grams = new Uint32Array(grams.length * 2)
    this.rows = new Int32Array(rows.length * 2).fill(FREE)
    rows.forEach((row, old) => {
      if (row === FREE) return
      const slot = this.slotOf(grams[old]!)
      this.grams[slot] = grams[old]!
      this.rows[slot] = row
    })
  }
}
