import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { aPayment } from '../../test/support/a-payment.ts'
import { openTestDatabase } from '../../test/support/database.ts'
import { testVault } from '../../test/support/vault.ts'
import {
  accountIdOf,
  laneOf,
  must,
  type PaymentId,
  parseAccountNumber,
  parseIfsc,
  parseMmid,
  parseMobile,
  parseRrn,
  paymentIdOf,
} from '../base/identifiers.ts'
import { paise } from '../base/money.ts'
import { type HistoryFilters, listPayments } from './history.ts'
import { publicStatusOf, stateKinds } from './payment.ts'
import { insertPayments, type PaymentRow, paymentsOf } from './store.ts'
import type { StoredPayment } from './stored.ts'

const TENANT = 1
const START = Date.UTC(2026, 0, 1)
const ROWS = 900
const own = [100010, 100011, 100012]
const states = ['succeeded', 'declined', 'deemed', 'returned', 'cancelled', 'refused', 'unconfirmed', 'held', 'sent']

const { db } = await openTestDatabase()
await seed()
const all = await paymentsOf(
  testVault,
  await db<PaymentRow[]>`select * from payment where tenant_id = ${TENANT} order by payment_id desc`,
)

/** One of 900: few values of each field, so that every combination of filters has some; every tenth is another tenant's. */
function made(i: number): StoredPayment {
  const account = 100010 + (i % 3)
  const inward = i % 5 === 0
  const createdAt = START + i * 1000
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')
  const state = inward ? (i % 2 === 0 ? 'succeeded' : 'declined') : (states[Math.floor(i / 3) % 9] ?? 'sent')
  return {
    ...aPayment({ serial: i }),
    id: paymentIdOf(`${hex(createdAt, 12)}7${hex(i, 3)}8${hex(account % 64, 15)}`),
    lane: laneOf(account),
    tenantId: i % 10 === 9 ? 2 : TENANT,
    direction: inward ? 'inward' : 'outward',
    state: must(
      stateKinds.find((kind) => kind === state),
      'state',
    ),
    amountPaise: paise(BigInt(100 * (1 + (i % 13)))),
    institution: 'TRN',
    accountId: accountIdOf(account),
    remitter: {
      name: `Ravi ${i % 3}`,
      account: must(parseAccountNumber(inward ? `55${i % 4}` : `700${account}`), 'account'),
      mobile: must(parseMobile(inward ? `98765432${10 + (i % 3)}` : `90000000${account % 100}`), 'mobile'),
    },
    beneficiary:
      i % 4 === 0
        ? {
            kind: 'mmid',
            mobile: must(parseMobile(`97765432${10 + (i % 3)}`), 'mobile'),
            mmid: must(parseMmid('9229123'), 'MMID'),
          }
        : {
            kind: 'account',
            name: `Asha ${i % 5}`,
            account: must(parseAccountNumber(`44${i % 6}`), 'account'),
            ifsc: must(parseIfsc(`HDFC000000${i % 3}`), 'IFSC'),
          },
    reference: i % 3 > 0 ? `REF-${i % 7}` : null,
    rrn: must(parseRrn(String(i).padStart(12, '0')), 'RRN'),
    registeredName: i % 8 === 0 ? 'ZARA' : null,
    createdAt,
  }
}

async function seed(): Promise<void> {
  await db`
    insert into account (lane, account_id, tenant_id, kind, institution, sealed, number_index, ifsc, mobile_index, mmid, created_at)
    select n % 64, n, ${TENANT}, 'customer', 'TRN', '', s.number, 'TRNT0000001', s.mobile, '7001000', now()
    from unnest(${own.map(String)}::bigint[], ${own.map((n) => testVault.index('account', `700${n}`))}::uuid[],
                ${own.map((n) => testVault.index('mobile', `90000000${n % 100}`))}::uuid[]) as s (n, number, mobile)`
  await testVault.prepare([TENANT, 2], START)
  const tx = await db.reserve()
  for (let i = 0; i < ROWS; i += 1) {
    const payment = made(i)
    await insertPayments(tx, testVault, [{ payment, answer: null }], payment.createdAt)
  }
  tx.release()
  // Deemed first, and then something else: found by an event that is no longer true.
  await db`
    insert into event (lane, payment_id, sequence, tenant_id, state, at)
    select lane, payment_id, 3, tenant_id, 'deemed', created_at from payment where state in ('succeeded', 'returned') and direction = 'outward'`
  await db`
    insert into hold (lane, account_id, payment_id, tenant_id, amount)
    select lane, account_id, payment_id, tenant_id, amount from payment where state in ('held', 'sent', 'unconfirmed')`
}

/** The number and the mobile of the other side, and those of the tenant's own account. */
function named({ beneficiary, remitter, direction, accountId }: StoredPayment) {
  const { account, mobile } =
    direction === 'inward' ? remitter : { account: undefined, mobile: undefined, ...beneficiary }
  const own = accountId?.slice(4) ?? ''
  return { numbers: [account, `700${own}`], mobiles: [mobile, `90000000${own.slice(-2)}`] }
}

const ifscOf = ({ beneficiary, direction }: StoredPayment) =>
  direction === 'outward' && beneficiary.kind === 'account' ? beneficiary.ifsc : undefined

