import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { must, parseMobile } from '../../src/base/identifiers.ts'
import { begin } from '../../src/customer/authenticate.ts'
import { insertCustomer } from '../../src/customer/customer-store.ts'
import { insertFactor, newFactorId } from '../../src/customer/factor-store.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { release } from '../../src/payment/approvals.ts'
import { initiate } from '../../src/payment/initiate.ts'
import { record, recordById } from '../../src/payment/record.ts'
import { customersOf } from '../support/customers.ts'
import { openTestDatabase } from '../support/database.ts'
import { createTestRoom, requestFrom } from '../support/payment-room.ts'
import { keyOf, startRealServer } from '../support/real-server.ts'
import { testVault } from '../support/vault.ts'

// What came between the decision about a payment and its leaving. An account that was blocked while a payment to it waited got the money;
// a no to what people had found out came after the last yes and before the money, was answered as done, and the money moved all the
// same; twenty questions at once for the code of one payment sent twenty messages where five are allowed.

const { db, url } = await openTestDatabase({ connections: 30 })
const t = await createTestRoom(url)
const { server, call } = await startRealServer(db, t.room, [
  { tenantId: 1, name: 'all' },
  { tenantId: 1, name: 'other' },
])
after(() => Promise.all([server.close(), t.close()]))
const key = keyOf(1, 'all')

const sides = [
  ['the beneficiary', 'beneficiary_blocked', () => '50100123456789'],
  ['the remitter', 'remitter_blocked', (account: { readonly accountNumber: string }) => account.accountNumber],
] as const
for (const [who, reason, numberOf] of sides) {
  for (const wait of ['approval', 'lag', 'link'] as const) {
    test(`${who} is blocked while a payment waits for ${wait}: the money comes back`, async () => {
      const account = await t.open(100_000n)
      t.link = wait === 'link' ? undefined : { link: 'remitter', epoch: 1 }
      const waits = wait === 'lag' ? ([{ stage: 'lag', seconds: 60 }] as const) : undefined
      const approval = { reason: 'rule', steps: [], enquiryId: null, maker: 'usr_1', makerSame: ['usr_1'] }
      const paid = await initiate(
        t.room,
        requestFrom(account.id, {
          ...(waits === undefined ? {} : { waits }),
          ...(wait === 'approval' ? { approval } : {}),
        }),
      )
      assert.ok(paid.kind === 'accepted' && paid.payment.state === 'held')
      t.link = { link: 'remitter', epoch: 1 }
      const block = { account: numberOf(account), reason: 'fraud' }
      const blocked = await call('post', '/v1/risk/block', key, block)
      assert.equal(blocked.status, 204, JSON.stringify(blocked.body))
      const gone =
        wait === 'link'
          ? await record(t.room, paid.payment, { kind: 'dispatched' })
          : await release(t.room, paid.payment, wait)
      await call('post', '/v1/risk/unblock', key, block)
      assert.ok(gone.kind === 'moved')
      assert.deepEqual([gone.payment.state, gone.payment.reason], ['refused', reason])
      const [row] = await db<
        { balance: bigint }[]
      >`select balance from account where account_id = ${account.id.slice(4)}`
      assert.equal(row?.balance, 100_000n)
      assert.deepEqual(
        t.sent.filter(({ id }) => id === paid.payment.id),
        [],
      )
      await t.proveBooks()
    })
  }
}

for (const decision of ['rejected', 'lapsed'] as const) {
  test(`what people had found out is ${decision} before it is carried out: no money moves`, async () => {
    const account = await t.open(100_000n)
    const paid = await initiate(t.room, requestFrom(account.id))
    assert.ok(paid.kind === 'accepted')
    await recordById(t.room, paid.payment.id, { kind: 'lapsed' })
    const evidence = { source: 'npci_settlement_file', reference: 'NTSL 27-11 5C, line 42' }
    const asked = await call('post', `/v1/payments/${paid.payment.id}/resolve`, key, { outcome: 'failed', evidence })
    const approvalId = asked.body.id.slice(4)
    await db`update approval_request set decision = ${decision}, decided_at = now() where approval_id = ${approvalId}::uuid`
    const late = await recordById(t.room, paid.payment.id, { kind: 'found_unpaid', approvalId })
    assert.ok(late.kind === 'contradicted' && late.payment.state === 'unconfirmed')
    const [row] = await db<{ balance: bigint }[]>`select balance from account where account_id = ${account.id.slice(4)}`
    assert.equal(row?.balance, 90_000n)
    await t.proveBooks()
  })
}

