import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aPayment } from '../../test/support/a-payment.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { paymentView, type ViewSettings } from './view.ts'

const settings: ViewSettings = {
  heldMs: 900_000,
  approvalMs: 86_400_000,
  authenticationMs: 600_000,
  answerMs: (link) => (link === 'npci-xml' ? 55_000 : 40_000),
  overrides: [],
  severalAccountsCode: 'MT',
}

const reasonOf = (change: Partial<StoredPayment>) =>
  paymentView({ ...aPayment({ serial: 1 }), ...change }, [], settings).reason

const cases: readonly (readonly [string, Partial<StoredPayment>, code: string, source: string, raw: string | null])[] =
  [
    [
      'a decline of the beneficiary bank',
      { state: 'declined', responseCode: 'M1' },
      'invalid_beneficiary',
      'beneficiary_bank',
      'M1',
    ],
    [
      'a message NPCI did not take',
      { state: 'declined', responseCode: 'U30', reason: 'not_taken' },
      'not_taken',
      'npci',
      'U30',
    ],
    [
      'a reversal',
      { state: 'returned', responseCode: '00', reason: 'reversed_by_npci' },
      'reversed_by_npci',
      'npci',
      null,
    ],
    [
      'a return',
      { state: 'returned', responseCode: '91', reason: 'returned_by_beneficiary_bank' },
      'returned_by_beneficiary_bank',
      'beneficiary_bank',
      null,
    ],
    ['no answer', { state: 'unconfirmed', reason: 'no_answer' }, 'no_answer', 'hub', null],
  ]

for (const [what, change, code, source, raw] of cases) {
  test(`the reason of ${what} is ${code}, by ${source}`, () => {
    const reason = reasonOf(change)
    assert.deepEqual([reason?.code, reason?.source, reason?.raw], [code, source, raw])
    assert.ok((reason?.message.length ?? 0) > 20)
  })
}

test('an answer is awaited as long as the wire that carried the payment waits for it', () => {
  const sentAt = aPayment({ serial: 1 }).transmittedAt ?? 0
  const by = (link: string) =>
    Date.parse(paymentView({ ...aPayment({ serial: 1 }), link }, [], settings).resolvesBy ?? '') - sentAt
  assert.deepEqual([by('npci-remitter'), by('npci-xml')], [40_000, 55_000])
})
