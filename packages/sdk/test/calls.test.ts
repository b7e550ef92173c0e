import assert from 'node:assert/strict'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { after, before, beforeEach, test } from 'node:test'
import { createServer, type Server } from '../../../src/http/server.ts'
import { openTestDatabase } from '../../../test/support/database.ts'
import { createFakeHub, KEY } from '../../../test/support/http.ts'
import {
  type AnswerNote,
  AuthenticationError,
  InvalidRequestError,
  NotFoundError,
  RateLimitError,
  RefusedError,
  ServerError,
  Turant,
  TurantError,
} from '../src/index.ts'

// Calls against the hub's own HTTP server on a socket, and against one that answers what the test says.

const hub = createFakeHub((await openTestDatabase()).db)
let server: Server
let turant: Turant
let notes: AnswerNote[] = []
const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' } as const
const payment = { amount: '150000', from: 'acc_1', to }

/** What the scripted server says next, in order; the last stays. */
let script: ((request: IncomingMessage, response: ServerResponse) => void)[] = []
let heard: { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers'] }[] = []
const scripted = createHttpServer((request, response) => {
  heard.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers })
  const next = script.length > 1 ? script.shift() : script[0]
  request.resume().on('end', () => next?.(request, response))
})
let other: Turant

before(async () => {
  server = await createServer(hub.deps)
  const port = await server.listen({ host: '127.0.0.1', port: 0 })
  turant = new Turant({ baseUrl: `http://127.0.0.1:${port}/`, apiKey: KEY, onAnswer: (note) => notes.push(note) })
  await new Promise<void>((resolve) => scripted.listen(0, '127.0.0.1', resolve))
  other = new Turant({ baseUrl: `http://127.0.0.1:${Object(scripted.address()).port}`, apiKey: () => 'made-anew' })
})
after(async () => {
  await server.close()
  scripted.closeAllConnections()
  scripted.close()
})
beforeEach(() => {
  heard = []
  notes = []
})

const problem =
  (status: number, code: string, headers: Record<string, string> = {}) =>
  (_: unknown, to: ServerResponse) => {
    to.writeHead(status, { 'content-type': 'application/problem+json', 'x-request-id': 'req_1', ...headers })
    to.end(
      JSON.stringify({
        type: `/problems/${code}`,
        title: 't',
        status,
        code,
        detail: 'd',
        errors: [],
        requestId: 'req_1',
      }),
    )
  }
const fine = (_: unknown, to: ServerResponse) => {
  to.writeHead(200, { 'content-type': 'application/json' })
  to.end('{"id":"pay_1","status":"succeeded","data":[]}')
}
const failure = async (call: Promise<unknown>): Promise<TurantError> => {
  try {
    await call
  } catch (error) {
    assert.ok(error instanceof TurantError && error instanceof Error, String(error))
    return error
  }
  return assert.fail('it did not throw')
}

test('a payment is made, read, followed and waited for', async () => {
  const made = await turant.payments.create({ ...payment, amount: 150_000n, reference: 'INV-42' })
  assert.deepEqual([made.status, made.amount, made.reference], ['processing', '150000', 'INV-42'])
  assert.equal(notes.at(-1)?.status, 201)
  assert.match(notes.at(-1)?.requestId ?? '', /./)
  const { id } = [...hub.payments.values()].at(-1) ?? assert.fail()
  const steps: string[] = []
  const following = (async () => {
    for await (const step of turant.payments.follow(id)) steps.push(step.state)
  })()
  const waiting = turant.payments.waitUntilFinal(id)
  hub.move(id, { state: 'succeeded', responseCode: '00', registeredName: 'ASHA DEVI' })
  assert.equal((await waiting).status, 'succeeded')
  await following
  assert.deepEqual(steps, ['sent', 'succeeded'])
  assert.equal((await turant.payments.get(id)).to.registeredName, 'ASHA DEVI')
})

test('waiting gives the payment as it is when the time is over: an open outcome is neither paid nor failed', async () => {
  const made = await turant.payments.create(payment)
  const id = [...hub.payments.keys()].at(-1) ?? assert.fail()
  hub.move(id, { state: 'unconfirmed', reason: 'no_answer' })
  const last = await turant.payments.waitUntilFinal(made.id, { timeoutMs: 1_200 })
  assert.deepEqual([last.status, last.state], ['processing', 'unconfirmed'])
})

test('the same key with the same body is one payment; with another body it is refused, by name', async () => {
  const first = await turant.payments.create(payment, { idempotencyKey: 'once' })
  const again = await turant.payments.create(payment, { idempotencyKey: 'once' })
  assert.equal(again.id, first.id)
  assert.equal(notes.at(-1)?.replayed, true)
  const error = await failure(turant.payments.create({ ...payment, amount: '1' }, { idempotencyKey: 'once' }))
  assert.ok(error instanceof RefusedError)
  assert.deepEqual(
    [error.code, error.status, error.ambiguous, error.idempotencyKey],
    ['key_reused', 422, false, 'once'],
  )
})

test('a list is read as far as it is wanted, over its pages', async () => {
  for (let i = 0; i < 5; i += 1) await turant.payments.create({ ...payment, reference: `L-${i}` })
  const { data, hasMore } = await turant.payments.list({ limit: 2 }).page()
  assert.deepEqual([data.length, hasMore], [2, true])
  const all: string[] = []
  for await (const one of turant.payments.list({ limit: 2 })) all.push(one.id)
  assert.deepEqual([all.length, new Set(all).size], [hub.payments.size, hub.payments.size])
  assert.equal((await turant.payments.list({ limit: 2 }).toArray(3)).length, 3)
  const banks = await turant.banks.list({ q: 'HDFC', limit: 1 }).toArray(1)
  assert.match(banks[0]?.name ?? '', /HDFC/i)
})

