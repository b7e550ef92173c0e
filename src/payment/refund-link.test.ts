import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { openTestDatabase } from '../../test/support/database.ts'
import { balanceOf, makeTestLink, pushInto, readLink } from '../../test/support/payment-links.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import type { AccountId } from '../base/identifiers.ts'
import { paise } from '../base/money.ts'
import { tellExpired } from '../payment-link/expire.ts'
import type { PaymentLink } from '../payment-link/link.ts'
import type { ListedCredit } from '../payment-link/store.ts'
import { listCredits } from '../payment-link/store.ts'
import { type InitiateResult, initiate } from './initiate.ts'
import type { Fact } from './payment.ts'
import { record } from './record.ts'

const { db, url } = await openTestDatabase()
const t = await createTestRoom(url)
after(() => t.close())

const creditsOf = (link: PaymentLink): Promise<ListedCredit[]> => listCredits(db, link.id, undefined, 100)
const refund = (link: PaymentLink, from: AccountId, credit: ListedCredit, amountPaise: bigint) =>
  initiate(
    t.room,
    requestFrom(from, { amountPaise: paise(amountPaise), refundOf: { link: link.id, credit: credit.paymentId } }),
  )
const wordOf = (result: InitiateResult): string => (result.kind === 'accepted' ? 'accepted' : result.reason)
const approved: Fact = { kind: 'approved', responseCode: '00' }
const declined: Fact = { kind: 'declined', responseCode: 'M1' }
const lapsed: Fact = { kind: 'lapsed' }

/** A paid link, and its one credit. */
async function paidLink(amountPaise: bigint) {
  const merchant = await t.open(1_000_000n)
  const link = await makeTestLink(t, merchant, { amountPaise: paise(amountPaise) })
  await pushInto(t, link.virtualAccount, amountPaise)
  const [credit] = await creditsOf(link)
  assert.ok(credit)
  return { merchant, link, credit }
}

test('refunds of a credit are together no more than it was, however many ask at once', async () => {
  const { merchant, link, credit } = await paidLink(10_000n)
  const results = await Promise.all(Array.from({ length: 12 }, () => refund(link, merchant.id, credit, 3_000n)))
  assert.deepEqual(results.map(wordOf).sort(), [
    ...Array.from({ length: 3 }, () => 'accepted'),
    ...Array.from({ length: 9 }, () => 'refund_over_paid'),
  ])
  const last = await refund(link, merchant.id, credit, 1_001n)
  assert.deepEqual(last, { kind: 'refused', reason: 'refund_over_paid', leftPaise: 1_000n })
  assert.equal((await refund(link, merchant.id, credit, 1_000n)).kind, 'accepted')
  assert.deepEqual(
    (await creditsOf(link)).map(({ refundedPaise }) => refundedPaise),
    [10_000n],
  )
  assert.equal((await readLink(t, link.id)).state, 'paid', 'what was paid was paid')
  await t.proveBooks()
})

test('two hubs that refund at once: the one that waits sees what the other has written', async () => {
  const other = await createTestRoom(url, { seed: 8 })
  try {
    for (let round = 0; round < 8; round += 1) {
      const { merchant, link, credit } = await paidLink(1_000n)
      const results = await Promise.all(
        [t, other, t, other].map(({ room }) =>
          initiate(
            room,
            requestFrom(merchant.id, {
              amountPaise: paise(1_000n),
              refundOf: { link: link.id, credit: credit.paymentId },
            }),
          ),
        ),
      )
      assert.deepEqual(
        results.map(wordOf).sort(),
        ['accepted', 'refund_over_paid', 'refund_over_paid', 'refund_over_paid'],
        `round ${round}`,
      )
    }
  } finally {
    await other.close()
  }
  await t.proveBooks()
})

test('money that comes in and money that goes back over the same link at once wait for each other, and end', async () => {
  const other = await createTestRoom(url, { seed: 9 })
  try {
    const merchant = await t.open(1_000_000n)
    const link = await makeTestLink(t, merchant, { amountPaise: paise(100n), uses: 'many' })
    await pushInto(t, link.virtualAccount, 100n)
    for (let round = 0; round < 30; round += 1) {
      const [credit] = await creditsOf(link)
      assert.ok(credit)
      const [pushed, back] = await Promise.all([
        pushInto(t, link.virtualAccount, 100n),
        initiate(
          other.room,
          requestFrom(merchant.id, {
            amountPaise: paise(100n),
            refundOf: { link: link.id, credit: credit.paymentId },
          }),
        ),
      ])
      assert.deepEqual([pushed.kind, wordOf(back)], ['credited', 'accepted'], `round ${round}`)
    }
    const [{ deadlocks = -1n } = {}] = await db<{ deadlocks: bigint }[]>`
      select deadlocks from pg_stat_database where datname = current_database()`
    assert.equal(deadlocks, 0n)
  } finally {
    await other.close()
  }
  await t.proveBooks()
})

