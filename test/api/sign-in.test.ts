import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { LEARNING_MS } from '../brain.js'
import { browser, firstAdministrator, member, type Member } from '../console.js'
import { knowledge, testServer } from '../server.js'

type Server = Awaited<ReturnType<typeof testServer>>
let server: Server
let administrator: Member

beforeAll(async () => {
  await knowledge()
  server = await testServer()
  administrator = await firstAdministrator(server)
}, LEARNING_MS)
afterAll(() => server.stop())

describe('signing in', () => {
  test('When the right name and password are given, then the session may ask what its roles may', async () => {
    const counselor = await member(server, administrator, ['counselor'])
    const desk = browser(server.url)
    expect((await desk.get('/me')).status).toBe(401)
    expect((await desk.signIn(counselor.name, counselor.password)).status).toBe(200)
    expect((await desk.get<{ staff: { id: string } }>('/me')).body.staff.id).toBe(counselor.id)
    expect((await desk.get('/staff')).status).toBe(403)
    expect((await administrator.desk.get('/staff')).status).toBe(200)
  })
})
