import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { openTestDatabase } from '../../test/support/database.ts'
import { balanceOf, makeTestLink, readLink } from '../../test/support/payment-links.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { testVault } from '../../test/support/vault.ts'
import {
  accountKey,
  type Ifsc,
  laneOfAccount,
  must,
  parseAccountNumber,
  parseIfsc,
  parseMmid,
  parseMobile,
} from '../base/identifiers.ts'
import { paise } from '../base/money.ts'
import type { Beneficiary } from '../base/party.ts'
import { type ChartCode, hubAccount } from '../ledger/chart.ts'
import { type CustomerAccount, openAccount } from '../ledger/store.ts'
import { listCredits } from '../payment-link/store.ts'
import { type InitiateRequest, type InitiateResult, initiate } from './initiate.ts'
import { record } from './record.ts'
import type { PaymentRoom } from './room.ts'
import { findEvents, findInwardByRrn, findPayments } from './store.ts'
import type { StoredPayment } from './stored.ts'
import { stayedWithin } from './within-bank.ts'

// A payment whose payee has its account at the payer's own bank: never on the wire, final at once. @source settlement.md §3

const { db, url } = await openTestDatabase()
const t = await createTestRoom(url)
after(() => t.close())

type Numbered = { readonly ifsc: Ifsc; readonly accountNumber: string }
const addressOf = ({ ifsc, accountNumber }: Numbered): Beneficiary => ({
  kind: 'account',
  ifsc,
  account: must(parseAccountNumber(accountNumber), 'account'),
})

const pay = (from: CustomerAccount, to: Numbered, change: Partial<InitiateRequest> = {}, room: PaymentRoom = t.room) =>
  initiate(room, requestFrom(from.id, { to: addressOf(to), ...change }))

const paidBy = (result: InitiateResult): StoredPayment => {
  assert.equal(result.kind, 'accepted')
  return must(result.kind === 'accepted' ? result.payment : undefined, 'payment')
}

const inwardOf = async ({ rrn }: StoredPayment): Promise<StoredPayment[]> =>
  findInwardByRrn(db, testVault, must(rrn ?? undefined, 'RRN'))

/** What the hub's own accounts hold, over all lanes. */
async function held(code: ChartCode): Promise<bigint> {
  const [row] = await db<{ held: bigint }[]>`
    select sum(balance)::bigint as held from account where kind = ${code}`
  return row?.held ?? 0n
}

const setStatus = (account: CustomerAccount, status: string) => db`
  update account set status = ${status} where lane = ${laneOfAccount(account.id)} and account_id = ${accountKey(account.id)}`

test('payer and payee of one bank: debited and credited in one commit, two payments of one RRN, and nothing leaves', async () => {
  const payer = await t.open(50_000n)
  const payee = await t.open(0n, 'TRN', 2)
  const before = t.sent.length
  const payment = paidBy(await pay(payer, payee, { amountPaise: paise(20_000n), reference: 'INV-1' }))
  assert.deepEqual(
    [payment.direction, payment.state, payment.responseCode, payment.version, payment.registeredName],
    ['outward', 'succeeded', '00', 1, 'Ramesh Kumar'],
  )
  assert.deepEqual([payment.link, payment.epoch, payment.transmittedAt], [null, null, null])
  assert.match(payment.rrn ?? '', /^[0-9]{12}$/)
  assert.ok(stayedWithin(payment))

  const [inward, ...more] = await inwardOf(payment)
  assert.deepEqual(more, [])
  assert.ok(inward)
  assert.deepEqual(
    [inward.direction, inward.state, inward.tenantId, inward.accountId, inward.amountPaise, inward.reference],
    ['inward', 'succeeded', 2, payee.id, 20_000n, null],
  )
  assert.deepEqual([inward.remitter, inward.remitterBank], [payment.remitter, payment.remitterBank])
  assert.ok(stayedWithin(inward))
  assert.deepEqual(await findPayments(db, testVault, [payment.id]), [payment])
  assert.deepEqual(
    (await findEvents(db, [payment.id, inward.id])).map(({ sequence, state }) => [sequence, state]),
    [
      [1, 'succeeded'],
      [1, 'succeeded'],
    ],
  )
  assert.deepEqual([await balanceOf(t, payer.id), await balanceOf(t, payee.id)], [30_000n, 20_000n])
  assert.deepEqual([await held('OUT-CLR'), await held('IN-CLR')], [0n, 0n])
  assert.equal(t.sent.length, before)
  assert.deepEqual(
    t.moved.slice(-2).map(({ payment: { id }, event: { state } }) => [id, state]),
    [
      [payment.id, 'succeeded'],
      [inward.id, 'succeeded'],
    ],
  )
  await t.proveBooks()
})

