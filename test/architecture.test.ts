import { describe, expect, test } from '@jest/globals'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { anysIn, cyclesIn, importsOf, type Sources } from './imports.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The rooms of core, as architecture.md names them. */
const CORE = [
  'conversation',
  'staff',
  'desk',
  'campaigns',
  'delivery',
  'people',
  'content',
  'safety',
  'nlu',
  'text',
  'laws',
]
/** What every room of the bot may import beside what the table gives it. */
const OPEN = ['shared', 'errors', 'log', 'clock']

/** room → the other rooms it may import. `*` = all but the command line. Its own files are always allowed. */
const ALLOWED: Record<string, string[] | '*'> = {
  shared: [],
  errors: [],
  clock: [],
  log: ['errors'],
  config: ['errors'],
  'store/embedded': ['errors'],
  text: OPEN,
  store: [...OPEN, 'store/feed', 'store/embedded'],
  'store/feed': [...OPEN, 'store'],
  safety: [...OPEN, 'text'],
  nlu: [...OPEN, 'text'],
  laws: [...OPEN, 'store', 'text'],
  people: [...OPEN, 'store'],
  staff: [...OPEN, 'store'],
  delivery: [...OPEN, 'store', 'people'],
  content: [...OPEN, 'store', 'text', 'safety', 'nlu', 'laws'],
  desk: [...OPEN, 'store', 'delivery', 'people'],
  campaigns: [...OPEN, 'store', 'delivery', 'people', 'content'],
  conversation: [...OPEN, 'store', 'store/feed', ...CORE.filter((room) => room !== 'campaigns')],
  channels: [...OPEN, 'delivery', 'conversation', 'store/feed'],
  api: [...OPEN, ...CORE],
  jobs: [...OPEN, ...CORE],
  simulators: ['shared'],
  admin: ['shared'],
  main: '*',
  networks: '*',
  console: '*',
  commands: '*',
  cli: '*',
}

/** Packages that belong to certain rooms. */
const KEPT_PACKAGES: Record<string, string[]> = { mongoose: ['store', 'store/feed'] }
const SHARED_PACKAGES = ['zod']

/** The room a file stands in; null for a file that stands in none. */
function roomOf(path: string): string | null {
  const [top, name = '', inner = ''] = path.split('/') as [string, string?, string?]
  if (top === 'shared' || top === 'admin') return top
  if (top !== 'bot') return null
  if (name === 'store' && inner === 'embedded') return 'store/embedded'
  if (path === 'bot/store/feed.ts') return 'store/feed'
  return inner ? name : name.replace(/\.(?:ts|mjs)$/, '')
}

/** What breaks the rule in these sources, in words that say where. */
function faultsIn(sources: Sources): string[] {
  const imports = importsOf(sources)
  const faults = imports.flatMap(({ from, to, line }) => {
    const room = roomOf(from)
    const allowed = room === null ? undefined : ALLOWED[room]
    const at = `${from}:${line}`
    if (room === null || allowed === undefined) return [`${at} stands in no room of the table`]
    if (to === null) return [`${at} imports what cannot be read from the source`]
    if (!to.includes('/') || to.startsWith('@')) {
      if (room === 'shared' && !SHARED_PACKAGES.includes(to)) return [`${at} shared imports ${to}`]
      return KEPT_PACKAGES[to]?.includes(room) === false ? [`${at} ${room} imports ${to}`] : []
    }
    if (!(to in sources)) return [`${at} imports ${to}, which does not exist`]
    const target = roomOf(to)
    if (target === room) return []
    if (target === 'commands' || target === 'cli')
      return room === 'cli' ? [] : [`${at} ${room} imports ${target}`]
    if (target === 'main') return room === 'cli' || room === 'commands' ? [] : [`${at} ${room} imports main`]
    if (target === 'networks' || target === 'console')
      return room === 'main' ? [] : [`${at} ${room} imports ${target}`]
    return allowed === '*' || (target !== null && allowed.includes(target))
      ? []
      : [`${at} ${room} imports ${target}`]
  })
  return [...faults, ...cyclesIn(imports).map((cycle) => `cycle: ${cycle}`)]
}

function filesBelow(...folders: string[]): string[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !/node_modules|admin.dist/.test(entry.parentPath))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
}