test('a refund counts until it has failed: one whose outcome nobody knows is not made twice', async () => {
  const { merchant, link, credit } = await paidLink(5_000n)
  const first = await refund(link, merchant.id, credit, 5_000n)
  assert.ok(first.kind === 'accepted')
  const unknown = await record(t.room, first.payment, lapsed)
  assert.ok(unknown.kind === 'moved')
  assert.equal(wordOf(await refund(link, merchant.id, credit, 1n)), 'refund_over_paid')
  await record(t.room, unknown.payment, declined)
  const again = await refund(link, merchant.id, credit, 5_000n)
  assert.ok(again.kind === 'accepted', 'the money of the first is back with the merchant')
  await record(t.room, again.payment, approved)
  assert.equal(wordOf(await refund(link, merchant.id, credit, 1n)), 'refund_over_paid')
  await t.proveBooks()
})

test('one key refunds once, and nobody gives back what another account was paid', async () => {
  const { merchant, link, credit } = await paidLink(900n)
  const request = requestFrom(merchant.id, {
    amountPaise: paise(900n),
    refundOf: { link: link.id, credit: credit.paymentId },
  })
  const results = await Promise.all([initiate(t.room, request), initiate(t.room, request)])
  assert.equal(new Set(results.map((one) => one.kind === 'accepted' && one.payment.id)).size, 1)
  const stranger = await t.open(1_000_000n)
  const { link: other, credit: theirs } = await paidLink(700n)
  assert.equal(wordOf(await refund(other, stranger.id, theirs, 1n)), 'refund_over_paid')
})

test('that the time of a link is over is told once, by however many look', async () => {
  const link = await makeTestLink(t, await t.open(0n), { amountPaise: paise(100n), expiresAt: t.room.clock.now() - 1 })
  const told = await Promise.all(Array.from({ length: 4 }, () => tellExpired(db, t.room.vault, t.room.clock.now())))
  assert.deepEqual(
    told
      .flat()
      .map(({ id }) => id)
      .filter((id) => id === link.id),
    [link.id],
  )
  assert.deepEqual(await tellExpired(db, t.room.vault, t.room.clock.now()), [])
  const events = await db`select type, status from payment_link_event where link_id = ${link.id.slice(4)}::uuid`
  assert.deepEqual(
    events.map(({ type, status }) => [type, status]),
    [['expired', 'expired']],
  )
})

type Step =
  | { readonly kind: 'credit' | 'cancel' | 'expire'; readonly amountPaise: bigint }
  | { readonly kind: 'refund'; readonly amountPaise: bigint; readonly fact: Fact | undefined }
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      { kind: fc.constant('credit' as const), amountPaise: fc.bigInt(1n, 1_500n) },
      { noNullPrototype: true },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        kind: fc.constant('refund' as const),
        amountPaise: fc.bigInt(1n, 1_500n),
        fact: fc.constantFrom(approved, declined, lapsed, undefined),
      },
      { noNullPrototype: true },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      { kind: fc.constantFrom('cancel' as const, 'expire' as const), amountPaise: fc.constant(0n) },
      { noNullPrototype: true },
    ),
  },
)

// Goal: whatever comes in, ends and goes back, in whatever order: what a link received is the sum of its credits and what the ledger has, and no
// credit gives back more than it was. Method: random histories against the doors on a real database, some steps at once.
test('in any history a link received what the ledger says, and gives back no more', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 5 }),
      fc.boolean(),
      fc.constantFrom('once' as const, 'many' as const),
      async (turns, partial, uses) => {
        const merchant = await t.open(100_000n)
        const link = await makeTestLink(t, merchant, {
          amountPaise: paise(1_000n),
          partial: partial && uses === 'once',
          uses,
        })
        let sent = 0n
        const run = async (one: Step): Promise<void> => {
          switch (one.kind) {
            case 'credit':
              sent += one.amountPaise
              assert.equal((await pushInto(t, link.virtualAccount, one.amountPaise)).kind, 'credited')
              return
            case 'cancel':
              await db`update payment_link set state = 'cancelled' where link_id = ${link.id.slice(4)}::uuid and state = 'open'`
              return
            case 'expire':
              await db`update payment_link set expires_at = created_at where link_id = ${link.id.slice(4)}::uuid`
              return
            case 'refund': {
              const [credit] = await creditsOf(link)
              if (credit === undefined) return
              const result = await refund(link, merchant.id, credit, one.amountPaise)
              if (result.kind === 'accepted' && one.fact !== undefined) await record(t.room, result.payment, one.fact)
              return
            }
          }
        }
        for (const turn of turns) await Promise.all(turn.map(run))
        const credits = await creditsOf(link)
        const { receivedPaise, version } = await readLink(t, link.id)
        assert.equal(receivedPaise, sent)
        assert.equal(
          credits.reduce((sum, { amountPaise }) => sum + amountPaise, 0n),
          sent,
        )
        for (const { amountPaise, refundedPaise } of credits) assert.ok(refundedPaise <= amountPaise)
        const refunded = credits.reduce((sum, { refundedPaise }) => sum + refundedPaise, 0n)
        assert.equal(await balanceOf(t, merchant.id), 100_000n + sent - refunded)
        const [{ events = -1 } = {}] = await db`
          select count(*)::int as events from payment_link_event where link_id = ${link.id.slice(4)}::uuid`
        assert.equal(events, version)
      },
    ),
    { numRuns: 25 },
  )
  await t.proveBooks()
})
