import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { testVault } from '../../test/support/vault.ts'
import type { Clock } from '../base/clock.ts'
import { systemClock } from '../base/clock.ts'
import { accountIdOf } from '../base/identifiers.ts'
import { paise } from '../base/money.ts'
import { asTenant } from '../db/tenant.ts'
import { inTransaction } from '../db/transaction.ts'
import { findApproval } from './approval-store.ts'
import { lapse, release } from './approvals.ts'
import { type InitiateResult, initiate } from './initiate.ts'
import { judgePolicies, type Policy, type Question, type Rules } from './policy.ts'
import { createPolicyBook, endPolicy, insertPolicy, setBlocked, setStopped } from './policy-store.ts'
import { record } from './record.ts'
import { readUsage, withPayment } from './usage.ts'

const NOW = Date.UTC(2026, 10, 23, 6)
const policy = (rules: Rules, change: Partial<Policy> = {}): Policy => ({
  id: 'p',
  channel: null,
  accountId: null,
  customer: null,
  rules,
  validFrom: 0,
  validUntil: null,
  ...change,
})
const question = (amount: bigint, change: Partial<Question> = {}): Question => ({
  accountId: accountIdOf(1),
  channel: 'mobile',
  amountPaise: paise(amount),
  now: NOW,
  usage: readUsage('{}', NOW),
  registered: false,
  seen: null,
  ...change,
})
const paid = (...amounts: readonly bigint[]) =>
  amounts.reduce((usage, amount) => withPayment(usage, 'mobile', amount, NOW, true), readUsage('{}', NOW))
const HOUR = 3_600_000

const table: readonly (readonly [what: string, policy: Policy, question: Question, verdict: string])[] = [
  ['at the limit of one payment', policy({ perPaymentPaise: paise(100n) }), question(100n), 'within'],
  [
    'to anybody, where only registered ones are paid',
    policy({ registeredOnly: true }),
    question(1n),
    'beneficiary_not_registered',
  ],
  ['to a registered one', policy({ registeredOnly: true }), question(1n, { registered: true }), 'within'],
  ['a paisa over it', policy({ perPaymentPaise: paise(100n) }), question(101n), 'limit_exceeded'],
  [
    'over that of a channel',
    policy({ perPaymentPaise: paise(100n) }, { channel: 'mobile' }),
    question(101n),
    'channel_limit_exceeded',
  ],
  [
    'over that of another channel',
    policy({ perPaymentPaise: paise(100n) }, { channel: 'ussd' }),
    question(101n),
    'within',
  ],
  [
    'over that of another account',
    policy({ perPaymentPaise: paise(1n) }, { accountId: accountIdOf(2) }),
    question(2n),
    'within',
  ],
  ['before it holds', policy({ perPaymentPaise: paise(1n) }, { validFrom: NOW + 1 }), question(2n), 'within'],
  [
    'from the instant it holds',
    policy({ perPaymentPaise: paise(1n) }, { validFrom: NOW }),
    question(2n),
    'limit_exceeded',
  ],
  ['when it has ended', policy({ perPaymentPaise: paise(1n) }, { validUntil: NOW }), question(2n), 'within'],
  ['the day full to the paisa', policy({ dayPaise: paise(100n) }), question(40n, { usage: paid(60n) }), 'within'],
  ['the day over', policy({ dayPaise: paise(100n) }), question(41n, { usage: paid(60n) }), 'window_limit_exceeded'],
  ['the week over', policy({ weekPaise: paise(100n) }), question(41n, { usage: paid(60n) }), 'window_limit_exceeded'],
  ['the month over', policy({ monthPaise: paise(100n) }), question(41n, { usage: paid(60n) }), 'window_limit_exceeded'],
  ['the last payment of the day', policy({ dayCount: 2 }), question(1n, { usage: paid(1n) }), 'within'],
  [
    'one more than the day has',
    policy({ dayCount: 2 }),
    question(1n, { usage: paid(1n, 1n) }),
    'window_limit_exceeded',
  ],
  [
    'another channel does not count',
    policy({ dayCount: 1 }, { channel: 'ussd' }),
    question(1n, { channel: 'ussd', usage: paid(1n, 1n) }),
    'within',
  ],
  ['two in five minutes', policy({ velocity: { count: 2, minutes: 5 } }), question(1n, { usage: paid(1n) }), 'within'],
  [
    'three in five minutes',
    policy({ velocity: { count: 2, minutes: 5 } }),
    question(1n, { usage: paid(1n, 1n) }),
    'velocity_exceeded',
  ],
  [
    'two, five minutes later',
    policy({ velocity: { count: 2, minutes: 5 } }),
    question(1n, { now: NOW + 300_000, usage: paid(1n, 1n) }),
    'within',
  ],
  [
    'a new beneficiary within the smaller limit',
    policy({ cooling: { hours: 24, paise: paise(50n) } }),
    question(50n),
    'within',
  ],
  [
    'a new beneficiary over it',
    policy({ cooling: { hours: 24, paise: paise(50n) } }),
    question(51n),
    'cooling_limit_exceeded',
  ],
  [
    'a new beneficiary that has had its share',
    policy({ cooling: { hours: 24, paise: paise(50n) } }),
    question(11n, { seen: { firstAt: NOW - HOUR, paidPaise: 40n } }),
    'cooling_limit_exceeded',
  ],
  [
    'a beneficiary that is new no more',
    policy({ cooling: { hours: 24, paise: paise(50n) } }),
    question(5_000n, { seen: { firstAt: NOW - 24 * HOUR, paidPaise: 40n } }),
    'within',
  ],
  ['more than somebody may pay alone', policy({ reviewOverPaise: paise(100n) }), question(101n), 'review'],
  ['not more than that', policy({ reviewOverPaise: paise(100n) }), question(100n), 'within'],
  ['over the amount of the lag', policy({ lag: { overPaise: paise(100n), seconds: 60 } }), question(101n), 'lag 60'],
]
for (const [what, one, asked, verdict] of table) {
  test(`${what}: ${verdict}`, () => {
    const judged = judgePolicies([one], asked)
    const found =
      judged.kind === 'over'
        ? judged.reason
        : judged.review
          ? 'review'
          : (judged.waits.map((wait) => (wait.stage === 'lag' ? `lag ${wait.seconds}` : wait.stage))[0] ?? 'within')
    assert.equal(found, verdict)
  })
}

