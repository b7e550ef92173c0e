import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { inspect } from 'node:util'
import { openTestDatabase } from '../../../test/support/database.ts'
import { AMOUNT, setUpDisputes } from '../../../test/support/disputes.ts'
import { testVault } from '../../../test/support/vault.ts'
import { inTransaction } from '../../db/transaction.ts'
import { addDays, istInstant } from '../../imps/disputes/days.ts'
import type { CustomerAccount } from '../../ledger/store.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import { type Ask, ask } from './ask.ts'
import { sweepDisputes } from './clocks.ts'
import { addEvidence } from './evidence.ts'
import { agreeToOwn, type OwnStep, refuseOwn } from './own-step.ts'
import { payWon } from './pay.ts'
import type { StoredDispute } from './store.ts'

// Shadow reversal, in force from 1 January 2027: provisional credit that the customer sees and cannot spend, until the case is decided.

const { url } = await openTestDatabase()
const d = await setUpDisputes(url)
after(() => d.t.close())
const deps = {
  ...d.deps,
  queue: async () => assert.fail('nothing of a shadow reversal is said to NPCI'),
}
const asks = (payment: StoredPayment, flag: string, reason: string, change: Partial<Ask> = {}) =>
  inTransaction(d.t.db, (tx) =>
    ask(tx, deps, { tenantId: 1, paymentId: payment.id, flag, reason, actor: 'usr_maker', ...change }),
  )
const agree = (disputeId: string, actor = 'usr_checker'): Promise<OwnStep> =>
  inTransaction(d.t.db, (tx) => agreeToOwn(tx, deps, { tenantId: 1, disputeId, actor }))
const IN_FORCE = '2027-01-01'
const midnight = istInstant(IN_FORCE, '00:00')

async function asked(payment: StoredPayment, flag: string, reason: string, disputeId?: string): Promise<StoredDispute> {
  const found = await asks(payment, flag, reason, disputeId === undefined ? {} : { disputeId })
  assert.ok(found.kind === 'asked', inspect(found))
  return found.dispute
}
async function done(disputeId: string): Promise<StoredDispute> {
  const step = await agree(disputeId)
  assert.ok(step.kind === 'done', inspect(step))
  return step.dispute
}
/** A payment of ours that somebody else made, credited provisionally. */
async function shadowed() {
  d.goTo(midnight)
  const { payment, account } = await d.outward('succeeded')
  const { id } = await asked(payment, 'SR', 'SR1')
  return { payment, account, dispute: await done(id) }
}
const of = async (account: CustomerAccount) => {
  const { balance, lien } = await d.customer(account)
  return { balance, lien }
}
const paper = (disputeId: string) =>
  inTransaction(d.t.db, (tx) =>
    addEvidence(tx, testVault, {
      id: `evd_${randomUUID().replaceAll('-', '')}`,
      tenantId: 1,
      disputeId,
      name: 'finding.txt',
      content: Buffer.from('It was the customer.'),
      by: 'usr_maker',
      at: d.clock.now(),
    }),
  )
const FULL = 10_000_000n

test('until the last instant of 2026 there is no shadow reversal; from the first of 2027 there is', async () => {
  const { payment, account } = await d.outward('succeeded')
  d.goTo(midnight - 1)
  const early = await asks(payment, 'SR', 'SR1')
  assert.ok(early.kind === 'refused' && early.why === 'not_in_force')
  assert.match(early.says.text, /not in force on 2026-12-31/)

  d.goTo(midnight)
  const before = [await d.balanceOf('SHADOW-REC'), await d.balanceOf('RBI-STL')]
  const { id, state } = await asked(payment, 'SR', 'SR1')
  assert.equal(state, 'new')
  assert.deepEqual(await of(account), { balance: FULL - AMOUNT, lien: 0n }, 'asking moves nothing')
  const self = await agree(id, 'usr_maker')
  assert.ok(self.kind === 'refused' && /another person/.test(self.says.text))

  const dispute = await done(id)
  assert.deepEqual([dispute.state, dispute.shadowPaise, dispute.pending], ['raised', AMOUNT, null])
  assert.deepEqual(await of(account), { balance: FULL, lien: AMOUNT }, 'there, and not to be spent')
  assert.deepEqual(
    [await d.balanceOf('SHADOW-REC'), await d.balanceOf('RBI-STL')],
    [(before[0] ?? 0n) - AMOUNT, before[1]],
  )
  assert.equal((await agree(id)).kind, 'refused', 'once')
  await d.t.proveBooks()
})

