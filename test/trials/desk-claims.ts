import type { Member } from '../console.js'
import { client } from '../server.js'
import { until } from '../until.js'
import { at, type Servers, type Young } from './desk-actors.js'

const ESCALATIONS = 50

interface Claimed {
  claimedBy?: { id: string }
  error?: { code: string; detail?: { by?: string } }
}

/** Two members at two servers claim the same fifty at the same moment: fifty winners, and as many told who was first. */
export async function claims(
  servers: Servers,
  [one, other]: [Member, Member],
  newYoung: () => Promise<Young>,
): Promise<{ faults: string[]; summary: string }> {
  const [here, there] = servers.urls as [string, string]
  const waiting = async () =>
    (await at(here, one).get<{ items: { id: string }[] }>('/escalations?state=waiting&perPage=100')).body
      .items
  const before = new Set((await waiting()).map(({ id }) => id))
  for (let i = 0; i < ESCALATIONS; i++) {
    const young = await newYoung()
    await (await client(here, young.token, young.address)).say('我不想活了')
  }
  const fresh = await until(async () => {
    const found = (await waiting()).filter(({ id }) => !before.has(id))
    return found.length >= ESCALATIONS ? found : null
  }, 'fifty escalations')
  const answers = await Promise.all(
    fresh.flatMap(({ id }) =>
      (
        [
          [here, one],
          [there, other],
        ] as const
      ).map(async ([url, who]) => ({
        id,
        who,
        ...(await at(url, who).post<Claimed>(`/escalations/${id}/claim`)),
      })),
    ),
  )
  const faults: string[] = []
  for (const { id } of fresh) {
    const [a, b] = answers.filter((answer) => answer.id === id)
    const won = [a, b].filter((answer) => answer?.status === 200)
    const told = [a, b].find((answer) => answer?.status === 409)
    if (won.length !== 1) faults.push(`${won.length} won one escalation`)
    const right =
      told?.body.error?.code === 'desk.claimed' && told.body.error.detail?.by === won[0]?.who.workName
    if (!right) faults.push(`the other was answered ${told?.status} ${told?.body.error?.code}`)
    if (won[0] && won[0].body.claimedBy?.id !== won[0].who.id) faults.push('somebody else holds it')
  }
  const wins = answers.filter(({ status }) => status === 200).length
  return {
    faults,
    summary: `claims: ${answers.length} at once on ${fresh.length} escalations, ${wins} won, ${faults.length} faults`,
  }
}
