import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultProfile } from '../../src/imps/profile.ts'
import type { FundTransferResponse } from '../../src/imps/rail-message.ts'
import type { Fact } from '../../src/payment/payment.ts'
import { createAnswers } from '../../src/rail/answers.ts'
import { noRailCounters, type RailContext, type RailLink } from '../../src/rail/context.ts'
import { createInflight } from '../../src/rail/inflight.ts'
import { defaultRailOptions } from '../../src/rail/options.ts'
import { aPayment } from '../support/a-payment.ts'
import { openTestDatabase } from '../support/database.ts'
import { testLog } from '../support/logs.ts'
import { testVault } from '../support/vault.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

// The list of elements that NPCI's banks were seen to make MACs over has no DE 120, and its tag 001 is all that tells an answer to an
// original from an answer to a verification. A verification that was not understood (30, 12, 63) says nothing about the money; with tag 001
// changed and its MAC still right, it declined the original and gave the money back.

const { db } = await openTestDatabase()
const payment = aPayment({ serial: 11 })
const key = `${payment.rrn}${payment.remitterBank}`

function setUp(provesKind: boolean) {
  const clock = createVirtualClock()
  const told: Fact[] = []
  const context = {
    db,
    clock,
    log: testLog,
    wire: defaultProfile,
    room: { vault: testVault },
    options: defaultRailOptions,
    counters: noRailCounters(),
    onAnswer: () => undefined,
    tell: (_payment: unknown, fact: Fact) => told.push(fact),
  } as unknown as RailContext
  const link = {
    carrier: { id: 'npci-remitter', provesKind },
    originals: createInflight(clock, 40_000, () => undefined),
    verifications: createInflight(clock, 40_000, () => undefined),
  } as unknown as RailLink
  return { answers: createAnswers(context), link, told, counters: context.counters }
}

const answer = (responseCode: string): FundTransferResponse => ({
  kind: 'fundTransferResponse',
  rrn: payment.rrn ?? assert.fail(),
  stan: payment.stan ?? assert.fail(),
  remitterBank: payment.remitterBank,
  amountPaise: payment.amountPaise,
  responseCode,
})

test('while its verification is out, a no to the original is not believed where the MAC does not say what is answered', () => {
  for (const [provesKind, believed] of [
    [false, 0],
    [true, 1],
  ] as const) {
    const { answers, link, told, counters } = setUp(provesKind)
    link.originals.add(key, payment)
    link.verifications.add(key, payment)
    answers.onAnswer(link, answer('30'), key, Buffer.alloc(8))
    assert.equal(told.length, believed)
    assert.equal(counters.unmatchedAnswers, 1 - believed)
    assert.equal(link.originals.find(key) === undefined, believed === 1)
  }
})

test('an answer in time, and any yes, counts as ever', () => {
  for (const [code, kind] of [
    ['M1', 'declined'],
    ['00', 'approved'],
    ['91', 'deemed'],
  ] as const) {
    const { answers, link, told } = setUp(false)
    link.originals.add(key, payment)
    answers.onAnswer(link, answer(code), key, Buffer.alloc(8))
    assert.deepEqual(
      told.map((fact) => fact.kind),
      [kind],
    )
  }
  const { answers, link, told } = setUp(false)
  link.originals.add(key, payment)
  link.verifications.add(key, payment)
  answers.onAnswer(link, answer('00'), key, Buffer.alloc(8))
  assert.equal(told[0]?.kind, 'approved')
})
