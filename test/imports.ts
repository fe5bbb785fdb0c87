import { posix } from 'node:path'
import ts from 'typescript'

/** Source files by path from the project's root, such as `bot/text/ngrams.ts`. */
export type Sources = Record<string, string>

/** What a file imports: `to` is a path among the sources, a package's name, or null where no one can tell. */
export interface Import {
  from: string
  to: string | null
  line: number
}

/** Every import of every file: static, type-only, dynamic, re-exported, `import('…').Type` and `require`. */
export function importsOf(sources: Sources): Import[] {
  return Object.entries(sources).flatMap(([from, source]) => {
    const file = parse(from, source)
    const found: Import[] = []
    const add = (node: ts.Node, specifier: ts.Node | undefined) => {
      const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1
      const text = specifier && ts.isStringLiteralLike(specifier) ? specifier.text : null
      found.push({ from, line, to: text === null ? null : resolve(sources, from, text) })
    }
    const visit = (node: ts.Node): void => {
      if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier)
      else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node, node.moduleSpecifier)
      else if (ts.isExternalModuleReference(node)) add(node, node.expression)
      else if (ts.isImportTypeNode(node))
        add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined)
      else if (ts.isCallExpression(node) && isLoader(node.expression)) add(node, node.arguments[0])
      ts.forEachChild(node, visit)
    }
    visit(file)
    return found
  })
}

/** The cycles among files, each once, as the path round it. */
export function cyclesIn(imports: readonly Import[]): string[] {
  const next = new Map<string, string[]>()
  for (const { from, to } of imports) if (to !== null) next.set(from, [...(next.get(from) ?? []), to])
  const cycles = new Set<string>()
  const done = new Set<string>()
  const walk = (file: string, path: string[]): void => {
    const again = path.indexOf(file)
    if (again >= 0) {
      cycles.add(fromLeast(path.slice(again)).join(' → '))
      return
    }
    if (done.has(file)) return
    for (const to of next.get(file) ?? []) walk(to, [...path, file])
    done.add(file)
  }
  for (const file of [...next.keys()].sort()) walk(file, [])
  return [...cycles]
}

/** Lines with the type `any`, however it is written. */
export function anysIn(sources: Sources): string[] {
  return Object.entries(sources).flatMap(([path, source]) => {
    const file = parse(path, source)
    const found: string[] = []
    const visit = (node: ts.Node): void => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) {
        found.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`)
      }
      ts.forEachChild(node, visit)
    }
    visit(file)
    return found
  })
}

const parsed = new Map<string, ts.SourceFile>()

function parse(path: string, source: string): ts.SourceFile {
  const known = parsed.get(path)
  if (known?.text === source) return known
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true)
  parsed.set(path, file)
  return file
}

function isLoader(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
}

/** A relative specifier as a path among the sources, where ./x.js may be the file x.ts; a package as its bare name. */
function resolve(sources: Sources, from: string, specifier: string): string {
  if (!specifier.startsWith('.')) {
    const [scope, name] = specifier.split('/') as [string, string?]
    return scope.startsWith('@') ? `${scope}/${name}` : scope
  }
  const path = posix.join(posix.dirname(from), specifier)
  const bare = path.replace(/\.jsx?$/, '')
  return [path, `${bare}.ts`, `${bare}.tsx`].find((each) => each in sources) ?? path
}

function fromLeast(cycle: string[]): string[] {
  const least = cycle.indexOf([...cycle].sort()[0] as string)
  return [...cycle.slice(least), ...cycle.slice(0, least)]
}