test('of twenty questions at once for the code of one payment five are asked', async () => {
  const deps = customersOf(db, t.room)
  await db`update tenant set customer_authentication = 'hub' where tenant_id = 1`
  const now = t.room.clock.now()
  await testVault.prepare([1], now)
  const mobile = must(parseMobile('9876500001'), 'mobile')
  const customer = await inTransaction(db, async (tx) => {
    const made = await insertCustomer(
      tx,
      testVault,
      { tenantId: 1, name: 'Asha Devi', mobile, language: 'en', reference: null },
      now,
    )
    assert.ok(made !== 'reference_taken')
    const enrolled = { proof: null, proofUntil: null }
    await insertFactor(
      tx,
      testVault,
      made,
      { id: newFactorId(), kind: 'mpin', secret: 'never asked', ...enrolled },
      now,
    )
    await insertFactor(tx, testVault, made, { id: newFactorId(), kind: 'sms', secret: mobile, ...enrolled }, now)
    return made
  })
  const account = await t.open(100_000n, 'TRN', 1, customer.key)
  const paid = await initiate(t.room, requestFrom(account.id))
  assert.ok(paid.kind === 'accepted')
  await db`update tenant set customer_authentication = 'none' where tenant_id = 1`
  const asking = {
    tenantId: 1,
    paymentId: paid.payment.id,
    actor: { kind: 'client', id: 'cli_bank' },
    address: '203.0.113.9',
    requestId: null,
  }
  // Of the five messages in ten minutes that one number gets none is left to protect it here.
  const pumping = { count: async () => ({ kind: 'counted' }) as const }
  const asked = await Promise.all(Array.from({ length: 20 }, () => begin({ ...deps, pumping }, asking, 'sms')))
  assert.equal(asked.filter(({ kind }) => kind === 'begun').length, 5)
  assert.equal(asked.filter(({ kind }) => kind === 'too_many_challenges').length, 15)
})

test('what came back counts no more of what a new beneficiary gets', async () => {
  const limit = await call('post', '/v1/limits', key, { rules: { cooling: { hours: 24, amount: '15000' } } })
  assert.equal(limit.status, 201)
  const account = await t.open(100_000n)
  const first = await initiate(t.room, requestFrom(account.id))
  assert.ok(first.kind === 'accepted')
  const over = await initiate(t.room, requestFrom(account.id))
  assert.ok(over.kind === 'refused' && over.reason === 'cooling_limit_exceeded')
  await recordById(t.room, first.payment.id, { kind: 'declined', responseCode: 'M1' })
  await recordById(t.room, first.payment.id, { kind: 'declined', responseCode: 'M1' })
  assert.equal((await initiate(t.room, requestFrom(account.id))).kind, 'accepted')
  const again = await initiate(t.room, requestFrom(account.id))
  assert.ok(again.kind === 'refused' && again.reason === 'cooling_limit_exceeded')
  await call('delete', `/v1/limits/${limit.body.id}`, key)
})

test('approved at the moment at which the wait for approval was over: the lag that comes then is not over', async () => {
  const account = await t.open(100_000n)
  const approval = { reason: 'rule', steps: [], enquiryId: null, maker: 'usr_1', makerSame: ['usr_1'] }
  const waits = [{ stage: 'lag', seconds: 60 }] as const
  const paid = await initiate(t.room, requestFrom(account.id, { approval, waits }))
  assert.ok(paid.kind === 'accepted')
  const [released, late] = await Promise.all([
    record(t.room, paid.payment, { kind: 'released', stage: 'approval' }),
    record(t.room, paid.payment, { kind: 'rejected', reason: 'waited_too_long', stage: 'approval' }),
  ])
  assert.deepEqual([released.kind, late.kind], ['moved', 'repeated'])
  assert.ok(late.kind === 'repeated' && late.payment.state === 'held')
  assert.equal((await release(t.room, late.payment, 'lag')).kind, 'moved')
})
