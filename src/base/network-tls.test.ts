import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { connect as connectPlain } from 'node:net'
import { type TestContext, test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { issueCertificate } from '../sandbox-keys.ts'
import { type Connection, systemListen } from './network.ts'
import { PinError, type TlsPeer, tlsDial, tlsListen } from './network-tls.ts'

// Goal: a link connects to the switch that it should and to nothing else. Method: real sockets, an authority and a stranger, each with
// certificates that are right but for one thing.

const DAY_MS = 86_400_000
const now = Date.now()
const good = { fromMs: now - DAY_MS, untilMs: now + DAY_MS }
const over = { fromMs: now - 2 * DAY_MS, untilMs: now - DAY_MS }
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })

async function authority(name: string) {
  const issuer = { name, ...ec() }
  const ca = await issueCertificate({ name, publicKey: issuer.publicKey, use: 'authority', ...good }, issuer)
  return {
    ca,
    async side(span = good, hosts = ['127.0.0.1', 'switch.example']) {
      const keys = ec()
      const cert = await issueCertificate({ name: 'x', publicKey: keys.publicKey, use: 'tls', hosts, ...span }, issuer)
      return { ca, cert, key: pem(keys.privateKey) }
    },
  }
}

const ours = await authority('ours')
const theirs = await authority('a stranger')
const hub = await ours.side()
const theSwitch = await ours.side()
const pinOf = (cert: string): string =>
  createHash('sha256')
    .update(new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')

/** A switch that says back what it hears, and who reached it. */
async function open(t: TestContext, material = theSwitch) {
  const reached: Connection[] = []
  const listener = await tlsListen(() => material)({ host: '127.0.0.1', port: 0 }, (connection) => {
    reached.push(connection)
    connection.onClose(() => undefined)
    connection.onData((bytes) => connection.write(bytes))
  })
  t.after(() => listener.close())
  return { reached, address: { host: '127.0.0.1', port: listener.port } }
}

/** What comes back of four bytes; undefined when the connection is closed before. */
function ask(connection: Connection): Promise<string | undefined> {
  return new Promise((resolve) => {
    connection.onData((bytes) => resolve(Buffer.from(bytes).toString()))
    connection.onClose(() => resolve(undefined))
    connection.write(Buffer.from('ping'))
  })
}

const tries: readonly (readonly [
  what: string,
  peer: TlsPeer,
  material: () => Promise<typeof theSwitch>,
  says: 'connects' | RegExp,
])[] = [
  ['each of the one authority', hub, async () => theSwitch, 'connects'],
  ['with the pin of the switch', { ...hub, pin: pinOf(theSwitch.cert) }, async () => theSwitch, 'connects'],
  [
    'under another name that is in the certificate',
    { ...hub, serverName: 'switch.example' },
    async () => theSwitch,
    'connects',
  ],
  [
    'with the pin of another key',
    { ...hub, pin: pinOf(hub.cert) },
    async () => theSwitch,
    /not the one that is pinned/,
  ],
  ['a switch of another authority', hub, () => theirs.side(), /unable to verify|self-signed|issuer certificate/],
  ['a switch whose certificate is over', hub, () => ours.side(over), /expired/],
  ['a switch with another name', hub, () => ours.side(good, ['other.example']), /altnames|IP/],
  ['a name that is not in the certificate', { ...hub, serverName: 'other.example' }, async () => theSwitch, /altnames/],
]

for (const [what, peer, material, says] of tries) {
  test(`${what}: ${says === 'connects' ? 'connects' : 'does not connect, and nothing is written'}`, async (t) => {
    const { address, reached } = await open(t, await material())
    const dialled = tlsDial(() => peer)(address, 5_000)
    if (says === 'connects') {
      const connection = await dialled
      assert.equal(await ask(connection), 'ping')
      connection.destroy()
    } else {
      await assert.rejects(dialled, says)
      await new Promise((resolve) => setImmediate(resolve))
      let heard = 0
      for (const one of reached) one.onData(() => (heard += 1))
      assert.equal(heard, 0)
    }
  })
}

test('a wrong pin has a name of its own, for the log tells errors by name', async (t) => {
  const { address } = await open(t)
  await assert.rejects(tlsDial(() => ({ ...hub, pin: pinOf(hub.cert) }))(address, 5_000), PinError)
})

test('a hub without a certificate, of a stranger, or whose own is over, is not heard', async (t) => {
  const { address, reached } = await open(t)
  const wrong = [{ ca: hub.ca }, { ...(await theirs.side()), ca: hub.ca }, await ours.side(over)]
  for (const peer of wrong) {
    // TLS 1.3 tells the client after its handshake: what counts is that nothing comes back.
    const said = await tlsDial(() => peer)(address, 5_000).then(ask, () => undefined)
    assert.equal(said, undefined)
  }
  assert.equal(reached.length, 0)
})

test('a server that says nothing is given up in time, and so is one that speaks no TLS', async (t) => {
  const silent = await systemListen({ host: '127.0.0.1', port: 0 }, (connection) => {
    connection.onClose(() => undefined)
  })
  t.after(() => silent.close())
  await assert.rejects(tlsDial(() => hub)({ host: '127.0.0.1', port: silent.port }, 50), /no connection within 50 ms/)
  const { address } = await open(t)
  const plain = connectPlain(address.port, address.host)
  plain.on('error', () => undefined)
  plain.end('0800')
  await new Promise((resolve) => plain.once('close', resolve))
})

test('TLS 1.2 and 1.3 are spoken, 1.1 is not; no session is taken up again, so each connection shows its certificate', async (t) => {
  const { address } = await open(t)
  const begin = (maxVersion: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3', session?: Buffer) =>
    new Promise<TLSSocket>((resolve, reject) => {
      const again = session === undefined ? {} : { session }
      const old = { minVersion: 'TLSv1', maxVersion, ciphers: 'DEFAULT@SECLEVEL=0' } as const
      const socket = connect({ ...address, ...hub, ...old, ...again })
      socket.once('secureConnect', () => resolve(socket))
      socket.once('error', reject)
    })
  await assert.rejects(begin('TLSv1.1'))
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = await begin(version)
    assert.equal(socket.getProtocol(), version)
    assert.match(socket.getCipher().name, /GCM|CHACHA20/)
    let session = socket.getSession()
    socket.on('session', (one) => {
      session = one
    })
    socket.write('ping')
    await new Promise((resolve) => socket.once('data', resolve))
    socket.destroy()
    const again = await begin(version, session)
    assert.equal(again.isSessionReused(), false)
    again.destroy()
  }
})

test('new files count for new connections', async (t) => {
  const { address } = await open(t)
  let peer: TlsPeer = { ...hub, ca: theirs.ca }
  const dial = tlsDial(() => peer)
  await assert.rejects(dial(address, 5_000))
  peer = hub
  const connection = await dial(address, 5_000)
  assert.equal(await ask(connection), 'ping')
  connection.destroy()
})
