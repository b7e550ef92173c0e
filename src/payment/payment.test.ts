import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FactKind, StateKind, Wait } from './payment.ts'
import {
  advance,
  advanceInward,
  factKinds,
  inOrder,
  isFinal,
  publicStatusOf,
  reasonOfWaits,
  stages,
  stateKinds,
  waitsOf,
} from './payment.ts'

// The rule book: for each state, what each fact does. `to/ledger` moves; `=` repeats; `!` contradicts.
const book: Record<StateKind, Record<FactKind, string>> = {
  held: {
    dispatched: 'sent/keep',
    approved: '!',
    deemed: '!',
    declined: '!',
    unclear: '!',
    lapsed: '=',
    returned: '!',
    reversed: '!',
    cancelled: 'cancelled/void',
    refused: 'refused/void',
    released: '=',
    rejected: '!',
    found_paid: '!',
    found_unpaid: '!',
    found_returned: '!',
    settled_paid: '!',
    settled_deemed: '!',
    settled_declined: '!',
    settled_absent: '!',
    confirmed: '!',
    refunded: '!',
    dispute_won: '!',
    credited_late: '!',
    paid_within: 'succeeded/pass',
    declined_within: 'declined/void',
    had_left: '!',
    found_settled: '!',
    found_unsettled: '!',
  },
  sent: {
    dispatched: '=',
    approved: 'succeeded/post',
    deemed: 'deemed/post',
    declined: 'declined/void',
    unclear: 'unconfirmed/keep',
    lapsed: 'unconfirmed/keep',
    returned: 'returned/return',
    reversed: 'returned/void',
    cancelled: '!',
    refused: '!',
    released: '=',
    rejected: '!',
    found_paid: '!',
    found_unpaid: '!',
    found_returned: '!',
    settled_paid: 'succeeded/post',
    settled_deemed: 'deemed/post',
    settled_declined: 'declined/void',
    settled_absent: '=',
    confirmed: 'succeeded/post',
    refunded: '!',
    dispute_won: '!',
    credited_late: '!',
    paid_within: '!',
    declined_within: '!',
    had_left: '=',
    found_settled: '!',
    found_unsettled: '!',
  },
  unconfirmed: {
    dispatched: '=',
    approved: 'succeeded/post',
    deemed: 'deemed/post',
    declined: 'declined/void',
    unclear: '=',
    lapsed: '=',
    returned: 'returned/return',
    reversed: 'returned/void',
    cancelled: '!',
    refused: '!',
    released: '=',
    rejected: '!',
    found_paid: 'succeeded/post',
    found_unpaid: 'declined/void',
    found_returned: '!',
    settled_paid: 'succeeded/post',
    settled_deemed: 'deemed/post',
    settled_declined: 'declined/void',
    settled_absent: 'declined/void',
    confirmed: 'succeeded/post',
    refunded: '!',
    dispute_won: '!',
    credited_late: '!',
    paid_within: '!',
    declined_within: '!',
    had_left: '=',
    found_settled: 'succeeded/post',
    found_unsettled: 'declined/void',
  },
  deemed: {
    dispatched: '!',
    approved: 'succeeded/keep',
    deemed: '=',
    declined: '!',
    unclear: '=',
    lapsed: '=',
    returned: 'returned/return',
    reversed: 'returned/return',
    cancelled: '!',
    refused: '!',
    released: '=',
    rejected: '!',
    found_paid: 'succeeded/keep',
    found_unpaid: '!',
    found_returned: 'returned/return',
    settled_paid: 'succeeded/keep',
    settled_deemed: '=',
    settled_declined: 'declined/reverse',
    settled_absent: 'declined/reverse',
    confirmed: 'succeeded/keep',
    refunded: 'returned/return',
    dispute_won: 'returned/award',
    credited_late: '!',
    paid_within: '!',
    declined_within: '!',
    had_left: '!',
    found_settled: 'succeeded/keep',
    found_unsettled: 'declined/reverse',
  },
  succeeded: {
    dispatched: '!',
    approved: '=',
    deemed: '=',
    declined: '!',
    unclear: '=',
    lapsed: '=',
    returned: '!',
    reversed: 'returned/return',
    cancelled: '!',
    refused: '!',
    released: '=',
    rejected: '!',
    found_paid: '=',
    found_unpaid: '!',
    found_returned: '!',
    settled_paid: '=',
    settled_deemed: '=',
    settled_declined: '!',
    settled_absent: '!',
    confirmed: '=',
    refunded: 'returned/return',
    dispute_won: 'returned/award',
    credited_late: '!',
    paid_within: '!',
    declined_within: '!',
    had_left: '!',
    found_settled: '=',
    found_unsettled: 'declined/reverse',
  },
  declined: {
    dispatched: '!',
    approved: '!',
    deemed: '!',
    declined: '=',
    unclear: '=',
    lapsed: '=',
    returned: '=',
    reversed: '!',
    cancelled: '!',
    refused: '!',
    released: '=',
    rejected: '!',
    found_paid: '!',
    found_unpaid: '=',
    found_returned: '!',
    settled_paid: '!',
    settled_deemed: '=',
    settled_declined: '=',
    settled_absent: '=',
    confirmed: '!',
    refunded: '!',
    dispute_won: '!',
    credited_late: '!',
    paid_within: '!',
    declined_within: '!',
    had_left: '!',
    found_settled: 'succeeded/charge',
    found_unsettled: '=',
  },
  returned: {
    dispatched: '!',
    approved: '!',
    deemed: '=',
    declined: '!',
    unclear: '=',
    lapsed: '=',
    returned: '=',
    reversed: '=',
    cancelled: '!',
    refused: '!',
    released: '=',
    rejected: '!',
    found_paid: '!',
    found_unpaid: '!',
    found_returned: '=',
    settled_paid: '=',
    settled_deemed: '=',
    settled_declined: '=',
    settled_absent: '=',
    confirmed: '!',
    refunded: '!',
    dispute_won: '!',
    credited_late: '!',
    paid_within: '!',
    declined_within: '!',
    had_left: '!',
    found_settled: '!',
    found_unsettled: '!',
  },
  cancelled: {
    dispatched: '!',
    approved: '!',
    deemed: '!',
    declined: '!',
    unclear: '!',
    lapsed: '=',
    returned: '!',
    reversed: '!',
    cancelled: '=',
    refused: '!',
    released: '!',
    rejected: '!',
    found_paid: '!',
    found_unpaid: '!',
    found_returned: '!',
    settled_paid: '!',
    settled_deemed: '!',
    settled_declined: '!',
    settled_absent: '=',
    confirmed: '!',
    refunded: '!',
    dispute_won: '!',
    credited_late: '!',
    paid_within: '!',
    declined_within: '!',
    had_left: '!',
    found_settled: '!',
    found_unsettled: '!',
  },
  refused: {
    dispatched: '!',
    approved: '!',
    deemed: '!',
    declined: '!',
    unclear: '!',
    lapsed: '=',
    returned: '!',
    reversed: '!',
    cancelled: '!',
    refused: '=',
    released: '!',
    rejected: '=',
    found_paid: '!',
    found_unpaid: '!',
    found_returned: '!',
    settled_paid: '!',
    settled_deemed: '!',
    settled_declined: '!',
    settled_absent: '=',
    confirmed: '!',
    refunded: '!',
    dispute_won: '!',
    credited_late: '!',
    paid_within: '!',
    declined_within: '!',
    had_left: '!',
    found_settled: '!',
    found_unsettled: '!',
  },
}