test('of all that apply the strictest holds', () => {
  const policies = [
    policy({ perPaymentPaise: paise(100n) }),
    policy({ perPaymentPaise: paise(50n) }, { channel: 'mobile' }),
  ]
  const judged = judgePolicies(policies, question(60n))
  assert.equal(judged.kind === 'over' && judged.limitPaise, 50n)
})

test('what allows no further payment at all is stricter than what leaves something', () => {
  const policies = [policy({ perPaymentPaise: paise(50n) }), policy({ dayCount: 1 })]
  const judged = judgePolicies(policies, question(60n, { usage: paid(1n) }))
  assert.equal(judged.kind === 'over' && judged.rule, 'dayCount')
})

const CUSTOMER = { id: 7n, publicId: 'cus_7' }
const anyAmount = fc.bigInt({ min: 1n, max: 200n }).map(paise)
const anyCount = fc.integer({ min: 1, max: 6 })
const anyRules: fc.Arbitrary<Rules> = fc.record(
  {
    perPaymentPaise: anyAmount,
    dayPaise: anyAmount,
    dayCount: anyCount,
    weekPaise: anyAmount,
    weekCount: anyCount,
    monthPaise: anyAmount,
    monthCount: anyCount,
    velocity: fc.record({ count: anyCount, minutes: fc.integer({ min: 1, max: 60 }) }),
    cooling: fc.record({ hours: fc.integer({ min: 1, max: 48 }), paise: anyAmount }),
    reviewOverPaise: anyAmount,
    lag: fc.record({ overPaise: anyAmount, seconds: fc.integer({ min: 1, max: 99 }) }),
  },
  { requiredKeys: [], noNullPrototype: true },
)
const anyPolicy: fc.Arbitrary<Policy> = fc.record(
  {
    id: fc.constant('p'),
    channel: fc.constantFrom(null, 'mobile' as const, 'ussd' as const),
    accountId: fc.constantFrom(null, accountIdOf(1), accountIdOf(2)),
    customer: fc.constantFrom(null, 'each' as const, CUSTOMER, { id: 8n, publicId: 'cus_8' }),
    rules: anyRules,
    validFrom: fc.constantFrom(0, NOW, NOW + 1),
    validUntil: fc.constantFrom(null, NOW, NOW + 1),
  },
  { noNullPrototype: true },
)
const anyPaid = fc
  .record({
    amounts: fc.array(fc.bigInt({ min: 1n, max: 60n }), { maxLength: 5 }),
    seen: fc.option(
      fc.record({
        firstAt: fc.integer({ min: NOW - 60 * HOUR, max: NOW }),
        paidPaise: fc.bigInt({ min: 0n, max: 90n }),
      }),
    ),
  })
  .map(({ amounts, seen }) => ({ usage: paid(...amounts), seen }))
