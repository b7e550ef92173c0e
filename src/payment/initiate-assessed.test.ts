import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestFrom } from '../../test/support/payment-room.ts'
import { accountIdOf } from '../base/identifiers.ts'
import { oneChecker } from './four-eyes.ts'
import type { InitiateRequest, InitiateResult } from './initiate.ts'
import { initiateAssessed, type NewFlag } from './initiate-assessed.ts'
import type { Assessed } from './risk.ts'

/** Door 1 as far as it matters here: what it was asked for, and that it said too_busy. */
function doorWith(assessed: Assessed | undefined, earlier?: InitiateResult) {
  const asked: InitiateRequest[] = []
  const flags: NewFlag[] = []
  const deps = {
    assess: async () => assessed,
    flag: async (flag: NewFlag) => {
      flags.push(flag)
    },
    replay: async () => earlier,
    initiate: async (request: InitiateRequest): Promise<InitiateResult> => {
      asked.push(request)
      return { kind: 'refused', reason: 'too_busy' }
    },
  }
  return { asked, flags, pay: (request: InitiateRequest) => initiateAssessed(deps, request) }
}
const request = requestFrom(accountIdOf(1), { actor: 'cli_maker', same: ['usr_maker'] })
const said = (kind: Assessed['kind'], change: Partial<Assessed> = {}): Assessed => ({
  kind,
  reasons: kind === 'allow' ? [] : ['velocity'],
  ruleSet: 'rules/1',
  ...change,
})

test('unjudged, the request goes to the door as it is; allowed, with the verdict', async () => {
  const unjudged = doorWith(undefined)
  await unjudged.pay(request)
  assert.deepEqual(unjudged.asked, [request])
  const allowed = doorWith(said('allow'))
  await allowed.pay(request)
  assert.deepEqual([allowed.asked, allowed.flags], [[{ ...request, risk: said('allow') }], []])
})

test('refused, the door is not asked, and a flag is left without a payment', async () => {
  const { asked, flags, pay } = doorWith(said('refuse'))
  assert.deepEqual(await pay(request), { kind: 'refused', reason: 'risk_refused', riskReasons: ['velocity'] })
  assert.equal(asked.length, 0)
  assert.deepEqual(
    flags.map(({ verdict, paymentId }) => [verdict, paymentId]),
    [['refuse', null]],
  )
})

test('refused because nobody could judge: said so, and nothing is held against the account', async () => {
  const { asked, flags, pay } = doorWith(said('refuse', { failure: 'late', reasons: ['risk_unavailable'] }))
  assert.deepEqual(await pay(request), { kind: 'refused', reason: 'risk_unavailable' })
  assert.deepEqual([asked.length, flags.length], [0, 0])
})

test('a key that the door has seen gets its first answer', async () => {
  const earlier: InitiateResult = { kind: 'refused', reason: 'key_reused' }
  const { flags, pay } = doorWith(said('refuse'), earlier)
  assert.deepEqual([await pay(request), flags], [earlier, []])
})

test('reviewed, it waits for somebody who did not make it; an approval that it needs anyway is not replaced by a weaker one', async () => {
  const { asked, flags, pay } = doorWith(said('review'))
  await pay(request)
  const [first] = asked
  assert.deepEqual(first?.approval, {
    reason: 'risk_review',
    steps: oneChecker,
    enquiryId: null,
    maker: 'cli_maker',
    makerSame: ['usr_maker'],
  })
  assert.equal(flags.length, 0) // the door took no payment
  const twoOf = [{ anyOf: [{ role: 'checker', count: 2 }] }]
  const approval = { reason: 'rule', steps: twoOf, enquiryId: null, maker: 'cli_maker', makerSame: [] }
  await pay({ ...request, approval })
  assert.deepEqual(asked[1]?.approval, approval)
  assert.equal(asked[1]?.risk?.kind, 'review')
})
