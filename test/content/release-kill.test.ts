import { afterAll, afterEach, expect, jest, test } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IntentDraft } from '../../shared/content.js'
import type { ReleaseView } from '../../shared/release.js'
import { killChildren, prepare, spawned, urlOf, type Child } from '../child.js'
import { browser, firstAdministrator, member, type Desk } from '../console.js'
import { until } from '../until.js'
import { thinnedContent } from './thinned.js'

jest.setTimeout(600_000)

const home = mkdtempSync(join(tmpdir(), 'qingan-release-'))
const dataDir = join(home, 'data')
afterEach(killChildren)
afterAll(() => rmSync(home, { recursive: true, force: true }))

async function serve(): Promise<{ child: Child; url: string; told: string[] }> {
  const env = { PORT: '0', DATA_DIR: dataDir, BURST_MS: '0', LOG_LEVEL: 'error' }
  const child = spawned(['--import', 'tsx', 'test/content/thinned-server.ts'], env)
  const url = await urlOf(child)
  if (!url) throw new Error(child.err())
  return { child, url, told: child.out().split('\n') }
}
const view = async (desk: Desk) => (await desk.get<ReleaseView>('/release')).body
const liveOf = ({ releases }: ReleaseView) => releases.filter(({ live }) => live).map(({ id }) => id)

test('When the server is killed while it learns, then the release before is live at the next start, and the release can be begun again', async () => {
  await prepare(dataDir, await thinnedContent())
  const first = await serve()
  const administrator = await firstAdministrator(first)
  const editor = await member(first, administrator, ['editor'])
  const { body: draft } = await editor.desk.get<IntentDraft>('/intents/work.wage_unpaid')
  const intent = structuredClone(draft.intent)
  intent.title = '干活没拿到钱'
  intent.utterances.push('老板卷着我们的钱跑了')
  expect((await editor.desk.put('/intents/work.wage_unpaid', { hash: draft.hash, intent })).status).toBe(200)
  const before = await view(editor.desk)
  expect(before).toMatchObject({ learning: true, candidate: null })
  expect((await editor.desk.post('/release', { written: before.written })).status).toBe(200)
  expect((await view(editor.desk)).candidate?.state).toBe('training')
  first.child.process.kill('SIGKILL')
  await first.child.ended

  const second = await serve()
  const desk = browser(second.url)
  await desk.signIn(editor.name, editor.password)
  const after = await view(desk)
  expect(after.candidate).toMatchObject({ state: 'failed', reason: 'interrupted', release: null })
  expect([liveOf(after), after.releases.length]).toEqual([liveOf(before), 1])
  // The draft outlived it.
  expect(after.changes).toEqual(before.changes)
  expect((await desk.post('/release', { written: after.written })).status).toBe(200)
  const made = await until(
    async () => {
      const { candidate } = await view(desk)
      return candidate && !['training', 'evaluating'].includes(candidate.state) ? candidate : null
    },
    'the candidate',
    240_000,
  )
  expect(made).toMatchObject({ state: 'ready', figures: { trained: true } })
  const published = await desk.post<ReleaseView>(`/releases/${made.release}/publish`)
  expect([published.status, liveOf(published.body)]).toEqual([200, [made.release]])
  second.child.process.kill('SIGKILL')
  await second.child.ended

  const third = await serve()
  const again = browser(third.url)
  await again.signIn(editor.name, editor.password)
  expect(liveOf(await view(again))).toEqual([made.release])
  third.child.process.kill('SIGTERM')
  expect(await third.child.ended).toBe(0)
})
