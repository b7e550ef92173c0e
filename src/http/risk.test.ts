import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { keyOf, type RealServer, startRealServer } from '../../test/support/real-server.ts'
import { testVault } from '../../test/support/vault.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import {
  type AccountId,
  accountKey,
  must,
  parseAccountNumber,
  parseIfsc,
  parsePaymentId,
  parseRrn,
  parseStan,
} from '../base/identifiers.ts'
import { silentLog } from '../base/log.ts'
import { paise } from '../base/money.ts'
import { asTenant } from '../db/tenant.ts'
import { roles } from '../identity/rights.ts'
import { initiate, replay } from '../payment/initiate.ts'
import { initiateAssessed } from '../payment/initiate-assessed.ts'
import { receive } from '../payment/receive.ts'
import { record } from '../payment/record.ts'
import { createRiskCheck } from '../payment/risk.ts'
import { findPayment } from '../payment/store.ts'
import { createRuleEngine, type RuleEngine } from '../risk/engine.ts'
import { findPasts } from '../risk/store.ts'

// The rules over HTTP, judged by the real engine over real doors; the rail is missing.

let ahead = 0
const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead }
const { db, url } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const t = await createTestRoom(url, { clock })
let engine: RuleEngine
let real: RealServer
before(async () => {
  engine = createRuleEngine({ clock, log: silentLog, vault: testVault, db: t.db })
  // The budget is of the setting; here the machine may be busy, and what is judged is what is tested.
  const assess = createRiskCheck({ clock, log: silentLog, port: engine.port, budgetMs: 5_000, onFailure: 'allow' })
  real = await startRealServer(
    db,
    t.room,
    [
      { tenantId: 1, name: 'program' },
      { tenantId: 2, name: 'program' },
      { tenantId: 1, name: 'operations', rights: roles.operations },
      { tenantId: 1, name: 'checker', rights: roles.checker },
    ],
    {
      forgetRisk: engine.forget,
      initiate: (request) =>
        initiateAssessed(
          {
            assess,
            flag: engine.flag,
            replay: (earlier) => replay(db, testVault, earlier),
            initiate: (judged) => initiate(t.room, judged),
          },
          request,
        ),
    },
  )
})
after(async () => {
  await engine.idle()
  await real.server.close()
  await t.close()
})

const as =
  (name: string, tenantId = 1) =>
  (method: string, path: string, body?: object) =>
    real.call(method, path, keyOf(tenantId, name), body)
const program = as('program')
const setRules = async (rules: object, more: object = {}) => {
  const answer = await program('put', '/v1/risk/rules', { rules, ...more })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body
}
const payTo = (from: AccountId, account: string, amount: string) =>
  program('post', '/v1/payments', { amount, from, to: { kind: 'account', ifsc: 'HDFC0000123', account } })
const flagsOf = async (account: AccountId, query = '') =>
  (await program('get', `/v1/risk/flags?account=${account}${query}`)).body.data
const riskOf = async (id: string) => {
  const [row] = await db<{ risk: string | null }[]>`select risk from payment where payment_id = ${id.slice(4)}::uuid`
  return row === undefined || row.risk === null ? null : JSON.parse(row.risk)
}

test('without rules nothing is judged and nothing is written down', async () => {
  const { id } = await t.open(100_000_000n)
  const paid = await payTo(id, '50100123456789', '10000')
  assert.deepEqual([paid.status, await riskOf(paid.body.id)], [201, null])
  assert.deepEqual((await program('get', '/v1/risk/rules')).body.current, null)
})

