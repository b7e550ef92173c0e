import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { must, parseAccountNumber } from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import { createPool } from '../../src/db/pool.ts'
import type { MacProfile } from '../../src/imps/profile.ts'
import type { StoredPayment } from '../../src/payment/stored.ts'
import { startTestHub } from '../support/a-hub.ts'
import { openTestDatabase } from '../support/database.ts'
import { withMacs } from '../support/link-keys.ts'
import { proveBooks } from '../support/payment-room.ts'

// The whole hub against the whole switch with MACs on both links. The switch has MACs of its own making (`src/simulator/mac.ts`), so
// a wrong one of the hub's proves nothing to it.

const { url, db } = await openTestDatabase()
const doors = createPool(url, { connections: 8, indexOnly: true, name: 'turant test doors' })
after(() => doors.end({ timeout: 2 }))

const kinds: readonly Partial<MacProfile>[] = [
  { algorithm: 'iso9797-1-alg3-pad1', carrier: '48.099' },
  { algorithm: 'aes-cmac', carrier: '48.099', fields: [0, 2, 3, 4, 11, 12, 32, 37, 38, 39, 102, 103, 120] },
  { algorithm: 'iso9797-1-alg3-pad1', carrier: '64/128' },
  { algorithm: 'aes-cmac', carrier: '64/128' },
]

const startWith = (mac: Partial<MacProfile>) => startTestHub({ db, doors }, 'iso8583', withMacs(mac))

