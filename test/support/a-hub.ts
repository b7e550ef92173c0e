import type { AccountId, PaymentId } from '../../src/base/identifiers.ts'
import { must, parseIfsc, parseMmid, parseMobile } from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import type { Beneficiary } from '../../src/base/party.ts'
import { createSeededRandom } from '../../src/base/random.ts'
import type { Db } from '../../src/db/pool.ts'
import { createHub } from '../../src/hub.ts'
import { defaultProfile, type WireKind, type WireProfile } from '../../src/imps/profile.ts'
import { openSigned, sign } from '../../src/imps/xml/signature.ts'
import { openAccount } from '../../src/ledger/store.ts'
import { initiate } from '../../src/payment/initiate.ts'
import { findEvents, findPayments } from '../../src/payment/store.ts'
import type { StoredPayment } from '../../src/payment/stored.ts'
import type { RailOptions } from '../../src/rail/options.ts'
import { makeSigningKey } from '../../src/sandbox-keys.ts'
import { createSimulator } from '../../src/simulator/simulator.ts'
import { forgetLinkKeys, softCustody, testZmk } from './link-keys.ts'
import { testLog } from './logs.ts'
import { createMemoryNetwork } from './memory-network.ts'
import { createMemoryWeb } from './memory-web.ts'
import { requestFrom } from './payment-room.ts'
import { testVault } from './vault.ts'
import { createVirtualClock } from './virtual-clock.ts'

const span = { fromMs: Date.UTC(2026, 0, 1), untilMs: Date.UTC(2036, 0, 1) }
const keys = { ours: await makeSigningKey('hub', span), theirs: await makeSigningKey('switch', span) }
/** Each hub has an hour of its own, so that RRNs never meet. */
const hour = { now: 0 }

/** What is around a hub, and stays when it goes. */
export type World = Awaited<ReturnType<typeof makeWorld>>

async function makeWorld(db: Db, profile: WireProfile) {
  hour.now += 1
  const clock = createVirtualClock(Date.UTC(2026, 10, 22, 6, 30) + hour.now * 3_600_000)
  await db`delete from link_lease`
  await db`delete from verification_budget`
  await forgetLinkKeys(db)
  // What earlier tests left unresolved is none of this one's business.
  await db`update hold set due_at = null, checks = 99, link = coalesce(link, 'gone'), epoch = coalesce(epoch, 0)`
  const network = createMemoryNetwork({ clock, random: createSeededRandom(1), latencyMs: [1, 1] })
  const web = createMemoryWeb({ clock, random: createSeededRandom(2), latencyMs: [1, 1] })
  const { host, port } = profile.xml.callback
  const simulator = createSimulator({
    clock,
    random: createSeededRandom(3),
    profile,
    journalLimit: 1_000,
    zmk: testZmk,
    xml: {
      post: web.post,
      hubUrl: `https://${host}:${port}`,
      signingKey: () => keys.theirs,
      pinned: () => [keys.ours.certificate],
      secure: true,
    },
  })
  for (const link of profile.iso.links) {
    await network.listen(link, (connection) => simulator.attach(link.role, connection))
  }
  const [xmlHost = '', xmlPort] = profile.xml.host.split(':')
  await web.serve({ host: xmlHost, port: Number(xmlPort) }, simulator.answerXml)
  return { clock, network, web, simulator }
}

/** A whole hub on a real database against the whole simulated switch, on either wire, signed where that wire signs; no faults. */
export async function startTestHub(
  { db, doors }: { readonly db: Db; readonly doors: Db },
  wire: WireKind,
  change: (profile: WireProfile) => WireProfile = (profile) => profile,
  pace: Partial<RailOptions> = {},
  /** The switch, the wires and the clock of a hub before this one, which is gone: this one takes its place. */
  before?: World,
) {
  const profile = change({ ...defaultProfile, wire, xml: { ...defaultProfile.xml, heartbeatMs: 7 * 86_400_000 } })
  const world = before ?? (await makeWorld(db, profile))
  const { clock, network, web, simulator } = world
  const hub = createHub({
    profile,
    db: doors,
    readDb: db,
    railDb: db,
    clock,
    random: createSeededRandom(4 + hour.now),
    dial: network.dial,
    custody: softCustody(profile),
    xml: {
      post: web.post,
      serve: web.serve,
      seal: {
        sign: (document) => sign(document, keys.ours),
        open: (document) => openSigned(document, [keys.theirs.certificate], clock.now(), profile.xml).text,
      },
    },
    log: testLog,
    vault: testVault,
    apiKeys: [],
    batch: { size: 256, partitions: 2 },
    maxWaiting: 1_000,
    maxHeld: 1_000,
    maxInFlight: 1_000,
    verificationsPerSecond: 50,
    approvalMs: 86_400_000,
    rail: { leaseMs: 7 * 86_400_000, ...pace },
    holder: 'test',
    sandbox: true,
  })

  /** Waits for the database and the networks; meanwhile the clock goes `paceMs` at a time. */
  const until = async (what: string, done: () => boolean | Promise<boolean>, paceMs = 5): Promise<void> => {
    const giveUpAt = performance.now() + 20_000
    while (performance.now() < giveUpAt) {
      if (await done()) return
      for (let i = 0; i < 10; i += 1) await new Promise((resolve) => setImmediate(resolve))
      clock.advance(paceMs)
    }
    throw new Error(`never: ${what}`)
  }
  /** Waits for a promise of the hub. */
  const got = async <T>(what: string, promise: Promise<T>): Promise<T> => {
    let over = false
    const end = () => {
      over = true
    }
    promise.then(end, end)
    await until(what, () => over)
    return promise
  }
  await hub.start()
  await until('links up', () => hub.rail.status().links.every(({ state }) => state === 'loggedOn'))

  const open = async (balance: bigint, mobile?: string, mmid?: string, institution = 'TRN') => {
    const bank = must(
      profile.institutions.find(({ code }) => code === institution),
      'institution',
    )
    const account = await openAccount(
      db,
      testVault,
      {
        tenantId: 1,
        institution,
        nbin: bank.nbin,
        name: 'Ramesh Kumar',
        ifsc: must(parseIfsc(`${bank.ifscPrefix}0000001`), 'IFSC'),
        mobile: mobile === undefined ? null : must(parseMobile(mobile), 'mobile'),
        mmid: mmid === undefined ? null : must(parseMmid(mmid), 'MMID'),
        reference: null,
        openingBalance: balance,
      },
      clock.now(),
    )
    if (typeof account === 'string') throw new Error(account)
    return account
  }
  return {
    world,
    clock,
    network,
    hub,
    simulator,
    until,
    got,
    open,
    async pay(from: AccountId, amountPaise: number, to?: Beneficiary): Promise<StoredPayment> {
      const request = requestFrom(from, {
        amountPaise: paise(BigInt(amountPaise)),
        ...(to === undefined ? {} : { to }),
      })
      const result = await got('accepted', initiate(hub.room, request))
      if (result.kind !== 'accepted') throw new Error(`refused: ${result.reason}`)
      return result.payment
    },
    async read(id: PaymentId): Promise<StoredPayment> {
      return must((await findPayments(db, testVault, [id]))[0], 'payment')
    },
    async states(id: PaymentId): Promise<string> {
      return (await findEvents(db, [id])).map(({ state }) => state).join(' ')
    },
    async balance(account: AccountId): Promise<bigint> {
      const [row] = await db<{ balance: bigint }[]>`select balance from account where account_id = ${account.slice(4)}`
      return row?.balance ?? 0n
    },
    async stop() {
      await got('stopped', hub.close())
      simulator.close()
    },
  }
}
