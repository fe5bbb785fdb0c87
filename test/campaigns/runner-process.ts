// A child process for kill.test.ts: sends what is due and prints each stored warning, until it is killed or done.
import { writeSync } from 'node:fs'
import { campaignHouse } from './house.js'

const [dataDir, key, now] = process.argv.slice(2) as [string, string, string]
const house = await campaignHouse(now, { dataDir }, Buffer.from(key, 'hex'))
const { messages } = house.store
const submit = messages.submit
messages.submit = async (outward) => {
  const stored = await submit(outward)
  writeSync(1, `${outward.key}\n`)
  return stored
}
// Lines are kills' chances: one tick more than there is work for.
for (let i = 0; i < 4; i++) await house.tick()
await house.store.close()
