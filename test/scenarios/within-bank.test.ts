import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import { must, parseAccountNumber } from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import type { Beneficiary } from '../../src/base/party.ts'
import { createPool } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { defaultCycles } from '../../src/imps/cycles.ts'
import { wires } from '../../src/imps/profile.ts'
import type { CustomerAccount } from '../../src/ledger/store.ts'
import { initiate } from '../../src/payment/initiate.ts'
import { record } from '../../src/payment/record.ts'
import { findInwardByRrn } from '../../src/payment/store.ts'
import type { StoredPayment } from '../../src/payment/stored.ts'
import { findByRrn, findDisputed } from '../../src/settlement/disputes/facts.ts'
import { holds, proveLedger } from '../../src/settlement/positions/ledger-proof.ts'
import { countSeconds } from '../../src/settlement/positions/net-debit-store.ts'
import { startTestHub } from '../support/a-hub.ts'
import { openTestDatabase } from '../support/database.ts'
import { testLog } from '../support/logs.ts'
import { createTestRoom, requestFrom } from '../support/payment-room.ts'
import { testVault } from '../support/vault.ts'

// What settles with NPCI, and what is asked of NPCI, has nothing to do with a payment within the bank.

const { url, db } = await openTestDatabase()
const doors = createPool(url, { connections: 8, indexOnly: true, name: 'turant test doors' })
let now = Date.UTC(2026, 10, 27, 7, 0)
const clock: Clock = { ...systemClock, now: () => now }
const t = await createTestRoom(url, { clock })
after(async () => {
  await t.close()
  await doors.end({ timeout: 2 })
})

const addressOf = ({ ifsc, accountNumber }: CustomerAccount): Beneficiary => ({
  kind: 'account',
  ifsc,
  account: must(parseAccountNumber(accountNumber), 'account'),
})

async function pay(
  from: CustomerAccount,
  to: CustomerAccount | undefined,
  amountPaise: bigint,
): Promise<StoredPayment> {
  const change = { amountPaise: paise(amountPaise), ...(to === undefined ? {} : { to: addressOf(to) }) }
  const result = await initiate(t.room, requestFrom(from.id, change))
  if (result.kind !== 'accepted') throw new Error(result.reason)
  return result.payment
}

test('no position, no clearing and no dispute has it, and what anybody says of it later moves nothing', async () => {
  const [payer, payee] = [await t.open(1_000_000n), await t.open(0n)]
  const over = await pay(payer, undefined, 40_000n)
  await record(t.room, over, { kind: 'approved', responseCode: '00' })
  const within = await pay(payer, payee, 70_000n)
  const [inward] = await findInwardByRrn(db, testVault, must(within.rrn ?? undefined, 'RRN'))
  assert.ok(inward)

  const second = Math.floor(now / 1000)
  const counted = (await countSeconds(db, [second], 0)).get(second)
  assert.deepEqual(counted?.sums.get('TRN'), { outwardPaise: 40_000n, inwardPaise: 0n, inFlightPaise: 0n })

  now += 60_000
  for (const proof of await proveLedger({ db, cycles: defaultCycles, log: testLog }, '2026-11-27', now)) {
    assert.ok(holds(proof), proof.code)
    if (proof.code === 'OUT-CLR')
      assert.deepEqual(
        proof.lines.map(({ count, amountPaise }) => [count, amountPaise]),
        [[1, -40_000n]],
      )
  }

  for (const payment of [within, inward]) {
    const found = await inTransaction(db, (tx) => findDisputed(tx, 1, payment.id))
    assert.equal(found?.stayedWithin, true)
    const { institution, direction } = payment
    const line = { institution, direction, rrn: must(payment.rrn ?? undefined, 'RRN') }
    assert.equal(await inTransaction(db, (tx) => findByRrn(tx, line)), undefined)
    for (const kind of ['settled_declined', 'found_unsettled', 'returned'] as const) {
      const fact =
        kind === 'settled_declined'
          ? { kind, responseCode: 'M1' }
          : kind === 'found_unsettled'
            ? { kind, approvalId: '0'.repeat(32) }
            : { kind }
      assert.equal((await record(t.room, payment, fact)).kind, 'contradicted', `${payment.direction} ${kind}`)
    }
  }
  await t.proveBooks()
})

for (const wire of wires) {
  test(`${wire}: whose account it is, is answered by the hub itself, of this bank only`, async () => {
    const hub = await startTestHub({ db, doors }, wire)
    const [payer, payee] = [await hub.open(10_000n), await hub.open(0n)]
    const ask = (beneficiary: Beneficiary) =>
      hub.got(
        'a name',
        hub.hub.rail.enquire({
          institution: 'TRN',
          remitter: { account: must(parseAccountNumber(payer.accountNumber), 'account') },
          beneficiary,
          channel: 'internet',
        }),
      )
    const known = await ask(addressOf(payee))
    assert.ok(known.kind === 'answered')
    assert.deepEqual([known.response.responseCode, known.response.registeredName], ['00', 'Ramesh Kumar'])
    const nobody = await ask({
      kind: 'account',
      ifsc: payee.ifsc,
      account: must(parseAccountNumber('70019999999999'), 'account'),
    })
    assert.ok(nobody.kind === 'answered')
    assert.equal(nobody.response.responseCode, 'M1')
    assert.equal(hub.simulator.summary().xml?.enquiriesFromHub ?? 0, 0)
    await hub.stop()
  })
}
