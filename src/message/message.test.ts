import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { testVault } from '../../test/support/vault.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { type Mobile, must, parseAccountNumber, parseIfsc, parseMmid, parseMobile } from '../base/identifiers.ts'
import { createOutbound } from '../base/outbound.ts'
import { createMessageBox } from './box.ts'
import { createGateway, type GatewayOptions } from './gateway.ts'
import { enrolmentText, type Message, noMessenger, paymentText } from './message.ts'
import { type Cap, capsOf, createPumping, forgetCounts, type Purpose } from './pumping.ts'

const mobile = (text: string): Mobile => must(parseMobile(text), 'mobile')
const account = {
  kind: 'account' as const,
  ifsc: must(parseIfsc('HDFC0000123'), 'IFSC'),
  account: must(parseAccountNumber('50100123456789'), 'account'),
}
const mmid = { kind: 'mmid' as const, mobile: mobile('9876543210'), mmid: must(parseMmid('9229123'), 'MMID') }

test('a message says what it costs and who gets it, by name and last four, in the language of whoever reads it', () => {
  const named = { ...account, name: 'Asha Devi' }
  assert.match(
    paymentText('en', '123456', 15_000_000n, named, undefined),
    /^123456 .*Rs 1,50,000\.00 to Asha Devi XX6789\. /,
  )
  assert.match(paymentText('en', '123456', 100n, account, undefined), /to XX6789\. /)
  assert.match(paymentText('en', '123456', 100n, mmid, undefined), /to XX3210\. /)
  const hindi = paymentText('hi', '123456', 15_000_000n, named, undefined)
  for (const part of ['123456', '1,50,000.00', 'Asha Devi', 'XX6789']) assert.ok(hindi.includes(part), part)
  assert.match(enrolmentText('en', '123456', 'https://bank.example'), /^123456 .*\n\n@bank\.example #123456$/)
  const long = { ...account, name: 'A'.repeat(50) }
  assert.match(paymentText('en', '123456', 100n, long, undefined), /to A{30} XX6789\./)
  for (const text of [hindi, paymentText('en', '1', 1n, named, undefined)]) assert.ok(!text.includes('50100123456789'))
})

const message: Message = {
  tenantId: 1,
  to: mobile('9876543210'),
  kind: 'payment_code',
  language: 'en',
  text: '424242 is the code',
}

test("the sandbox's box keeps a tenant's messages from others", async () => {
  const box = createMessageBox(systemClock)
  await box.send(message)
  await box.send({ ...message, tenantId: 2, to: mobile('9876543211') })
  assert.deepEqual(
    box.list(1, undefined, 10).map(({ to }) => to),
    ['9876543210'],
  )
  assert.deepEqual(box.list(1, '9876543211', 10), [])
  for (let n = 0; n < 1_001; n += 1) await box.send({ ...message, text: String(n) })
  assert.equal(box.list(1, undefined, 5_000).length, 1_000)
  assert.equal(box.list(1, undefined, 1)[0]?.text, '1000')
  assert.equal((await noMessenger.send(message)).kind, 'failed')
})

// --- the gateway ----------------------------------------------------------------------------------------------------

type Seen = { readonly headers: Record<string, unknown>; readonly body: ReturnType<typeof JSON.parse> }
const seen: Seen[] = []
type Then = number | 'silence' | 'break'
let status: Then = 202
const gateway = createServer((request, response) => {
  let text = ''
  request.on('data', (bytes: Buffer) => {
    text += bytes.toString()
  })
  request.on('end', () => {
    seen.push({ headers: request.headers, body: JSON.parse(text) })
    if (status === 'silence') return
    if (status === 'break') response.destroy()
    else response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end(`echo of ${text}`)
  })
})
await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
const address = gateway.address()
const port = address !== null && typeof address === 'object' ? address.port : 0
// Only of a gateway that is silent the end of the wait is what is looked at: on a busy machine an answer takes its time.
const outbound = createOutbound({ loopback: true, timeoutMs: 30_000 })
const impatient = createOutbound({ loopback: true, timeoutMs: 300 })
after(async () => {
  await Promise.all([outbound.close(), impatient.close()])
  gateway.closeAllConnections()
  gateway.close()
})
const options: GatewayOptions = {
  outbound,
  url: `http://127.0.0.1:${port}/messages`,
  token: 'token-of-the-gateway',
  sender: 'TURANT',
  entityId: '1101',
  templates: { 'payment_code:en': '1107001', 'payment_code:hi': '1107002' },
}

test('the gateway gets number, header, entity, template and text; one request for one message', async () => {
  status = 202
  assert.deepEqual(await createGateway(options).send(message), { kind: 'sent' })
  assert.equal(seen.length, 1)
  assert.equal(seen[0]?.headers.authorization, 'Bearer token-of-the-gateway')
  assert.deepEqual(seen[0]?.body, {
    to: '919876543210',
    sender: 'TURANT',
    entityId: '1101',
    templateId: '1107001',
    unicode: false,
    text: '424242 is the code',
  })
  await createGateway(options).send({ ...message, language: 'hi' })
  assert.deepEqual([seen[1]?.body.templateId, seen[1]?.body.unicode], ['1107002', true])
})

const failures: readonly (readonly [string, Then, Partial<GatewayOptions>, RegExp])[] = [
  ['refuses', 403, {}, /^answered_403$/],
  ['fails', 500, {}, /^answered_500$/],
  ['sends elsewhere', 302, {}, /^answered_302$/],
  ['is silent', 'silence', { outbound: impatient }, /^timeout$/],
  ['breaks off', 'break', {}, /^unreachable$/],
  ['is not there', 202, { url: 'http://127.0.0.1:1/' }, /^unreachable$/],
  ['has no template for it', 202, { templates: {} }, /^no_template$/],
  ['is in our own network', 202, { outbound: createOutbound(), url: 'https://169.254.169.254/' }, /^refused_address$/],
]
for (const [what, then, change, why] of failures) {
  test(`a gateway that ${what} is told in a word that has neither number nor code, after one try`, async () => {
    status = then
    const before = seen.length
    const sent = await createGateway({ ...options, ...change }).send(message)
    assert.ok(sent.kind === 'failed')
    assert.match(sent.why, why)
    assert.ok(seen.length - before <= 1)
  })
}

// --- pumping --------------------------------------------------------------------------------------------------------

const { db } = await openTestDatabase({ connections: 20 })
const HOUR = 3_600_000
let now = Math.floor(systemClock.now() / (24 * HOUR)) * 24 * HOUR + HOUR
const clock: Clock = { ...systemClock, now: () => now }

/** A day of its own for each case. */
function aPumping(caps: readonly Cap[]) {
  now += 48 * HOUR
  return createPumping({ db, clock, vault: testVault, caps })
}
const from = (n: number, purpose: Purpose = 'factor') => ({
  to: mobile(`98${String(n).padStart(8, '0')}`),
  purpose,
  tenantId: 1,
  address: '203.0.113.9',
})

const cases: readonly (readonly [string, readonly Cap[], (n: number) => ReturnType<typeof from>, number])[] = [
  ['one number', [{ scope: 'number', seconds: 600, most: 5 }], () => from(1), 5],
  ['numbers of one range', [{ scope: 'prefix', seconds: 600, most: 6 }], (n) => from(n), 6],
  ['one address', [{ scope: 'address', seconds: 600, most: 7 }], (n) => from(n * 100_000), 7],
  [
    'one tenant',
    [{ scope: 'tenant', seconds: 86_400, most: 8 }],
    (n) => ({ ...from(n * 100_000), address: `203.0.113.${n}` }),
    8,
  ],
  ['all tenants', [{ scope: 'hub', seconds: 86_400, most: 9 }], (n) => ({ ...from(n * 100_000), tenantId: n + 1 }), 9],
]
for (const [what, caps, make, most] of cases) {
  test(`${what}: ${most} messages and no more, until the window is over`, async () => {
    const pumping = aPumping(caps)
    const results = []
    for (let n = 0; n < most + 3; n += 1) results.push(await pumping.count(make(n)))
    assert.deepEqual(
      results.map(({ kind }) => kind),
      [...new Array(most).fill('counted'), 'too_many', 'too_many', 'too_many'],
    )
    const [cap] = caps
    const last = results.at(-1)
    assert.ok(cap && last?.kind === 'too_many' && last.scope === cap.scope)
    now += last.retryAfterS * 1000 - 1_000
    assert.equal((await pumping.count(make(0))).kind, 'too_many', 'a second before')
    now += 1_000
    assert.equal((await pumping.count(make(0))).kind, 'counted', 'when it said')
  })
}

test('another number, range, address and tenant is not refused for it', async () => {
  const pumping = aPumping(capsOf(1_000, 1_000))
  for (let n = 0; n < 8; n += 1) await pumping.count(from(1))
  assert.equal((await pumping.count(from(1))).kind, 'too_many')
  assert.equal((await pumping.count(from(2))).kind, 'counted')
})

test('codes to sign in, which anybody may ask for, leave a number its codes to pay with; in a day both are bounded', async () => {
  const pumping = aPumping(capsOf(10_000, 10_000))
  const most = { sign_in: 15, factor: 20 }
  const counted = { sign_in: 0, factor: 0 }
  for (let window = 0; window < 8; window += 1) {
    for (const purpose of ['sign_in', 'factor'] as const) {
      let inWindow = 0
      for (let n = 0; n < 8; n += 1) if ((await pumping.count(from(1, purpose))).kind === 'counted') inWindow += 1
      assert.equal(inWindow, Math.min(5, most[purpose] - counted[purpose]), `${purpose}, window ${window}`)
      counted[purpose] += inWindow
    }
    now += 600_000
  }
  assert.deepEqual(counted, most)
})

test('what is refused takes nothing from the tenant: a flood of one number leaves the others theirs', async () => {
  const pumping = aPumping([
    { scope: 'number', seconds: 600, most: 2 },
    { scope: 'tenant', seconds: 600, most: 10 },
  ])
  for (let n = 0; n < 50; n += 1) await pumping.count(from(1))
  const results = []
  for (let n = 2; n < 12; n += 1) results.push((await pumping.count(from(n * 100_000))).kind)
  assert.equal(results.filter((kind) => kind === 'counted').length, 8)
})

test('60 at once, by processes that know nothing of each other, are counted exactly', async () => {
  now += 48 * HOUR
  const caps = capsOf(1_000, 1_000)
  const several = Array.from({ length: 3 }, () => createPumping({ db, clock, vault: testVault, caps }))
  const results = await Promise.all(
    Array.from({ length: 60 }, (_, n) => (several[n % 3] ?? assert.fail()).count(from(1))),
  )
  assert.equal(results.filter(({ kind }) => kind === 'counted').length, 5)
})

test('counts are of no use to whoever steals them, and are forgotten', async () => {
  const rows = await db<{ scope: string }[]>`select scope from message_count`
  assert.ok(rows.length > 0)
  // A blind index is 32 hex digits, and some of them are ten decimal ones in a row: what is looked for is the very numbers.
  for (const { scope } of rows) {
    assert.match(scope, /^(((factor|sign_in) )?number:[0-9a-f]{32}|prefix:[0-9a-f]{32}|(address|tenant):.+|hub)$/)
    for (let n = 0; n <= 200; n += 1) assert.ok(!scope.includes(from(n).to), scope)
  }
  await forgetCounts(db, now + 72 * HOUR)
  assert.equal((await db`select from message_count`).length, 0)
})
