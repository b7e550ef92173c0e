import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createHashing } from '../../src/identity/passwords.ts'
import { openTestDatabase } from '../support/database.ts'
import { type Answer, createPeopleHub } from '../support/people.ts'

// Who guesses at logins, passwords and codes: what the answers tell (nothing), how long they take (the same), and how often one may try.
// Numbers in comments are those of OWASP ASVS 5.0.

const database = await openTestDatabase()
const { db } = database
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const hub = await createPeopleHub(database)
const { call, clock } = hub
after(() => hub.close())

let guests = 0
/** An address that nobody came from before. */
const newAddress = (): string => {
  guests += 1
  return `198.51.${100 + Math.floor(guests / 250)}.${(guests % 250) + 1}`
}
const attempt = (body: object, from = newAddress()) => call('POST', '/v1/sessions', { body, from })

/** What an answer tells, without what is another one in every answer. */
const told = ({ status, body, headers }: Answer) => {
  const { requestId, ...rest } = body
  const { date, 'x-request-id': id, ...others } = headers
  assert.ok(requestId && id)
  return JSON.stringify([status, rest, others])
}

// ASVS 6.3.8, 6.3.4, 2.2.1
test('every way to fail has one answer, to the letter', async () => {
  const somebody = await hub.withPassword(['maker'])
  const other = await hub.withPassword(['maker'], 2)
  const disabled = await hub.withPassword(['maker'])
  await db`update person set disabled_at = now() where person_id = ${disabled.id.slice(4)}::uuid`
  const onlyPasskey = await hub.signedIn(['viewer'])
  const invited = await hub.aPerson(['viewer'])
  const locked = await hub.withPassword(['maker'])
  const used = somebody.code()
  assert.equal((await attempt({ ...somebody.proof, code: used })).status, 201)
  clock.advance(30_000)
  for (let i = 0; i < 5; i += 1) await attempt({ ...locked.proof, password: 'wrong password', code: '000000' })
  const base = { kind: 'password', tenant: 1, password: 'some words nobody has', code: '123456' }
  const ways: readonly (readonly [what: string, body: object])[] = [
    ['a login of nobody', { ...base, login: 'nobody@bank.example' }],
    ['a tenant of nobody', { ...base, tenant: 99, login: somebody.login }],
    ['a wrong password, and the right code', { ...somebody.proof, password: 'wrong password', code: somebody.code() }],
    ['the right password, and a wrong code', { ...somebody.proof, code: '000000' }],
    ['the right password, and a code that was used', { ...somebody.proof, code: used }],
    ["another tenant's person", { ...other.proof, tenant: 1, code: other.code() }],
    ['somebody disabled', { ...disabled.proof, code: disabled.code() }],
    ['somebody who must wait', { ...locked.proof, code: locked.code() }],
    ['somebody with a passkey only', { ...base, login: onlyPasskey.login }],
    ['somebody who has not accepted yet', { ...base, login: invited.login }],
  ]
  const answers = new Map<string, string>()
  for (const [what, body] of ways) answers.set(what, told(await attempt(body)))
  assert.equal(new Set(answers.values()).size, 1, JSON.stringify([...answers], null, 1))
  assert.match([...answers.values()][0] ?? '', /^\[401,.*sign_in_refused/)
})

// ASVS 6.3.8, 11.2.4
test('and takes as long: a hash is made for whoever it is', async () => {
  const real = await createPeopleHub(database, { hashing: createHashing() })
  const reals = (body: object) => real.call('POST', '/v1/sessions', { body, from: newAddress() })
  const somebody = await real.withPassword(['maker'])
  const disabled = await real.withPassword(['maker'])
  await db`update person set disabled_at = now() where person_id = ${disabled.id.slice(4)}::uuid`
  const locked = await real.withPassword(['maker'])
  for (let i = 0; i < 5; i += 1) await reals({ ...locked.proof, password: 'wrong password', code: '000000' })
  const base = { kind: 'password', tenant: 1, password: 'wrong password', code: '123456' }
  const ways: readonly (readonly [what: string, body: () => object])[] = [
    ['nobody', () => ({ ...base, login: crypto.randomUUID() })],
    ['a tenant of nobody', () => ({ ...base, tenant: 99, login: somebody.login })],
    ['a wrong password', () => ({ ...base, login: somebody.login })],
    ['disabled', () => ({ ...disabled.proof, code: disabled.code() })],
    ['must wait', () => ({ ...locked.proof, code: locked.code() })],
  ]
  const times = new Map<string, number[]>(ways.map(([what]) => [what, []]))
  for (let round = 0; round < 9; round += 1) {
    for (const [what, body] of ways) {
      const before = performance.now()
      assert.equal((await reals(body())).status, 401)
      times.get(what)?.push(performance.now() - before)
    }
    // Nobody but `locked` is to wait.
    await db`delete from sign_in_try where failures < 5`
  }
  const medians = [...times].map(([what, all]) => [what, all.sort((a, b) => a - b)[4] ?? 0] as const)
  const slowest = Math.max(...medians.map(([, ms]) => ms))
  for (const [what, ms] of medians) assert.ok(ms > slowest * 0.5, `${what}: ${JSON.stringify(medians)}`)
  await real.close()
})

// ASVS 6.3.1
test('after five failures a login waits: each further one doubles it, up to fifteen minutes, and the right password waits too', async () => {
  const { proof, code } = await hub.withPassword(['maker'])
  const wrong = () => attempt({ ...proof, password: 'wrong password', code: '000000' })
  const right = () => attempt({ ...proof, code: code() })
  for (let i = 0; i < 5; i += 1) await wrong()
  const seconds = [30, 60, 120, 240, 480, 900, 900, 900]
  for (const wait of seconds) {
    clock.advance(wait * 1_000 - 1)
    assert.equal((await right()).status, 401, `${wait} s are not over`)
    clock.advance(1)
    await wrong()
  }
  clock.advance(900_000)
  assert.equal((await right()).status, 201, 'and it ends by itself')
  clock.advance(30_000)
  await wrong()
  assert.equal((await right()).status, 201, 'a success forgets what was before it')
})

test('whoever goes on trying makes nobody wait longer', async () => {
  const { proof, code } = await hub.withPassword(['maker'])
  for (let i = 0; i < 5; i += 1) await attempt({ ...proof, code: '000000' })
  for (let i = 0; i < 40; i += 1) await attempt({ ...proof, code: '000000' })
  clock.advance(30_000)
  assert.equal((await attempt({ ...proof, code: code() })).status, 201)
})

test('200 guesses at the same time are five', async () => {
  const { id, proof, code } = await hub.withPassword(['maker'])
  const right = code()
  const guesses = Array.from({ length: 200 }, (_, i) => attempt({ ...proof, code: i === 150 ? right : '000000' }))
  const statuses = (await Promise.all(guesses)).map(({ status }) => status)
  const [{ failures = 0 } = {}] = await db<{ failures: number }[]>`
    select max(failures)::int as failures from sign_in_try`
  assert.ok(failures <= 6, `${failures} counted`)
  assert.ok(statuses.every((status) => status === 401 || status === 201 || status === 503))
  assert.ok((await hub.acts(id)).filter(({ action }) => action === 'person.sign_in_refused').length <= 5)
})

// ASVS 6.3.1: nobody is locked out by somebody else
test('a stranger who fails keeps nobody from a passkey, and nobody from an address that they came from before', async () => {
  const { proof, code, browser } = await hub.withPassword(['maker'])
  const home = '203.0.113.77'
  assert.equal((await attempt({ ...proof, code: code() }, home)).status, 201)
  clock.advance(30_000)
  for (let i = 0; i < 5; i += 1) await attempt({ ...proof, code: '000000' })
  assert.equal((await attempt({ ...proof, code: code() })).status, 401, 'elsewhere the login waits')
  assert.equal((await attempt({ ...proof, code: code() }, home)).status, 201)
  assert.equal((await call('GET', '/v1/sessions/current', { as: browser })).status, 200)
  const withPasskey = await hub.signedIn(['viewer'])
  for (let i = 0; i < 10; i += 1)
    await attempt({ kind: 'password', tenant: 1, login: withPasskey.login, password: 'wrong password', code: '000000' })
  assert.equal((await hub.signIn(withPasskey.key)).status, 201)
})

test('an address that fails with thirty logins waits, whoever it tries next; another address does not', async () => {
  const from = '192.0.2.44'
  const guess = (login: string, at: string) =>
    attempt({ kind: 'password', tenant: 1, login, password: 'Summer2026Summer', code: '123456' }, at)
  for (let i = 0; i < 30; i += 1) assert.equal((await guess(`user${i}@bank.example`, from)).status, 401)
  const waits = await guess('user31@bank.example', from)
  assert.deepEqual([waits.status, waits.body.code, waits.headers['retry-after']], [429, 'too_many_tries', '1'])
  assert.equal((await guess('user31@bank.example', '192.0.2.45')).status, 401)
  for (let i = 0; i < 10; i += 1) {
    clock.advance(60_000)
    await guess(`user${40 + i}@bank.example`, from)
  }
  assert.equal((await guess('x@bank.example', from)).headers['retry-after'], '60', 'never longer than a minute')
})

test('of IPv6 one household is one address', async () => {
  for (let i = 0; i < 30; i += 1)
    await attempt(
      { kind: 'password', tenant: 1, login: `v6-${i}@bank.example`, password: 'Summer2026Summer', code: '123456' },
      `2001:db8:1:2::${(i + 1).toString(16)}`,
    )
  const body = { kind: 'password', tenant: 1, login: 'v6@bank.example', password: 'Summer2026Summer', code: '123456' }
  assert.equal((await attempt(body, '2001:db8:1:2:ffff::1')).status, 429)
  assert.equal((await attempt(body, '2001:db8:1:3::1')).status, 401)
})

// ASVS 16.3.1, 16.3.3
test('failures are in the record, at first each and then fewer, and never so many that they fill it', async () => {
  const { id, proof } = await hub.withPassword(['maker'])
  clock.advance(60_000)
  for (let i = 0; i < 6; i += 1) {
    await attempt({ ...proof, code: '000000' })
    clock.advance(900_000)
  }
  const acts = (await hub.acts(id)).filter(({ outcome }) => outcome === 'refused')
  assert.deepEqual(
    acts.map(({ action }) => action),
    [...Array.from({ length: 4 }, () => 'person.sign_in_refused'), 'person.locked'],
  )
  clock.advance(60_000)
  const [{ count: before = 0 } = {}] = await db<{ count: number }[]>`select count(*)::int as count from act`
  for (let i = 0; i < 200; i += 1)
    await attempt({
      kind: 'password',
      tenant: 1,
      login: `flood${i}@x.example`,
      password: 'wrong password',
      code: '000000',
    })
  const [{ count: after = 0 } = {}] = await db<{ count: number }[]>`select count(*)::int as count from act`
  assert.equal(after - before, 30)
  clock.advance(60_000)
  await attempt({ kind: 'password', tenant: 1, login: 'flood@x.example', password: 'wrong password', code: '000000' })
  const [last] = await db<{ detail: string }[]>`select detail from act order by sequence desc limit 1`
  assert.match(last?.detail ?? '', /"passedOver":170/)
})

test("failures are counted under nobody's name, and forgotten after a day", async () => {
  const rows = await db<{ whole: string }[]>`select to_jsonb(t)::text as whole from sign_in_try t`
  assert.ok(rows.length > 100)
  for (const { whole } of rows) assert.doesNotMatch(whole, /bank|example|@|198\.51|flood/)
  clock.advance(86_400_001)
  await hub.people.sweep()
  assert.equal((await db`select from sign_in_try`).length, 0)
})
