import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

/** What a page loads, minified, when it imports all that these files export. */
export async function bundle(text: string): Promise<string> {
  const build = await rolldown({
    input: 'entry',
    plugins: [
      {
        name: 'entry',
        resolveId: (name) => (name === 'entry' ? fileURLToPath(new URL('entry.ts', import.meta.url)) : null),
        load: (name) => (name.endsWith('/test/entry.ts') ? text : null),
      },
    ],
  })
  const { output } = await build.generate({ format: 'esm', minify: true })
  await build.close()
  return output[0].code
}

test('all of the SDK is 12 KB in a page at most, gzipped, and imports nothing', async () => {
  const code = await bundle(`export * from '../src/index.ts'`)
  const bytes = gzipSync(code, { level: 9 }).length
  assert.ok(bytes <= 12_000, `${bytes} bytes`)
  assert.doesNotMatch(code, /\bimport\b|\brequire\b|node:/)
  console.log(`${code.length} bytes, ${bytes} gzipped`)
})
