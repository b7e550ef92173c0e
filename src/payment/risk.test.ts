import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVirtualClock } from '../../test/support/virtual-clock.ts'
import { accountIdOf, must, parseAccountNumber, parseIfsc } from '../base/identifiers.ts'
import { silentLog } from '../base/log.ts'
import { paise } from '../base/money.ts'
import { type Assessed, createRiskCheck, isVerdict, type RiskPort, strictestOf, verdicts } from './risk.ts'

const question = {
  tenantId: 1,
  accountId: accountIdOf(1),
  to: {
    kind: 'account' as const,
    ifsc: must(parseIfsc('HDFC0000123'), 'IFSC'),
    account: must(parseAccountNumber('50100123456789'), 'account'),
  },
  channel: 'internet' as const,
  amountPaise: paise(100n),
}
const said = { kind: 'review' as const, reasons: ['velocity'], ruleSet: 'rules/1' }
/** A port whose answer no compiler has seen. */
const answering = (answer: unknown): RiskPort => ({ assess: async () => JSON.parse(JSON.stringify(answer)) })
const throwing: RiskPort = {
  assess: () => {
    throw new Error('at once')
  },
}
const rejecting: RiskPort = { assess: () => Promise.reject(new Error('after a while')) }
const hanging: RiskPort = { assess: () => new Promise(() => undefined) }

for (const onFailure of verdicts) {
  const check = (port: RiskPort) =>
    createRiskCheck({ clock: createVirtualClock(), log: silentLog, port, budgetMs: 50, onFailure })
  const failed = (failure: string) => ({ kind: onFailure, reasons: ['risk_unavailable'], ruleSet: 'none', failure })
  test(`a port that throws, rejects or answers rubbish: ${onFailure}`, async () => {
    assert.deepEqual(await check(throwing)(question), failed('failed'))
    assert.deepEqual(await check(rejecting)(question), failed('failed'))
    for (const rubbish of [
      null,
      'allow',
      1,
      [],
      {},
      { kind: 'allow' },
      { ...said, kind: 'yes' },
      { ...said, reasons: [] },
      { ...said, reasons: 'velocity' },
      { ...said, reasons: ['<b>'] },
      { ...said, reasons: ['over 50000'] },
      { ...said, reasons: Array.from({ length: 21 }, () => 'x') },
      { ...said, ruleSet: '' },
      { ...said, ruleSet: 7 },
      { ...said, ruleSet: 'a b' },
    ])
      assert.deepEqual(await check(answering(rubbish))(question), failed('rubbish'), JSON.stringify(rubbish))
  })
}

test('what a port says is passed on, and nothing is said when it has nothing to judge by', async () => {
  const check = (port: RiskPort) =>
    createRiskCheck({ clock: createVirtualClock(), log: silentLog, port, budgetMs: 50, onFailure: 'refuse' })
  assert.deepEqual(await check(answering(said))(question), said)
  assert.equal(await check({ assess: async () => undefined })(question), undefined)
  assert.ok(isVerdict({ kind: 'allow', reasons: [], ruleSet: 'x' }))
})

test('nobody waits longer than the budget; an answer that comes later is not heard, and its port is told so', async () => {
  const clock = createVirtualClock()
  let told: AbortSignal | undefined
  let answerLate: (verdict: typeof said) => void = () => undefined
  const port: RiskPort = {
    assess: (_, signal) => {
      told = signal
      return new Promise((resolve) => {
        answerLate = resolve
      })
    },
  }
  const counted: Assessed[] = []
  const check = createRiskCheck({
    clock,
    log: silentLog,
    port,
    budgetMs: 50,
    onFailure: 'allow',
    onAssessed: (one) => counted.push(one),
  })
  let answered: Assessed | undefined
  const asked = check(question).then((one) => {
    answered = one
  })
  await clock.advanceAsync(49)
  assert.equal(answered, undefined)
  await clock.advanceAsync(1)
  await asked
  assert.deepEqual(answered, { kind: 'allow', reasons: ['risk_unavailable'], ruleSet: 'none', failure: 'late' })
  assert.ok(told?.aborted)
  answerLate(said)
  await clock.advanceAsync(100)
  assert.deepEqual(counted, [answered])
})

test('a thousand payments are judged at the same time, not one after the other', async () => {
  const clock = createVirtualClock()
  const port: RiskPort = { assess: () => new Promise((resolve) => clock.after(40, () => resolve(said))) }
  const check = createRiskCheck({ clock, log: silentLog, port, budgetMs: 50, onFailure: 'refuse' })
  const all = Promise.all(Array.from({ length: 1_000 }, () => check(question)))
  await clock.advanceAsync(40)
  assert.ok((await all).every((one) => one?.kind === 'review'))
})

test('a port that hangs is asked so often and no more: payments are not piled up behind it', async () => {
  const clock = createVirtualClock()
  let asks = 0
  const port: RiskPort = {
    assess: (...asked) => {
      asks += 1
      return hanging.assess(...asked)
    },
  }
  const check = createRiskCheck({ clock, log: silentLog, port, budgetMs: 50, onFailure: 'allow', maxOpen: 10 })
  const first = Promise.all(Array.from({ length: 10 }, () => check(question)))
  await clock.advanceAsync(50)
  await first
  assert.equal((await check(question))?.failure, 'overloaded')
  assert.equal(asks, 10)
})

test('of several the strictest wins, and what one says stands when another fails', async () => {
  const saying = (kind: Assessed['kind'], failure?: 'late') => async () => ({
    kind,
    reasons: kind === 'allow' ? [] : [`is_${kind}`],
    ruleSet: kind,
    ...(failure === undefined ? {} : { failure }),
  })
  for (const a of verdicts) {
    for (const b of verdicts) {
      const both = await strictestOf([saying(a), saying(b)])(question)
      assert.equal(both?.kind, verdicts[Math.max(verdicts.indexOf(a), verdicts.indexOf(b))])
    }
  }
  const late = await strictestOf([saying('refuse'), saying('allow', 'late')])(question)
  assert.deepEqual(late, { kind: 'refuse', reasons: ['is_refuse'], ruleSet: 'refuse+allow' })
  const unjudged = await strictestOf([saying('allow'), saying('refuse', 'late')])(question)
  assert.equal(unjudged?.failure, 'late')
  assert.equal(await strictestOf([async () => undefined])(question), undefined)
  assert.equal((await strictestOf([async () => undefined, saying('review')])(question))?.kind, 'review')
})
