import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { balanceOf, makeTestLink, nextRrn, pushInto, readLink } from '../../test/support/payment-links.ts'
import { createTestRoom } from '../../test/support/payment-room.ts'
import { testVault } from '../../test/support/vault.ts'
import { paise } from '../base/money.ts'
import { createDescribe } from '../http/event-view.ts'
import { findLinkEvents } from '../payment-link/events.ts'
import type { PaymentLink } from '../payment-link/link.ts'
import { listCredits } from '../payment-link/store.ts'
import { takeSteps } from '../webhook/outbox.ts'
import { findSettlementEvents } from '../webhook/settlement-events.ts'
import { receiveLate } from './receive-late.ts'
import { findEvents, findInwardByRrn, findPayments } from './store.ts'

const { db, url } = await openTestDatabase()
const moved: PaymentLink[] = []
const t = await createTestRoom(url, { onLinkMoved: (link) => moved.push(link) })
after(() => t.close())

const told = async (link: PaymentLink): Promise<string[]> => {
  const rows = await db<{ type: string }[]>`
    select type from payment_link_event where link_id = ${link.id.slice(4)}::uuid order by sequence`
  return rows.map(({ type }) => type)
}

test('a credit to the virtual account is the merchant’s in the commit that answers it, and the link is paid', async () => {
  const merchant = await t.open(0n)
  const link = await makeTestLink(t, merchant, { amountPaise: paise(150_000n) })
  const pushed = await pushInto(t, link.virtualAccount, 150_000n)
  assert.equal(pushed.kind, 'credited')
  assert.equal(await balanceOf(t, merchant.id), 150_000n)

  const after = await readLink(t, link.id)
  assert.deepEqual([after.state, after.receivedPaise, after.version], ['paid', 150_000n, 1])
  assert.deepEqual([after.lastCredit?.rrn, after.lastCredit?.outcome], [pushed.rrn, 'exact'])
  assert.deepEqual(moved.at(-1), after)
  assert.deepEqual(await told(link), ['paid'])

  const [payment] = await findInwardByRrn(db, testVault, pushed.rrn)
  assert.deepEqual(payment?.beneficiary, {
    kind: 'account',
    ifsc: link.virtualAccount.ifsc,
    account: link.virtualAccount.accountNumber,
  })
  assert.deepEqual([payment?.reference, payment?.accountId], [link.id, merchant.id])
  // The payer reads whose account it is, and no number but the one that was asked for.
  assert.deepEqual(pushed.outcome, {
    kind: 'credited',
    registeredName: 'Ramesh Kumar',
    account: link.virtualAccount.accountNumber,
  })
  await t.proveBooks()
})

test('the same original again is the same credit: its first answer, and nothing more for the link', async () => {
  const link = await makeTestLink(t, await t.open(0n), { amountPaise: paise(100n) })
  const first = await pushInto(t, link.virtualAccount, 100n)
  const again = await pushInto(t, link.virtualAccount, 100n, first.rrn)
  assert.deepEqual([again.kind, again.answer], ['repeated', first.answer])
  assert.equal((await readLink(t, link.id)).receivedPaise, 100n)
  assert.deepEqual(await told(link), ['paid'])
})

test('two exact credits at once: one pays the link, the other is told as repeated, and both are on the account', async () => {
  const merchant = await t.open(0n)
  const link = await makeTestLink(t, merchant, { amountPaise: paise(5_000n) })
  await Promise.all([pushInto(t, link.virtualAccount, 5_000n), pushInto(t, link.virtualAccount, 5_000n)])
  assert.equal(await balanceOf(t, merchant.id), 10_000n)
  assert.deepEqual(await told(link), ['paid', 'repeated_credit'])
  const credits = await listCredits(db, link.id, undefined, 10)
  assert.deepEqual(credits.map(({ outcome }) => outcome).sort(), ['exact', 'repeated'])
  await t.proveBooks()
})