const written = (from: StateKind, fact: FactKind): string => {
  const step = advance(from, fact)
  if (step.kind === 'moved') return `${step.to}/${step.ledger}`
  return step.kind === 'repeated' ? '=' : '!'
}

// ASVS 2.3.1
test('every cell of state × fact is as the rule book says', () => {
  for (const from of stateKinds) {
    for (const fact of factKinds) assert.equal(written(from, fact), book[from][fact], `${from} × ${fact}`)
  }
})

// A payment that waits for a person: only that person, the customer or the end of the wait moves it.
const awaiting: Record<FactKind, string> = {
  dispatched: '!',
  approved: '!',
  deemed: '!',
  declined: '!',
  unclear: '!',
  lapsed: '=',
  returned: '!',
  reversed: '!',
  cancelled: 'cancelled/void',
  refused: '!',
  released: 'held/keep',
  rejected: 'refused/void',
  found_paid: '!',
  found_unpaid: '!',
  found_returned: '!',
  settled_paid: '!',
  settled_deemed: '!',
  settled_declined: '!',
  settled_absent: '!',
  confirmed: '!',
  refunded: '!',
  dispute_won: '!',
  credited_late: '!',
  paid_within: '!',
  declined_within: '!',
  had_left: '!',
  found_settled: '!',
  found_unsettled: '!',
}

test('nothing leaves that waits for approval, and nothing else makes it go on', () => {
  for (const fact of factKinds) {
    const step = advance('held', fact, ['approval', 'lag'], 'approval')
    const cell = step.kind === 'moved' ? `${step.to}/${step.ledger}` : step.kind === 'repeated' ? '=' : '!'
    assert.equal(cell, awaiting[fact], fact)
  }
})

test('stages are passed one by one, in their order: the next one early is refused, one that is passed says nothing', () => {
  const waits = ['authentication', 'approval', 'lag'] as const
  for (const [i] of waits.entries()) {
    const left = waits.slice(i)
    const cells = waits.map((stage) => advance('held', 'released', left, stage).kind)
    assert.deepEqual(
      cells,
      waits.map((_, j) => (j < i ? 'repeated' : j === i ? 'moved' : 'contradicted')),
    )
  }
  assert.equal(advance('held', 'released', [], 'lag').kind, 'repeated')
})

