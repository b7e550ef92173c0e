import assert from 'node:assert/strict'
import { test } from 'node:test'
import { paise } from '../base/money.ts'
import {
  type CreditOutcome,
  judgeCredit,
  type LinkState,
  type PaymentLink,
  remainingPaise,
  statusOf,
  toldOf,
} from './link.ts'

type Rules = Pick<PaymentLink, 'state' | 'expiresAt' | 'amountPaise' | 'uses' | 'receivedPaise' | 'partial'>
const NOW = 1_000
const asked: Rules = {
  state: 'open',
  expiresAt: null,
  amountPaise: paise(1_000n),
  uses: 'once',
  receivedPaise: 0n,
  partial: false,
}
const inParts: Rules = { ...asked, partial: true }
const many: Rules = { ...asked, uses: 'many' }
const noAmount: Rules = { ...asked, amountPaise: null }

type Row = readonly [string, Rules, bigint, CreditOutcome, LinkState, readonly string[]]
const rules: readonly Row[] = [
  ['exact', asked, 1_000n, 'exact', 'paid', ['paid']],
  ['over', asked, 1_001n, 'over', 'paid', ['paid', 'overpaid']],
  ['under, not in parts', asked, 999n, 'under', 'open', ['underpaid']],
  ['the rest after less', { ...asked, receivedPaise: 999n }, 1n, 'exact', 'paid', ['paid']],
  ['more than the rest', { ...asked, receivedPaise: 999n }, 2n, 'over', 'paid', ['paid', 'overpaid']],
  ['a part', inParts, 400n, 'part', 'open', ['partially_paid']],
  ['another part', { ...inParts, receivedPaise: 400n }, 599n, 'part', 'open', ['partially_paid']],
  ['the last part', { ...inParts, receivedPaise: 400n }, 600n, 'exact', 'paid', ['paid']],
  ['more than the last part', { ...inParts, receivedPaise: 400n }, 601n, 'over', 'paid', ['paid', 'overpaid']],
  ['all at once, in parts', inParts, 1_000n, 'exact', 'paid', ['paid']],
  [
    'a second of a link for once',
    { ...asked, state: 'paid', receivedPaise: 1_000n },
    1_000n,
    'repeated',
    'paid',
    ['repeated_credit'],
  ],
  ['a second after its time', { ...asked, state: 'paid', expiresAt: 1 }, 5n, 'repeated', 'paid', ['repeated_credit']],
  ['cancelled', { ...asked, state: 'cancelled' }, 1_000n, 'late', 'cancelled', ['late_credit']],
  ['expired', { ...asked, expiresAt: NOW }, 1_000n, 'late', 'open', ['late_credit']],
  ['expired, the rest', { ...inParts, receivedPaise: 400n, expiresAt: NOW - 1 }, 600n, 'late', 'open', ['late_credit']],
  ['the last millisecond', { ...asked, expiresAt: NOW + 1 }, 1_000n, 'exact', 'paid', ['paid']],
  ['no amount', noAmount, 7n, 'exact', 'paid', ['paid']],
  ['no amount, for many', { ...noAmount, uses: 'many', receivedPaise: 9n }, 7n, 'exact', 'open', ['paid']],
  ['many: exact', { ...many, receivedPaise: 5_000n }, 1_000n, 'exact', 'open', ['paid']],
  ['many: over', many, 1_001n, 'over', 'open', ['paid', 'overpaid']],
  ['many: under, each by itself', { ...many, receivedPaise: 999n }, 1n, 'under', 'open', ['underpaid']],
]

for (const [name, link, amountPaise, outcome, state, told] of rules) {
  test(`a credit: ${name} is ${outcome}`, () => {
    assert.deepEqual(judgeCredit(link, amountPaise, NOW), { outcome, state })
    assert.deepEqual(toldOf[outcome], told)
  })
}

test('an open link is expired from its time on; one that was paid or cancelled is not', () => {
  assert.equal(statusOf({ state: 'open', expiresAt: 10 }, 9), 'open')
  assert.equal(statusOf({ state: 'open', expiresAt: 10 }, 10), 'expired')
  assert.equal(statusOf({ state: 'paid', expiresAt: 10 }, 11), 'paid')
  assert.equal(statusOf({ state: 'cancelled', expiresAt: 10 }, 11), 'cancelled')
})

test('what the next payer is asked for', () => {
  assert.equal(remainingPaise(asked), 1_000n)
  assert.equal(remainingPaise({ ...asked, receivedPaise: 400n }), 600n)
  assert.equal(remainingPaise({ ...asked, receivedPaise: 1_400n }), 0n)
  assert.equal(remainingPaise({ ...many, receivedPaise: 1_400n }), 1_000n)
  assert.equal(remainingPaise(noAmount), null)
})
