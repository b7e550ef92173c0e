import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { accountIdOf, laneOfAccount } from '../base/identifiers.ts'
import { paise } from '../base/money.ts'
import type { Books, LockedAccount } from './transfer.ts'
import { locked, transfer } from './transfer.ts'

const account = (number: number, balance: bigint, floor: bigint | null): LockedAccount => ({
  id: accountIdOf(number),
  lane: laneOfAccount(accountIdOf(number)),
  tenantId: 1,
  institution: 'TRN',
  status: 'open',
  name: 'Asha Devi',
  accountNumber: String(number),
  ifsc: 'TRNT0000001',
  mobile: null,
  mmid: null,
  lien: 0n,
  customerId: null,
  usage: '{}',
  floor,
  balance,
  entryNo: 0n,
  entryAt: 0,
  changed: false,
})

const booksOf = (...accounts: LockedAccount[]): Books => ({
  accounts: new Map(accounts.map((one) => [one.id, one])),
  entries: [],
})

const journal = '0'.repeat(32)

test('the last rupee goes to the first who asked, and the refused one leaves no trace', () => {
  const payer = account(100, 100n, 0n)
  const clearing = account(64, 0n, null)
  const books = booksOf(payer, clearing)
  assert.equal(transfer(books, journal, 'hold', payer, clearing, paise(100n), 5), undefined)
  assert.equal(transfer(books, journal, 'hold', payer, clearing, paise(1n), 6), 'insufficient_funds')
  assert.equal(payer.balance, 0n)
  assert.equal(books.entries.length, 2)
})

test('books sum to zero, no balance passes its floor, and entry numbers have no gaps, whatever is asked', () => {
  const move = fc.record({
    from: fc.integer({ min: 0, max: 4 }),
    to: fc.integer({ min: 0, max: 4 }),
    amount: fc.bigInt({ min: 1n, max: 500n }),
    at: fc.integer({ min: 0, max: 1000 }),
  })
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const accounts = [0, 1, 2, 3].map((i) => account(100 + i, 300n, 0n)).concat(account(64, 0n, null))
      const opening = accounts.reduce((sum, one) => sum + one.balance, 0n)
      const books = booksOf(...accounts)
      for (const { from, to, amount, at } of moves) {
        const debit = accounts[from] as LockedAccount
        const credit = accounts[to] as LockedAccount
        if (debit !== credit) transfer(books, journal, 'hold', debit, credit, paise(amount), at)
      }
      assert.equal(
        books.entries.reduce((sum, entry) => sum + entry.amount, 0n),
        0n,
      )
      assert.equal(
        accounts.reduce((sum, one) => sum + one.balance, 0n),
        opening,
      )
      for (const one of accounts) {
        if (one.floor !== null) assert.ok(one.balance >= one.floor)
        const own = books.entries.filter((entry) => entry.accountId === one.id)
        for (const [i, entry] of own.entries()) {
          assert.equal(entry.entryNo, BigInt(i + 1))
          assert.ok(i === 0 || entry.at >= (own[i - 1]?.at ?? 0), 'time went back')
        }
        if (own.length > 0) assert.equal(own.at(-1)?.balanceAfter, one.balance)
      }
    }),
  )
})

test('moving money of an account that was not locked is a bug, not a refusal', () => {
  assert.throws(() => locked(booksOf(), accountIdOf(7)), /not locked/)
})
