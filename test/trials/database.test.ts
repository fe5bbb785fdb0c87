import { expect, test } from '@jest/globals'
import { backupBesideChat } from './backup.js'
import { database } from './database.js'

test('When the database is killed twice under fourteen writers, then no acknowledged write is lost', async () => {
  const { violations, summary } = await database({ rounds: 2, print: () => undefined })
  expect(violations).toEqual([])
  expect(summary).toContain('passed: 2 kills')
}, 400_000)

test('When a backup runs beside a chat, then every turn is answered and the backup can be read', async () => {
  const { violations } = await backupBesideChat({ rounds: 1, print: () => undefined, documents: 500, turns: 5, judge: false }) // prettier-ignore
  expect(violations).toEqual([])
}, 400_000)
