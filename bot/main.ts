import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { createApp } from './api/app.js'
import { auditHandlers } from './api/audit.js'
import { authHandlers } from './api/auth.js'
import { consoleRouter } from './api/console.js'
import { createLive } from './api/live.js'
import { openApiHandlers } from './api/openapi.js'
import { consoleApi } from './api/router.js'
import { staffHandlers } from './api/staff.js'
import { operations } from './api/operations.js'
import { webChannel } from './channels/web/channel.js'
import { pageRouter } from './channels/web/page.js'
import { webRouter, type Hello } from './channels/web/router.js'
import { systemClock, type Clock } from './clock.js'
import type { Config } from './config.js'
import { learnTalk, wake } from './content/brain.js'
import { contentFolder, contentOf, readFolder } from './content/folder.js'
import { linesAt } from './content/lines.js'
import { loadContent } from './content/load.js'
import { liveModel } from './content/release.js'
import { createHandle } from './conversation/handle.js'
import type { Surroundings } from './conversation/surroundings.js'
import { createInbox } from './conversation/inbox.js'
import type { Knowledge } from './conversation/receive.js'
import { startSweep } from './conversation/sweep.js'
import { wordsAt } from './conversation/words.js'
import { createLog, type Log } from './log.js'
import { createStaff } from './staff/staff.js'
import { createVault, dataKey } from './store/crypto.js'
import { openStore, type Place } from './store/store.js'

export interface Running {
  url: string
  stop(): Promise<void>
}

/** What tests and trials bring along instead of having it made at the start. */
export interface StartOptions {
  clock?: Clock
  log?: Log
  place?: Place
  /** Learnt before: nothing is trained then. */
  knowledge?: Knowledge
  /** Says a line to the person who starts the program, and to nobody's log. */
  tell?: (line: string) => void
  /** An answer of the console's interface with more than its schema is an error instead of being cut to it. */
  strictReplies?: boolean
}

