import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { createServer, type Server } from '../../../src/http/server.ts'
import { createFakeHub } from '../../../test/support/http.ts'
import { table } from '../src/generated/operations.ts'
import { type Document, generate } from './generator.ts'

let server: Server
let document: Document
before(async () => {
  server = await createServer(createFakeHub().deps)
  document = (await server.app.inject('/openapi.json')).json()
})
after(() => server.close())

test('what the SDK has from the OpenAPI document is current: otherwise `npm run sdk`', async () => {
  for (const [name, text] of Object.entries(await generate(document)))
    assert.ok(
      readFileSync(new URL(`../src/generated/${name}`, import.meta.url), 'utf8') === text,
      `${name} is not current`,
    )
})

test('every operation of the document can be called, but for tokens, health, metrics and the stream, which is `follow`', () => {
  const called = new Set(table.split('\n').map((line) => line.split('=')[1]?.split(' ').slice(0, 2).join(' ')))
  const missing = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .map((method) => `${method.toUpperCase()} ${path}`)
      .filter((one) => !called.has(one)),
  )
  assert.deepEqual(missing.sort(), [
    'GET /.well-known/oauth-authorization-server',
    'GET /healthz',
    'GET /metrics',
    'GET /readyz',
    'GET /v1/payments/{id}/events',
    'POST /oauth/revoke',
    'POST /oauth/token',
  ])
})
