import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Result } from '../../src/imps/rail-message.ts'
import type { Wire } from '../../src/imps/response-codes.ts'
import { classify, originals, verifications } from '../../src/imps/response-codes.ts'
import { advance, type StateKind, stateKinds } from '../../src/payment/payment.ts'
import { factOf } from '../../src/rail/answers.ts'

// State × response code, every cell: what an answer with this code does to a payment in this state. Written by hand from
// protocol.md §4 and settlement.md §3: of an original, 00 approves, 91 deems, a code whose remitter action is R gives the money
// back, everything else is asked about; of a verification, only 00, 91 and M0 say anything.

const NOW = Date.UTC(2026, 10, 22)

// protocol.md §4, the codes whose remitter action is R (M0 as the answer to an original: the credit was declined).
const reversing = `M0 M1 M2 M3 M4 M5 M6 M8 M9 MA MC MF MG MH MJ MK ML MP MT MU MV MZ UB
  03 04 05 10 12 13 14 17 30 34 36 40 43 51 52 54 57 58 61 62 63 65 75 90 92`.split(/\s+/)
// The codes whose action is H, the undocumented, and what nobody has ever seen.
const asking =
  '01 02 08 20 21 22 68 80 94 96 NA CE MB MD ME MI MM MN MO MQ MR MS MW MX MY UT BT U01 U02 U03 ZZ 0 00X 91X'.split(' ')

type Effect = 'approve' | 'deem' | 'decline' | 'ask'
const effects: Record<Wire, (code: string) => Effect> = {
  original: (code) =>
    code === '00' ? 'approve' : code === '91' ? 'deem' : reversing.includes(code) ? 'decline' : 'ask',
  verification: (code) => (code === '00' ? 'approve' : code === '91' ? 'deem' : code === 'M0' ? 'decline' : 'ask'),
}

// `state/ledger` moves, `=` leaves as it is, `!` opens a break.
const outcome: Record<Effect, Record<StateKind, string>> = {
  approve: {
    held: '!',
    sent: 'succeeded/post',
    unconfirmed: 'succeeded/post',
    deemed: 'succeeded/keep',
    succeeded: '=',
    declined: '!',
    returned: '!',
    cancelled: '!',
    refused: '!',
  },
  deem: {
    held: '!',
    sent: 'deemed/post',
    unconfirmed: 'deemed/post',
    deemed: '=',
    succeeded: '=',
    declined: '!',
    returned: '=',
    cancelled: '!',
    refused: '!',
  },
  decline: {
    held: '!',
    sent: 'declined/void',
    unconfirmed: 'declined/void',
    deemed: '!',
    succeeded: '!',
    declined: '=',
    returned: '!',
    cancelled: '!',
    refused: '!',
  },
  ask: {
    held: '!',
    sent: 'unconfirmed/keep',
    unconfirmed: '=',
    deemed: '=',
    succeeded: '=',
    declined: '=',
    returned: '=',
    cancelled: '!',
    refused: '!',
  },
}

const done = (wire: Wire, state: StateKind, code: string, result?: Result): string => {
  const read = classify(wire, code, NOW, [], result)
  const fact = factOf(wire, read, result === undefined ? { responseCode: code } : { responseCode: code, result })
  if (fact === undefined) return '='
  const step = advance(state, fact.kind)
  return step.kind === 'moved' ? `${step.to}/${step.ledger}` : step.kind === 'repeated' ? '=' : '!'
}

for (const wire of ['original', 'verification'] as const) {
  test(`state × response code of an answer to ${wire === 'original' ? 'an original' : 'a verification'}: every cell`, () => {
    for (const code of ['00', '91', ...reversing, ...asking]) {
      const effect = effects[wire](code)
      for (const state of stateKinds) {
        const expected = wire === 'verification' && effect === 'ask' ? '=' : outcome[effect][state]
        assert.equal(done(wire, state, code), expected, `${wire} ${state} × ${code}`)
      }
    }
  })
}

// On the XML wire a result stands beside the code. DEEMED keeps the debit whatever the code; the others must agree with it.
const withResult: Record<Result, Record<Effect, Effect>> = {
  SUCCESS: { approve: 'approve', deem: 'deem', decline: 'ask', ask: 'ask' },
  FAILURE: { approve: 'ask', deem: 'ask', decline: 'decline', ask: 'ask' },
  DEEMED: { approve: 'deem', deem: 'deem', decline: 'deem', ask: 'deem' },
}

for (const wire of ['original', 'verification'] as const) {
  test(`state × response code × result of an answer to ${wire === 'original' ? 'an original' : 'a verification'}: every cell`, () => {
    for (const result of ['SUCCESS', 'FAILURE', 'DEEMED'] as const) {
      for (const code of ['00', '91', '', ...reversing, ...asking]) {
        const effect = withResult[result][effects[wire](code)]
        for (const state of stateKinds) {
          const expected = wire === 'verification' && effect === 'ask' ? '=' : outcome[effect][state]
          assert.equal(done(wire, state, code, result), expected, `${wire} ${state} × ${result} ${code}`)
        }
      }
    }
  })
}

test('DEEMED is stored as 91, whatever code stood beside it', () => {
  for (const code of ['M0', '08', '', '00']) {
    const fact = factOf('original', classify('original', code, NOW, [], 'DEEMED'), {
      responseCode: code,
      result: 'DEEMED',
    })
    assert.deepEqual(fact, { kind: 'deemed', responseCode: '91' })
  }
})

test('every code in the tables is in these lists, so that a new row is judged here too', () => {
  const known = new Set(['00', '91', ...reversing, ...asking])
  for (const row of [...originals, ...verifications])
    assert.ok(known.has(row.code), `response code ${row.code} is not judged`)
})

test('only a definite code gives money back: whatever two characters come, void needs a listed code', () => {
  const characters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
  for (const a of characters) {
    for (const b of characters) {
      const code = a + b
      const original = done('original', 'sent', code)
      assert.equal(original === 'declined/void', reversing.includes(code), code)
      assert.equal(done('verification', 'unconfirmed', code) === 'declined/void', code === 'M0', code)
    }
  }
})
