import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createFakeHub, KEY } from '../../test/support/http.ts'
import { createVirtualClock } from '../../test/support/virtual-clock.ts'
import {
  type AdmissionLimits,
  createAdmission,
  type Load,
  networkOf,
  noLimits,
  type Slot,
  watchStrain,
} from './admission.ts'
import { Problem } from './problems.ts'
import { createServer } from './server.ts'
import type { Strain } from './shed.ts'

const calm: Strain = { loopMs: 0, databaseMs: 0, doors: 0 }
const caller = (tenantId: number, id: string) => ({
  tenantId,
  actor: { kind: 'client' as const, id, name: id },
  same: [id],
  rights: new Set([]),
  roles: [],
  via: 'key' as const,
  live: false,
  reauthenticatedAt: null,
  address: '192.0.2.1',
})
const refusal = (run: () => unknown): { code: string; headers: Readonly<Record<string, string>> } | undefined => {
  try {
    run()
    return undefined
  } catch (error) {
    assert.ok(error instanceof Problem)
    return { code: error.code, headers: error.headers }
  }
}

// ASVS 2.4.1
test('when four fifths are taken reads wait, and money gets the rest', () => {
  const admission = createAdmission(createVirtualClock(), { ...noLimits, atOnce: 10 })
  const enter = (load: Load): Slot => admission.arrive('192.0.2.1', load)
  const others = Array.from({ length: 8 }, () => enter('other'))
  assert.equal(refusal(() => enter('other'))?.code, 'too_busy')
  enter('money')
  enter('money')
  assert.deepEqual(
    refusal(() => enter('money')),
    { code: 'too_busy', headers: { 'retry-after': '2' } },
  )
  enter('health')
  enter('stream') // counted elsewhere
  const [first, second] = others
  assert.ok(first && second)
  admission.leave(first)
  admission.leave(first) // twice is once
  assert.equal(
    refusal(() => enter('money')),
    undefined,
  )
  assert.equal(refusal(() => enter('money'))?.code, 'too_busy')
  assert.deepEqual([...admission.state().refused], [['fleet', 3]])
})

test('money alone may take the whole process', () => {
  const admission = createAdmission(createVirtualClock(), { ...noLimits, atOnce: 10 })
  for (let i = 0; i < 10; i += 1) admission.arrive('a', 'money')
  assert.equal(
    refusal(() => admission.arrive('a', 'other')),
    undefined,
  ) // two of ten are for money, and eight for all
  assert.equal(refusal(() => admission.arrive('a', 'money'))?.code, 'too_busy')
})

test('a process that is late refuses all but money, then all but health', () => {
  const admission = createAdmission(createVirtualClock(), noLimits)
  const codes = () =>
    (['health', 'money', 'other', 'stream'] as const).map((load) => refusal(() => admission.arrive('a', load))?.code)
  assert.deepEqual(codes(), [undefined, undefined, undefined, undefined])
  for (let i = 0; i < 2; i += 1) admission.sample({ ...calm, loopMs: 300 })
  assert.deepEqual(codes(), [undefined, undefined, 'too_busy', 'too_busy'])
  for (let i = 0; i < 2; i += 1) admission.sample({ ...calm, databaseMs: 6_000 })
  assert.deepEqual(codes(), [undefined, 'too_busy', 'too_busy', 'too_busy'])
  for (let i = 0; i < 4; i += 1) admission.sample(calm)
  assert.deepEqual(codes(), [undefined, undefined, 'too_busy', 'too_busy'])
  for (let i = 0; i < 4; i += 1) admission.sample(calm)
  assert.deepEqual(codes(), [undefined, undefined, undefined, undefined])
})

test('a process that is late with next to nothing to do refuses nobody', () => {
  const admission = createAdmission(createVirtualClock(), { ...noLimits, shedFrom: 3 })
  for (let i = 0; i < 2; i += 1) admission.sample({ ...calm, loopMs: 5_000 })
  for (let i = 0; i < 3; i += 1)
    assert.equal(
      refusal(() => admission.arrive('a', 'other')),
      undefined,
    )
  assert.equal(refusal(() => admission.arrive('a', 'other'))?.code, 'too_busy')
})

