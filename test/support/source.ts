import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The files of this repository as text, for tests of rules that neither the compiler nor the linter knows. */

export const root = fileURLToPath(new URL('../..', import.meta.url))
/** Every TypeScript file of ours. */
export const files: readonly string[] = globSync(
  [
    'src/**/*.ts',
    'packages/*/src/**/*.{ts,tsx}',
    'packages/*/test/**/*.{ts,tsx}',
    'test/**/*.ts',
    'bench/**/*.ts',
    'examples/**/*.ts',
  ],
  {
    cwd: root,
  },
).sort()
export const isTest = (file: string): boolean => file.endsWith('.test.ts') || /^(packages\/[^/]+\/)?test\//.test(file)
/** What runs in production: no tests, no benches, no examples. */
export const program = files.filter((file) => !isTest(file) && !/^(bench|examples)\//.test(file))

/** `import … from 'x'`, `export … from 'x'`, `import 'x'`. */
const importForm =
  /^(?:import|export)\s+(?:type\s+)?(?:[\w*]+(?:\s+as\s+\w+)?\s*,?\s*)?(?:\{[^}]*\}\s*)?(?:from\s+)?['"]([^'"\n]+)['"]/gm

/** `import('./x')`: what is loaded when it is needed. */
const lazyForm = /\bimport\('(\.[^'\n]+)'\)/g

const importsOf = (file: string, text: string): string[] =>
  // Tests write programs of their own in strings.
  [...text.matchAll(importForm), ...(isTest(file) ? [] : text.matchAll(lazyForm))].map((found) => found[1] as string)

export type Source = {
  readonly text: string
  readonly code: string
  readonly imports: readonly string[]
  /** Its regular expressions, as they are written. */
  readonly expressions: readonly string[]
}
export const sources: ReadonlyMap<string, Source> = new Map<string, Source>(
  files.map((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    return [file, { text, ...split(text), imports: importsOf(file, text) }]
  }),
)
export const sourceOf = (file: string): Source => sources.get(file) as Source

/** The program without comments, without the text of strings (templates keep what stands in `${}`); and its regular expressions apart. */
function split(text: string): Pick<Source, 'code' | 'expressions'> {
  const expressions: string[] = []
  let out = ''
  const templates: number[] = [] // the depth of braces at which each open template goes on
  let braces = 0
  let i = text.startsWith('#!') ? text.indexOf('\n') : 0 // the line for the system that starts it is no program
  const skipTemplate = (): void => {
    while (i < text.length) {
      if (text[i] === '\\') i += 2
      else if (text[i] === '`') {
        i += 1
        out += '`'
        return
      } else if (text.startsWith('${', i)) {
        i += 2
        templates.push(braces)
        braces += 1
        out += '${'
        return
      } else {
        if (text[i] === '\n') out += '\n'
        i += 1
      }
    }
  }
  while (i < text.length) {
    const at = text[i] as string
    if (text.startsWith('//', i)) {
      while (i < text.length && text[i] !== '\n') i += 1
    } else if (text.startsWith('/*', i)) {
      const end = text.indexOf('*/', i + 2) + 2
      out += text.slice(i, end).replace(/[^\n]/g, '')
      i = end
    } else if (at === "'" || at === '"') {
      i += 1
      while (text[i] !== at && text[i] !== '\n') i += text[i] === '\\' ? 2 : 1
      i += 1
      out += `${at}${at}`
    } else if (at === '`') {
      i += 1
      out += '`'
      skipTemplate()
    } else if (at === '/' && text[i + 1] !== '>' && /(^|[=(,:[!&|?{};\n]|=>|return|case)\s*$/.test(out.slice(-20))) {
      let inClass = false
      const start = i
      i += 1
      while (i < text.length && (inClass || text[i] !== '/')) {
        if (text[i] === '[') inClass = true
        else if (text[i] === ']') inClass = false
        i += text[i] === '\\' ? 2 : 1
      }
      i += 1
      const end = i + (/^[a-z]*/.exec(text.slice(i, i + 10))?.[0].length ?? 0)
      expressions.push(text.slice(start, end))
      out += '/./'
    } else {
      if (at === '{') braces += 1
      if (at === '}') {
        braces -= 1
        if (templates.at(-1) === braces) {
          templates.pop()
          i += 1
          out += '}'
          skipTemplate()
          continue
        }
      }
      out += at
      i += 1
    }
  }
  return { code: out, expressions }
}

/** Where in a file a pattern is found, as `file:line`. */
export function places(file: string, pattern: RegExp): string[] {
  const { code } = sourceOf(file)
  return [...code.matchAll(pattern)].map((found) => `${file}:${code.slice(0, found.index).split('\n').length}`)
}
