import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { Router } from 'express'
import { createApp } from './api/app.js'
import { consoleRouter } from './api/console.js'
import { whileRunning } from './api/channels.js'
import { operations } from './api/operations.js'
import { lawRouter } from './channels/web/laws.js'
import { pageRouter } from './channels/web/page.js'
import { webRouter, type Hello } from './channels/web/router.js'
import { systemClock, type Clock } from './clock.js'
import type { Config } from './config.js'
import { consoleOf } from './console.js'
import { startContentDesk } from './content/desk.js'
import type { ContentFiles } from './content/content.js'
import { contentFolder, readFolder } from './content/folder.js'
import { dayOf, linesAt } from './content/lines.js'
import { startLive } from './content/live.js'
import { contentReader } from './content/reader.js'
import { createCampaigns } from './campaigns/campaigns.js'
import { createRunner } from './campaigns/runner.js'
import { createHandle } from './conversation/handle.js'
import type { Surroundings } from './conversation/surroundings.js'
import { createInbox } from './conversation/inbox.js'
import { withLaws } from './conversation/lawful.js'
import type { Knowledge } from './conversation/receive.js'
import { startSweep } from './conversation/sweep.js'
import { wordsAt } from './conversation/words.js'
import type { Channel } from './delivery/channel.js'
import { openChannels } from './delivery/channels.js'
import { createDesk } from './desk/desk.js'
import type { DeskParts } from './desk/parts.js'
import { startJobs } from './jobs/clock.js'
import { dueCampaigns } from './jobs/due-campaigns.js'
import { watchChannels } from './jobs/watch-channels.js'
import { overdueEscalations } from './jobs/overdue-escalations.js'
import { openLibrary } from './laws/library.js'
import { lawReading } from './laws/reading.js'
import { createLog, type Log } from './log.js'
import { networks } from './networks.js'
import { overdue } from './desk/overdue.js'
import { createPeople } from './people/people.js'
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
  /** What it comes with, instead of the files in intents/. */
  content?: ContentFiles
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
  const store = await openStore(place, createVault(key), ({ event, text }) => log.warn({ text }, event))
  const stops: (() => Promise<void>)[] = [() => store.close()]
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each()
  }
  try {
    const shipped = options.content ?? (await readFolder(contentFolder()))
    const reader = contentReader()
    const models = 'dataDir' in place ? join(place.dataDir, 'models') : undefined
    const known = await startLive({ store, clock, log, reader, shipped, models, learnt: options.knowledge })
    stops.push(() => known.stop())
    const library = await openLibrary(store, (error) => log.error({ err: error }, 'laws.failed'))
    stops.push(async () => library.stop())
    const knowledge = withLaws(known.knowledge, library)

    const health = operations({
      ready: () => store.ping(),
      escalationsWaiting: () => store.escalations.waiting(),
      metricsToken: config.METRICS_TOKEN,
    })
    const contentDesk = await startContentDesk({
      store,
      clock,
      log,
      live: { ...known, knowledge },
      reader,
      shipped,
      abroad: () => channels.abroad(),
    })
    stops.push(() => contentDesk.stop())
    const { demo } = contentDesk.goLive
    /** The channels that run now; `openChannels` fills it below. */
    const running = new Map<string, Channel>()
    const around: Surroundings = {
      store,
      clock,
      log,
      knowledge,
      channels: running,
      template: (name) => channels.template(name),
      region: config.REGION,
      publicUrl: config.PUBLIC_URL,
      demo,
      people: createPeople(store),
      counselorPresent: () => store.presence.anyone(clock.now()),
      burstMs: config.BURST_MS,
      retentionDays: config.RETENTION_DAYS,
      onTurn: (turn) => health.countTurn(turn),
    }
    const handle = createHandle(around)
    const moment = () => ({ now: clock.now(), region: config.REGION, counselorPresent: false })
    const deskParts: DeskParts = {
      store,
      clock,
      log,
      say: (key) => wordsAt(around.knowledge().content, moment()).say(key).text,
      lines: (kinds) => wordsAt(around.knowledge().content, moment()).lines(kinds),
      // A human's words wait behind nobody's.
      wake: (id) => handle.background(id, () => true),
      channels: running,
      retentionDays: config.RETENTION_DAYS,
    }
    const desk = createDesk(deskParts)
    const inbox = createInbox(around, handle)
    const say = (name: string) => wordsAt(known.knowledge().content, moment()).say(name).text
    const lines = () => linesAt(known.knowledge().content.hotlines, clock.now(), config.REGION)
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
    const parts = { inbox, clock, log, leases: store.leases, publicUrl: config.PUBLIC_URL }
    const adapters = networks(config, parts, { web, topics: () => known.knowledge().content.topics, say })
    const channels = await openChannels({ store, clock, log, adapters, running })
    stops.push(() => channels.stop())
    const open = () => lines().filter(({ state }) => state !== 'closed')
    const page = pageRouter({ lines: open, demoText: () => hello().demoText, exitUrl: config.EXIT_URL })
    const today = () => dayOf(clock.now())
    const laws = lawRouter({
      ...lawReading(library.current, today),
      demoText: () => hello().demoText,
      exitUrl: config.EXIT_URL,
    })
    const staff = createStaff(store)
    const house = {
      store,
      clock,
      content: () => around.knowledge().content,
      channels: () => [...around.channels.keys()],
      region: config.REGION,
    }
    const campaigns = createCampaigns(house)
    const runner = createRunner({
      ...house,
      channel: (name) => running.get(name),
      template: (name) => channels.template(name),
      log,
      wake: handle.background,
      retentionDays: config.RETENTION_DAYS,
    })
    const api = consoleOf({
      config,
      strict: options.strictReplies,
      onError,
      staff,
      desk,
      deskParts,
      contentDesk,
      library,
      knowledge,
      campaigns,
      channels,
    })
    const app = createApp({
      routers: [
        ['/', health.router],
        ...adapters.flatMap(({ channel: { name }, router }): [string, Router][] =>
          router
            ? [
                [`/channels/${name}`, Router().use(health.timed(name))],
                [`/channels/${name}`, whileRunning(() => channels.runs(name), router)],
              ]
            : [],
        ),
        ['/api', api],
        ['/admin', consoleRouter()],
        ['/laws', laws],
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
    await known.ready
    await channels.start()
    const sweep = startSweep({ store, clock, log, handle, burstMs: config.BURST_MS })
    stops.push(() => sweep.stop())
    const jobs = [
      watchChannels(channels),
      dueCampaigns(runner),
      overdueEscalations(async () => {
        await desk.settle()
        await overdue(deskParts)
      }),
    ]
    const ticking = await startJobs(store.database(), jobs, log)
    stops.push(() => ticking.stop())
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
