import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createPool } from '../../src/db/pool.ts'
import { HashingBusy } from '../../src/identity/passwords.ts'
import { startTestHub } from '../support/a-hub.ts'
import { openTestDatabase } from '../support/database.ts'

// Anybody may try to sign in, and each try costs a hash. While the queue of hashes was full of them, no customer could prove a payment:
// their MPINs stood in the same queue, and were turned away as too busy.

const { url, db } = await openTestDatabase()
const doors = createPool(url, { connections: 8, indexOnly: true, name: 'turant test doors' })
after(() => doors.end({ timeout: 2 }))

test('while sign-ins fill their queue, an MPIN is hashed', { timeout: 60_000 }, async () => {
  const { hub, stop } = await startTestHub({ db, doors }, 'iso8583')
  const flood = Promise.allSettled(
    Array.from({ length: 100 }, () => hub.http.people.hashing.verify('a password', undefined)),
  )
  const mpin = await hub.http.enrolment.hashing.verify('395174', undefined)
  assert.equal(mpin.right, false)
  const answers = await flood
  assert.ok(answers.some((one) => one.status === 'rejected' && one.reason instanceof HashingBusy))
  await stop()
})
