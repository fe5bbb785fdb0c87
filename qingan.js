#!/usr/bin/env node
// The `qingan` command: the compiled one where `npm run build` has made it, else the sources through tsx.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const compiled = new URL('./dist/bot/cli.js', import.meta.url)
if (existsSync(fileURLToPath(compiled)) && process.env.QINGAN_SOURCE !== '1') {
  await import(compiled.href)
} else {
  const { register } = await import('tsx/esm/api')
  register()
  await import(new URL('./bot/cli.ts', import.meta.url).href)
}