test('to an account of another bank of the hub, or of any other, it leaves as it always did', async () => {
  const payer = await t.open()
  for (const ifsc of ['TAAA0000001', 'HDFC0000123']) {
    const payment = paidBy(await pay(payer, { ifsc: must(parseIfsc(ifsc), 'IFSC'), accountNumber: '50100123456789' }))
    assert.deepEqual([payment.state, payment.link, stayedWithin(payment)], ['sent', 'remitter', false])
  }
})

let shared = 0

/** Why the payee's side does not take it, as a credit from another bank is declined (rail/inbound). */
const declines: readonly [what: string, code: string, to: () => Promise<Beneficiary>][] = [
  [
    'an account that does not exist',
    'M1',
    async () => addressOf({ ifsc: must(parseIfsc('TRNT0000001'), 'IFSC'), accountNumber: '70019999999999' }),
  ],
  [
    'an account number that is at another bank of the hub',
    'M1',
    async () => {
      const elsewhere = await t.open(0n, 'TAA')
      return addressOf({ ...elsewhere, ifsc: must(parseIfsc('TRNT0000001'), 'IFSC') })
    },
  ],
  [
    'a frozen account',
    'M3',
    async () => {
      const frozen = await t.open(0n)
      await setStatus(frozen, 'frozen')
      return addressOf(frozen)
    },
  ],
  [
    'a closed account',
    'M5',
    async () => {
      const closed = await t.open(0n)
      await setStatus(closed, 'closed')
      return addressOf(closed)
    },
  ],
  [
    'an MMID that nobody has',
    'M1',
    async () => ({
      kind: 'mmid',
      mobile: must(parseMobile('9812300001'), 'mobile'),
      mmid: must(parseMmid('7001123'), 'MMID'),
    }),
  ],
  [
    'a mobile number with two accounts, and none of them the default',
    'MT',
    async () => {
      shared += 1
      const mobile = `981230010${shared}`
      await openFor(mobile, '7001501')
      await openFor(mobile, '7001502')
      return byDefault(mobile)
    },
  ],
]

const byDefault = (mobile: string) => ({
  kind: 'mmid' as const,
  mobile: must(parseMobile(mobile), 'mobile'),
  mmid: must(parseMmid('7001000'), 'MMID'),
  bank: 'TRNT',
})

async function openFor(mobile: string, mmid: string): Promise<CustomerAccount> {
  const opened = await openAccount(
    db,
    testVault,
    {
      tenantId: 1,
      institution: 'TRN',
      nbin: '7001',
      name: 'Asha Devi',
      ifsc: must(parseIfsc('TRNT0000001'), 'IFSC'),
      mobile: must(parseMobile(mobile), 'mobile'),
      mmid: must(parseMmid(mmid), 'MMID'),
      reference: null,
      openingBalance: 0n,
    },
    t.room.clock.now(),
  )
  if (typeof opened === 'string') throw new Error(opened)
  return opened
}

