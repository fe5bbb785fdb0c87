// Run by `npm install` and before the browser tests: builds the console unless admin/dist is newer than its sources.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const built = `${root}admin/dist/index.html`
const sources = ['admin/src', 'admin/index.html', 'admin/vite.config.ts', 'shared', 'package-lock.json']

/** When the newest file at or below a path was changed. */
function changed(path) {
  const entry = statSync(path)
  if (!entry.isDirectory()) return entry.mtimeMs
  return Math.max(entry.mtimeMs, ...readdirSync(path).map((name) => changed(`${path}/${name}`)))
}

const present = sources.map((path) => root + path).filter(existsSync)
if (!existsSync(built) || Math.max(...present.map(changed)) > statSync(built).mtimeMs) {
  const vite = await import('vite').catch((error) => {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return null
    throw error
  })
  if (vite) await vite.build({ root: `${root}admin` })
  else
    console.log(
      'The console was not built: its tools were left out of this install. To have it at /admin/, run `npm install --include=dev` once, or copy admin/dist from a machine that has it.',
    )
}