function sourcesBelow(...folders: string[]): Sources {
  const paths = filesBelow(...folders).filter((path) => /\.(?:tsx?|mjs)$/.test(path))
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

const sources = sourcesBelow('bot', 'shared', 'admin')

describe('the one rule', () => {
  test('When every import of the project is read, then each points inward and no file is in a cycle', () => {
    expect(importsOf(sources).length).toBeGreaterThan(300)
    expect(faultsIn(sources)).toEqual([])
  })

  const planted: [name: string, files: Sources, fault: string][] = [
    [
      'an import',
      { 'bot/text/planted.ts': `import { assess } from '../safety/assess.js'` },
      'text imports safety',
    ],
    [
      'a type import',
      { 'bot/store/planted.ts': `import type { Risk } from '../safety/assess.js'` },
      'store imports safety',
    ],
    [
      'an inline type import',
      { 'bot/laws/planted.ts': `export type R = import('../safety/assess.js').Risk` },
      'laws imports safety',
    ],
    [
      'a dynamic import',
      { 'bot/nlu/planted.ts': `export const late = () => import('../content/brain.js')` },
      'nlu imports content',
    ],
    [
      'a re-export',
      { 'bot/delivery/planted.ts': `export { decide } from '../conversation/decide.js'` },
      'delivery imports conversation',
    ],
    [
      'a re-export of everything',
      { 'shared/planted.ts': `export * from '../bot/errors.js'` },
      'shared imports errors',
    ],
    ['a require', { 'bot/content/planted.ts': `import m = require('../api/app.js')` }, 'content imports api'],
    [
      'an edge in core',
      { 'bot/conversation/planted.ts': `import '../channels/web/channel.js'` },
      'conversation imports channels',
    ],
    [
      'a package in shared',
      { 'shared/planted.ts': `import { DateTime } from 'luxon'` },
      'shared imports luxon',
    ],
    [
      'mongoose outside the store',
      { 'bot/desk/planted.ts': `import type { Model } from 'mongoose'` },
      'desk imports mongoose',
    ],
    [
      'mongoose in the embedded database',
      { 'bot/store/embedded/planted.ts': `import 'mongoose'` },
      'store/embedded imports mongoose',
    ],
    [
      'the app in the embedded database',
      { 'bot/store/embedded/planted.ts': `import '../crypto.js'` },
      'store/embedded imports store',
    ],
    [
      'the store in a channel',
      { 'bot/channels/planted.ts': `import '../store/store.js'` },
      'channels imports store',
    ],
    [
      'config outside the command line',
      { 'bot/jobs/planted.ts': `import '../config.js'` },
      'jobs imports config',
    ],
    [
      'a command outside the command line',
      { 'bot/api/planted.ts': `import '../commands/ask.js'` },
      'api imports commands',
    ],
    ['a command in main', { 'bot/main.ts': `import './commands/ask.js'` }, 'main imports commands'],
    ['the bot in the console', { 'admin/planted.tsx': `import '../bot/errors.js'` }, 'admin imports errors'],
    [
      'campaigns in conversation',
      { 'bot/campaigns/plan.ts': '', 'bot/conversation/planted.ts': `import '../campaigns/plan.js'` },
      'conversation imports campaigns',
    ],
    [
      'an unreadable import',
      { 'bot/text/planted.ts': `export const any = (name: string) => import(name)` },
      'cannot be read',
    ],
    ['a room nobody planned', { 'bot/misc/planted.ts': `import '../errors.js'` }, 'stands in no room'],
  ]
  test.each(planted)('When %s breaks the rule, then it is named', (_, files, fault) => {
    expect(faultsIn({ ...sources, ...files }).join('\n')).toContain(fault)
  })

  test('When two files import each other, even for types alone, then the cycle is named', () => {
    const files = {
      'bot/text/planted-a.ts': `export type { B } from './planted-b.js'`,
      'bot/text/planted-b.ts': `import type { A } from './planted-c.js'\nexport type B = A`,
      'bot/text/planted-c.ts': `export type A = import('./planted-a.js').B`,
    }
    expect(faultsIn({ ...sources, ...files })).toEqual([
      'cycle: bot/text/planted-a.ts → bot/text/planted-b.ts → bot/text/planted-c.ts',
    ])
  })
})

describe('the house', () => {
  test('When intents/ is walked, then it holds content and no code', () => {
    const files = filesBelow('intents')
    expect(files.length).toBeGreaterThan(50)
    expect(files.filter((path) => !/\.(?:yml|md)$/.test(path))).toEqual([])
  })

  test('When mongoose is looked for by its name, then only the store has it', () => {
    const users = Object.keys(sources).filter((path) => /['"]mongoose['"]/.test(sources[path] as string))
    expect(users.length).toBeGreaterThan(3)
    expect(
      users.filter((path) => !path.startsWith('bot/store/') || path.startsWith('bot/store/embedded/')),
    ).toEqual([])
  })

  test('When the environment is looked for, then only config reads it and only a benchmark hands it on', () => {
    const readers = Object.keys(sources).filter((path) =>
      /(?<!')process\.env\b/.test(sources[path] as string),
    )
    expect(
      readers.filter((path) => path !== 'bot/config.ts' && !path.startsWith('bot/commands/bench')),
    ).toEqual([])
  })

  test('When folders and files are named, then no name is a drawer for everything', () => {
    const drawer = /(?:^|[/.-])(?:utils?|helpers?|commons?|managers?|services?|misc)(?:[/.-]|$)/i
    expect(
      filesBelow('bot', 'shared', 'admin', 'test', 'intents').filter((path) => drawer.test(path)),
    ).toEqual([])
    expect(
      drawer.test('bot/text/utils.ts') &&
        drawer.test('bot/helpers/a.ts') &&
        drawer.test('bot/queue-manager.ts'),
    ).toBe(true)
  })

  test('When types are read, then none is any', () => {
    expect(anysIn({ 'a.ts': 'export const a: any = 1\nconst b = a as any' })).toEqual(['a.ts:1', 'a.ts:2'])
    expect(anysIn({ ...sources, ...sourcesBelow('test') })).toEqual([])
  })
})
