import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A fenced block of a document. */
export type Block = {
  readonly file: string
  readonly line: number
  /** What stands behind the fence: the language, and how to run it. */
  readonly info: string
  readonly text: string
}

export function blocksOf(root: string, file: string): Block[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(({ 1: info = '', 2: body = '', index }) => ({
    file,
    line: text.slice(0, index).split('\n').length,
    info,
    text: body,
  }))
}

/** Commands of a `console` block, with what must be in their answers. */
export function consoleOf(text: string): { readonly command: string; readonly expected: readonly string[] }[] {
  const steps: { command: string; expected: string[] }[] = []
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), expected: [] })
    else steps.at(-1)?.expected.push(line.trim())
  }
  return steps
}

/** What is another each time, as a document shows it: ids, references, instants, days and cycles, names of files, lengths, codes, ports; `…` is anything. */
const changing: readonly (readonly [shown: RegExp, said: string])[] = [
  [/(?<![A-Za-z])(?:pay|run|brk|usr|whe|evt)_[0-9a-f]+/, '[a-z]+_[0-9a-f]+'],
  [/TRN\d{6}_\d+C/, 'TRN\\d{6}_\\d+C'],
  [/\d{4}-\d{2}-\d{2}(?:\/\d+)?/, '\\d{4}-\\d{2}-\\d{2}(?:/\\d+)?'],
  [/\d{2}:\d{2}:\d{2}(?:\.\d{3})?/, '\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{3})?'],
  [/(?<!\d)\d{12}(?!\d)/, '\\d{12}'],
  [/(?<!\d)\d+ bytes/, '\\d+ bytes'],
  [/, line \d+/, ', line \\d+'],
  [/127\.0\.0\.1:\d+/, '127\\.0\\.0\\.1:\\d+'],
  [/(?<!\d)\d{6} is the code/, '\\d{6} is the code'],
  [/in \d+ days/, 'in \\d+ days'],
  [/\d+(?:\.\d+)? (?:ms|GiB|%)/, '\\d+(?:\\.\\d+)? (?:ms|GiB|%)'],
  [/(?<!\d)\d+ of \d+ are/, '\\d+ of \\d+ are'],
  [/\.turant(?=[/ ])/, '\\S+'],
  [/(?<!\w)[0-9a-f]{16}…/, '[0-9a-f]{16}…'],
  [/…/, '.*'],
]
const anyChanging = new RegExp(changing.map(([shown]) => shown.source).join('|'), 'g')

/**
 * Finds a line of a document in what was said, as far as it is the same each time.
 * @returns what stood for each changing part, by how the document has it, so that a later command can name it; undefined when it is not there
 */
export function findLine(line: string, said: string): ReadonlyMap<string, string> | undefined {
  const shown = [...line.matchAll(anyChanging)].map(([text]) => text)
  let from = 0
  let pattern = ''
  const fixed = (text: string): string => RegExp.escape(text).replaceAll(/(?:\\x20)+/g, '\\s+')
  for (const text of shown) {
    const at = line.indexOf(text, from)
    const form = changing.find(([one]) => new RegExp(`^(?:${one.source})$`).test(text))?.[1] ?? '.*'
    pattern += `${fixed(line.slice(from, at))}(${form})`
    from = at + text.length
  }
  const found = new RegExp(pattern + fixed(line.slice(from))).exec(said)
  return found === null ? undefined : new Map(shown.map((text, i) => [text, found[i + 1] ?? '']))
}

/** The request of an `http` block: method and path on its first line, then the body. */
export function requestOf(text: string): { readonly method: string; readonly path: string; readonly body: string } {
  const [, method = '', path = '', body = ''] = /^([A-Z]+) (\S+)\n([\s\S]*)$/.exec(text) ?? []
  return { method, path, body }
}
