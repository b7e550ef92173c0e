import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { systemClock } from '../base/clock.ts'
import type { AccountId } from '../base/identifiers.ts'
import { type Paise, paise } from '../base/money.ts'
import { asTenant } from '../db/tenant.ts'
import { release } from './approvals.ts'
import { setCustomerStopped } from './customer-stop.ts'
import { lockCustomers, writeCustomers } from './customer-usage.ts'
import { type InitiateResult, initiate } from './initiate.ts'
import type { Policy, Rules } from './policy.ts'
import { endPolicy, insertPolicy } from './policy-store.ts'
import { record } from './record.ts'

// Goal: what limits of a customer count is exact to the paisa, from however many accounts, lanes, batches and processes it is paid.
// Method: two payment rooms, as two processes have them, over one PostgreSQL.

const { url } = await openTestDatabase()
const rooms = [await createTestRoom(url, { seed: 7 }), await createTestRoom(url, { seed: 8 })] as const
const [t] = rooms
after(() => Promise.all(rooms.map((room) => room.close())))

async function under(rules: Rules, customer: Policy['customer'], run: () => Promise<void>): Promise<void> {
  const from = systemClock.now() - 1
  const policy = { channel: null, accountId: null, customer, rules, validFrom: from, validUntil: null }
  const made = await asTenant(t.db, 1, (tx) => insertPolicy(tx, 1, policy, from))
  try {
    await run()
  } finally {
    await asTenant(t.db, 1, (tx) => endPolicy(tx, 1, made.id, systemClock.now()))
  }
}
const reasonOf = (result: InitiateResult): string => (result.kind === 'refused' ? result.reason : 'accepted')
const taken = (results: readonly InitiateResult[]) => results.filter((one) => one.kind === 'accepted').length
const accountsOf = (customer: bigint, count: number): Promise<{ readonly id: AccountId }[]> =>
  Promise.all(Array.from({ length: count }, () => t.open(100_000_000n, 'TRN', 1, customer)))
/** So many payments at the same moment, from all accounts in turn, through both rooms. */
const payAll = (count: number, accounts: readonly { readonly id: AccountId }[], amountPaise: Paise) =>
  Promise.all(
    Array.from({ length: count }, (_, i) => {
      const from = accounts[i % accounts.length]?.id
      const room = rooms[Math.floor(i / accounts.length) % 2]
      assert.ok(from !== undefined && room !== undefined)
      return initiate(room.room, requestFrom(from, { amountPaise }))
    }),
  )

test("a customer's day holds over all accounts and two rooms: never a paisa over it, and the last one can be paid", async () => {
  const customer = await t.makeCustomer()
  const accounts = await accountsOf(customer.id, 5)
  await under({ dayPaise: paise(1_000_007n) }, 'each', async () => {
    const results = await payAll(300, accounts, paise(10_000n))
    assert.equal(taken(results), 100)
    const [over] = await payAll(1, accounts, paise(8n))
    assert.ok(over?.kind === 'refused')
    assert.deepEqual([over.reason, over.rule, over.leftPaise], ['window_limit_exceeded', 'dayPaise', 7n])
    assert.equal(taken(await payAll(20, accounts, paise(1n))), 7)
    assert.equal(taken(await payAll(20, accounts, paise(1n))), 0)
  })
  await t.proveBooks()
})

test('an account whose day is exact stays exact with two rooms at it', async () => {
  const accounts = [await t.open(100_000_000n)]
  await under({ dayPaise: paise(370_000n) }, null, async () => {
    assert.equal(taken(await payAll(200, accounts, paise(10_000n))), 37)
  })
})

// ASVS 2.4.2
test('a velocity and a count of customers are exact too', async () => {
  const customer = await t.makeCustomer()
  const accounts = await accountsOf(customer.id, 3)
  await under({ velocity: { count: 4, minutes: 10 } }, 'each', async () => {
    assert.equal(taken(await payAll(60, accounts, paise(100n))), 4)
  })
  await under({ dayCount: 9 }, 'each', async () => {
    assert.equal(taken(await payAll(60, accounts, paise(100n))), 5)
  })
})

