import { expect, test } from '@jest/globals'
import { surge } from './surge.js'

test('When two hundred people write to the 公众号 at once, then all are answered, those in danger before who came earlier', async () => {
  const lines: string[] = []
  const { violations, summary } = await surge({ rounds: 200, print: (line) => lines.push(line) })
  expect({ violations, lines }).toEqual({ violations: [], lines: expect.any(Array) as unknown })
  expect(summary).toContain('surge passed')
}, 400_000)
