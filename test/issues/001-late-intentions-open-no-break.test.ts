import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { initiate } from '../../src/payment/initiate.ts'
import type { Fact } from '../../src/payment/payment.ts'
import { record } from '../../src/payment/record.ts'
import { openTestDatabase } from '../support/database.ts'
import { createTestRoom, requestFrom } from '../support/payment-room.ts'

// The simulation found breaks for people to decide where nobody had anything to decide: a customer cancelled a held payment at
// the moment it was dispatched, or the other way round, and "cancelled but dispatched" was put on the list.

const { url } = await openTestDatabase()
const t = await createTestRoom(url)
after(() => t.close())

test('what the hub or its customer wanted too late is refused to whoever asked, and opens no break', async () => {
  const account = await t.open()
  t.link = undefined
  const held = await initiate(t.room, requestFrom(account.id))
  t.link = { link: 'remitter', epoch: 1 }
  assert.ok(held.kind === 'accepted' && held.payment.state === 'held')
  assert.equal((await record(t.room, held.payment, { kind: 'cancelled' })).kind, 'moved')
  const late: Fact[] = [{ kind: 'dispatched' }, { kind: 'refused', reason: 'waited_too_long' }]
  for (const fact of late) assert.equal((await record(t.room, held.payment, fact)).kind, 'contradicted')

  const sent = await initiate(t.room, requestFrom(account.id))
  assert.ok(sent.kind === 'accepted' && sent.payment.state === 'sent')
  assert.equal((await record(t.room, sent.payment, { kind: 'cancelled' })).kind, 'contradicted')

  assert.equal((await t.db`select from break`).length, 0)
  await t.proveBooks()
})