for (const [what, code, to] of declines) {
  test(`${what} is declined ${code} at once, and nothing is debited`, async () => {
    const payer = await t.open(50_000n)
    const payment = paidBy(await initiate(t.room, requestFrom(payer.id, { to: await to() })))
    assert.deepEqual([payment.state, payment.responseCode, payment.registeredName], ['declined', code, null])
    assert.ok(stayedWithin(payment))
    assert.deepEqual(await inwardOf(payment), [])
    assert.equal(await balanceOf(t, payer.id), 50_000n)
    const entries = await db`select from entry where journal_id = ${payment.id.slice(4)}::uuid`
    assert.equal(entries.length, 0)
    const usage = await db<{ usage: string }[]>`select usage from account where account_id = ${accountKey(payer.id)}`
    assert.deepEqual([...usage], [{ usage: '{}' }], 'what was declined counts in no limit')
    await t.proveBooks()
  })

  test(`${what}, found out after a wait, is declined ${code} and the money is back`, async () => {
    const payer = await t.open(50_000n)
    const asked = requestFrom(payer.id, { to: await to(), waits: [{ stage: 'lag', seconds: 60 }] })
    const waiting = paidBy(await initiate(t.room, asked))
    assert.deepEqual([waiting.state, waiting.rrn, await balanceOf(t, payer.id)], ['held', null, 40_000n])
    const released = await record(t.room, waiting, { kind: 'released', stage: 'lag' })
    const ended = await record(t.room, must(released.kind === 'moved' ? released.payment : undefined, 'payment'), {
      kind: 'dispatched',
    })
    assert.equal(ended.kind, 'moved')
    assert.deepEqual(ended.kind === 'moved' && [ended.payment.state, ended.payment.responseCode], ['declined', code])
    assert.equal(await balanceOf(t, payer.id), 50_000n)
    await t.proveBooks()
  })
}

test('without the money it is refused before anybody asks about the payee', async () => {
  const payer = await t.open(100n)
  const frozen = await t.open(0n)
  await setStatus(frozen, 'frozen')
  const result = await pay(payer, frozen)
  assert.deepEqual(result, { kind: 'refused', reason: 'insufficient_funds' })
})

test('by mobile number and MMID, and by mobile number and bank, the payee is the account behind them', async () => {
  const payer = await t.open()
  const payee = await openFor('9812300009', '7001909')
  const mmid = {
    kind: 'mmid',
    mobile: must(parseMobile('9812300009'), 'mobile'),
    mmid: must(parseMmid('7001909'), 'MMID'),
  } as const
  for (const to of [mmid, byDefault('9812300009')]) {
    const payment = paidBy(await initiate(t.room, requestFrom(payer.id, { to })))
    assert.deepEqual([payment.state, payment.registeredName], ['succeeded', 'Asha Devi'])
    const [inward] = await inwardOf(payment)
    assert.deepEqual(inward?.beneficiary, { kind: 'mmid', mobile: mmid.mobile, mmid: to.mmid })
  }
  assert.equal(await balanceOf(t, payee.id), 20_000n)
})

test('no link, and a net debit cap that is used up, stop nothing that stays within the bank', async () => {
  const stopped = await createTestRoom(url, { seed: 11, stopOf: () => 'refuse' })
  try {
    stopped.link = undefined
    const payer = await t.open()
    const payee = await t.open(0n)
    assert.equal(paidBy(await pay(payer, payee, {}, stopped.room)).state, 'succeeded')
    const elsewhere = await initiate(stopped.room, requestFrom(payer.id))
    assert.deepEqual(elsewhere, { kind: 'refused', reason: 'net_debit_cap_used' })
  } finally {
    await stopped.close()
  }
})

test('a payment that waited is passed on in the commit that lets it go; a second one finds it done', async () => {
  const payer = await t.open(50_000n)
  const payee = await t.open(0n)
  const waiting = paidBy(await pay(payer, payee, { waits: [{ stage: 'lag', seconds: 60 }] }))
  assert.deepEqual([waiting.state, waiting.rrn], ['held', null])
  const early = await record(t.room, waiting, { kind: 'dispatched' })
  assert.equal(early.kind, 'contradicted', 'not before its wait is over')
  assert.equal(await balanceOf(t, payee.id), 0n)
  const released = await record(t.room, waiting, { kind: 'released', stage: 'lag' })
  const ready = must(released.kind === 'moved' ? released.payment : undefined, 'payment')
  const ended = await Promise.all(Array.from({ length: 5 }, () => record(t.room, ready, { kind: 'dispatched' })))
  assert.equal(ended.filter(({ kind }) => kind === 'moved').length, 1)
  assert.deepEqual([await balanceOf(t, payer.id), await balanceOf(t, payee.id)], [40_000n, 10_000n])
  const [stored] = await findPayments(db, testVault, [waiting.id])
  assert.deepEqual([stored?.state, stored?.responseCode, stored?.registeredName], ['succeeded', '00', 'Ramesh Kumar'])
  assert.ok(stored && stayedWithin(stored))
  assert.equal((await inwardOf(stored)).length, 1)
  assert.deepEqual([await held('OUT-CLR')], [await outstanding()])
  await t.proveBooks()
})

