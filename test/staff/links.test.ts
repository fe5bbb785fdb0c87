import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { createStaff, type StaffRoom } from '../../bot/staff/staff.js'
import { createVault } from '../../bot/store/crypto.js'
import { openStore, type Store } from '../../bot/store/store.js'
import { password, tokenOf } from '../console.js'

let store: Store
let staff: StaffRoom
const now = new Date('2026-11-02T01:00:00Z')
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
const given = { name: 'the.first', workName: '主任', password: password() }

beforeAll(async () => {
  store = await openStore({ memory: true }, createVault(randomBytes(32)))
  staff = createStaff(store)
})
afterAll(() => store.close())

/** What a start does. */
const start = async (at = now) => tokenOf((await staff.links.first(at))?.link ?? '')
const refused = (token: string, at = now) =>
  expect(staff.links.acceptFirst({ token, ...given }, at)).rejects.toThrow(/^link\.void/)

describe('the link for the first administrator', () => {
  test('When the server starts again, or half an hour passes, then the link before is void', async () => {
    const [first, second] = [await start(), await start()]
    expect(first).not.toBe(second)
    await refused(first)
    await refused(second, later(31))
    expect((await staff.links.look(second, later(29))).kind).toBe('first')
  })

  test('When it is used, then there is an administrator, and no start gives another link', async () => {
    const token = await start()
    await expect(staff.links.accept({ token, password: password() }, now)).rejects.toThrow(/^link\.void/)
    const both = await Promise.allSettled([
      staff.links.acceptFirst({ token, ...given }, now),
      staff.links.acceptFirst({ token, ...given, name: 'the.second' }, now),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await refused(token)
    expect(await staff.links.first(now)).toBeNull()
    expect(await store.staff.administrators()).toBe(1)
  })

  test('When the database is read, then no secret of a link, a session or a password is in it', async () => {
    const [administrator] = (await staff.accounts.list({}, { page: 1, perPage: 10 })).items
    const stored = await staff.accounts.stored(administrator?.id ?? '')
    const token = tokenOf((await staff.links.forStaff(stored, now)).link)
    await staff.sessions.begin('the-secret-of-a-session', stored, 'csrf', 'agent', now)
    const found = {
      invitations: await store.invitations.model.find().lean(),
      sessions: await store.sessions.model.find().lean(),
      staff: await store.staff.model.find().lean(),
      signIns: await store.signIns.model.find().lean(),
      audit: await store.audit.model.find().lean(),
    }
    const text = JSON.stringify(found)
    expect(text).toContain('argon2id')
    for (const secret of [token, 'the-secret-of-a-session', given.password])
      expect(text).not.toContain(secret)
  })
})

describe('the record of reads', () => {
  test('When a console reads a conversation again and again, then each minute is one entry that counts', async () => {
    const [member] = (await staff.accounts.list({}, { page: 1, perPage: 10 })).items
    const reader = { id: member?.id ?? '' }
    const subject = 'c'.repeat(24)
    const read = (seconds: number, of = subject) =>
      staff.audit.record({
        staff: reader,
        verb: 'conversation.read',
        subject: of,
        at: new Date(now.getTime() + seconds * 1000),
      })
    await Promise.all([0, 1, 2, 59].map((seconds) => read(seconds)))
    await read(61)
    await read(1, 'd'.repeat(24))
    const { items } = await staff.audit.list({ subject }, { page: 1, perPage: 10 })
    expect(items.map(({ times, staff: who }) => [times, who?.workName])).toEqual([
      [1, '主任'],
      [4, '主任'],
    ])
  })
})
