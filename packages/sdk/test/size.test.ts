import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { bundle } from './bundle.ts'

test('all of the SDK is 12 KB in a page at most, gzipped, and imports nothing', async () => {
  const adapters = ['fastify', 'express', 'hono', 'next'].map(
    (name) => `export * as ${name} from '../src/adapters/${name}.ts'`,
  )
  const everything = [`export * from '../src/index.ts'`, `export * as testing from '../src/testing.ts'`, ...adapters]
  for (const text of [everything.slice(0, 1), everything]) {
    const code = await bundle(text.join('\n'))
    const bytes = gzipSync(code, { level: 9 }).length
    assert.ok(bytes <= 12_000, `${bytes} bytes`)
    assert.doesNotMatch(code, /\bimport\b|\brequire\b|node:/)
  }
})
