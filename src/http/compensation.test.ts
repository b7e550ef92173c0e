import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { inTransaction } from '../db/transaction.ts'
import { roles } from '../identity/rights.ts'
import { initiate } from '../payment/initiate.ts'
import { payCompensation } from '../settlement/books/compensation-pay.ts'

// Compensation whose account takes nothing is seen with why, and goes to another account of its customer when two people say so.

const { db, url } = await openTestDatabase()
const t = await createTestRoom(url)
const { server, call } = await startRealServer(db, t.room, [
  { tenantId: 1, name: 'operator', rights: roles.operations },
  { tenantId: 1, name: 'checker', rights: roles.checker },
  { tenantId: 1, name: 'viewer', rights: roles.viewer },
  { tenantId: 2, name: 'stranger' },
])
after(() => Promise.all([server.close(), t.close()]))
const [operator, checker, viewer, stranger] = ['operator', 'checker', 'viewer', 'stranger'].map((name) =>
  keyOf(name === 'stranger' ? 2 : 1, name),
) as [string, string, string, string]

let made = 0
/** Two hundred rupees that are due to a customer whose account is closed by then. */
async function waiting() {
  made += 1
  const { id: customer } = await t.makeCustomer()
  const account = await t.open(100_000n, 'TRN', 1, customer)
  const payment = await initiate(t.room, requestFrom(account.id))
  assert.ok(payment.kind === 'accepted')
  const [row] = await db<{ id: string }[]>`
    insert into compensation (tenant_id, institution, payment_id, rrn, nbin, direction, owed_by, from_on, until_on, days, amount, state, updated_at)
    values (1, 'TRN', ${payment.payment.id.slice(4)}::uuid, ${`63310900${String(made).padStart(4, '0')}`}, '7001', 'outward', 'other_bank',
      '2026-11-21', '2026-11-23', 2, 20000, 'due', now()) returning replace(compensation_id::text, '-', '') as id`
  assert.ok(row)
  const close = async () => {
    await db`update account set status = 'closed' where account_id = ${account.id.slice(4)}`
    await inTransaction(db, (tx) => payCompensation(tx, row.id, t.room.clock.now()))
  }
  return { id: `cmp_${row.id}`, account, customer, close }
}
const read = async (id: string) => (await call('get', `/v1/compensation/${id}`, viewer)).body
const ask = (id: string, account: string, key = operator) =>
  call('post', `/v1/compensation/${id}/pay-elsewhere`, key, { account })
const approve = (id: string) => call('post', `/v1/approvals/${id}/approve`, checker, {})
const balance = async (id: string) =>
  (await db<{ balance: bigint }[]>`select balance from account where account_id = ${id.slice(4)}`)[0]?.balance

test('it says why it waits and when it is tried again, and is found among what is due', async () => {
  const { id, close } = await waiting()
  await close()
  const one = await read(id)
  assert.deepEqual([one.state, one.waitsFor, one.tries, one.paidTo], ['due', 'account_closed', 1, null])
  assert.equal(Date.parse(one.nextTryAt) - Date.parse(one.updatedAt), 3_600_000)
  const { body } = await call('get', '/v1/compensation?state=due', viewer)
  assert.deepEqual(
    body.data.find((other: { id: string }) => other.id === id),
    one,
  )
  assert.equal((await call('get', `/v1/compensation/${id}`, stranger)).status, 404)
  assert.equal((await ask(id, 'acc_6401', stranger)).status, 404)
  assert.equal((await ask(id, 'acc_6401', viewer)).status, 403)
})

test('another account of the same customer has it when somebody else agrees, once', async () => {
  const { id, customer, close } = await waiting()
  const other = await t.open(0n, 'TRN', 1, customer)
  assert.equal((await ask(id, other.id)).body.type, '/problems/compensation_not_waiting')
  await close()
  const asked = await Promise.all([ask(id, other.id), ask(id, other.id)])
  assert.deepEqual(
    asked.map(({ status }) => status),
    [202, 202],
  )
  assert.deepEqual([asked[0].body.change.account, asked[0].body.change.amount], [other.id, '20000'])
  assert.equal(await balance(other.id), 0n)
  assert.equal((await call('post', `/v1/approvals/${asked[0].body.id}/approve`, operator, {})).status, 403)
  assert.equal((await approve(asked[0].body.id)).body.decision, 'approved')
  assert.equal(await balance(other.id), 20_000n)
  const paid = await read(id)
  assert.deepEqual([paid.state, paid.waitsFor, paid.nextTryAt, paid.paidTo], ['paid', null, null, other.id])
  assert.equal((await approve(asked[1].body.id)).body.type, '/problems/compensation_not_waiting')
  assert.equal(await balance(other.id), 20_000n)
  await t.proveBooks()
  const acts = await db<{ action: string }[]>`select action from act where subject = ${id}`
  assert.deepEqual(
    acts.map(({ action }) => action),
    ['compensation.pay_elsewhere_proposed', 'compensation.pay_elsewhere_proposed'],
  )
})

test('no account of anybody else, nor one that is closed, nor a customer’s that nobody knows', async () => {
  const { id, customer, close } = await waiting()
  await close()
  const { id: somebody } = await t.makeCustomer()
  const accounts = [await t.open(0n, 'TRN', 1, somebody), await t.open(0n), await t.open(0n, 'TRN', 1, customer)]
  await db`update account set status = 'frozen' where account_id = ${accounts[2]?.id.slice(4) ?? ''}`
  for (const account of accounts) {
    const { status, body } = await ask(id, account.id)
    assert.deepEqual([status, body.errors[0].field], [400, 'account'])
  }
  // Closed between the question and the vote: nothing is done, and the approval stands as it was.
  const late = await t.open(0n, 'TRN', 1, customer)
  const asked = await ask(id, late.id)
  await db`update account set status = 'closed' where account_id = ${late.id.slice(4)}`
  assert.equal((await approve(asked.body.id)).body.type, '/problems/compensation_not_waiting')
  assert.equal((await read(id)).state, 'due')
  assert.equal(await balance(late.id), 0n)
})
