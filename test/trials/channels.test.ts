import { expect, test } from '@jest/globals'
import { channels } from './channels.js'

test('When platforms fail in every way and the server is killed, then nothing is lost, and the desk agrees with the platform', async () => {
  const lines: string[] = []
  const { violations, summary } = await channels({ rounds: 12, print: (line) => lines.push(line) })
  expect({ violations, lines }).toEqual({ violations: [], lines: expect.any(Array) as unknown })
  expect(summary).toMatch(/wechat passed.*\n.*telegram passed/)
}, 400_000)