for (const mac of kinds) {
  const named = `${mac.algorithm} in ${mac.carrier}${mac.fields === undefined ? '' : ' over more elements'}`

  test(`${named}: every outcome both ways, each side believes the other, keys come by 0800`, async () => {
    const { simulator, hub, pay, open, until, got, read, balance, stop } = await startWith(mac)
    const account = await open(100_000_000n)
    const outcomes: [number, StoredPayment['state']][] = [
      [150_000, 'succeeded'],
      [10_191, 'deemed'],
      [10_300, 'succeeded'], // swallowed, then verified
      [10_400, 'declined'], // swallowed, then M0
      [10_900, 'declined'],
    ]
    for (const [amount, state] of outcomes) {
      const { id } = await pay(account.id, amount)
      await until(`${amount} ${state}`, async () => (await read(id)).state === state, 100)
    }
    const to = {
      kind: 'account',
      ifsc: account.ifsc,
      account: must(parseAccountNumber(account.accountNumber), 'a'),
    } as const
    const before = await balance(account.id)
    const sent = must(simulator.inward({ amountPaise: paise(5_000n), to, duplicates: 3 }), 'a way to the hub')
    assert.equal((await got('answered', sent.settled)).responseCode, '00')
    assert.equal(await balance(account.id), before + 5_000n)
    // From one bank of the hub to another: the switch passes on what it believes, with a MAC of its own.
    const own = await pay(account.id, 7_700, to)
    await until('on-us', async () => (await read(own.id)).state === 'succeeded')
    const { wire, firstViolations } = simulator.summary()
    assert.deepEqual([wire.macsBad, wire.macsMissing, wire.keysOffered, wire.keysTaken], [0, 0, 2, 2])
    assert.deepEqual(firstViolations, [])
    for (const { counters } of hub.rail.status().links.filter(({ id }) => id !== 'npci-xml')) {
      assert.deepEqual([counters.badMacs, counters.missingMacs, counters.keysTaken], [0, 0, 1])
    }
    await proveBooks(db)
    await stop()
  })

  test(`${named}: what a stranger or a broken line says decides nothing; a verification does`, async () => {
    for (const fault of ['badMac', 'noMac', 'wrongKey', 'forged'] as const) {
      const { simulator, pay, open, until, read, balance, stop } = await startWith({ ...mac, maxBad: 1_000 })
      const account = await open(100_000_000n)
      simulator.turn({ [fault]: 1 })
      const declined = await pay(account.id, 10_900) // M1, if anybody believed it
      const approved = await pay(account.id, 150_000)
      const deemed = await pay(account.id, 10_191)
      for (const { id } of [declined, approved, deemed]) {
        await until('asked about', async () => (await read(id)).state === 'unconfirmed', 100)
      }
      for (const { id } of [declined, approved, deemed]) {
        assert.equal((await read(id)).state, 'unconfirmed', fault)
        assert.equal((await read(id)).responseCode, null, fault)
      }
      const kept =
        await db`select from unmatched_answer where reason = 'unproved' and rrn = ${(await read(approved.id)).rrn}`
      assert.equal(kept.length, 1, 'the bytes are kept for people')
      // Asked about, and not believed either.
      await until(
        'asked',
        async () => simulator.journal.outward.byRrn((await read(approved.id)).rrn ?? '')[0]?.verifications === 1,
        100,
      )
      assert.equal(await balance(account.id), 100_000_000n - 10_900n - 150_000n - 10_191n)
      simulator.turn({ [fault]: 0 })
      await until('declined', async () => (await read(declined.id)).state === 'declined', 100)
      await until('approved', async () => (await read(approved.id)).state === 'succeeded', 100)
      await until('deemed', async () => (await read(deemed.id)).state === 'deemed', 100)
      assert.deepEqual(simulator.summary().firstViolations, [])
      await proveBooks(db)
      await stop()
    }
  })

  test(`${named}: an inward request without proof is not credited, and gets a no that proves nothing`, async () => {
    for (const fault of ['badMac', 'noMac', 'wrongKey', 'forged'] as const) {
      const { simulator, hub, open, until, balance, stop } = await startWith({ ...mac, maxBad: 1_000 })
      const account = await open(0n)
      const to = {
        kind: 'account',
        ifsc: account.ifsc,
        account: must(parseAccountNumber(account.accountNumber), 'a'),
      } as const
      simulator.turn({ [fault]: 1 })
      const sent = must(simulator.inward({ amountPaise: paise(5_000n), to }), 'a way to the hub')
      // The switch hears the 63, and believes it as little as we would.
      await until('answered', () => simulator.summary().wire.macsMissing === 1)
      assert.equal(hub.rail.status().counters.inwardUnproved, 1)
      assert.equal(await balance(account.id), 0n)
      const rows = await db`select from payment where direction = 'inward' and rrn = ${sent.sent.rrn}`
      assert.equal(rows.length, 0)
      await stop()
    }
  })
}

test('a spoilt copy of an original that was credited is met with silence, never with a no', async () => {
  const { simulator, hub, open, until, got, balance, stop } = await startWith({ maxBad: 1_000 })
  const account = await open(0n)
  const to = {
    kind: 'account',
    ifsc: account.ifsc,
    account: must(parseAccountNumber(account.accountNumber), 'a'),
  } as const
  const sent = must(simulator.inward({ amountPaise: paise(5_000n), to, repeatAfterMs: 5_000 }), 'a way to the hub')
  assert.equal((await got('answered', sent.settled)).responseCode, '00')
  simulator.turn({ badMac: 1 })
  await until('the copy came', () => hub.rail.status().counters.inwardUnproved === 1, 100)
  await until('the copy was looked at', () => hub.rail.status().counters.inwardSilent === 1)
  const { wire, firstViolations } = simulator.summary()
  assert.deepEqual([wire.macsMissing, firstViolations], [0, []])
  assert.equal(await balance(account.id), 5_000n)
  await stop()
})

