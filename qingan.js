#!/usr/bin/env node
// The `qingan` command: from the sources through tsx; in production from dist/, which `npm run build` makes.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// Settings may stand in .env beside where the command is run; the environment itself wins.
if (existsSync('.env')) process.loadEnvFile('.env')

const compiled = new URL('./dist/bot/cli.js', import.meta.url)
if (process.env.NODE_ENV === 'production' && existsSync(fileURLToPath(compiled))) {
  await import(compiled.href)
} else {
  const { register } = await import('tsx/esm/api')
  register()
  await import(new URL('./bot/cli.ts', import.meta.url).href)
}
