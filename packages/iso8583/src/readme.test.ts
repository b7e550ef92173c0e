import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'

/**
 * All snippets of the README, in order, as one module. A line `expression // → literal` becomes an assertion, so the
 * README cannot claim what is not so.
 */
function moduleOf(readme: string): string {
  const snippets = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code)
  const code = snippets
    .join('\n')
    .replaceAll(`'@turant/iso8583'`, `'${new URL('./index.ts', import.meta.url)}'`)
    .replaceAll(/^(\S.*) \/\/ → (.*)$/gm, 'assert.deepEqual($1, $2)')
  return `import assert from 'node:assert/strict'\n${code}`
}

test('every snippet of the README runs, and what it says comes out', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'iso8583-readme-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const code = moduleOf(readFileSync(new URL('../README.md', import.meta.url), 'utf8'))
  assert.ok((code.match(/^assert\.deepEqual/gm) ?? []).length >= 8, 'the README still makes its claims')
  const file = join(folder, 'readme.ts')
  writeFileSync(file, code)
  await import(pathToFileURL(file).href)
})