test('refusals are errors with a class, a code, the bad fields and the id of the request', async () => {
  const error = await failure(turant.payments.create({ ...payment, amount: 'ten' }))
  assert.ok(error instanceof InvalidRequestError)
  assert.deepEqual([error.code, error.errors[0]?.field, error.ambiguous], ['invalid_request', 'amount', false])
  assert.equal(error.requestId, notes.at(-1)?.requestId)
  assert.match(error.stack ?? '', /InvalidRequestError|calls\.test\.ts/)
  assert.ok((await failure(turant.payments.get(`pay_${'0'.repeat(32)}`))) instanceof NotFoundError)
  const stranger = new Turant({
    baseUrl: `http://127.0.0.1:${Object(server.app.server.address()).port}`,
    apiKey: 'wrong',
  })
  assert.ok((await failure(stranger.banks.list().page())) instanceof AuthenticationError)
})

test('what passes is asked again, with the same key, and after the time that the hub names', async () => {
  script = [problem(503, 'too_busy', { 'retry-after': '1' }), problem(503, 'database_unavailable'), fine]
  const before = performance.now()
  assert.equal((await other.payments.create(payment)).id, 'pay_1')
  assert.ok(performance.now() - before >= 1_000)
  assert.equal(heard.length, 3)
  assert.equal(new Set(heard.map(({ headers }) => headers['idempotency-key'])).size, 1)
  assert.match(String(heard[0]?.headers['idempotency-key']), /^[0-9a-f]{32}$/)
  assert.equal(heard[0]?.headers.authorization, 'Bearer made-anew')
})

const answers: readonly (readonly [
  status: number,
  code: string,
  ambiguous: boolean,
  tries: number,
  type: typeof TurantError,
])[] = [
  [500, 'internal_error', true, 1, ServerError],
  [503, 'database_unavailable', true, 3, ServerError],
  [503, 'too_busy', false, 3, ServerError],
  [503, 'link_down', false, 3, ServerError],
  [429, 'rate_limited', false, 3, RateLimitError],
  [422, 'insufficient_funds', false, 1, RefusedError],
]
for (const [status, code, ambiguous, tries, type] of answers) {
  test(`${status} ${code} is ${ambiguous ? '' : 'not '}ambiguous, after ${tries} tries`, async () => {
    script = [problem(status, code, { 'retry-after': '0' })]
    const error = await failure(other.payments.create(payment))
    assert.ok(error instanceof type)
    assert.deepEqual([error.code, error.ambiguous, error.attempts, heard.length], [code, ambiguous, tries, tries])
  })
}

test('a refusal after a try that may have been done is ambiguous: the earlier one may still become the payment', async () => {
  script = [problem(503, 'database_unavailable', { 'retry-after': '0' }), problem(422, 'insufficient_funds')]
  const error = await failure(other.payments.create(payment))
  assert.deepEqual([error.code, error.ambiguous, error.attempts], ['insufficient_funds', true, 2])
})

test('what has no key and may have been done is sent once; what was certainly not done is sent again', async () => {
  script = [problem(503, 'database_unavailable', { 'retry-after': '0' })]
  assert.equal((await failure(other.clients.create({ name: 'shop', rights: [] }))).attempts, 1)
  script = [problem(503, 'too_busy', { 'retry-after': '0' }), fine]
  heard = []
  await other.clients.create({ name: 'shop', rights: [] })
  assert.equal(heard.length, 2)
})

test('who asks for an hour is not waited for', async () => {
  script = [problem(429, 'authentication_locked', { 'retry-after': '3600' })]
  const error = await failure(other.payments.create(payment))
  assert.ok(error instanceof RateLimitError)
  assert.deepEqual([error.attempts, error.retryAfterMs], [1, 3_600_000])
})

test('something that is not the hub is told apart, and is not believed', async () => {
  for (const [status, ambiguous] of [
    [502, true],
    [404, false],
    [302, true],
  ] as const) {
    script = [(_, response) => response.writeHead(status, { location: 'https://elsewhere.example/' }).end('<html>')]
    const error = await failure(other.payments.create(payment, { maxRetries: 0 }))
    assert.deepEqual([error.code, error.status, error.ambiguous], ['not_the_hub', status, ambiguous])
  }
  script = [(_, response) => response.writeHead(200).end('<html>')]
  const error = await failure(other.payments.create(payment, { maxRetries: 0 }))
  assert.deepEqual([error.code, error.ambiguous], ['bad_answer', true])
})

test('parts of a path cannot leave it, and an empty one is not asked about', async () => {
  script = [fine]
  await other.payments.get('../clients?x=')
  assert.equal(heard[0]?.url, '/v1/payments/..%2Fclients%3Fx%3D')
  assert.throws(() => other.payments.get(''), /id must be a text/)
})

test('a key that is no header is refused before anything is sent', async () => {
  await assert.rejects(other.payments.create(payment, { idempotencyKey: 'a\nb' }), TypeError)
  assert.equal(heard.length, 0)
  assert.throws(() => new Turant({ baseUrl: 'ftp://hub' }), TypeError)
})
