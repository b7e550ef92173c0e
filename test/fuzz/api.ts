import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { openTestDatabase } from '../support/database.ts'
import { type Operation, readOperations, stringsIn, valid, withAt } from '../support/from-openapi.ts'
import { payloads } from '../support/payloads.ts'
import { createTestRoom, type TestRoom } from '../support/payment-room.ts'
import { keyOf, startRealServer } from '../support/real-server.ts'

/**
 * Requests made from the OpenAPI document, over the real doors and a real database: right ones, ones that are nearly right, and ones that
 * mean harm; by a key, by another tenant's, by a wrong one and by nobody. No answer is a failure of the hub's own; each is one that the
 * document has, of the form that it says; nobody gets anything but 401; and afterwards the books balance.
 */

export type ApiReport = {
  readonly requests: number
  readonly byStatus: ReadonlyMap<number, number>
  /** Operations that did something at least once. */
  readonly done: ReadonlySet<string>
  readonly operations: number
  readonly tookMs: number
  readonly slowestMs: number
  readonly failure: string | undefined
}

type Ask = {
  readonly operation: Operation
  readonly key: string | undefined
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly payload: string | undefined
}

/** Problems of the world around the hub, which this one has not: a switch, a gateway. */
const OF_THE_WORLD = new Set(['link_down', 'name_enquiry_unanswered', 'message_not_sent', 'not_implemented'])
const SLOW_MS = 2_000
/** How a request is refused before there is a route to ask who may use it. */
const NO_ROUTE = new Set([404, 405, 406, 413, 414, 415])

const harm = fc.constantFrom(...Object.values(payloads).flat())
const junk = fc.oneof(harm, fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(null, 1e308, -0, 1.5, [], {}, [[[[[[]]]]]]))

/** A value that is right, but for one thing. */
const nearly = (value: unknown): fc.Arbitrary<unknown> => {
  const places = stringsIn(value)
  const spoil =
    places.length === 0
      ? fc.constant(value)
      : fc.tuple(fc.constantFrom(...places), junk).map(([at, put]) => withAt(value, at, put))
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : []
  const drop =
    names.length === 0 ? fc.constant(undefined) : fc.constantFrom(...names).map((name) => withoutField(value, name))
  const add = fc
    .tuple(fc.oneof(harm, fc.constantFrom('tenantId', 'status', 'id')), junk)
    .map(([name, put]) => withAt(value, [name], put))
  return fc.oneof(spoil, drop, add)
}

const withoutField = (value: unknown, name: string): unknown =>
  Object.fromEntries(
    Object.entries(typeof value === 'object' && value !== null ? value : {}).filter(([key]) => key !== name),
  )

const write = (type: string, value: unknown): string =>
  type.includes('form')
    ? new URLSearchParams(
        Object.entries(typeof value === 'object' && value !== null ? value : {}).map(
          ([name, one]): [string, string] => [name, String(one)],
        ),
      ).toString()
    : (JSON.stringify(value) ?? '')

function bodyOf({ body }: Operation, ids: readonly string[]): fc.Arbitrary<string | undefined> {
  if (body === undefined) return fc.oneof({ arbitrary: fc.constant(undefined), weight: 5 }, fc.constant('{}'))
  const right = valid(body.schema, ids)
  return fc.oneof(
    { arbitrary: right.map((value) => write(body.type, value)), weight: 6 },
    { arbitrary: right.chain(nearly).map((value) => write(body.type, value)), weight: 5 },
    { arbitrary: fc.json({ maxDepth: 6 }), weight: 1 },
    { arbitrary: harm, weight: 1 },
    {
      arbitrary: fc.constantFrom(undefined, '', '{', `${'['.repeat(20_000)}`, '{"a":1,"a":2}', '{"__proto__":{"x":1}}'),
      weight: 1,
    },
  )
}

function askOf(operation: Operation, ids: readonly string[]): fc.Arbitrary<Ask> {
  const word = (schema: Operation['parameters'][number]['schema']) =>
    fc.oneof({ arbitrary: valid(schema, ids).map(String), weight: 5 }, { arbitrary: harm, weight: 1 })
  const parameters = operation.parameters.map((one) =>
    fc.tuple(
      fc.constant(one),
      // Nobody waits here: the clock of the doors stands still for no fuzzer.
      one.name === 'Prefer'
        ? fc.constantFrom(undefined, 'wait=0', 'wait=-1', 'x')
        : one.in === 'path'
          ? word(one.schema)
          : fc.option(word(one.schema), { nil: undefined }),
    ),
  )
  const key = fc.oneof(
    { arbitrary: fc.constant(keyOf(1, 'program')), weight: 8 },
    { arbitrary: fc.constantFrom(keyOf(2, 'program'), 'wrong', undefined), weight: 1 },
  )
  const type = fc.oneof(
    { arbitrary: fc.constant(operation.body?.type ?? 'application/json'), weight: 20 },
    fc.constantFrom(
      'text/plain',
      'application/xml',
      'application/json; charset=utf-16',
      'multipart/form-data; boundary=x',
    ),
  )
  return fc
    .tuple(fc.tuple(...parameters), key, type, bodyOf(operation, ids), fc.uuid())
    .map(([given, who, contentType, payload, uuid]) => {
      let path = operation.path
      const query = new URLSearchParams()
      const headers: Record<string, string> = { 'idempotency-key': uuid }
      for (const [{ in: place, name }, value] of given) {
        if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(wellFormed(value ?? '')))
        else if (value === undefined) continue
        else if (place === 'query') query.append(name, wellFormed(value))
        else headers[name.toLowerCase()] = value.replaceAll(/[^\t -~]/g, '?')
      }
      if (payload !== undefined) headers['content-type'] = contentType
      if (who !== undefined) headers.authorization = `Bearer ${who}`
      return { operation, key: who, url: path + (query.size === 0 ? '' : `?${query}`), headers, payload }
    })
}