test('a key, a tenant and an address each have their own rate, and the refusal says which and until when', () => {
  const clock = createVirtualClock()
  const admission = createAdmission(clock, { ...noLimits, perKey: 10, perTenant: 15, perAddress: 40 })
  const ask = (key: string, tenantId = 1, address = '192.0.2.1') =>
    refusal(() => {
      const slot = admission.arrive(address, 'other')
      try {
        admission.admit(slot, caller(tenantId, key))
      } finally {
        admission.leave(slot)
      }
    })
  for (let i = 0; i < 20; i += 1) assert.equal(ask('a'), undefined)
  assert.deepEqual(ask('a'), {
    code: 'rate_limited',
    headers: { 'retry-after': '1', 'ratelimit-policy': '"key";q=20;w=2', ratelimit: '"key";r=0;t=1' },
  })
  for (let i = 0; i < 10; i += 1) assert.equal(ask('b'), undefined)
  assert.match(ask('b')?.headers.ratelimit ?? '', /tenant/)
  assert.equal(ask('a', 2), undefined) // a key of the same name, of another tenant
  for (let i = 0; i < 60; i += 1) ask(`${i}`, 3 + i) // whoever it is
  assert.match(ask('d', 4)?.headers.ratelimit ?? '', /address/)
  assert.equal(ask('d', 5, '192.0.2.2'), undefined)
  clock.advance(2_000)
  assert.equal(ask('a'), undefined)
  assert.equal(admission.state().inFlight.other, 0)
})

test('what one key has under way is counted until it is over', () => {
  const admission = createAdmission(createVirtualClock(), { ...noLimits, keyAtOnce: 2, tenantAtOnce: 3 })
  const enter = (key: string, load: Load = 'money'): Slot => {
    const slot = admission.arrive('a', load)
    try {
      admission.admit(slot, caller(1, key))
    } catch (error) {
      admission.leave(slot)
      throw error
    }
    return slot
  }
  const first = enter('a')
  enter('a')
  assert.equal(refusal(() => enter('a'))?.code, 'too_many_at_once')
  enter('b')
  assert.equal(refusal(() => enter('b'))?.code, 'too_many_at_once')
  admission.leave(first)
  assert.equal(
    refusal(() => enter('a')),
    undefined,
  )
  assert.deepEqual([...admission.state().refused.keys()].sort(), ['at_once_key', 'at_once_tenant'])
})

test('whoever guesses keys is not listened to for a while; a key that was good beside the guessing goes on working', () => {
  const clock = createVirtualClock()
  const admission = createAdmission(clock, { ...noLimits, failuresPerMinute: 6 })
  const guess = (address: string, key: string, isGood = false) =>
    refusal(() => {
      admission.mayTry(address, key)
      admission.tried(address, key, isGood)
    })?.code
  for (let i = 0; i < 3; i += 1) assert.equal(guess('192.0.2.1', `bad ${i}`), undefined)
  assert.equal(guess('192.0.2.1', 'good', true), undefined)
  for (let i = 0; i < 3; i += 1) assert.equal(guess('192.0.2.1', `worse ${i}`), undefined)
  assert.equal(guess('192.0.2.1', 'one more'), 'too_many_failures')
  assert.equal(guess('192.0.2.1', 'never seen', true), 'too_many_failures')
  assert.equal(guess('192.0.2.1', 'good', true), undefined)
  assert.equal(guess('192.0.2.2', 'elsewhere', true), undefined)
  clock.advance(10_000)
  assert.equal(guess('192.0.2.1', 'never seen', true), undefined)
})

const networks: readonly (readonly [address: string, network: string])[] = [
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::ffff:c000:201', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '8193:3512:1:2'],
  ['2001:db8:1:2::', '8193:3512:1:2'],
  ['::1', '0:0:0:0'],
  ['not an address', 'not an address'],
  ['not:an:address', 'not:an:address'],
]
for (const [address, network] of networks)
  test(`${address} counts as ${network}`, () => assert.equal(networkOf(address), network))

test('a question to the database that has no answer counts with its age; one that fails does not', async () => {
  const clock = createVirtualClock()
  const seen: Strain[] = []
  let answer: (error?: Error) => void = () => undefined
  const stop = watchStrain(
    {
      clock,
      loopMs: () => 7,
      doors: () => 0.25,
      ping: () =>
        new Promise((resolve, reject) => {
          answer = (error) => (error === undefined ? resolve() : reject(error))
        }),
    },
    (strain) => seen.push(strain),
  )
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  for (let i = 0; i < 4; i += 1) clock.advance(500)
  assert.deepEqual(
    seen.map(({ databaseMs }) => databaseMs),
    [0, 500, 1_000, 1_500, 2_000],
  )
  answer()
  await settle()
  clock.advance(500)
  assert.equal(seen.at(-1)?.databaseMs, 2_000)
  answer(new Error('away'))
  await settle()
  clock.advance(500)
  assert.deepEqual(seen.at(-1), { loopMs: 7, databaseMs: 0, doors: 0.25 })
  const before = seen.length
  stop()
  clock.advance(5_000)
  assert.equal(seen.length, before)
})