const anyQuestion: fc.Arbitrary<Question> = fc
  .record({ amount: anyAmount, account: anyPaid, customer: fc.option(anyPaid) })
  .map(({ amount, account, customer }) =>
    question(amount, { ...account, ...(customer === null ? {} : { customer: { ...customer, id: CUSTOMER.id } }) }),
  )

// Goal: the stricter of all wins. Method: many policies judged together say what each says alone: any refusal refuses, with the least
// that any of them leaves; any review reviews; every lag is waited for.
test('policies together are as strict as the strictest of them, and no stricter', () => {
  let [refused, passed] = [0, 0]
  fc.assert(
    fc.property(fc.array(anyPolicy, { maxLength: 6 }), anyQuestion, (policies, asked) => {
      const together = judgePolicies(policies, asked)
      const each = policies.map((one) => judgePolicies([one], asked))
      const over = each.flatMap((one) => (one.kind === 'over' ? [one] : []))
      assert.equal(together.kind, over.length > 0 ? 'over' : 'within')
      if (together.kind === 'over') {
        refused += 1
        const least = over.map((one) => one.leftPaise ?? -1n).reduce((a, b) => (b < a ? b : a))
        assert.equal(together.leftPaise ?? -1n, least)
      } else {
        passed += 1
        const within = each.flatMap((one) => (one.kind === 'within' ? [one] : []))
        assert.equal(
          together.review,
          within.some((one) => one.review),
        )
        assert.deepEqual(
          together.waits,
          within.flatMap((one) => one.waits),
        )
      }
    }),
    { numRuns: 3_000 },
  )
  assert.ok(refused > 300 && passed > 300, `${refused} refused, ${passed} passed`)
})

test('what is left can be paid, and a paisa more cannot', () => {
  fc.assert(
    fc.property(fc.array(anyPolicy, { maxLength: 6 }), anyQuestion, (policies, asked) => {
      const judged = judgePolicies(policies, asked)
      if (judged.kind === 'within' || judged.leftPaise === undefined) return
      const { leftPaise } = judged
      if (leftPaise > 0n) assert.equal(judgePolicies(policies, { ...asked, amountPaise: leftPaise }).kind, 'within')
      assert.equal(judgePolicies(policies, { ...asked, amountPaise: paise(leftPaise + 1n) }).kind, 'over')
    }),
    { numRuns: 3_000 },
  )
})

// --- at the door ----------------------------------------------------------------------------------------------------

let ahead = 0
const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead }
const { url } = await openTestDatabase()
const t = await createTestRoom(url, { clock })
after(() => t.close())

/** Runs with one policy and ends it afterwards. */
async function under(rules: Rules, run: () => Promise<void>, change: Partial<Policy> = {}): Promise<void> {
  const made = await asTenant(t.db, 1, (tx) =>
    insertPolicy(
      tx,
      1,
      {
        channel: null,
        accountId: null,
        customer: null,
        rules,
        validFrom: clock.now() - 1,
        validUntil: null,
        ...change,
      },
      clock.now(),
    ),
  )
  try {
    await run()
  } finally {
    await asTenant(t.db, 1, (tx) => endPolicy(tx, 1, made.id, clock.now()))
  }
}
const reasonOf = (result: InitiateResult): string => (result.kind === 'refused' ? result.reason : 'accepted')

// ASVS 2.3.2
test('of 200 payments at the same moment exactly those that fit into the day are taken', async () => {
  const { id } = await t.open(100_000_000n)
  await under({ dayPaise: paise(370_000n) }, async () => {
    const results = await Promise.all(Array.from({ length: 200 }, () => initiate(t.room, requestFrom(id))))
    assert.equal(results.filter((one) => one.kind === 'accepted').length, 37)
    const refused = results.find((one) => one.kind === 'refused')
    assert.ok(refused?.kind === 'refused')
    assert.deepEqual(
      [refused.reason, refused.rule, refused.limitPaise, refused.leftPaise],
      ['window_limit_exceeded', 'dayPaise', 370_000n, 0n],
    )
  })
  await t.proveBooks()
})