test('decided for the customer the bank bears it, and what another way brings later is not the customer’s again', async () => {
  const { payment, account, dispute } = await shadowed()
  const before = [await d.balanceOf('SHADOW-REC'), await d.balanceOf('COMP-EXP')]
  await asked(payment, 'SRC', 'SR2', dispute.id)
  const closed = await done(dispute.id)
  assert.deepEqual([closed.state, closed.shadowPaise, closed.lienId], ['for_remitter', 0n, null])
  assert.deepEqual(await of(account), { balance: FULL, lien: 0n })
  assert.deepEqual(
    [await d.balanceOf('SHADOW-REC'), await d.balanceOf('COMP-EXP')],
    [(before[0] ?? 0n) + AMOUNT, (before[1] ?? 0n) - AMOUNT],
  )
  const suspense = await d.balanceOf('SUSP-OUT')
  await d.say(payment, 'FC', '128')
  await d.say(payment, 'FCA', '129')
  await payWon(deps)
  assert.deepEqual(await of(account), { balance: FULL, lien: 0n })
  assert.equal(await d.balanceOf('SUSP-OUT'), suspense + AMOUNT)
  assert.ok(d.breaks.some(({ type }) => type === 'B18'))
  await d.t.proveBooks()
})

test('decided against the customer the credit goes back, with papers, also after the 45 days', async () => {
  const { payment, account, dispute } = await shadowed()
  const receivable = await d.balanceOf('SHADOW-REC')
  d.goTo(istInstant(addDays(IN_FORCE, 50), '12:00'))
  await sweepDisputes(deps)
  assert.ok(d.breaks.some(({ type, action }) => type === 'B20' && action.includes(dispute.id)))
  const bare = await asks(payment, 'SRX', 'SR3', { disputeId: dispute.id })
  assert.ok(bare.kind === 'refused' && bare.why === 'evidence')
  assert.equal((await paper(dispute.id)).kind, 'added')
  await asked(payment, 'SRX', 'SR3', dispute.id)
  const closed = await done(dispute.id)
  assert.deepEqual([closed.state, closed.shadowPaise], ['for_beneficiary', 0n])
  assert.deepEqual(await of(account), { balance: FULL - AMOUNT, lien: 0n })
  assert.equal(await d.balanceOf('SHADOW-REC'), receivable + AMOUNT)
  await d.t.proveBooks()
})

test('what came by another way meanwhile is not given twice', async () => {
  const { payment, account, dispute } = await shadowed()
  await d.say(payment, 'FC', '128')
  await d.say(payment, 'FCA', '129')
  assert.deepEqual(await of(account), { balance: FULL + AMOUNT, lien: AMOUNT })
  await asked(payment, 'SRC', 'SR2', dispute.id)
  const step = await agree(dispute.id)
  assert.ok(step.kind === 'refused' && /another way/.test(step.says.text))
  const dropped = await inTransaction(d.t.db, (tx) =>
    refuseOwn(tx, deps, { tenantId: 1, disputeId: dispute.id, actor: 'usr_maker' }, 'SRX is right'),
  )
  assert.ok(dropped.kind === 'done' && dropped.dispute.state === 'raised' && dropped.dispute.pending === null)
  await paper(dispute.id)
  await asked(payment, 'SRX', 'SR3', dispute.id)
  await done(dispute.id)
  assert.deepEqual(await of(account), { balance: FULL, lien: 0n })
  await d.t.proveBooks()
})

test('no report of NPCI, and no beneficiary bank, says a shadow reversal; a frozen account takes none', async () => {
  d.goTo(midnight)
  const { payment, account } = await d.outward('succeeded')
  assert.equal((await d.say(payment, 'SR', 'SR1', { on: IN_FORCE })).kind, 'contradicted')
  const { payment: toUs } = await d.inward(true)
  const theirs = await asks(toUs, 'SR', 'SR1')
  assert.ok(theirs.kind === 'refused' && theirs.why === 'wrong_bank')
  const { id } = await asked(payment, 'SR', 'SR1')
  await d.t.db`update account set status = 'frozen' where account_id = ${account.id.slice(4)}`
  const frozen = await agree(id)
  assert.ok(frozen.kind === 'refused' && /takes no credits/.test(frozen.says.text))
  assert.deepEqual(await of(account), { balance: FULL - AMOUNT, lien: 0n })
  assert.equal(
    (await inTransaction(d.t.db, (tx) => agreeToOwn(tx, deps, { tenantId: 2, disputeId: id, actor: 'usr_checker' })))
      .kind,
    'unknown',
  )
})
