import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fastify from 'fastify'
import { createSeededRandom } from '../base/random.ts'
import { consoleRoutes } from './console.ts'

// How what was built is served: one page with its own policy each time, files for ever, and nothing beside them.

const folder = mkdtempSync(join(tmpdir(), 'turant-console-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const script = 'console.log(1)\n'.repeat(200)

const serve = (from: string, mode: 'live' | 'sandbox' = 'live') => {
  const app = fastify()
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: 'not_found' }))
  consoleRoutes(app, { random: createSeededRandom(7), folder: from, mode })
  return app
}

test('where nothing was built, the page says what builds it, and finds it when it is there', async () => {
  const app = serve(folder)
  const before = await app.inject('/console')
  assert.equal(before.statusCode, 503)
  assert.match(before.body, /npm run build -w packages\/console/)
  mkdirSync(join(folder, 'assets'))
  writeFileSync(
    join(folder, 'index.html'),
    '<meta name="style-nonce" content="{{nonce}}"><meta name="hub-mode" content="{{mode}}">',
  )
  writeFileSync(join(folder, 'assets/main-1a2b.js'), script)
  writeFileSync(join(folder, 'assets/main-1a2b.js.gz'), gzipSync(script))
  assert.equal((await app.inject('/console')).statusCode, 200)
})

test('every address below /console is the page, with a policy without inline script and a nonce of its own', async () => {
  const app = serve(folder, 'sandbox')
  const nonces = new Set<string>()
  for (const path of ['/console', '/console/', '/console/payments/pay_1?q=x', '/console/invitation']) {
    const { statusCode, headers, body } = await app.inject(path)
    const policy = String(headers['content-security-policy'])
    assert.equal(statusCode, 200, path)
    assert.match(policy, /script-src 'self'; style-src 'self' 'nonce-[0-9a-f]{32}'/)
    assert.match(policy, /default-src 'none'.*connect-src 'self'.*frame-ancestors 'none'/)
    assert.doesNotMatch(policy, /unsafe|data:|\*/)
    const [, nonce = ''] = /nonce-([0-9a-f]{32})/.exec(policy) ?? []
    assert.ok(body.includes(`content="${nonce}"`) && body.includes('content="sandbox"'), body)
    nonces.add(nonce)
  }
  assert.equal(nonces.size, 4)
})

test('a file is given as it was packed to whoever takes that, is kept for ever, and is there or not', async () => {
  const app = serve(folder)
  const get = (path: string, encoding = '') => app.inject({ url: path, headers: { 'accept-encoding': encoding } })
  const plain = await get('/console/assets/main-1a2b.js')
  assert.equal(plain.body, script)
  assert.equal(plain.headers['content-encoding'], undefined)
  assert.match(String(plain.headers['content-type']), /^text\/javascript/)
  assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable')
  const packed = await get('/console/assets/main-1a2b.js', 'gzip, br')
  assert.equal(packed.headers['content-encoding'], 'gzip')
  assert.deepEqual(packed.rawPayload, gzipSync(script))
  for (const path of ['/console/assets/none.js', '/console/assets/main-1a2b.js.gz', '/console/assets/..%2findex.html'])
    assert.equal((await get(path)).statusCode, 404, path)
})
