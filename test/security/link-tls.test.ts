import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sleep, systemClock } from '../../src/base/clock.ts'
import { must, parseIfsc } from '../../src/base/identifiers.ts'
import { type Listener, systemListen } from '../../src/base/network.ts'
import { tlsListen } from '../../src/base/network-tls.ts'
import { createSeededRandom } from '../../src/base/random.ts'
import { createPool } from '../../src/db/pool.ts'
import { createHub } from '../../src/hub.ts'
import { defaultProfile, type LinkTls, type WireProfile } from '../../src/imps/profile.ts'
import { openIsoWire } from '../../src/iso-wire.ts'
import { openAccount } from '../../src/ledger/store.ts'
import { initiate } from '../../src/payment/initiate.ts'
import { findPayments } from '../../src/payment/store.ts'
import { issueCertificate } from '../../src/sandbox-keys.ts'
import { openFileStore } from '../../src/secrecy/file-store.ts'
import { createSimulator } from '../../src/simulator/simulator.ts'
import { openTestDatabase } from '../support/database.ts'
import { forgetLinkKeys } from '../support/link-keys.ts'
import { testLog } from '../support/logs.ts'
import { requestFrom } from '../support/payment-room.ts'
import { testVault } from '../support/vault.ts'

// A whole hub, a whole switch, real sockets with TLS and MACs between them, and the system's clock. Where one side cannot prove who it
// is, no link comes up, and a payment waits with its money held; with the right certificate the same payment goes out.

const DAY_MS = 86_400_000
const now = systemClock.now()
const good = { fromMs: now - DAY_MS, untilMs: now + DAY_MS }
const over = { fromMs: now - 2 * DAY_MS, untilMs: now - DAY_MS }
const place = mkdtempSync(join(tmpdir(), 'turant-tls-'))
after(() => rmSync(place, { recursive: true, force: true }))
const zmk = Buffer.from('112233445566778899AABBCCDDEEFF00', 'hex')

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
async function authority(name: string) {
  const issuer = { name, ...ec() }
  const ca = await issueCertificate({ name, publicKey: issuer.publicKey, use: 'authority', ...good }, issuer)
  const side = async (span = good) => {
    const keys = ec()
    const hosts = ['127.0.0.1']
    const cert = await issueCertificate({ name: 'side', publicKey: keys.publicKey, use: 'tls', hosts, ...span }, issuer)
    return { ca, cert, key: pem(keys.privateKey) }
  }
  return { ca, side }
}
const ours = await authority('ours')
const stranger = await authority('stranger')
const theSwitch = await ours.side()
const hub = await ours.side()
const pin = (cert: string): string =>
  createHash('sha256')
    .update(new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')

const { url, db } = await openTestDatabase()
const doors = createPool(url, { connections: 4, indexOnly: true, name: 'turant test doors' })
after(() => doors.end({ timeout: 2 }))

const until = async (what: string, done: () => boolean | Promise<boolean>): Promise<void> => {
  const giveUpAt = performance.now() + 20_000
  while (performance.now() < giveUpAt) {
    if (await done()) return
    await sleep(systemClock, 5)
  }
  throw new Error(`never: ${what}`)
}

/** The hub's folder of keys. */
function folderWith(material: { ca: string; cert: string; key: string }): string {
  const dir = mkdtempSync(join(place, 'keys-'))
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'ca.crt'), material.ca)
  writeFileSync(join(dir, 'tls.crt'), material.cert)
  writeFileSync(join(dir, 'tls.key'), material.key)
  writeFileSync(join(dir, 'zmk.hex'), zmk.toString('hex'))
  return dir
}

const mutual: LinkTls = { ca: 'ca.crt', cert: 'tls.crt', key: 'tls.key' }
const tries: readonly (readonly [
  what: string,
  up: boolean,
  tls: LinkTls | undefined,
  hubHas: () => Promise<typeof hub>,
  switchHas: () => Promise<typeof theSwitch> | 'plain',
])[] = [
  ['the right certificates', true, mutual, async () => hub, async () => theSwitch],
  [
    'the right certificates and the right pin',
    true,
    { ...mutual, pin: pin(theSwitch.cert) },
    async () => hub,
    async () => theSwitch,
  ],
  ['the pin of another key', false, { ...mutual, pin: pin(hub.cert) }, async () => hub, async () => theSwitch],
  ['a switch of another authority', false, mutual, async () => hub, () => stranger.side()],
  ['a switch whose certificate is over', false, mutual, async () => hub, () => ours.side(over)],
  ['a hub whose certificate is over', false, mutual, () => ours.side(over), async () => theSwitch],
  [
    'a hub of another authority',
    false,
    mutual,
    async () => ({ ...(await stranger.side()), ca: ours.ca }),
    async () => theSwitch,
  ],
  ['a hub without a certificate', false, { ca: 'ca.crt' }, async () => hub, async () => theSwitch],
  ['a hub that speaks no TLS', false, undefined, async () => hub, async () => theSwitch],
  ['a switch that speaks no TLS', false, mutual, async () => hub, () => 'plain'],
]