test('what came back makes room again for the customer, in whichever room and from whichever account', async () => {
  const customer = await t.makeCustomer()
  const [one, other] = await accountsOf(customer.id, 2)
  assert.ok(one && other)
  await under({ dayPaise: paise(20_000n) }, customer, async () => {
    const first = await initiate(rooms[0].room, requestFrom(one.id))
    assert.equal(reasonOf(await initiate(rooms[1].room, requestFrom(other.id))), 'accepted')
    assert.equal(reasonOf(await initiate(rooms[0].room, requestFrom(other.id))), 'window_limit_exceeded')
    assert.ok(first.kind === 'accepted')
    await record(rooms[1].room, first.payment, { kind: 'declined', responseCode: 'M1' })
    assert.equal(reasonOf(await initiate(rooms[0].room, requestFrom(other.id))), 'accepted')
    assert.equal(reasonOf(await initiate(rooms[1].room, requestFrom(one.id))), 'window_limit_exceeded')
  })
})

test('a beneficiary is new to a customer once, not once for each account', async () => {
  const customer = await t.makeCustomer()
  const accounts = await accountsOf(customer.id, 4)
  await under({ cooling: { hours: 24, paise: paise(30_000n) } }, 'each', async () => {
    assert.equal(taken(await payAll(40, accounts, paise(10_000n))), 3)
  })
})

test('a limit of one customer is not of another, and a limit of customers not of accounts without one', async () => {
  const [limited, free] = [await t.makeCustomer(), await t.makeCustomer()]
  const [a] = await accountsOf(limited.id, 1)
  const [b] = await accountsOf(free.id, 1)
  const c = await t.open(100_000_000n)
  assert.ok(a && b)
  await under({ perPaymentPaise: paise(1n) }, limited, async () => {
    assert.equal(reasonOf(await initiate(t.room, requestFrom(a.id))), 'limit_exceeded')
    assert.equal(reasonOf(await initiate(t.room, requestFrom(b.id))), 'accepted')
  })
  await under({ perPaymentPaise: paise(1n) }, 'each', async () => {
    assert.equal(reasonOf(await initiate(t.room, requestFrom(b.id))), 'limit_exceeded')
    assert.equal(reasonOf(await initiate(t.room, requestFrom(c.id))), 'accepted')
  })
})

test("the customer's kill switch: nothing more is taken, what waits comes back, others go on", async () => {
  const customer = await t.makeCustomer()
  const [one, other] = await accountsOf(customer.id, 2)
  const somebody = await t.open(100_000_000n)
  assert.ok(one && other)
  const waiting = await initiate(t.room, requestFrom(one.id, { waits: [{ stage: 'lag', seconds: 60 }] }))
  assert.ok(waiting.kind === 'accepted')
  const stop = (by: 'customer' | 'operations' | null) =>
    asTenant(t.db, 1, (tx) => setCustomerStopped(tx, 1, customer.publicId, by, systemClock.now()))
  assert.equal(await stop('customer'), 'done')
  assert.equal(await stop('customer'), 'already')
  for (const room of rooms) assert.equal(reasonOf(await initiate(room.room, requestFrom(other.id))), 'customer_stopped')
  assert.equal(reasonOf(await initiate(t.room, requestFrom(somebody.id))), 'accepted')
  const released = await release(rooms[1].room, waiting.payment, 'lag')
  assert.ok(released.kind === 'moved')
  assert.deepEqual([released.payment.state, released.payment.reason], ['refused', 'customer_stopped'])
  assert.equal(await stop(null), 'done')
  assert.equal(reasonOf(await initiate(t.room, requestFrom(one.id))), 'accepted')
  await t.proveBooks()
})

test('an account that gets its customer later is counted for it at once', async () => {
  const customer = await t.makeCustomer()
  const account = await t.open(100_000_000n)
  for (const room of rooms) assert.equal(reasonOf(await initiate(room.room, requestFrom(account.id))), 'accepted')
  await t.db`update account set customer_id = ${customer.id} where account_id = ${account.id.slice(4)}`
  await under({ dayCount: 3 }, 'each', async () => {
    assert.equal(taken(await payAll(20, [account], paise(100n))), 3)
  })
})

test('a batch without customers sends no statement about them', async () => {
  const sending = (): never => {
    throw new Error('a statement was sent')
  }
  const customers = await lockCustomers(sending as never, [])
  assert.deepEqual([customers.size, writeCustomers(sending as never, customers)], [0, []])
})
