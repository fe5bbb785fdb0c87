import { parentPort, workerData } from 'node:worker_threads'
import { learnSmallTalk } from '../nlu/small-talk.js'
import { trainPart } from './brain.js'
import { makeCandidate } from './candidate.js'
import type { TalkAnswer, TalkQuestion, WorkerJob } from './workers.js'

// Learning takes seconds of pure computing: here it stalls nobody's chat.
const job = workerData as WorkerJob
const send = (message: unknown) => parentPort?.postMessage(message)

switch (job.job) {
  case 'train':
    send(trainPart(job.content, job.part))
    break
  case 'candidate':
    send(await makeCandidate(job.order, (state) => send({ state })))
    break
  case 'talk': {
    const talk = await learnSmallTalk(job.lesson.talk, job.lesson.other)
    parentPort?.on('message', async ({ id, ask, text }: TalkQuestion) => {
      const answer = ask === 'vote' ? await talk.vote(text) : await talk.entities(text)
      send({ id, answer } satisfies TalkAnswer)
    })
    send({ learnt: true })
  }
}