test('parts add up, more than is due is told twice, what comes late is kept and told', async () => {
  const merchant = await t.open(0n)
  const link = await makeTestLink(t, merchant, { amountPaise: paise(1_000n), partial: true })
  for (const amount of [400n, 400n, 300n]) await pushInto(t, link.virtualAccount, amount)
  assert.deepEqual(await told(link), ['partially_paid', 'partially_paid', 'paid', 'overpaid'])
  assert.equal((await readLink(t, link.id)).state, 'paid')

  const gone = await makeTestLink(t, merchant, { amountPaise: paise(1_000n), expiresAt: t.room.clock.now() - 1 })
  assert.equal((await pushInto(t, gone.virtualAccount, 1_000n)).kind, 'credited')
  assert.deepEqual(await told(gone), ['late_credit'])
  assert.equal((await readLink(t, gone.id)).state, 'open', 'expired it stays: the merchant decides')
  assert.equal(await balanceOf(t, merchant.id), 2_100n)
})

test('what cannot be credited leaves the link as it was', async () => {
  const merchant = await t.open(0n)
  const link = await makeTestLink(t, merchant, { amountPaise: paise(100n) })
  await db`update account set status = 'frozen' where account_id = ${merchant.id.slice(4)}`
  assert.equal((await pushInto(t, link.virtualAccount, 100n)).kind, 'declined')
  assert.deepEqual([(await readLink(t, link.id)).receivedPaise, await told(link)], [0n, []])
  const slip = link.virtualAccount.accountNumber.replace(/.$/, (last) => String((Number(last) + 1) % 10))
  const pushed = await pushInto(t, { ...link.virtualAccount, accountNumber: slip }, 100n)
  assert.deepEqual(pushed.outcome, { kind: 'declined', reason: 'account_not_found' })
})

test('an original that only a settlement file brought pays its link too', async () => {
  const merchant = await t.open(0n)
  const link = await makeTestLink(t, merchant, { amountPaise: paise(700n) })
  const rrn = nextRrn()
  const late = await receiveLate(t.room, {
    institution: 'TRN',
    rrn,
    remitterBank: '600001',
    amountPaise: paise(700n),
    at: t.room.clock.now(),
    remitter: {},
    account: link.virtualAccount.accountNumber,
    mobile: undefined,
    ifsc: merchant.ifsc,
  })
  assert.equal(late.kind, 'credited')
  assert.equal((await readLink(t, link.id)).state, 'paid')
  const [payment] = await findInwardByRrn(db, testVault, rrn)
  assert.ok(payment?.beneficiary.kind === 'account')
  assert.equal(payment.beneficiary.account, link.virtualAccount.accountNumber)
  await t.proveBooks()
})

test('what became of a link is told from the outbox as it stood then, with the RRN', async () => {
  const [{ now = '' } = {}] = await db<{ now: string }[]>`select pg_current_snapshot()::text as now`
  const link = await makeTestLink(t, await t.open(0n), { amountPaise: paise(1_000n), reference: 'INV-42' })
  const first = await pushInto(t, link.virtualAccount, 600n)
  const second = await pushInto(t, link.virtualAccount, 500n)
  const [{ later = '' } = {}] = await db<{ later: string }[]>`select pg_current_snapshot()::text as later`
  const { events } = await takeSteps(db, now, later, [{ tenantId: 1, since: 0 }])
  const ofLink = events.filter(({ subject }) => subject === link.id)
  assert.deepEqual(
    ofLink.map(({ type }) => type),
    ['payment_link.underpaid', 'payment_link.paid', 'payment_link.overpaid'],
  )
  const describe = createDescribe({
    findPayments: (ids) => findPayments(db, testVault, ids),
    findEvents: (ids) => findEvents(db, ids),
    findLinkEvents: (refs) => findLinkEvents(db, testVault, refs),
    findSettlementEvents: (refs) => findSettlementEvents(db, refs),
    view: {
      heldMs: 0,
      approvalMs: 0,
      authenticationMs: 0,
      answerMs: () => 0,
      overrides: [],
      severalAccountsCode: 'MT',
    },
    origin: () => 'https://hub.example',
  })
  const messages = [...(await describe(events)).values()].filter(({ type }) => type.startsWith('payment_link.'))
  const seen = messages.map(
    ({ data }) => data as { status: string; amountReceived: string; reference: string; lastPayment: { rrn: string } },
  )
  assert.deepEqual(
    seen.map((one) => [one.status, one.amountReceived, one.reference, one.lastPayment.rrn]),
    [
      ['open', '600', 'INV-42', first.rrn],
      ['paid', '1100', 'INV-42', second.rrn],
      ['paid', '1100', 'INV-42', second.rrn],
    ],
  )
})
