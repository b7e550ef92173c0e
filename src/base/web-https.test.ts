import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { loadKeys } from '../keys.ts'
import { issueCertificate, makeSandboxKeys } from '../sandbox-keys.ts'
import { type Answering, PostFault } from './web.ts'
import { createHttps, type TlsMaterial } from './web-https.ts'

const MAX_BYTES = 10_000
const place = mkdtempSync(join(tmpdir(), 'turant-web-'))
after(() => rmSync(place, { recursive: true, force: true }))

/** The TLS keys of a side, of one of two authorities that do not know each other. */
const keysOf = async (authority: string, side: 'hub' | 'switch'): Promise<TlsMaterial> => {
  await makeSandboxKeys(join(place, authority))
  return loadKeys(join(place, authority, side)).tls
}
const hub = await keysOf('one', 'hub')
const theSwitch = await keysOf('one', 'switch')
const stranger = await keysOf('two', 'hub')

/** A server that answers as told, and a client; both end with the test. */
async function open(t: TestContext, answering: Answering, clientTls = () => hub, serverTls = () => theSwitch) {
  const server = createHttps({ tls: serverTls, maxBytes: MAX_BYTES })
  const client = createHttps({ tls: clientTls, maxBytes: MAX_BYTES })
  const listener = await server.serve({ host: '127.0.0.1', port: 0 }, answering)
  t.after(async () => {
    client.close()
    await listener.close()
  })
  const url = `https://127.0.0.1:${listener.port}/imps/ReqPay/2.0?x=1`
  const post = (body: string, timeoutMs = 5_000) => client.post({ url, body, timeoutMs })
  return { listener, url, post }
}

const fixed = (material: TlsMaterial) => () => material

const echo: Answering = async ({ path, body }) => ({ status: 200, body: `${path} ${Buffer.from(body)}` })

test('a document goes and its answer comes back, and the next one goes over the same connection', async (t) => {
  let connections = -1 // asked for once before the first
  const { post } = await open(t, echo, undefined, () => {
    connections += 1
    return theSwitch
  })
  for (let i = 0; i < 10; i += 1) {
    assert.deepEqual(await post(`<ReqPay>é${i}</ReqPay>`), {
      status: 200,
      body: `/imps/ReqPay/2.0 <ReqPay>é${i}</ReqPay>`,
    })
  }
  assert.equal(connections, 1)
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => post(String(i))))
  assert.deepEqual(
    answers.map(({ body }) => body),
    Array.from({ length: 40 }, (_, i) => `/imps/ReqPay/2.0 ${i}`),
  )
})

test('any status is an answer, and no redirect is followed', async (t) => {
  const { post } = await open(t, async ({ body }) => ({ status: Number(Buffer.from(body)), body: 'x' }))
  for (const status of [200, 302, 404, 500, 503]) assert.deepEqual(await post(String(status)), { status, body: 'x' })
})

// ASVS 12.3.5
test('a client without a certificate of the authority is turned away before anything is read', async (t) => {
  let reached = 0
  const answering: Answering = async () => {
    reached += 1
    return { status: 200, body: '' }
  }
  const other = await open(t, answering, fixed({ ...stranger, ca: hub.ca }))
  await assert.rejects(other.post('x'), PostFault)
  await assert.rejects(
    new Promise((resolve, reject) => {
      const { port } = other.listener
      request({ host: '127.0.0.1', port, method: 'POST', ca: hub.ca }, resolve).on('error', reject).end('x')
    }),
  )
  assert.equal(reached, 0)
})

// ASVS 12.3.4
test('a server whose certificate is of another authority, or for another name, is not spoken to', async (t) => {
  const { post } = await open(t, echo, undefined, fixed({ ...(await keysOf('two', 'switch')), ca: hub.ca }))
  await assert.rejects(post('x'), { constructor: PostFault, message: /self-signed certificate|unable to/ })

  const span = { fromMs: Date.UTC(2020, 0), untilMs: Date.UTC(2060, 0) }
  const authority = { name: 'an authority', ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) }
  const ca = await issueCertificate(
    { name: 'an authority', publicKey: authority.publicKey, use: 'authority', ...span },
    authority,
  )
  const materialFor = async (host: string): Promise<TlsMaterial> => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const cert = await issueCertificate({ name: host, publicKey, use: 'tls', hosts: [host], ...span }, authority)
    return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert, ca }
  }
  const ours = await materialFor('hub.example')
  const elsewhere = await open(t, echo, () => ours, fixed(await materialFor('elsewhere.example')))
  await assert.rejects(elsewhere.post('x'), {
    constructor: PostFault,
    message: /does not match certificate's altnames/,
  })
  const here = await open(t, echo, () => ours, fixed(await materialFor('127.0.0.1')))
  assert.equal((await here.post('x')).status, 200)
})

test('a URL that is not https, or is none, is a PostFault and nothing is sent', async () => {
  const client = createHttps({ tls: () => hub, maxBytes: MAX_BYTES })
  for (const url of ['http://127.0.0.1:1/', 'nonsense']) {
    await assert.rejects(client.post({ url, body: 'x', timeoutMs: 1_000 }), PostFault)
  }
})

test('a body over the limit is refused with 413, an answer over it is a PostFault', async (t) => {
  const { post } = await open(t, async ({ body }) => ({ status: 200, body: 'y'.repeat(body.length * 2) }))
  assert.equal((await post('x'.repeat(MAX_BYTES + 1))).status, 413)
  await assert.rejects(post('x'.repeat(MAX_BYTES)), /longer than 10000 bytes/)
  assert.equal((await post('x')).body, 'yy')
})

test('no answer in time is a PostFault, and the late answer harms nobody', async (t) => {
  let finish = (): void => undefined
  const { post } = await open(t, async ({ body }) => {
    if (body.length === 1) await new Promise<void>((resolve) => (finish = resolve))
    return { status: 200, body: 'done' }
  })
  await assert.rejects(post('x', 60), /no answer within 60 ms/)
  finish()
  assert.equal((await post('xx')).body, 'done')
})

test('a handler that throws is a 500 without a word, and the server goes on', async (t) => {
  const { post } = await open(t, async ({ body }) => {
    if (body.length === 1) throw new Error('account 00112233')
    return { status: 200, body: 'fine' }
  })
  assert.deepEqual(await post('x'), { status: 500, body: '' })
  assert.equal((await post('xx')).body, 'fine')
})

test('only POST is answered', async (t) => {
  const { listener } = await open(t, echo)
  const status = await new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: listener.port, method: 'GET', ...hub }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
  assert.equal(status, 405)
})

test('a listener that is gone is a PostFault; closing waits for the answer under way', async (t) => {
  const { listener, post } = await open(t, echo)
  await post('x')
  await listener.close()
  await assert.rejects(post('x'), PostFault)
})

// Goal: keys are changed without a restart, on either side, while connections are open. The new authority knows nothing of the old.
test('new TLS keys count from the next connection on, on both sides; keys that cannot be used leave the old ones', async (t) => {
  let clientKeys = hub
  let serverKeys = theSwitch
  const { post } = await open(
    t,
    echo,
    () => clientKeys,
    () => serverKeys,
  )
  assert.equal((await post('1')).status, 200)
  clientKeys = stranger
  await assert.rejects(post('2'), PostFault) // the server still trusts the first authority only
  serverKeys = { key: 'not', cert: 'a', ca: 'key' }
  clientKeys = { ...hub }
  assert.equal((await post('3')).status, 200)
  serverKeys = await keysOf('two', 'switch')
  clientKeys = stranger
  assert.equal((await post('4')).status, 200)
})
