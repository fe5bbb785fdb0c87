import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startJobs } from '../../bot/jobs/clock.js'
import { dueCampaigns } from '../../bot/jobs/due-campaigns.js'
import { createLog } from '../../bot/log.js'
import { campaignHouse, draftFor, type CampaignHouse } from '../campaigns/house.js'
import { until } from '../until.js'

let house: CampaignHouse
beforeAll(async () => {
  house = await campaignHouse('2026-11-26T09:00')
})
afterAll(async () => {
  await house.store.close()
  // What agenda leaves: a timer of half a lock after each run.
  await new Promise((fulfil) => setTimeout(fulfil, 1_200))
})

const log = createLog('silent')

describe('the clock of jobs', () => {
  test('When two processes keep the clock on one database, then warnings go out once, and both stop clean', async () => {
    const people = Array.from({ length: 40 }, (_, i) => `person-${i}`)
    await Promise.all(people.map((name) => house.subscribe(name)))
    const id = await house.launch(draftFor('2026-12-01T10:00'))
    house.put('2026-12-01T10:00')
    const fast = (name: string) => ({ ...dueCampaigns(house.runnerOf(name)), everyMs: 50 })
    const clocks = await Promise.all(
      ['one', 'two'].map((name) => startJobs(house.store.database(), [fast(name)], log)),
    )
    await until(
      async () => (await house.campaigns.one(id)).state === 'done' || null,
      'the warning to be sent',
    )
    await Promise.all(clocks.map((clock) => clock.stop()))
    expect(await house.outcomes(id)).toMatchObject({ sent: 40, planned: 0 })
    const counts = await Promise.all(people.map(async (name) => (await house.warnings(name)).length))
    expect(counts.filter((count) => count !== 1)).toEqual([])
  })

  test('When a job fails, then it is run again, and the others are not held up', async () => {
    let [failed, ran] = [0, 0]
    const job = (name: string, run: () => Promise<unknown>) => ({ name, everyMs: 50, run })
    const clock = await startJobs(
      house.store.database(),
      [
        job('failing', () => Promise.reject(new Error(`failed ${++failed} times`))),
        job('running', () => Promise.resolve(++ran)),
      ],
      log,
    )
    await until(() => Promise.resolve((failed >= 2 && ran >= 2) || null), 'both jobs to run twice')
    await clock.stop()
    const after = [failed, ran]
    // Longer than agenda looks ahead: a timer it left would run a job, or ask for one, now.
    await new Promise((fulfil) => setTimeout(fulfil, 1_200))
    expect([failed, ran]).toEqual(after)
  })

  test('When the clock is stopped while a job runs, then it waits for it', async () => {
    let [begun, ended] = [false, false]
    const slow = async () => {
      begun = true
      // Longer than the signs of life are apart.
      await new Promise((fulfil) => setTimeout(fulfil, 1_300))
      ended = true
    }
    const job = { name: 'slow', everyMs: 60_000, run: slow }
    const clock = await startJobs(house.store.database(), [job], log)
    await until(() => Promise.resolve(begun || null), 'the job to begin')
    await clock.stop()
    expect(ended).toBe(true)
    const rows = await house.store.database().collection('jobs').find({ name: 'slow' }).toArray()
    expect(rows.map(({ lockedAt }) => lockedAt as unknown)).toEqual([null])
  })
})