let hour = 0
for (const [what, up, tls, hubHas, switchHas] of tries) {
  test(`${what}: ${up ? 'a payment goes out' : 'no link comes up, and a payment waits with its money held'}`, async () => {
    await db`delete from link_lease`
    await forgetLinkKeys(db)
    hour += 1
    const base: WireProfile = {
      ...defaultProfile,
      xml: { ...defaultProfile.xml, enabled: false },
      timers: { ...defaultProfile.timers, connectMs: 1_000 },
      iso: { ...defaultProfile.iso, mac: { ...defaultProfile.iso.mac, enabled: true } },
    }
    const simulator = createSimulator({ clock: systemClock, random: createSeededRandom(hour), profile: base, zmk })
    const material = await switchHas()
    const listen = material === 'plain' ? systemListen : tlsListen(() => material)
    const listeners: Listener[] = []
    const links: WireProfile['iso']['links'][number][] = []
    for (const link of base.iso.links) {
      const listener = await listen({ host: '127.0.0.1', port: 0 }, (one) => simulator.attach(link.role, one))
      listeners.push(listener)
      links.push({ ...link, port: listener.port, zmk: 'zmk.hex', ...(tls && { tls }) })
    }
    const profile = { ...base, iso: { ...base.iso, links } }
    const folder = folderWith(await hubHas())
    const keys = openFileStore(join(place, 'kek.json'), undefined)
    const wire = await openIsoWire({ profile, folder, keys, plainAllowed: true, clock: systemClock, log: testLog })
    let dials = 0
    const made = createHub({
      profile,
      db: doors,
      readDb: db,
      railDb: db,
      clock: systemClock,
      random: createSeededRandom(100 + hour),
      dial: (address, timeoutMs) => {
        dials += 1
        return wire.dial(address, timeoutMs)
      },
      ...(wire.custody && { custody: wire.custody }),
      log: testLog,
      vault: testVault,
      apiKeys: [],
      batch: { size: 16, partitions: 1 },
      maxWaiting: 100,
      maxHeld: 100,
      maxInFlight: 100,
      verificationsPerSecond: 50,
      rail: { reconnectFirstMs: 5, reconnectMaxMs: 20 },
      holder: `tls-${hour}`,
      sandbox: true,
    })
    await made.start()
    const account = await openAccount(
      db,
      testVault,
      {
        tenantId: 1,
        institution: 'TRN',
        nbin: '7001',
        name: 'Ramesh Kumar',
        ifsc: must(parseIfsc('TRNT0000001'), 'IFSC'),
        mobile: null,
        mmid: null,
        reference: null,
        openingBalance: 1_000_000n,
      },
      systemClock.now(),
    )
    if (typeof account === 'string') throw new Error(account)
    const balance = async (): Promise<bigint | undefined> =>
      (await db<{ balance: bigint }[]>`select balance from account where account_id = ${account.id.slice(4)}`)[0]
        ?.balance
    if (up) await until('links up', () => made.rail.status().links.every(({ state }) => state === 'loggedOn'))
    const result = await initiate(made.room, requestFrom(account.id))
    assert.ok(result.kind === 'accepted')
    const stateOf = async () => (await findPayments(db, testVault, [result.payment.id]))[0]?.state
    if (up) {
      await until('paid', async () => (await stateOf()) === 'succeeded')
      assert.equal(simulator.summary().wire.keysTaken, 2)
    } else {
      // Several connections later: each tried, none logged on.
      const before = dials
      await until('tried again', () => dials >= before + 6)
      const { links: seen } = made.rail.status()
      assert.ok(seen.every(({ state }) => state !== 'loggedOn'))
      assert.equal(simulator.summary().wire.logOns, 0)
      assert.equal(await stateOf(), 'held')
    }
    assert.equal(await balance(), 1_000_000n - result.payment.amountPaise)
    await made.close()
    wire.close()
    simulator.close()
    for (const listener of listeners) await listener.close()
  })
}
