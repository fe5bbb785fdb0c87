import { expect, test } from '@jest/globals'
import { crash } from './crash.js'

test('When the server is killed while people write, then nothing acknowledged is lost, doubled or readable on disk', async () => {
  const lines: string[] = []
  const { violations, summary } = await crash({ rounds: 1, print: (line) => lines.push(line) })
  expect({ violations, lines }).toEqual({ violations: [], lines: expect.any(Array) as unknown })
  expect(summary).toContain('passed')
}, 400_000)