test('what a rule refuses is refused with its reason and no number, leaves a flag, and is no payment', async () => {
  const { version } = await setRules({ velocity: { count: 3, minutes: 10, action: 'refuse' } })
  const { id } = await t.open(100_000_000n)
  for (let i = 0; i < 2; i += 1) {
    const paid = await payTo(id, '50100123456789', '10000')
    assert.deepEqual(await riskOf(paid.body.id), { verdict: 'allow', reasons: [], ruleSet: `rules/${version}` })
  }
  for (let i = 0; i < 3; i += 1) {
    const { status, body } = await payTo(id, '50100123456789', '10000')
    assert.deepEqual([status, body.code, body.riskReasons, body.errors], [422, 'risk_refused', ['velocity'], []])
    assert.doesNotMatch(body.detail, /[0-9]/)
  }
  const [flag, ...more] = await flagsOf(id)
  assert.deepEqual(
    [flag.verdict, flag.reasons, flag.ruleSet, flag.times, flag.payment, flag.amount, more.length],
    ['refuse', ['velocity'], `rules/${version}`, 3, null, '10000', 0],
  )
  const [row] = await db`select count(*)::int as n from payment where account_id = ${accountKey(id)}`
  assert.equal(row?.n, 2)
})

test('what was taken before it was risky is answered as it was, and not refused', async () => {
  await setRules({})
  const { id } = await t.open(100_000_000n)
  const body = { amount: '10000', from: id, to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' } }
  const ask = () =>
    real.server.app.inject({
      method: 'POST',
      url: '/v1/payments',
      headers: {
        authorization: `Bearer ${keyOf(1, 'program')}`,
        'content-type': 'application/json',
        'idempotency-key': `again-${id}`,
      },
      payload: JSON.stringify(body),
    })
  const first = (await ask()).json()
  await setRules({ velocity: { count: 2, minutes: 60, action: 'refuse' } })
  const again = await ask()
  assert.deepEqual([again.statusCode, again.json().id, again.headers['idempotency-replayed']], [201, first.id, 'true'])
  assert.equal((await payTo(id, '50100123456789', '10000')).body.code, 'risk_refused')
})

test('what must be reviewed waits for people, with the money held, and goes when one of them agrees', async () => {
  const { version } = await setRules({ fanOut: { beneficiaries: 2, minutes: 60 } })
  const { id } = await t.open(100_000_000n)
  assert.equal((await payTo(id, '50100000000001', '10000')).body.state, 'sent')
  const waiting = (await payTo(id, '50100000000002', '10000')).body
  assert.deepEqual([waiting.status, waiting.state], ['requires_approval', 'held'])
  assert.deepEqual(await riskOf(waiting.id), { verdict: 'review', reasons: ['fan_out'], ruleSet: `rules/${version}` })
  const approval = (await program('get', `/v1/approvals/${waiting.id}`)).body
  assert.equal(approval.reason, 'risk_review')
  const [flag] = await flagsOf(id)
  assert.deepEqual([flag.verdict, flag.payment], ['review', waiting.id])
  assert.equal((await program('post', `/v1/approvals/${waiting.id}/approve`, {})).status, 403)
  assert.equal((await as('checker')('post', `/v1/approvals/${waiting.id}/approve`, {})).status, 200)
  const after = await asTenant(db, 1, (tx) => findPayment(tx, testVault, 1, must(parsePaymentId(waiting.id), 'id')))
  assert.equal(after?.state, 'sent')
})

let serial = 0
/** A credit from another bank by door 3, and the look at it. */
async function credit(to: AccountId, account: string, amountPaise: bigint) {
  serial += 1
  const [owner] = await db<{ ifsc: string }[]>`select ifsc from account where account_id = ${accountKey(to)}`
  assert.ok(owner !== undefined)
  const number = (await program('get', `/v1/accounts/${to}`)).body.accountNumber
  const seen = t.moved.length
  const taken = await receive(
    t.room,
    {
      rrn: must(parseRrn(`6326129${String(serial).padStart(5, '0')}`), 'RRN'),
      stan: must(parseStan(String(serial).padStart(6, '0')), 'STAN'),
      remitterBank: '600001',
      amountPaise: paise(amountPaise),
      transmittedAt: clock.now(),
      channel: 'mobile',
      remitter: { account: must(parseAccountNumber(account), 'account'), name: 'Ravi Shah' },
      beneficiary: {
        kind: 'account',
        ifsc: must(parseIfsc(owner.ifsc), 'IFSC'),
        account: must(parseAccountNumber(number), 'account'),
      },
    },
    { link: 'beneficiary', epoch: 1 },
    () => ({ bytes: new Uint8Array(1), responseCode: '00' }),
  )
  assert.equal(taken.kind, 'credited')
  for (const { payment } of t.moved.slice(seen)) engine.watch(payment)
  await engine.idle()
}

test('a mule: what comes in and goes out again at once is put before people, at nine tenths and not below', async () => {
  await setRules({ passThrough: { percent: 90, minutes: 30, least: '100000' } })
  const { id } = await t.open(100_000_000n)
  await credit(id, '111122223333', 1_000_000n)
  assert.equal((await payTo(id, '50100000000001', '899999')).body.state, 'sent')
  assert.equal((await payTo(id, '50100000000002', '1')).body.status, 'requires_approval')
})

test('credits are flagged and never refused: many remitters, and one that is blocked, however its number is written', async () => {
  await setRules({ fanIn: { remitters: 3, minutes: 60, action: 'refuse' } })
  const { id } = await t.open(0n)
  for (const from of ['900000000001', '900000000002', '900000000003']) await credit(id, from, 10_000n)
  const [flag] = await flagsOf(id)
  assert.deepEqual([flag.verdict, flag.direction, flag.reasons], ['flag', 'inward', ['fan_in']])
  const other = await t.open(0n)
  await setRules({})
  await as('operations')('post', '/v1/risk/block', { account: '00 7777-8888 9999', reason: 'NCRP 7' })
  engine.forget(1)
  await credit(other.id, '777788889999', 10_000n)
  assert.deepEqual((await flagsOf(other.id))[0].reasons, ['blocked_remitter'])
  assert.equal((await program('get', `/v1/accounts/${other.id}`)).body.balance, '10000')
})

test('a blocked mobile or account is refused however it was written, on both sides', async () => {
  await setRules({})
  const { id } = await t.open(100_000_000n)
  const block = (verb: string, what: object) => as('operations')('post', `/v1/risk/${verb}`, { reason: 'x', ...what })
  const toMobile = () =>
    program('post', '/v1/payments', {
      amount: '100',
      from: id,
      to: { kind: 'mmid', mobile: '9876500001', mmid: '9229123' },
    })
  for (const mobile of [
    '9876500001',
    '919876500001',
    '+91 98765 00001',
    '+91-98765-00001',
    '09876500001',
    '98765 00001',
  ]) {
    assert.equal((await block('block', { mobile })).status, 204, mobile)
    assert.equal((await toMobile()).body.code, 'beneficiary_blocked', mobile)
    assert.equal((await block('unblock', { mobile: '9876500001' })).status, 204)
    assert.equal((await toMobile()).status, 201)
  }
  for (const account of ['ab12 3456', 'AB123456', 'AB-12-34-56', '00AB123456']) {
    await block('block', { account })
    assert.equal((await payTo(id, 'AB123456', '100')).body.code, 'beneficiary_blocked', account)
    assert.equal((await payTo(id, '00ab123456', '100')).body.code, 'beneficiary_blocked', account)
    await block('unblock', { account: 'AB123456' })
    assert.equal((await payTo(id, 'AB123456', '100')).status, 201)
  }
  const own = (await program('get', `/v1/accounts/${id}`)).body.accountNumber
  await block('block', { account: own })
  assert.equal((await payTo(id, 'AB123456', '100')).body.code, 'remitter_blocked')
  await block('unblock', { account: own })
  for (const bad of [
    { mobile: '12345' },
    { mobile: '+92 9876500001' },
    { mobile: '5876500001' },
    { account: '- -' },
    {},
    { account: '1', mobile: '9876500001' },
  ])
    assert.equal((await block('block', bad)).status, 400, JSON.stringify(bad))
})

test('rules are rows with versions: what holds from when is known, and what was is not changed', async () => {
  const before = await setRules({ velocity: { count: 9, minutes: 9 } })
  const later = await setRules(
    { velocity: { count: 8, minutes: 8 } },
    { validFrom: new Date(clock.now() + 60_000).toISOString() },
  )
  assert.equal(later.version, before.version + 1)
  assert.equal((await program('get', '/v1/risk/rules')).body.current.version, before.version)
  ahead += 61_000
  const { current, data } = (await program('get', '/v1/risk/rules')).body
  assert.deepEqual([current.version, data[1].rules], [later.version, { velocity: { count: 9, minutes: 9 } }])
  const acts =
    await db`select outcome from act where action = 'risk_rules.set' and subject = ${`rules/${later.version}`}`
  assert.equal(acts.length, 1)
  await assert.rejects(db`update risk_rule_set set rules = '{}'`, /append-only/)
  assert.deepEqual((await as('program', 2)('get', '/v1/risk/rules')).body.data, [])
})

test('what another process changed holds here within five seconds, and nobody waits for it that long', async () => {
  await setRules({})
  const { id } = await t.open(100_000_000n)
  const other = createRuleEngine({ clock, log: silentLog, vault: testVault, db: t.db })
  await other.warm()
  const { amountPaise, to, channel } = requestFrom(id, { amountPaise: paise(100n) })
  const ask = () =>
    other.port.assess({ tenantId: 1, accountId: id, to, channel, amountPaise }, new AbortController().signal)
  assert.equal(await ask(), undefined)
  const { version } = await setRules({ velocity: { count: 20, minutes: 10 } })
  ahead += 5_000
  assert.deepEqual(await ask(), { kind: 'allow', reasons: [], ruleSet: `rules/${version}` })
  await setRules({})
  ahead += 1_000
  assert.deepEqual((await ask())?.ruleSet, `rules/${version}`) // as it was, while it is read again
  ahead += 5_000
  assert.equal(await ask(), undefined)
})

test('rules that cannot be are refused, naming the field', async () => {
  for (const [rules, field] of [
    [{ velocity: { count: 1, minutes: 10 } }, 'rules.velocity.count'],
    [{ velocity: { count: 2 } }, 'rules.velocity.minutes'],
    [{ passThrough: { percent: 101, minutes: 1, least: '1' } }, 'rules.passThrough.percent'],
    [{ passThrough: { percent: 90, minutes: 1, least: 1 } }, 'rules.passThrough.least'],
    [{ probing: { probe: '5', amount: '5', minutes: 1 } }, 'rules.probing.probe'],
    [{ oddHours: { from: 5, to: 5, amount: '1' } }, 'rules.oddHours.to'],
    [{ oddHours: { from: 24, to: 5, amount: '1' } }, 'rules.oddHours.from'],
    [{ fanIn: { remitters: 2, minutes: 1, action: 'burn' } }, 'rules.fanIn.action'],
    [{ luck: {} }, 'rules.luck'],
  ] as const) {
    const { status, body } = await program('put', '/v1/risk/rules', { rules })
    assert.deepEqual([status, body.errors?.[0]?.field], [400, field], JSON.stringify(body))
  }
})

test('with a rule for limits, rules of risk wait for people too', async () => {
  const steps = [{ anyOf: [{ role: 'checker', count: 1 }] }]
  const rule = (await program('post', '/v1/approval-rules', { subject: 'limits', steps })).body
  const asked = await program('put', '/v1/risk/rules', { rules: { fanIn: { remitters: 7, minutes: 7 } } })
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  const before = (await program('get', '/v1/risk/rules')).body.data.length
  assert.equal(
    (await as('checker')('post', `/v1/approvals/${asked.body.id}/approve`, { digest: asked.body.digest })).status,
    200,
  )
  const { data } = (await program('get', '/v1/risk/rules')).body
  assert.deepEqual([data.length, data[0].rules], [before + 1, { fanIn: { remitters: 7, minutes: 7 } }])
  await db`update approval_rule set valid_until = ${new Date(clock.now()).toISOString()}::timestamptz where rule_id = ${rule.id.slice(4)}::uuid`
})

test('flags are read page by page, closed once, and only by their own tenant', async () => {
  const { id } = await t.open(0n)
  for (const reason of ['a', 'b', 'c']) {
    ahead += 1_000
    await engine.flag({
      tenantId: 1,
      accountId: id,
      direction: 'inward',
      verdict: 'flag',
      reasons: [reason],
      ruleSet: 'x/1',
      paymentId: null,
      amountPaise: paise(1n),
    })
  }
  const seen: string[] = []
  for (let cursor = ''; ; ) {
    const { data, nextCursor } = (await program('get', `/v1/risk/flags?account=${id}&limit=2${cursor}`)).body
    seen.push(...data.flatMap((one: { reasons: string[] }) => one.reasons))
    if (nextCursor === null) break
    cursor = `&cursor=${nextCursor}`
  }
  assert.deepEqual(seen, ['c', 'b', 'a'])
  const [flag] = await flagsOf(id)
  assert.equal((await as('program', 2)('post', `/v1/risk/flags/${flag.id}/close`, {})).status, 404)
  const closed = (await as('operations')('post', `/v1/risk/flags/${flag.id}/close`, { note: 'known to us' })).body
  assert.equal(closed.note, 'known to us')
  const again = (await program('post', `/v1/risk/flags/${flag.id}/close`, { note: 'other' })).body
  assert.deepEqual([again.note, again.closedBy], [closed.note, closed.closedBy])
  assert.equal((await flagsOf(id)).length, 2)
  assert.equal((await flagsOf(id, '&all=true')).length, 3)
  const acts = await db`select actor from act where action = 'risk_flag.closed' and subject = ${flag.id}`
  assert.equal(acts.length, 1)
})

test("a customer's switch: the customer's own stop ends with the same right, operations' with another", async () => {
  const made = await program('post', '/v1/customers', { name: 'Asha Devi', mobile: '9876500099' })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const [row] = await db<{ id: bigint }[]>`
    select customer_id as id from customer where public_id = ${made.body.id.slice(4)}::uuid`
  const { id } = await t.open(100_000_000n, 'TRN', 1, row?.id)
  const path = `/v1/customers/${made.body.id}`
  const operations = as('operations')
  const pays = async () => (await payTo(id, '50100000000001', '100')).body.code ?? 'taken'
  assert.equal((await program('post', `${path}/stop`, { by: 'customer' })).status, 200)
  assert.equal(await pays(), 'customer_stopped')
  assert.equal((await operations('post', `${path}/resume`, { by: 'customer' })).status, 200)
  assert.equal(await pays(), 'taken')
  assert.equal((await operations('post', `${path}/stop`, { by: 'operations' })).status, 200)
  assert.equal((await program('post', `${path}/stop`, { by: 'customer' })).body.stoppedBy, 'operations')
  assert.equal((await program('post', `${path}/resume`, { by: 'customer' })).body.code, 'stopped_by_operations')
  assert.equal((await operations('post', `${path}/resume`, { by: 'operations' })).body.code, 'forbidden')
  assert.equal(await pays(), 'customer_stopped')
  assert.equal((await program('post', `${path}/resume`, { by: 'operations' })).status, 200)
  assert.equal(await pays(), 'taken')
  const acts =
    await db`select action from act where subject = ${made.body.id} and action ~ 'stopped|resumed' order by sequence`
  assert.deepEqual(
    acts.map((one) => one.action),
    ['customer.stopped', 'customer.resumed', 'customer.stopped', 'customer.resumed'],
  )
})

test('the past of an account is read by the index, and of a busy account no more than is looked at', async () => {
  const { id } = await t.open(100_000_000n)
  await Promise.all(Array.from({ length: 100 }, () => initiate(t.room, requestFrom(id))))
  const past = (await findPasts(t.db, [id])).get(id)?.past ?? []
  assert.equal(past.length, 60)
  assert.ok(past.every((one, i) => i === 0 || one.at <= (past[i - 1]?.at ?? 0)))
  const last = await initiate(t.room, requestFrom(id))
  assert.ok(last.kind === 'accepted')
  await record(t.room, last.payment, { kind: 'declined', responseCode: 'M1' })
  assert.equal((await findPasts(t.db, [id])).get(id)?.past[0]?.stands, false)
})