/** The meaning of the filters, without indexes. */
function fits(payment: StoredPayment, filters: HistoryFilters): boolean {
  const { numbers, mobiles } = named(payment)
  const is = <T>(wanted: T | undefined, ...values: unknown[]): boolean =>
    wanted === undefined || values.includes(wanted)
  return (
    is(filters.status, publicStatusOf(payment)) &&
    is(filters.direction, payment.direction) &&
    is(filters.rrn, payment.rrn) &&
    is(filters.reference, payment.reference) &&
    is(filters.account, payment.accountId, ...numbers) &&
    is(filters.ifsc, ifscOf(payment)) &&
    is(filters.mobile, ...mobiles) &&
    payment.amountPaise >= (filters.minAmount ?? 0n) &&
    payment.amountPaise <= (filters.maxAmount ?? 10n ** 12n) &&
    payment.createdAt >= (filters.from ?? 0) &&
    payment.createdAt < (filters.to ?? Number.MAX_SAFE_INTEGER)
  )
}

/** Every page to the end. */
async function everything(filters: HistoryFilters, limit: number): Promise<PaymentId[]> {
  const found: PaymentId[] = []
  let before: PaymentId | undefined
  do {
    const page = await listPayments(db, testVault, TENANT, filters, before, limit)
    assert.ok(page.payments.length <= limit)
    found.push(...page.payments.map((payment) => payment.id))
    before = page.next
  } while (before !== undefined)
  return found
}

const optional = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 8 })
const instant = fc.option(
  fc.integer({ min: 0, max: ROWS }).map((second) => START + second * 1000),
  { nil: undefined, freq: 2 },
)
const amount = fc.option(
  fc.integer({ min: 0, max: 14 }).map((hundreds) => BigInt(hundreds) * 100n),
  { nil: undefined, freq: 2 },
)
const everyFilter: fc.Arbitrary<HistoryFilters> = fc.record(
  {
    status: optional('processing', 'deemed', 'succeeded', 'failed', 'returned', 'cancelled'),
    direction: optional('outward', 'inward'),
    rrn: fc.option(
      fc.integer({ min: 0, max: ROWS }).map((n) => String(n).padStart(12, '0')),
      { nil: undefined, freq: 8 },
    ),
    reference: optional('REF-1', 'REF-5', 'REF-9'),
    account: optional('acc_100010', 'acc_100011', 'acc_999999', '441', '551', '700100012', '0'),
    ifsc: optional('HDFC0000001', 'HDFC0000009'),
    mobile: optional('9776543211', '9876543210', '9000000010'),
    minAmount: amount,
    maxAmount: amount,
    from: instant,
    to: instant,
  },
  { noNullPrototype: true },
)

/** One to three of them at a time: more together fit next to nothing. */
const anyFilters = fc
  .tuple(everyFilter, fc.uniqueArray(fc.nat({ max: 10 }), { minLength: 1, maxLength: 3 }))
  .map(
    ([filters, kept]): HistoryFilters => Object.fromEntries(Object.entries(filters).filter((_, i) => kept.includes(i))),
  )

// Goal: whatever index is chosen, the pages together hold exactly the payments that fit, newest first, each once.
// Method: the same filters over the same rows without any index.
test('any filters give exactly the payments that fit, newest first, whatever the size of the page', async () => {
  await fc.assert(
    fc.asyncProperty(anyFilters, fc.integer({ min: 30, max: 100 }), async (filters, limit) => {
      const expected = all.filter((payment) => fits(payment, filters)).map((payment) => payment.id)
      assert.deepEqual(await everything(filters, limit), expected)
    }),
    { numRuns: 100 },
  )
})

const searches: readonly (readonly [typed: string, what: string, fits: (payment: StoredPayment) => boolean])[] = [
  ['000000000041', 'an RRN', (p) => p.rrn === '000000000041'],
  ['REF-4', 'a reference', (p) => p.reference === 'REF-4'],
  ['ref-4', 'a reference in other letters, which is another reference', () => false],
  ['acc_100011', 'an account', (p) => p.accountId === 'acc_100011'],
  ['442', 'an account number or an amount', (p) => named(p).numbers.includes('442')],
  ['hdfc0000001', 'an IFSC', (p) => ifscOf(p) === 'HDFC0000001'],
  ['+91 9776543211', 'a mobile number', (p) => named(p).mobiles.includes('9776543211')],
  ['₹ 3.00', 'an amount', (p) => p.amountPaise === 300n],
  ['zar', 'the beginning of a name', (p) => p.registeredName === 'ZARA'],
  ['nobody', 'a name that nobody has', () => false],
]
for (const [typed, what, wanted] of searches) {
  test(`the search box takes ${what}: ${typed}`, async () => {
    const expected = all.filter(wanted).map((payment) => payment.id)
    assert.deepEqual(await everything({ q: typed }, 50), expected)
  })
}

test('the search box takes an id', async () => {
  const id = all[17]?.id as PaymentId
  assert.deepEqual(await everything({ q: id }, 50), [id])
})

test("another tenant's payments are not there, whatever finds them", async () => {
  const [other] = await db<
    { payment_id: string; rrn: string }[]
  >`select payment_id, rrn from payment where tenant_id = 2 limit 1`
  assert.ok(other)
  assert.deepEqual(await everything({ rrn: other.rrn }, 50), [])
  assert.deepEqual(await everything({ q: paymentIdOf(other.payment_id) }, 50), [])
})
