import assert from 'node:assert/strict'
import type { AccountId, PaymentId } from '../../src/base/identifiers.ts'
import { createPaymentIds, must, parseIfsc } from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import { createSeededRandom } from '../../src/base/random.ts'
import type { Db } from '../../src/db/pool.ts'
import { defaultProfile, type WireKind, type WireProfile } from '../../src/imps/profile.ts'
import type { ComplaintResponse } from '../../src/imps/rail-message.ts'
import { hourKey, makeRrn } from '../../src/imps/rrn.ts'
import type { Provider } from '../../src/imps/xml/message.ts'
import { ensureChart, openAccount } from '../../src/ledger/store.ts'
import { initiate } from '../../src/payment/initiate.ts'
import { npciLimits } from '../../src/payment/limits.ts'
import { createPaymentRoom } from '../../src/payment/room.ts'
import { findPayments } from '../../src/payment/store.ts'
import type { StoredPayment } from '../../src/payment/stored.ts'
import type { AnswerSeen, RailOptions } from '../../src/rail/options.ts'
import { createRail, type Rail } from '../../src/rail/room.ts'
import { testLog } from './logs.ts'
import { createMemoryNetwork } from './memory-network.ts'
import { requestFrom } from './payment-room.ts'
import { createScriptedSwitch } from './scripted-switch.ts'
import { createScriptedXmlSwitch, openSeal } from './scripted-xml-switch.ts'
import { testVault } from './vault.ts'
import { createVirtualClock } from './virtual-clock.ts'

/** Each set-up has an hour of its own, so that RRNs never meet. */
const hour = { now: 0 }

/** What is the same on both wires is tested on both, with these. */
export const railProfiles: Record<WireKind, WireProfile> = {
  iso8583: { ...defaultProfile, xml: { ...defaultProfile.xml, enabled: false } },
  xml: {
    ...defaultProfile,
    wire: 'xml',
    iso: { ...defaultProfile.iso, links: [] },
    // The clock leaps over hours between two turns of the event loop; an answer to a heartbeat cannot.
    xml: { ...defaultProfile.xml, heartbeatMs: 7 * 86_400_000 },
  },
}
/** How long an answer is waited for. @source protocol.md §5.5 */
export const answerMs: Record<WireKind, number> = { iso8583: 40_000, xml: 55_000 }

/** A whole rail on a real database, a scripted switch, and a clock that stands still while the database works. */
export async function setUpRail(
  { db, doors }: { readonly db: Db; readonly doors: Db },
  wire: WireKind | 'both',
  options: Partial<RailOptions> = {},
  change: (profile: WireProfile) => WireProfile = (profile) => profile,
) {
  const profile = change(wire === 'both' ? { ...defaultProfile, wire: 'iso8583' } : railProfiles[wire])
  // Each set-up has an hour of its own, so that RRNs never meet.
  hour.now += 1
  const clock = createVirtualClock(Date.UTC(2026, 10, 22, 6, 30) + hour.now * 3_600_000)
  await db`delete from link_lease`
  await db`delete from verification_budget`
  // What earlier tests left unresolved is none of this one's business.
  await db`update hold set due_at = null, checks = 99, link = coalesce(link, 'gone'), epoch = coalesce(epoch, 0)`
  await ensureChart(db, clock.now())
  const network = createMemoryNetwork({ clock, random: createSeededRandom(1), latencyMs: [1, 1] })
  const xmlSwitch = createScriptedXmlSwitch(clock, profile)
  const isoSwitch = await createScriptedSwitch(network, clock, profile)
  const theSwitch = wire === 'xml' ? xmlSwitch : isoSwitch
  const seen: AnswerSeen[] = []
  const providers: Provider[] = []
  const complaints: { readonly transactionId: string; readonly answer: ComplaintResponse }[] = []
  const start = (
    name: string,
    spoken: WireProfile = profile,
  ): { rail: Rail; room: ReturnType<typeof createPaymentRoom> } => {
    const room = createPaymentRoom({
      db: doors,
      vault: testVault,
      clock,
      paymentIds: createPaymentIds(clock, createSeededRandom(hour.now)),
      rrn: { hourKey, makeRrn },
      limits: npciLimits,
      institutions: profile.institutions,
      severalAccountsCode: profile.xml.severalAccountsCode,
      linkFor: (institution) => rail.linkFor(institution),
      onSent: (payments) => rail.onSent(payments),
      onMoved: () => undefined,
    })
    const rail = createRail({
      db,
      clock,
      random: createSeededRandom(3),
      dial: network.dial,
      ...(wire === 'iso8583' ? {} : { xml: { post: xmlSwitch.post, serve: xmlSwitch.serve, seal: openSeal } }),
      profile: spoken,
      onProviders: (some) => providers.push(...some),
      onComplaint: (transactionId, answer) => complaints.push({ transactionId, answer }),
      paymentRoom: room,
      log: testLog,
      holder: name,
      options: { leaseMs: 86_400_000, ...options },
      onAnswer: (one) => seen.push(one),
    })
    return { rail, room }
  }
  const { rail, room } = start('hub-a')
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
      openingBalance: 100_000_000n,
    },
    clock.now(),
  )
  if (typeof account === 'string') throw new Error('no mobile was given')

  /** Waits for the database and the in-memory network; meanwhile the clock goes about ten times as fast as the one on the wall. */
  const until = async (what: string, done: () => boolean | Promise<boolean>): Promise<void> => {
    let at = performance.now()
    const giveUpAt = at + 10_000
    while (at < giveUpAt) {
      if (await done()) return
      for (let i = 0; i < 10; i += 1) await new Promise((resolve) => setImmediate(resolve))
      const before = at
      at = performance.now()
      clock.advance(Math.min(5, (at - before) * 10))
    }
    throw new Error(`never: ${what}`)
  }
  const stateOf = async (id: PaymentId): Promise<StoredPayment> =>
    must((await findPayments(db, testVault, [id]))[0], 'stored payment')
  const becomes = (id: PaymentId, state: StoredPayment['state']) =>
    until(`${id} ${state}`, async () => (await stateOf(id)).state === state)
  const pay = async (from: AccountId = account.id, rupees = 1500, by = room): Promise<StoredPayment> => {
    let result: Awaited<ReturnType<typeof initiate>> | undefined
    initiate(by, requestFrom(from, { amountPaise: paise(BigInt(rupees) * 100n) })).then((one) => {
      result = one
    })
    await until('accepted', () => result !== undefined)
    assert.ok(result?.kind === 'accepted')
    return result.payment
  }
  const up = (one = rail) => {
    one.start()
    return until('links up', () => one.status().links.every((link) => link.state === 'loggedOn'))
  }
  const down = async (one = rail) => {
    const stopped = one.drain(0)
    let over = false
    stopped.then(() => {
      over = true
    })
    await until('stopped', () => {
      clock.advance(20)
      return over
    })
  }
  const breaks = (id: PaymentId) =>
    db<{ kind: string; detail: string }[]>`select kind, detail from break where payment_id = ${id.slice(4)}`
  const unreachable = () => {
    network.partition(true)
    xmlSwitch.answerHeartbeat = false
  }
  return {
    clock,
    unreachable,
    theSwitch,
    isoSwitch,
    xmlSwitch,
    providers,
    complaints,
    profile,
    rail,
    room,
    account,
    until,
    stateOf,
    becomes,
    pay,
    up,
    down,
    breaks,
    seen,
    start,
  }
}