test('what came back makes room again, exactly as much', async () => {
  const { id } = await t.open(100_000_000n)
  await under({ dayPaise: paise(20_000n) }, async () => {
    const [first, second] = [await initiate(t.room, requestFrom(id)), await initiate(t.room, requestFrom(id))]
    assert.equal(reasonOf(await initiate(t.room, requestFrom(id))), 'window_limit_exceeded')
    assert.ok(first.kind === 'accepted' && second.kind === 'accepted')
    await record(t.room, first.payment, { kind: 'declined', responseCode: 'M1' })
    assert.equal(reasonOf(await initiate(t.room, requestFrom(id))), 'accepted')
    assert.equal(reasonOf(await initiate(t.room, requestFrom(id))), 'window_limit_exceeded')
  })
})

test('a replay counts once, and a refused payment not at all', async () => {
  const { id } = await t.open(15_000n)
  await under({ dayCount: 2 }, async () => {
    const request = requestFrom(id)
    for (let i = 0; i < 5; i += 1) assert.equal(reasonOf(await initiate(t.room, request)), 'accepted')
    for (let i = 0; i < 5; i += 1) assert.equal(reasonOf(await initiate(t.room, requestFrom(id))), 'insufficient_funds')
    assert.equal(reasonOf(await initiate(t.room, requestFrom(id, { amountPaise: paise(5_000n) }))), 'accepted')
    assert.equal(reasonOf(await initiate(t.room, requestFrom(id, { amountPaise: paise(1n) }))), 'window_limit_exceeded')
  })
})

test('a new beneficiary gets the smaller limit until its hours are over, however many payments ask at once', async () => {
  const { id } = await t.open(100_000_000n)
  await under({ cooling: { hours: 24, paise: paise(30_000n) } }, async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => initiate(t.room, requestFrom(id))))
    assert.equal(results.filter((one) => one.kind === 'accepted').length, 3)
    ahead += 24 * HOUR
    assert.equal(reasonOf(await initiate(t.room, requestFrom(id))), 'accepted')
  })
})

test('a payment over the amount of the lag waits, can be taken back, and goes when the time is over', async () => {
  const { id } = await t.open(100_000_000n)
  await under({ lag: { overPaise: paise(5_000n), seconds: 3_600 } }, async () => {
    const [back, goes] = [await initiate(t.room, requestFrom(id)), await initiate(t.room, requestFrom(id))]
    assert.ok(back.kind === 'accepted' && goes.kind === 'accepted')
    assert.deepEqual([goes.payment.state, goes.payment.reason], ['held', 'awaiting_lag:3600'])
    assert.equal((await record(t.room, back.payment, { kind: 'cancelled' })).kind, 'moved')
    ahead += 3_599_000
    await lapse(t.room)
    assert.equal(t.sent.filter((one) => one.id === goes.payment.id).length, 0)
    ahead += 2_000
    await lapse(t.room)
    assert.equal(t.sent.filter((one) => one.id === goes.payment.id).length, 1)
    assert.equal(t.sent.filter((one) => one.id === back.payment.id).length, 0)
  })
  await t.proveBooks()
})

test('what is over the amount of review waits for a checker', async () => {
  const { id } = await t.open(100_000_000n)
  await under({ reviewOverPaise: paise(5_000n) }, async () => {
    const result = await initiate(t.room, requestFrom(id, { actor: 'cli_maker' }))
    assert.ok(result.kind === 'accepted')
    const approval = await findApproval(t.db, 1, result.payment.id.slice(4))
    assert.deepEqual([approval?.reason, approval?.maker, approval?.decision], ['over_review_amount', 'cli_maker', null])
  })
})

test("NPCI's own limit holds whatever a tenant's policy allows, and the policy where it is the stricter", async () => {
  const { id } = await t.open(100_000_000n)
  const pay = async (amount: bigint) =>
    reasonOf(await initiate(t.room, requestFrom(id, { channel: 'ussd', amountPaise: paise(amount) })))
  await under({ perPaymentPaise: paise(10_000_000n) }, async () => {
    assert.deepEqual([await pay(500_000n), await pay(500_001n)], ['accepted', 'channel_limit_exceeded'])
  })
  await under({ perPaymentPaise: paise(400_000n) }, async () => {
    assert.deepEqual([await pay(400_000n), await pay(400_001n)], ['accepted', 'limit_exceeded'])
  })
})