test('under load, with keys that change and MACs that go bad, nothing is paid or declined because of a MAC', async () => {
  const { simulator, hub, pay, open, until, read, balance, stop } = await startWith({ maxBad: 50 })
  const account = await open(1_000_000_000n)
  simulator.turn({ forged: 0.1, badMac: 0.1, noMac: 0.05, wrongKey: 0.05, delayOut: 0.3, delayMs: [1, 2_000] })
  const amounts = [150_000, 10_900, 10_191, 151_000, 11_300]
  const wanted: Record<number, StoredPayment['state']> = {
    150000: 'succeeded',
    151000: 'succeeded',
    10900: 'declined',
    11300: 'declined',
    10191: 'deemed',
  }
  const payments: { amount: number; payment: StoredPayment }[] = []
  let rotations = 0
  for (let i = 0; i < 200; i += 1) {
    const amount = amounts[i % amounts.length] ?? 0
    payments.push({ amount, payment: await pay(account.id, amount) })
    if (i % 20 === 0) rotations += simulator.announce('keyExchange') > 0 ? 1 : 0
  }
  assert.ok(rotations >= 9)
  simulator.turn({ forged: 0, badMac: 0, noMac: 0, wrongKey: 0, delayOut: 0 })
  const open_ = () => db<{ n: number }[]>`
    select count(*)::integer as n from payment
    where account_id = ${account.id.slice(4)} and state in ('held', 'sent', 'unconfirmed')`
  await until('all are final', async () => (await open_())[0]?.n === 0, 200)
  let spent = 0n
  for (const { amount, payment } of payments) {
    const now = await read(payment.id)
    assert.equal(now.state, wanted[amount], `${amount}`)
    if (now.state !== 'declined') spent += BigInt(amount)
    assert.equal(simulator.journal.outward.byRrn(now.rrn ?? '')[0]?.originals, 1)
  }
  assert.equal(await balance(account.id), 1_000_000_000n - spent)
  const { wire, firstViolations } = simulator.summary()
  assert.deepEqual([wire.macsBad, wire.macsMissing, firstViolations], [0, 0, []])
  const [link] = hub.rail.status().links
  assert.ok((link?.counters.badMacs ?? 0) > 10 && (link?.counters.keysTaken ?? 0) >= 9)
  await proveBooks(db)
  await stop()
})

test('many bad MACs in a row: nothing new is sent, another key is asked for, and payments that waited go out', async () => {
  const { simulator, hub, pay, open, until, read, stop } = await startWith({ maxBad: 5 })
  const account = await open(100_000_000n)
  simulator.turn({ badMac: 1 })
  const lost = await Promise.all(Array.from({ length: 5 }, () => pay(account.id, 150_000)))
  await until('alarm', () => hub.rail.status().links[0]?.counters.keyAlarms === 1)
  simulator.turn({ badMac: 0 })
  const later = await pay(account.id, 151_000)
  await until('sent with the new key', async () => (await read(later.id)).state === 'succeeded')
  assert.equal(hub.rail.status().links[0]?.counters.keysTaken, 2)
  for (const { id } of lost) await until('verified', async () => (await read(id)).state === 'succeeded', 100)
  assert.deepEqual(simulator.summary().firstViolations, [])
  await stop()
})

test('a switch that is asked for no key sends its own at log-on', async () => {
  const { simulator, pay, open, until, read, stop } = await startWith({ askForKey: false })
  const account = await open(100_000_000n)
  const { id } = await pay(account.id, 150_000)
  await until('succeeded', async () => (await read(id)).state === 'succeeded')
  assert.equal(simulator.summary().wire.keysTaken, 2)
  await stop()
})

test('a connection that breaks keeps the key, also one whose taking was never told', async () => {
  const { simulator, network, hub, pay, open, until, read, stop } = await startWith({})
  const account = await open(100_000_000n)
  for (let i = 0; i < 5; i += 1) {
    simulator.announce('keyExchange')
    network.cut()
    await until('back', () => hub.rail.status().links.every(({ state }) => state === 'loggedOn'), 20)
    const { id } = await pay(account.id, 150_000)
    await until('succeeded', async () => (await read(id)).state === 'succeeded', 20)
  }
  assert.deepEqual(simulator.summary().firstViolations, [])
  await stop()
})