/** Starts 青安: store → content and model → routes → listen → sweep; `stop` goes back the same way. */
export async function start(config: Config, options: StartOptions = {}): Promise<Running> {
  const clock = options.clock ?? systemClock(config.CLOCK_OFFSET_MS)
  const log = options.log ?? createLog(config.LOG_LEVEL)
  const place: Place =
    options.place ?? (config.MONGODB_URI ? { uri: config.MONGODB_URI } : { dataDir: config.DATA_DIR })
  const { key, made } = dataKey(
    config.DATA_KEY,
    config.DATA_DIR,
    existsSync(join(config.DATA_DIR, 'database.sqlite')),
  )
  if (made)
    log.warn({ file: made }, 'key.made: keep a copy of this file; without it no conversation can be read')
  const store = await openStore(place, createVault(key))
  const stops: (() => Promise<void>)[] = [() => store.close()]
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each()
  }
  try {
    const { files, report } = await loadContent(await readFolder(contentFolder()), store.contents)
    if (report.conflicts.length)
      log.warn(
        { files: report.conflicts },
        'content.conflict: changed in the console and in its file; the console is kept',
      )
    const content = contentOf(files)
    const learn = async (): Promise<{ knowledge: Knowledge; talkLearnt: Promise<unknown> }> => {
      const model = await liveModel(content, files, store.releases, clock.now())
      log.info(
        { release: model.id, trainedMs: model.trainedIn, intents: content.intents.size },
        'content.live',
      )
      // Small talk is learnt while the page is already served; the first message waits for it.
      const talk = learnTalk(content)
      return { knowledge: { content, brain: wake(content, model.bytes, talk) }, talkLearnt: talk }
    }
    const { knowledge, talkLearnt } = options.knowledge
      ? { knowledge: options.knowledge, talkLearnt: Promise.resolve() }
      : await learn()

    const health = operations({
      ready: () => store.ping(),
      escalationsWaiting: () => store.escalations.waiting(),
      metricsToken: config.METRICS_TOKEN,
    })
    // The go-live list is the console's; until it exists no installation can say that it is a real hotline.
    const demo = () => true
    const around: Surroundings = {
      store,
      clock,
      log,
      knowledge: () => knowledge,
      channels: new Map([[webChannel.name, webChannel]]),
      region: config.REGION,
      demo,
      burstMs: config.BURST_MS,
      retentionDays: config.RETENTION_DAYS,
      onTurn: (turn) => health.countTurn(turn),
    }
    const handle = createHandle(around)
    const inbox = createInbox(around, handle)
    const say = (name: string) =>
      wordsAt(content, { now: clock.now(), region: config.REGION, counselorPresent: false }).say(name).text
    const lines = () => linesAt(content.hotlines, clock.now(), config.REGION)
    const hello = (): Hello => ({
      demo: demo(),
      demoText: demo() ? say('talk.demo') : '',
      hello: [say('talk.hello')],
      buttons: ['我有危险', '我想问问', '找真人'],
      notice: {
        short: say('notice.short'),
        full: ['what', 'who', 'when', 'exit', 'ai'].map((part) => say(`notice.full.${part}`)),
      },
      lines: lines(),
    })
    const onError = (error: unknown) => log.error({ err: error }, 'stream.failed')
    const sign = (text: string) => store.vault.hash(text)
    const web = webRouter({ inbox, feed: store.feed, clock, sign, hello, say, onError })
    const open = () => lines().filter(({ state }) => state !== 'closed')
    const page = pageRouter({ lines: open, demoText: () => hello().demoText, exitUrl: config.EXIT_URL })
    const staff = createStaff(store)
    const live = createLive({
      clock,
      follow: (topic, listener) => store.feed.follow(topic, listener),
      alive: (session) => staff.sessions.again(session, clock.now()),
      mayRead: async () => false,
      beat: (member, now) => store.presence.beat(member, now),
      onError,
    })
    const api = consoleApi({
      ...staff,
      clock,
      live,
      secret: sign('session cookie'),
      publicUrl: config.PUBLIC_URL,
      strict: options.strictReplies,
      handlers: {
        ...openApiHandlers(),
        ...authHandlers({ ...staff, leave: (member) => store.presence.remove(member) }),
        ...staffHandlers(staff),
        ...auditHandlers(staff.audit),
      },
    })
    const app = createApp({
      routers: [
        ['/', health.router],
        ['/channels/web', web],
        ['/api', api],
        ['/admin', consoleRouter()],
        ['/', page],
      ],
      trustProxy: config.TRUST_PROXY,
      log,
      say,
    })
    const server = createServer(app)
    await listen(server, config)
    const { port } = server.address() as AddressInfo
    stops.push(
      () => handle.stop(),
      () => close(server),
    )
    await talkLearnt
    const sweep = startSweep({ store, clock, log, handle, burstMs: config.BURST_MS })
    stops.push(() => sweep.stop())
    const url =
      config.PUBLIC_URL ?? `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`
    log.info(
      { url, data: 'uri' in place ? 'mongodb' : 'dataDir' in place ? resolve(place.dataDir) : 'memory' },
      'server.ready',
    )
    const first = await staff.links.first(clock.now())
    if (first) (options.tell ?? print)(`首位管理员：${url}${first.link}`)
    return { url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const print = (line: string) => void process.stdout.write(`${line}\n`)

function listen(server: Server, { HOST, PORT }: Config): Promise<void> {
  return new Promise((fulfil, reject) => {
    server.once('error', reject)
    server.listen(PORT, HOST, () => {
      server.off('error', reject)
      fulfil()
    })
  })
}

/** Open streams first: they would hold the server open for minutes. */
function close(server: Server): Promise<void> {
  return new Promise((fulfil) => {
    server.close(() => fulfil())
    server.closeAllConnections()
  })
}
