import { expect, test } from '@jest/globals'
import { GramTable } from '../../bot/text/gram-table.js'

test('When n-grams are counted, then those seen often enough have rows, in the order in which they were', () => {
  const table = new GramTable(3)
  for (const gram of [7, 5, 0xffffffff, 0, 5, 9, 5, 0, 7, 0, 9, 7, 7]) table.count(gram)
  expect([...table.index()]).toEqual([
    [5, 0],
    [0, 1],
    [7, 2],
  ])
  expect([5, 0, 7].map(table.rowOf)).toEqual([0, 1, 2])
  for (const gram of [9, 0xffffffff, 123]) expect(table.rowOf(gram)).toBeLessThan(0)
})

test('When there are more n-grams than slots, and all look first in the same one, then none is lost', () => {
  const table = new GramTable(2)
  const many = Array.from({ length: 60_000 }, (_, i) => (i % 50 === 0 ? i * 2 ** 16 : i * 7919) >>> 0)
  const distinct = new Set(many)
  for (const gram of [...distinct, ...distinct]) table.count(gram)
  const index = table.index()
  expect(index.size).toBe(distinct.size)
  expect([...distinct].every((gram, row) => index.get(gram) === row && table.rowOf(gram) === row)).toBe(true)
})
