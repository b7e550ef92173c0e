import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { satisfied, type Vote } from '../../src/payment/four-eyes.ts'
import { openTestDatabase } from '../support/database.ts'
import { createTestRoom } from '../support/payment-room.ts'
import { keyOf, startRealServer } from '../support/real-server.ts'

// Four eyes as somebody sees them who has one key that may do much. A program made by a program that the key had made had nothing in
// common with the key, and approved what it paid; who made a key for somebody else's program approved what they paid with it; a program
// could agree to its own new key; and counting thirty votes stopped the hub.

const { db, url } = await openTestDatabase()
const t = await createTestRoom(url)
const { server, call } = await startRealServer(db, t.room, [
  { tenantId: 1, name: 'first' },
  { tenantId: 1, name: 'second' },
  { tenantId: 1, name: 'third' },
])
after(() => Promise.all([server.close(), t.close()]))
const first = keyOf(1, 'first')
const second = keyOf(1, 'second')
const third = keyOf(1, 'third')
const steps = [{ anyOf: [{ role: 'checker', count: 1 }] }]
const powers = ['payments:create', 'payments:read', 'approvals:decide', 'approvals:read', 'clients:write']

const made = await call('post', '/v1/approval-rules', first, { subject: 'payment', overAmount: '100', steps })
assert.equal(made.status, 201)

async function program(maker: string, keyBy = maker): Promise<{ readonly id: string; readonly key: string }> {
  const client = await call('post', '/v1/clients', maker, { name: 'program', rights: powers })
  const key = await call('post', `/v1/clients/${client.body.id}/keys`, keyBy, {})
  assert.equal(key.status, 201, JSON.stringify(key.body))
  return { id: client.body.id, key: key.body.key }
}
async function waiting(payer: string): Promise<string> {
  const account = await t.open(100_000n)
  const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' }
  const paid = await call('post', '/v1/payments', payer, { amount: '50000', from: account.id, to })
  assert.equal(paid.body.status, 'requires_approval', JSON.stringify(paid.body))
  return paid.body.id
}
const approve = async (id: string, key: string) => {
  const { status, body } = await call('post', `/v1/approvals/${id}/approve`, key, {})
  return status === 200 ? 'approved' : body.code
}

test('no program made by a program made by a key approves what the key pays, nor the other way round', async () => {
  const child = await program(first)
  const grandchild = await program(child.key)
  const greatGrandchild = await program(grandchild.key)
  for (const [payer, voter] of [
    [first, grandchild.key],
    [first, greatGrandchild.key],
    [greatGrandchild.key, first],
    [child.key, greatGrandchild.key],
  ] as const) {
    assert.equal(await approve(await waiting(payer), voter), 'own_work')
  }
  assert.equal(await approve(await waiting(greatGrandchild.key), second), 'approved')
})

test("who made a key for somebody else's program cannot approve what it pays; nor can who made the program", async () => {
  const { key } = await program(first, second)
  assert.equal(await approve(await waiting(key), second), 'own_work')
  assert.equal(await approve(await waiting(key), first), 'own_work')
  assert.equal(await approve(await waiting(key), third), 'approved')
})

test('a program does not agree to a key of its own, whoever asks for it', async () => {
  const { id, key } = await program(first)
  const rule = await call('post', '/v1/approval-rules', first, { subject: 'client', steps })
  const asked = await call('post', `/v1/clients/${id}/keys`, second, {})
  assert.equal(asked.status, 202)
  assert.equal(await approve(asked.body.id, key), 'own_work')
  assert.equal(await approve(asked.body.id, third), 'approved')
  await call('delete', `/v1/approval-rules/${rule.body.id}`, first)
})

test('sixty votes for five steps of five people are counted at once, whether they are enough or not', () => {
  const votes: Vote[] = Array.from({ length: 60 }, (_, i) => ({
    voter: `usr_${i}`,
    same: [`usr_${i}`],
    roles: ['checker'],
  }))
  const five = {
    anyOf: [
      { role: 'checker', count: 5 },
      { role: 'maker', count: 5 },
    ],
  }
  const startedAt = performance.now()
  assert.equal(satisfied([five, five, five, five, five], votes), true)
  assert.equal(satisfied([five, five, five, five, { anyOf: [{ role: 'administrator', count: 1 }] }], votes), false)
  assert.ok(performance.now() - startedAt < 2_000)
})
