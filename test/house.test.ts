import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { z } from 'zod'
import { ConfigSchema, exampleEnv } from '../bot/config.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const unique = (names: string[]) => [...new Set(names)].sort()
const found = (text: string, pattern: RegExp) =>
  unique([...text.matchAll(pattern)].map((each) => each[1] ?? ''))

const names = z.record(z.string(), z.string())
const Package = z.object({
  license: z.string(),
  scripts: names,
  dependencies: names,
  devDependencies: names,
})
const house = Package.parse(JSON.parse(read('package.json')))

test('When a setting changes, then .env.example is what the configuration prints', () => {
  expect(read('.env.example')).toBe(exampleEnv())
})

test('When a setting exists, then docs/operate.md explains it, and explains no other', () => {
  const explained = found(read('docs/operate.md'), /^\| `([A-Z_]+)` \|/gm)
  expect(explained).toEqual(unique(Object.keys(ConfigSchema.shape)))
})

const Compose = z.object({
  services: z.object({
    app: z.object({
      build: z.string(),
      depends_on: z.object({ mongo: z.object({ condition: z.literal('service_healthy') }) }),
      environment: names,
    }),
    mongo: z.object({
      image: z.string(),
      command: z.array(z.string()),
      healthcheck: z.object({ test: z.array(z.string()) }),
      volumes: z.array(z.string()),
    }),
  }),
  volumes: z.record(z.string(), z.null()),
})

test('When docker-compose.yml is read, then the app waits for a replica set that makes itself', () => {
  const raw: unknown = parse(read('docker-compose.yml'))
  const { services, volumes } = Compose.parse(raw)
  expect(Object.keys((raw as { services: object }).services)).toEqual(['app', 'mongo'])
  expect(services.mongo.command).toContain('--replSet')
  expect(services.mongo.healthcheck.test.join(' ')).toContain('rs.initiate')
  expect(services.mongo).not.toHaveProperty('ports')
  expect(services.app.environment.MONGODB_URI).toContain('replicaSet=')
  const mounted = services.mongo.volumes.map((volume) => volume.split(':')[0])
  expect(Object.keys(volumes)).toEqual(expect.arrayContaining(mounted))
})

test('When docker-compose.yml sets something, then it is a setting, and the key is required', () => {
  const { environment } = Compose.parse(parse(read('docker-compose.yml'))).services.app
  expect(Object.keys(ConfigSchema.shape)).toEqual(expect.arrayContaining(Object.keys(environment)))
  expect(environment.DATA_KEY).toMatch(/^\$\{DATA_KEY:\?/)
})

const Workflow = z.object({
  jobs: z.object({
    embedded: z.object({ container: z.object({ image: z.string() }), steps: z.array(names) }),
    mongodb: z.object({
      container: z.object({ image: z.string() }),
      services: z.object({ mongodb: z.object({ image: z.string() }) }),
      env: z.object({ MONGODB_URI: z.string() }),
      steps: z.array(names),
    }),
  }),
})

test('When the workflow runs, then the gate runs on both databases with Node 20', () => {
  const { embedded, mongodb } = Workflow.parse(parse(read('.github/workflows/ci.yml'))).jobs
  for (const { container, steps } of [embedded, mongodb]) {
    expect(container.image).toMatch(/^node:20/)
    expect(steps.map((step) => step.run)).toContain('.ci/run')
  }
  expect(mongodb.services.mongodb.image).toMatch(/^mongo:/)
  expect(mongodb.env.MONGODB_URI).toContain('//mongodb:27017')
})

test('When a paper names a command, then the command exists', () => {
  const verbs = found(read('bot/cli.ts'), /case '([a-z]+)'/g)
  for (const paper of papers()) {
    const text = read(paper)
    const scripts = found(text, /npm run (?:--silent )?([a-z]+)/g)
    expect({ paper, scripts: scripts.filter((name) => !(name in house.scripts)) }).toEqual({
      paper,
      scripts: [],
    })
    const named = found(text, /npx qingan ([a-z]+)/g)
    expect({ paper, verbs: named.filter((name) => !verbs.includes(name)) }).toEqual({ paper, verbs: [] })
  }
})

test('When a package is installed, then README.md gives its reason, and for no other', () => {
  const table =
    read('README.md')
      .split(/^## /m)
      .find((part) => part.startsWith('Dependencies')) ?? ''
  const reasons = found(table, /^\| `([^`]+)` \| .{4,} \|$/gm)
  expect(reasons).toEqual(unique(Object.keys({ ...house.dependencies, ...house.devDependencies })))
})

test('When the licence is read, then it is Apache-2.0 in full', () => {
  const licence = read('LICENSE')
  expect(house.license).toBe('Apache-2.0')
  expect(licence).toMatch(/^\s*Apache License\n\s*Version 2\.0, January 2004/)
  for (const part of ['9. Accepting Warranty', 'END OF TERMS AND CONDITIONS', 'APPENDIX: How to apply']) {
    expect(licence).toContain(part)
  }
})

test('When any file is read, then it names no path of the machine it was written on', () => {
  // Built from pieces: this file is read too. A folder `work` inside the repository is no such path.
  const machine = new RegExp(`(?<![\\w.}*-])/${['wo', 'rk'].join('')}/`)
  const naming = filesBelow(root).filter((path) => machine.test(readFileSync(join(root, path), 'latin1')))
  expect(naming).toEqual([])
})

function papers(): string[] {
  return filesBelow(root).filter((path) => path.endsWith('.md'))
}

/** The repository's own files, without what is installed, built or stored. Paths relative to `folder`, with slashes. */
function filesBelow(folder: string): string[] {
  const foreign = new Set(['node_modules', '.git', 'dist', 'data', 'coverage', '.cache', '.env'])
  const walk = (here: string): string[] =>
    readdirSync(here, { withFileTypes: true }).flatMap((entry) => {
      if (foreign.has(entry.name)) return []
      const path = join(here, entry.name)
      if (entry.isDirectory()) return walk(path)
      return entry.isFile() ? [relative(folder, path).split(sep).join('/')] : []
    })
  return walk(folder)
}