/** What outward clearing must hold: all that has left and is not settled. */
async function outstanding(): Promise<bigint> {
  const [row] = await db<{ sum: bigint }[]>`
    select coalesce(sum(amount), 0)::bigint as sum from payment
    where direction = 'outward' and (state in ('held', 'sent', 'unconfirmed', 'deemed') or (state = 'succeeded' and transmitted_at is not null))`
  return row?.sum ?? 0n
}

test('a payment link is paid in the commit of its payer: credit, outcome and events, once for each payment', async () => {
  const payer = await t.open(100_000n)
  const merchant = await t.open(0n)
  const link = await makeTestLink(t, merchant, { amountPaise: paise(15_000n) })
  const payment = paidBy(await pay(payer, link.virtualAccount, { amountPaise: paise(15_000n), reference: 'mine' }))
  const paid = await readLink(t, link.id)
  assert.deepEqual([paid.state, paid.receivedPaise, paid.lastCredit?.outcome], ['paid', 15_000n, 'exact'])
  assert.equal(paid.lastCredit?.rrn, payment.rrn)
  const [inward] = await inwardOf(payment)
  assert.deepEqual([payment.reference, inward?.reference, inward?.id], ['mine', link.id, paid.lastCredit?.paymentId])
  const again = paidBy(await pay(payer, link.virtualAccount, { amountPaise: paise(15_000n) }))
  assert.equal(again.state, 'succeeded', 'by the rules of a link a second credit is told, not refused')
  const told = await db<{ type: string }[]>`
    select type from payment_link_event where link_id = ${link.id.slice(4)}::uuid order by sequence`
  assert.deepEqual(
    told.map(({ type }) => type),
    ['paid', 'repeated_credit'],
  )
  assert.equal(await balanceOf(t, merchant.id), 30_000n)
  await t.proveBooks()
})

test('a refund goes back within the bank, and never more than was paid', async () => {
  const payer = await t.open(20_000n)
  const merchant = await t.open(50_000n)
  const link = await makeTestLink(t, merchant, { amountPaise: paise(20_000n) })
  await pay(payer, link.virtualAccount, { amountPaise: paise(20_000n) })
  const [credit] = await listCredits(db, link.id, undefined, 10)
  assert.ok(credit)
  const refund = (amount: bigint) =>
    pay(merchant, payer, { amountPaise: paise(amount), refundOf: { link: link.id, credit: credit.paymentId } })
  const results = await Promise.all([refund(12_000n), refund(12_000n)])
  assert.deepEqual(results.map((one) => (one.kind === 'accepted' ? one.payment.state : one.reason)).sort(), [
    'refund_over_paid',
    'succeeded',
  ])
  assert.equal(await balanceOf(t, payer.id), 12_000n)
  // What was declined gave nothing back.
  await setStatus(payer, 'frozen')
  assert.equal(paidBy(await refund(8_000n)).state, 'declined')
  await setStatus(payer, 'open')
  assert.equal(paidBy(await refund(8_000n)).state, 'succeeded')
  assert.equal(await balanceOf(t, payer.id), 20_000n)
  await t.proveBooks()
})

test('fifty parallel tries with one key are one payment, over two hubs', async () => {
  const other = await createTestRoom(url, { seed: 12 })
  try {
    const payer = await t.open(1_000_000n)
    const payee = await t.open(0n)
    const request = requestFrom(payer.id, { to: addressOf(payee) })
    const settled = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) => initiate(i % 2 === 0 ? t.room : other.room, request)),
    )
    // Two hubs that write one key at once: one of them may find the other's row only by asking again.
    const again = await Promise.all(
      settled.map((one) => (one.status === 'fulfilled' ? one.value : initiate(t.room, request))),
    )
    assert.equal(new Set(again.map((one) => paidBy(one).id)).size, 1)
    assert.deepEqual([await balanceOf(t, payer.id), await balanceOf(t, payee.id)], [990_000n, 10_000n])
    await t.proveBooks()
  } finally {
    await other.close()
  }
})