// The same on a real server, with real sockets.

async function open(t: TestContext, limits: Partial<AdmissionLimits>) {
  const clock = createVirtualClock()
  const hub = createFakeHub()
  const admission = createAdmission(clock, { ...noLimits, ...limits })
  const server = await createServer({ ...hub.deps, admission })
  const port = await server.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => server.close())
  const ask = (path: string, key = KEY, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } })
  const pay = (more: Record<string, string> = {}) =>
    ask('/v1/payments', KEY, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...more },
      body: '{"amount":"100","from":"acc_100001","to":{"kind":"account","ifsc":"HDFC0000123","account":"50100123456789"}}',
    })
  const idle = async (): Promise<void> => {
    while (admission.state().inFlight.money + admission.state().inFlight.other > 0)
      await new Promise((resolve) => setImmediate(resolve))
  }
  return { clock, hub, admission, port, ask, pay, idle }
}

test('429 says when to come back, and then it is so; nothing was done meanwhile', async (t) => {
  const { clock, hub, ask, pay } = await open(t, { perKey: 2 })
  for (let i = 0; i < 4; i += 1) assert.equal((await ask('/v1/banks')).status, 200)
  const refused = await pay()
  assert.equal(refused.status, 429)
  assert.equal(refused.headers.get('content-type'), 'application/problem+json; charset=utf-8')
  assert.equal(refused.headers.get('cache-control'), 'no-store')
  assert.equal(refused.headers.get('ratelimit-policy'), '"key";q=4;w=2')
  assert.match(await refused.text(), /"code":"rate_limited"/)
  assert.equal(hub.asked.length, 0)
  clock.advance(Number(refused.headers.get('retry-after')) * 1_000)
  assert.equal((await pay()).status, 201)
})

test('reads are refused first, a payment still gets in, and health always answers', async (t) => {
  const { admission, ask, pay } = await open(t, {})
  for (let i = 0; i < 2; i += 1) admission.sample({ ...calm, loopMs: 300 })
  const read = await ask('/v1/banks')
  assert.deepEqual([read.status, read.headers.get('retry-after')], [503, '2'])
  assert.equal((await pay()).status, 201)
  for (let i = 0; i < 2; i += 1) admission.sample({ ...calm, loopMs: 3_000 })
  assert.equal((await pay()).status, 503)
  assert.equal((await ask('/nothing')).status, 503)
  assert.equal((await ask('/healthz')).status, 200)
  assert.deepEqual([...admission.state().refused], [['worker', 3]])
  assert.match(await (await ask('/metrics')).text(), /^turant_load_level 0$/m)
})

test('wrong keys from one address are told 429 after a while, before they are looked for', async (t) => {
  const { ask } = await open(t, { failuresPerMinute: 5 })
  const statuses = []
  for (let i = 0; i < 7; i += 1) statuses.push((await ask('/v1/banks', `wrong-${i}`)).status)
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429])
})

test('slots come back: after answers, after callers that leave early, after waits and after pipelines that break', async (t) => {
  const { hub, admission, port, ask, pay, idle } = await open(t, { atOnce: 100, keyAtOnce: 50 })
  await Promise.all(Array.from({ length: 40 }, () => ask('/v1/banks')))
  await idle()
  const waiting = new AbortController()
  const asked = Array.from({ length: 10 }, () =>
    ask('/v1/payments', KEY, {
      method: 'POST',
      signal: waiting.signal,
      headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), prefer: 'wait=30' },
      body: '{"amount":"100","from":"acc_100001","to":{"kind":"account","ifsc":"HDFC0000123","account":"50100123456789"}}',
    }).catch(() => undefined),
  )
  while (admission.state().inFlight.money < 10) await new Promise((resolve) => setImmediate(resolve))
  while (hub.asked.length < 10) await new Promise((resolve) => setImmediate(resolve))
  waiting.abort()
  await Promise.all(asked)
  await idle()
  // A wait, and twenty requests behind it on the same connection; then the connection breaks.
  const head = `host: x\r\nauthorization: Bearer ${KEY}\r\n`
  const body =
    '{"amount":"100","from":"acc_100001","to":{"kind":"account","ifsc":"HDFC0000123","account":"50100123456789"}}'
  const wait = `POST /v1/payments HTTP/1.1\r\n${head}content-type: application/json\r\nidempotency-key: p\r\nprefer: wait=30\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(wait + `GET /v1/banks HTTP/1.1\r\n${head}\r\n`.repeat(20))
  while (admission.state().inFlight.other < 20) await new Promise((resolve) => setImmediate(resolve))
  socket.destroy()
  await idle()
  assert.equal((await pay()).status, 201)
})
