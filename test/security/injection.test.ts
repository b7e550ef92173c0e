import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { openTestDatabase } from '../support/database.ts'
import { type Operation, readOperations, stringsIn, valid, valueAt, withAt } from '../support/from-openapi.ts'
import { payloads } from '../support/payloads.ts'
import { createTestRoom } from '../support/payment-room.ts'
import { keyOf, type RealServer, startRealServer } from '../support/real-server.ts'

// Every string of every operation of the OpenAPI document, with texts in it that did harm somewhere: to databases, logs, spreadsheets, pages,
// shells, templates. None is a failure of the hub, none changes anything when it is refused, none comes back as anything that a browser
// would run, and what is taken comes back as it was given.

const { db, url } = await openTestDatabase()
const t = await createTestRoom(url)
const key = keyOf(1, 'program')
let real: RealServer
let operations: readonly Operation[] = []
let ids: readonly string[] = []
before(async () => {
  real = await startRealServer(db, t.room, [{ tenantId: 1, name: 'program' }])
  operations = await readOperations(real.server)
  const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' }
  const account = (await t.open(100_000_000_000n)).id
  const made: string[] = [account]
  const things: readonly (readonly [string, object])[] = [
    ['/v1/payments', { amount: '100', from: account, to }],
    ['/v1/clients', { name: 'x', rights: ['payments:read'] }],
    ['/v1/customers', { name: 'Asha Devi', mobile: '9876543210' }],
  ]
  for (const [path, body] of things) made.push((await real.call('post', path, key, body)).body.id)
  ids = made
})
after(() => Promise.all([real.server.close(), t.close()]))