test('whatever customers of one bank pay each other at once, the sum of their money stays and nobody is below zero', async () => {
  const people = await Promise.all([30_000n, 20_000n, 10_000n, 0n, 5_000n].map((opening) => t.open(opening)))
  const total = 65_000n
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ from: fc.nat(4), to: fc.nat(4), amount: fc.integer({ min: 1, max: 40_000 }), waits: fc.boolean() }),
        { minLength: 1, maxLength: 20 },
      ),
      async (payments) => {
        const results = await Promise.all(
          payments.map(({ from, to, amount, waits }) =>
            pay(must(people[from], 'payer'), must(people[to], 'payee'), {
              amountPaise: paise(BigInt(amount)),
              ...(waits ? { waits: [{ stage: 'lag', seconds: 1 }] as const } : {}),
            }),
          ),
        )
        for (const result of results) {
          if (result.kind === 'refused') {
            assert.equal(result.reason, 'insufficient_funds')
            continue
          }
          const { payment } = result
          if (payment.state !== 'held') continue
          const released = await record(t.room, payment, { kind: 'released', stage: 'lag' })
          if (released.kind !== 'unknown') await record(t.room, released.payment, { kind: 'dispatched' })
        }
        const balances = await Promise.all(people.map(({ id }) => balanceOf(t, id)))
        assert.equal(
          balances.reduce((sum, one) => sum + one, 0n),
          total,
        )
        assert.ok(balances.every((one) => one >= 0n))
      },
    ),
    { numRuns: 15 },
  )
  // Never both, never neither: as many inward as outward ones, of one RRN and amount.
  const odd = await db`
    select from payment o full join payment i on i.rrn = o.rrn and i.direction = 'inward' and i.amount = o.amount
    where o.direction = 'outward' and o.state = 'succeeded' and o.transmitted_at is null and i.payment_id is null`
  assert.equal(odd.length, 0)
  await t.proveBooks()
})

for (const point of ['initiate:before-commit', 'initiate:after-commit'] as const) {
  test(`stopped ${point}, the same key asked again makes one payment, passed on once`, async () => {
    let stops = 1
    const weak = await createTestRoom(url, {
      seed: point === 'initiate:before-commit' ? 13 : 14,
      crashPoint: (name) => {
        if (name === point && stops-- > 0) throw new Error('stopped here')
      },
    })
    try {
      const payer = await t.open(30_000n)
      const payee = await t.open(0n)
      const request = requestFrom(payer.id, { to: addressOf(payee) })
      const first = await initiate(weak.room, request).catch(() => undefined)
      const payment = paidBy(first ?? (await initiate(weak.room, request)))
      assert.equal(payment.state, 'succeeded')
      assert.deepEqual([await balanceOf(t, payer.id), await balanceOf(t, payee.id)], [20_000n, 10_000n])
      assert.equal((await inwardOf(payment)).length, 1)
      await t.proveBooks()
    } finally {
      await weak.close()
    }
  })
}

test('the hub’s own accounts in the payer’s lane carry it, and are empty of it afterwards', async () => {
  const payer = await t.open(10_000n)
  const payee = await t.open(0n)
  const payment = paidBy(await pay(payer, payee))
  const [inward] = await inwardOf(payment)
  const legs = await db<{ journal_id: string; account_id: bigint; amount: bigint }[]>`
    select journal_id, account_id, amount from entry
    where journal_id = any(${[payment.id.slice(4), must(inward, 'inward').id.slice(4)]}::uuid[]) order by amount`
  const clearing = hubAccount('OUT-CLR', laneOfAccount(payer.id))
  const line = (id: string, account: CustomerAccount['id'], amount: bigint) => [
    id.slice(4),
    accountKey(account),
    amount,
  ]
  assert.deepEqual(
    new Set(
      legs.map((leg) =>
        JSON.stringify([leg.journal_id.replaceAll('-', ''), String(leg.account_id), String(leg.amount)]),
      ),
    ),
    new Set(
      [
        line(payment.id, payer.id, -10_000n),
        line(payment.id, clearing, 10_000n),
        line(must(inward, 'inward').id, clearing, -10_000n),
        line(must(inward, 'inward').id, payee.id, 10_000n),
      ].map((one) => JSON.stringify(one.map(String))),
    ),
  )
})