test('the kill switch: nothing more is taken, what waits does not leave, and the money is back', async () => {
  const { id } = await t.open(100_000_000n)
  const waiting = await initiate(t.room, requestFrom(id, { waits: [{ stage: 'lag', seconds: 60 }] }))
  assert.ok(waiting.kind === 'accepted')
  assert.ok(await asTenant(t.db, 1, (tx) => setStopped(tx, 1, clock.now())))
  assert.ok(!(await asTenant(t.db, 1, (tx) => setStopped(tx, 1, clock.now()))))
  assert.equal(reasonOf(await initiate(t.room, requestFrom(id))), 'stopped')
  const released = await release(t.room, waiting.payment, 'lag')
  assert.ok(released.kind === 'moved')
  assert.deepEqual([released.payment.state, released.payment.reason], ['refused', 'stopped'])
  assert.ok(await asTenant(t.db, 1, (tx) => setStopped(tx, 1, null)))
  assert.equal(reasonOf(await initiate(t.room, requestFrom(id))), 'accepted')
  await t.proveBooks()
})

test('a stop is answered when what was being judged without it is committed, and what is judged after it knows of it', async () => {
  let answered = false
  const judging = await t.db.reserve()
  await judging`begin`
  assert.equal((await createPolicyBook().read(judging, [1])).get(1)?.stopped, false)
  const stopping = asTenant(t.db, 1, (tx) => setStopped(tx, 1, clock.now())).finally(() => {
    answered = true
  })
  const isWaitedFor = async () =>
    (await t.db`select from pg_locks where locktype = 'advisory' and not granted`).length > 0
  while (!answered && !(await isWaitedFor()));
  assert.ok(!answered, 'the stop was answered before what was judged without it')
  const next = inTransaction(t.db, (tx) => createPolicyBook().read(tx, [1]))
  await judging`commit`
  judging.release()
  assert.ok(await stopping)
  assert.equal((await next).get(1)?.stopped, true)
  assert.ok(await asTenant(t.db, 1, (tx) => setStopped(tx, 1, null)))
})

test('an account that is frozen while its payment waits gets its money back instead', async () => {
  const { id } = await t.open(100_000_000n)
  const waiting = await initiate(t.room, requestFrom(id, { waits: [{ stage: 'lag', seconds: 60 }] }))
  assert.ok(waiting.kind === 'accepted')
  await t.db`update account set status = 'frozen' where account_id = ${id.slice(4)}`
  const released = await release(t.room, waiting.payment, 'lag')
  assert.ok(released.kind === 'moved')
  assert.deepEqual([released.payment.state, released.payment.reason], ['refused', 'account_frozen'])
  await t.proveBooks()
})

test('what is under lien cannot be spent, and everything else can', async () => {
  const { id } = await t.open(100_000n)
  await t.db`update account set lien = 40000 where account_id = ${id.slice(4)}`
  assert.equal(reasonOf(await initiate(t.room, requestFrom(id, { amountPaise: paise(60_001n) }))), 'insufficient_funds')
  assert.equal(reasonOf(await initiate(t.room, requestFrom(id, { amountPaise: paise(60_000n) }))), 'accepted')
  assert.equal(reasonOf(await initiate(t.room, requestFrom(id, { amountPaise: paise(1n) }))), 'insufficient_funds')
})

test('nothing is paid to a blocked account until that is lifted', async () => {
  const { id } = await t.open(100_000_000n)
  const what = { kind: 'account', index: testVault.index('account', '50100123456789') } as const
  const block = (on: boolean) =>
    asTenant(t.db, 1, (tx) =>
      setBlocked(tx, 1, what, on ? { reason: 'reported', by: 'usr_1', at: clock.now() } : null, clock.now()),
    )
  assert.ok(await block(true))
  assert.ok(!(await block(true)))
  assert.equal(reasonOf(await initiate(t.room, requestFrom(id))), 'beneficiary_blocked')
  assert.ok(await block(false))
  assert.equal(reasonOf(await initiate(t.room, requestFrom(id))), 'accepted')
  assert.ok(await block(true))
  assert.ok(await block(false))
})