/** How many rows each table has; a table that is gone is not there. */
async function rows(): Promise<Readonly<Record<string, number>>> {
  const tables = await db<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`
  const counts: Record<string, number> = {}
  for (const { name } of tables) {
    const [{ count = -1 } = {}] = await db<{ count: number }[]>`select count(*)::int as count from ${db(name)}`
    counts[name] = count
  }
  return counts
}

type Ask = { readonly url: string; readonly headers: Record<string, string>; readonly payload?: string }
const send = (operation: Operation, ask: Ask) =>
  real.server.app.inject({
    method: operation.method as 'GET',
    ...ask,
    headers: { authorization: `Bearer ${key}`, 'idempotency-key': crypto.randomUUID(), ...ask.headers },
  })

/** The address of an operation on something that is there, but for one part of it. */
function addressOf({ path, parameters }: Operation, name?: string, value = ''): string {
  let address = path
  for (const one of parameters) {
    if (one.in !== 'path') continue
    const known = ids.find((id) => new RegExp(one.schema.pattern ?? '^$', 'u').test(id)) ?? 'nothing'
    address = address.replace(`{${one.name}}`, one.name === name ? encodeURIComponent(value.toWellFormed()) : known)
  }
  return address
}

const THIRDS = 3
const OF_THE_WORLD = ['link_down', 'name_enquiry_unanswered', 'message_not_sent']

function check(what: string, payload: string, answer: Awaited<ReturnType<typeof send>>, ms: number): void {
  const type = String(answer.headers['content-type'] ?? 'application/json')
  if (answer.statusCode >= 500)
    assert.ok(OF_THE_WORLD.includes(answer.json().code), `${what} ${payload}: ${answer.body}`)
  assert.match(type, /^(application\/((problem\+)?json|x-ndjson|pdf)|text\/(plain|csv))/, what)
  assert.equal(answer.headers['x-content-type-options'], 'nosniff')
  assert.ok(ms < 1_500, `${what} ${payload}: ${ms} ms`)
  for (const [name, value] of Object.entries(answer.headers)) {
    assert.doesNotMatch(String(value), /[\r\n]/, what)
    assert.notEqual(name, 'set-cookie', what)
  }
  assert.doesNotMatch(
    answer.body,
    /syntax error|postgres|at \S+ \(.*:\d+:\d+\)|node_modules|root:x:0/i,
    `${what} ${payload}`,
  )
}

// ASVS 1.2.4
test('in every string of every body', async () => {
  const texts = Object.values(payloads).flat()
  let turn = 0
  let asked = 0
  let taken = 0
  for (const operation of operations) {
    if (operation.body === undefined || operation.body.type.includes('form')) continue
    // A few right bodies, so that every choice of a union is there, and of each every string.
    const bases = fc.sample(valid(operation.body.schema, ids), { seed: 7, numRuns: 40 })
    const seen = new Set<string>()
    for (const base of bases) {
      for (const at of stringsIn(base)) {
        const place = `${operation.name} ${at.join('.')} ${String(valueAt(base, ['to', 'kind']) ?? valueAt(base, ['kind']) ?? '')}`
        if (seen.has(place)) continue
        seen.add(place)
        // A third of the texts for each place, another third for the next: every text meets every kind of field.
        turn += 1
        for (const payload of texts.filter((_, i) => i % THIRDS === turn % THIRDS)) {
          const begun = performance.now()
          const answer = await send(operation, {
            url: addressOf(operation),
            headers: { 'content-type': 'application/json' },
            payload: JSON.stringify(withAt(base, at, payload)),
          })
          check(place, payload, answer, performance.now() - begun)
          asked += 1
          if (answer.statusCode >= 300) continue
          taken += 1
          const back = answer.body === '' ? undefined : valueAt(answer.json(), at)
          // A log-in has no capital letters, however it was written.
          if (typeof back === 'string')
            assert.equal(back, at.at(-1) === 'login' ? payload.toLowerCase() : payload, place)
        }
      }
    }
  }
  assert.ok(asked > 2_000, `${asked} asked`)
  assert.ok(taken > 100, `${taken} taken`)
})

test('in every part of an address, every word of a query and every header: nothing is changed by asking', async () => {
  const before = await rows()
  let asked = 0
  for (const operation of operations) {
    const isRead = operation.method === 'GET'
    for (const parameter of operation.parameters) {
      // A header of something that writes, or an id of something to delete, may be right by accident; then it writes.
      if (!isRead && parameter.in !== 'path') continue
      for (const payload of Object.values(payloads).flat()) {
        const begun = performance.now()
        const inPath = parameter.in === 'path'
        const query =
          parameter.in === 'query' ? `?${new URLSearchParams({ [parameter.name]: payload.toWellFormed() })}` : ''
        const answer = await send(operation, {
          url: addressOf(operation, inPath ? parameter.name : undefined, payload) + query,
          headers:
            parameter.in === 'header' ? { [parameter.name.toLowerCase()]: payload.replaceAll(/[^\t -~]/g, '?') } : {},
        })
        check(`${operation.name} ${parameter.in} ${parameter.name}`, payload, answer, performance.now() - begun)
        if (inPath) assert.ok(answer.statusCode >= 400 || isRead, `${operation.name} ${payload}: ${answer.statusCode}`)
        asked += 1
      }
    }
  }
  assert.ok(asked > 3_000, `${asked} asked`)
  // That somebody took a copy is written down, and nothing else.
  assert.deepEqual({ ...(await rows()), act: 0 }, { ...before, act: 0 })
})

test('in headers that every request may have', async () => {
  const before = await rows()
  const [operation] = operations.filter(({ name }) => name === 'get /v1/accounts')
  assert.ok(operation)
  for (const name of [
    'accept',
    'accept-language',
    'user-agent',
    'x-request-id',
    'x-forwarded-for',
    'x-forwarded-host',
    'cookie',
    'referer',
    'origin',
    'authorization',
    'dpop',
    'signature',
    'signature-input',
    'content-digest',
    'content-type',
    'traceparent',
  ]) {
    for (const payload of Object.values(payloads).flat()) {
      const answer = await send(operation, {
        url: '/v1/accounts',
        headers: { [name]: payload.replaceAll(/[^\t -~]/g, '?') },
      })
      check(name, payload, answer, 0)
      assert.doesNotMatch(JSON.stringify(answer.headers), /<script|onerror/i)
    }
  }
  assert.deepEqual(await rows(), before)
})

test('text that may be text is stored and given back letter by letter', async () => {
  const texts = Object.values(payloads)
    .flat()
    .filter((text) => text.length >= 1 && text.length <= 64 && !/[\p{Cc}\p{Cs}]/u.test(text))
  const account = ids[0] ?? ''
  const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' }
  let kept = 0
  for (const reference of texts) {
    const paid = await real.call('post', '/v1/payments', key, { amount: '100', from: account, to, reference })
    if (paid.status !== 201) continue
    const read = await real.call('get', `/v1/payments/${paid.body.id}`, key)
    assert.equal(read.body.reference, reference)
    const found = await real.call('get', `/v1/payments?${new URLSearchParams({ reference })}`, key)
    for (const one of found.body.data) assert.equal(one.reference, reference)
    assert.equal(found.body.data[0]?.id, paid.body.id, reference)
    kept += 1
  }
  assert.ok(kept > 50, `${kept} of ${texts.length}`)
})

// ASVS 15.3.6
test('an object is not made another kind of object by a name in a body', async () => {
  for (const body of [
    '{"__proto__":{"isAdmin":true}}',
    '{"constructor":{"prototype":{"isAdmin":true}}}',
    '{"name":"x","rights":["payments:read"],"__proto__":{"live":true}}',
    '{"to":{"__proto__":{"kind":"account"}}}',
  ]) {
    for (const operation of operations) {
      if (operation.body === undefined || operation.body.type.includes('form')) continue
      const answer = await send(operation, {
        url: addressOf(operation),
        headers: { 'content-type': 'application/json' },
        payload: body,
      })
      assert.ok(answer.statusCode >= 400 && answer.statusCode < 500, `${operation.name} ${body}: ${answer.statusCode}`)
    }
  }
  assert.equal('isAdmin' in {}, false)
  assert.deepEqual(Object.keys(Object.prototype), [])
})
