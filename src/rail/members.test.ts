import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import type { Provider } from '../imps/xml/message.ts'
import { loadMembers, saveMembers } from './members.ts'

const { db } = await openTestDatabase()
const at = Date.UTC(2026, 10, 22)
const member = (nbin: string, more: Partial<Provider> = {}): Provider => ({
  nbin,
  name: 'HDFC BANK "LTD"',
  bankCode: 'HDF',
  ifsc: 'HDFC',
  active: true,
  features: ['NameEnq', 'FIR'],
  ...more,
})

test('a list takes the place of the one before: what is new comes, what changed changes, what is missing goes', async () => {
  const first = [member('9240'), member('9241', { active: false, features: [], modifiedAt: '2026-01-31' })]
  assert.equal(await saveMembers(db, first, at), 2)
  assert.deepEqual(await loadMembers(db), first)
  const second = [member('9239', { name: 'नया बैंक' }), member('9240', { active: false })]
  assert.equal(await saveMembers(db, [...second].reverse(), at + 1), 2)
  assert.deepEqual(await loadMembers(db), second)
})

test('an empty list is no list, a bad number is left out, and a number listed twice is kept as it came first', async () => {
  const kept = await loadMembers(db)
  assert.equal(await saveMembers(db, [], at), 0)
  assert.equal(await saveMembers(db, [member('92')], at), 0)
  assert.deepEqual(await loadMembers(db), kept)
  assert.equal(await saveMembers(db, [member('9240'), member('9240', { name: 'Twice' }), member('x')], at), 1)
  assert.deepEqual(await loadMembers(db), [member('9240')])
})

test('two processes that take a list at once both succeed', async () => {
  const many = Array.from({ length: 300 }, (_, i) => member(String(1000 + i)))
  await Promise.all([many, [...many].reverse(), many.slice(100)].map((list) => saveMembers(db, list, at)))
  assert.ok((await loadMembers(db)).length >= 200)
})