/** An address cannot hold half a character. */
const wellFormed = (text: string): string => text.toWellFormed()

export async function fuzzApi({
  count,
  seed,
  onProgress,
}: {
  count: number
  seed: number
  onProgress?: (done: number) => void
}): Promise<ApiReport> {
  const { db, url } = await openTestDatabase()
  await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
  const room: TestRoom = await createTestRoom(url)
  const { server, call } = await startRealServer(db, room.room, [
    { tenantId: 1, name: 'program' },
    { tenantId: 2, name: 'program' },
  ])
  const startedAt = performance.now()
  const byStatus = new Map<number, number>()
  const done = new Set<string>()
  let slowestMs = 0
  let requests = 0
  try {
    const operations = await readOperations(server)
    const ids = await makeThings(room, call)
    const check = createCheck()
    const ask = fc.oneof(...operations.map((operation) => askOf(operation, ids)))
    const details = await fc.check(
      fc.asyncProperty(ask, async (one) => {
        const begun = performance.now()
        const answer = await server.app.inject({
          method: one.operation.method as 'GET',
          url: one.url,
          headers: one.headers,
          ...(one.payload === undefined ? {} : { payload: one.payload }),
        })
        slowestMs = Math.max(slowestMs, performance.now() - begun)
        requests += 1
        byStatus.set(answer.statusCode, (byStatus.get(answer.statusCode) ?? 0) + 1)
        if (answer.statusCode < 300) done.add(one.operation.name)
        if (requests % 100 === 0) onProgress?.(requests)
        check(one, answer.statusCode, String(answer.headers['content-type'] ?? ''), answer.body)
        if (performance.now() - begun > SLOW_MS) throw new Error('it took too long')
      }),
      { numRuns: count, seed, endOnFailure: true },
    )
    const failure = details.failed
      ? `${String(details.errorInstance)}\n${shown(details.counterexample?.[0])}`
      : undefined
    if (failure === undefined) await room.proveBooks()
    return {
      requests,
      byStatus,
      done,
      operations: operations.length,
      tookMs: performance.now() - startedAt,
      slowestMs,
      failure,
    }
  } finally {
    await server.close()
    await room.close()
  }
}

/** Something of each kind, so that requests find what they ask for; their ids. */
async function makeThings(
  room: TestRoom,
  call: (method: string, path: string, key: string, body?: object) => Promise<{ body: { id: string } }>,
): Promise<readonly string[]> {
  const own = keyOf(1, 'program')
  const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' }
  const account = (await room.open(100_000_000_000n)).id
  const bodies: readonly (readonly [string, object])[] = [
    ['/v1/payments', { amount: '100', from: account, to }],
    ['/v1/clients', { name: 'x', rights: ['payments:read'] }],
    ['/v1/beneficiaries', { to: { ...to, name: 'Asha Devi' } }],
    ['/v1/customers', { name: 'Asha Devi', mobile: '9876543210' }],
    ['/v1/limits', { rules: { day: '99999999999' } }],
    [`/v1/accounts/${account}/liens`, { amount: '1', reference: 'x' }],
  ]
  const ids: string[] = [account]
  for (const [path, body] of bodies) ids.push((await call('post', path, own, body)).body.id)
  return ids
}

/** @returns a function that throws what is wrong with an answer */
function createCheck() {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  return ({ operation, key }: Ask, status: number, type: string, body: string): void => {
    if (status >= 500) {
      const { code } = JSON.parse(body)
      if (!OF_THE_WORLD.has(code)) throw new Error(`${operation.name}: ${status} ${code}`)
    }
    const isSomebody = key?.startsWith('key-of-') === true
    if (!operation.isOpen && !isSomebody && status !== 401 && !NO_ROUTE.has(status))
      throw new Error(`${operation.name}: ${status} for nobody`)
    if (/html|javascript|svg|(?<!open)xml/.test(type)) throw new Error(`${operation.name}: an answer as ${type}`)
    // What was refused before there was a route is in no route's list.
    if (status === 204 || NO_ROUTE.has(status)) return
    const content = operation.responses[status]?.content
    if (content === undefined)
      throw new Error(`${operation.name}: ${status} is not in the document: ${body.slice(0, 300)}`)
    const schema = content[type.split(';')[0] ?? '']?.schema
    if (schema === undefined) throw new Error(`${operation.name}: ${status} as ${type} is not in the document`)
    if (!/[/+]json(;|$)/.test(type)) return
    const validate = ajv.compile(schema)
    if (!validate(JSON.parse(body))) {
      throw new Error(
        `${operation.name}: ${status} is not of its form: ${ajv.errorsText(validate.errors)}: ${body.slice(0, 500)}`,
      )
    }
  }
}

/** What was asked, without the document's own words about it. */
const shown = (ask: Ask | undefined): string =>
  ask === undefined
    ? ''
    : `${ask.operation.method} ${ask.url}\n${JSON.stringify(ask.headers)}\n${(ask.payload ?? '').slice(0, 2_000)}`