test('what a payment waits for is read back from its reason, in the one order, once each', () => {
  const wait = fc.oneof(
    fc.constantFrom<Wait>({ stage: 'restored' }, { stage: 'authentication' }, { stage: 'approval' }),
    fc.nat(86_400).map((seconds): Wait => ({ stage: 'lag', seconds })),
  )
  fc.assert(
    fc.property(fc.array(wait, { maxLength: 6 }), (waits) => {
      const ordered = inOrder(waits)
      assert.deepEqual(waitsOf({ state: 'held', reason: reasonOfWaits(ordered) }), ordered)
      assert.deepEqual(new Set(ordered.map(({ stage }) => stage)), new Set(waits.map(({ stage }) => stage)))
      assert.deepEqual(waitsOf({ state: 'sent', reason: reasonOfWaits(ordered) }), [])
      const [first] = ordered
      const status = {
        authentication: 'requires_authentication',
        approval: 'requires_approval',
        lag: 'processing',
        restored: 'processing',
      } as const
      assert.equal(
        publicStatusOf({ state: 'held', reason: reasonOfWaits(ordered) }),
        first === undefined ? 'processing' : status[first.stage],
      )
    }),
  )
})

test('a timer never decides money: lapsing posts, voids and returns nothing, in any state', () => {
  for (const from of stateKinds) {
    const step = advance(from, 'lapsed')
    assert.ok(step.kind === 'repeated' || (step.kind === 'moved' && step.ledger === 'keep'), from)
  }
})

const fact = fc.constantFrom(...factKinds)

// Goal: whatever order the wire delivers facts in, and however often it repeats them, the hold is resolved at most once.
// Method: replay random histories against the pure machine, no database.
test('a hold is posted or voided at most once, in any history', () => {
  fc.assert(
    fc.property(fc.constantFrom<StateKind>('held', 'sent'), fc.array(fact, { maxLength: 40 }), (start, history) => {
      let state: StateKind = start
      const resolutions: string[] = []
      for (const next of history) {
        const step = advance(state, next)
        if (step.kind !== 'moved') continue
        if (!isFinal(state) && isFinal(step.to)) resolutions.push(step.ledger)
        else assert.ok(step.ledger !== 'post' && step.ledger !== 'void', `${step.ledger} without a hold`)
        state = step.to
      }
      assert.ok(resolutions.length <= 1, `resolved twice: ${resolutions}`)
      assert.equal(resolutions.length === 1, isFinal(state), 'a payment is final exactly when its hold is resolved')
    }),
  )
})

test('money goes back at most once for each time it was taken, and after the beneficiary has it only by money that NPCI gave or never took', () => {
  fc.assert(
    fc.property(fc.array(fact, { maxLength: 40 }), (history) => {
      let state: StateKind = 'sent'
      let back = 0
      for (const next of history) {
        const step = advance(state, next)
        if (step.kind !== 'moved') continue
        if (state === 'succeeded')
          assert.ok(
            ['reversed', 'refunded', 'dispute_won', 'found_unsettled'].includes(next),
            `a succeeded payment moved by ${next}`,
          )
        if (['void', 'reverse', 'return', 'award'].includes(step.ledger)) back += 1
        if (step.ledger === 'charge') back -= 1 // people found that it was due after all
        assert.ok(back === 0 || back === 1)
        state = step.to
      }
    }),
  )
})

test('the same fact twice in a row never moves twice', () => {
  for (const from of stateKinds) {
    for (const one of factKinds) {
      const first = advance(from, one)
      const second = advance(first.kind === 'moved' ? first.to : from, one)
      assert.notEqual(second.kind, 'moved', `${from} × ${one} × ${one}`)
    }
  }
})

// The same for inward payments, of which only some states exist. `!` for every fact that is not named.
const inwardBook: Partial<Record<StateKind, Partial<Record<FactKind, string>>>> = {
  succeeded: {
    settled_paid: '=',
    settled_deemed: '=',
    credited_late: '=',
    found_settled: '=',
    found_unsettled: 'returned/recover',
  },
  declined: {
    settled_deemed: '=',
    settled_declined: '=',
    settled_absent: '=',
    credited_late: 'succeeded/credit',
    found_settled: 'succeeded/credit',
    found_unsettled: '=',
  },
  returned: { settled_declined: '=', settled_absent: '=', found_unsettled: '=' },
}

test('every cell of state × fact of an inward payment is as its rule book says', () => {
  for (const from of stateKinds) {
    for (const fact of factKinds) {
      const step = advanceInward(from, fact)
      const cell = step.kind === 'moved' ? `${step.to}/${step.ledger}` : step.kind === 'repeated' ? '=' : '!'
      assert.equal(cell, inwardBook[from]?.[fact] ?? '!', `${from} × ${fact}`)
    }
  }
})

test('what was held when a backup was taken is moved by nothing but what people find out', () => {
  for (const fact of factKinds) {
    for (const stage of [undefined, ...stages]) {
      const step = advance('held', fact, ['restored', 'approval'], stage)
      const own = stage === 'restored'
      const expected =
        fact === 'had_left'
          ? { kind: 'moved', to: 'unconfirmed', ledger: 'keep' }
          : own && fact === 'released'
            ? { kind: 'moved', to: 'held', ledger: 'keep' }
            : own && fact === 'rejected'
              ? { kind: 'moved', to: 'refused', ledger: 'void' }
              : { kind: fact === 'lapsed' ? 'repeated' : 'contradicted' }
      assert.deepEqual(step, expected, `${fact} ${stage}`)
    }
  }
})
