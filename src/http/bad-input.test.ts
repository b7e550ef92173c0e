import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import type { InjectOptions } from 'fastify'
import { createFakeHub, KEY } from '../../test/support/http.ts'
import { createServer, type Server } from './server.ts'

const hub = createFakeHub()
let server: Server
before(async () => {
  server = await createServer(hub.deps)
})
after(() => server.close())

const good = {
  amount: '150000',
  from: 'acc_100001',
  to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' },
  remarks: 'rent march',
  reference: 'INV-42',
  channel: 'internet',
}
const to = good.to
const authorization = `Bearer ${KEY}`
const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': 'k' }

/** Sends it, and checks what every refusal promises. */
async function refused(request: InjectOptions, status: number, code: string, fields: readonly string[]): Promise<void> {
  const asked = hub.asked.length
  const answer = await server.app.inject(request)
  assert.equal(answer.statusCode, status, answer.body)
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  const problem = answer.json()
  assert.deepEqual(Object.keys(problem), [
    'type',
    'title',
    'status',
    'code',
    'detail',
    'instance',
    'errors',
    'requestId',
  ])
  assert.equal(problem.code, code)
  assert.equal(problem.status, status)
  assert.equal(problem.requestId, answer.headers['x-request-id'])
  assert.doesNotMatch(answer.body, /node_modules|\.ts:|at [A-Za-z]+ \(/, 'a stack shows')
  const named = problem.errors.map((error: { field: string }) => error.field)
  for (const field of fields) assert.ok(named.includes(field), `${field} is not named: ${answer.body}`)
  assert.equal(hub.asked.length, asked, 'the payment room was asked')
}

// ASVS 2.2.2
const bodies: readonly (readonly [what: string, body: unknown, fields: readonly string[]])[] = [
  ['a number for money', { ...good, amount: 150000 }, ['amount']],
  ['no money', { ...good, amount: '' }, ['amount']],
  ['nothing at all', { ...good, amount: '0' }, ['amount']],
  ['negative money', { ...good, amount: '-150000' }, ['amount']],
  ['rupees with a point', { ...good, amount: '1500.00' }, ['amount']],
  ['leading zeros', { ...good, amount: '0150000' }, ['amount']],
  ['an exponent', { ...good, amount: '15e4' }, ['amount']],
  ['more money than DE 4 can carry', { ...good, amount: '1'.repeat(13) }, ['amount']],
  ['digits of another script', { ...good, amount: '१५०' }, ['amount']],
  ['money in a list', { ...good, amount: ['150000'] }, ['amount']],
  ['null money', { ...good, amount: null }, ['amount']],
  ['no payer', { ...good, from: undefined }, ['from']],
  ['a payer that is no id', { ...good, from: '100001' }, ['from']],
  ['no beneficiary', { ...good, to: undefined }, ['to']],
  ['a beneficiary that is a text', { ...good, to: 'HDFC0000123' }, ['to']],
  ['a beneficiary that is a list', { ...good, to: [to] }, ['to']],
  ['an unknown kind', { ...good, to: { ...to, kind: 'iban' } }, ['to.kind']],
  ['no kind', { ...good, to: { ifsc: to.ifsc, account: to.account } }, ['to.kind']],
  ['an IFSC in small letters', { ...good, to: { ...to, ifsc: 'hdfc0000123' } }, ['to.ifsc']],
  ['an IFSC too long', { ...good, to: { ...to, ifsc: 'HDFC00001234' } }, ['to.ifsc']],
  ['an account with blanks', { ...good, to: { ...to, account: '5010 0123' } }, ['to.account']],
  ['an account with 31 digits', { ...good, to: { ...to, account: '1'.repeat(31) } }, ['to.account']],
  ['a name in another script', { ...good, to: { ...to, name: 'आशा देवी' } }, ['to.name']],
  ['a name too long', { ...good, to: { ...to, name: 'A'.repeat(51) } }, ['to.name']],
  ['an account and an MMID', { ...good, to: { ...to, mmid: '9229123' } }, ['to.mmid']],
  [
    'a mobile with a country code',
    { ...good, to: { kind: 'mmid', mobile: '+919876543210', mmid: '9229123' } },
    ['to.mobile'],
  ],
  ['an MMID of six digits', { ...good, to: { kind: 'mmid', mobile: '9876543210', mmid: '922912' } }, ['to.mmid']],
  ['empty remarks', { ...good, remarks: '' }, ['remarks']],
  ['remarks too long', { ...good, remarks: 'x'.repeat(51) }, ['remarks']],
  ['remarks with a line break', { ...good, remarks: 'rent\nmarch' }, ['remarks']],
  ['a reference with a control character', { ...good, reference: 'a\u0085b' }, ['reference']],
  ['a reference too long', { ...good, reference: 'x'.repeat(65) }, ['reference']],
  ['an unknown channel', { ...good, channel: 'pigeon' }, ['channel']],
  ['an unknown field', { ...good, amout: '1' }, ['amout']],
  [
    'a field of the language',
    JSON.parse('{"__proto__":{"x":1},"constructor":1}'),
    ['amount', 'from', 'to', '__proto__', 'constructor'],
  ],
  ['a list', [good], ['body']],
  ['a text', 'pay', ['body']],
  ['null', null, ['body']],
  [
    'everything wrong at once',
    { amount: 1, from: 2, to: { kind: 'account', ifsc: 3 }, x: 4 },
    ['amount', 'from', 'to.ifsc', 'to.account', 'x'],
  ],
]
for (const [what, body, fields] of bodies) {
  test(`a payment with ${what} is refused and names ${fields.join(', ')}`, () =>
    refused(
      { method: 'POST', url: '/v1/payments', headers, payload: JSON.stringify(body) },
      400,
      'invalid_request',
      fields,
    ))
}

const raw: readonly (readonly [
  what: string,
  payload: string | Buffer,
  status: number,
  code: string,
  fields: readonly string[],
])[] = [
  ['nothing in it', '', 400, 'invalid_request', ['body']],
  ['a field twice', '{"amount":"1","amount":"2"}', 400, 'duplicate_field', ['amount']],
  ['60 KB of nesting', '['.repeat(60_000), 400, 'json_too_deep', []],
  ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400, 'invalid_json', []],
  ['NUL', '{"remarks":"\\u0000"}', 400, 'invalid_json', []],
  ['half a character', '{"reference":"\\ud800"}', 400, 'invalid_json', []],
  ['half a body', '{"amount":"15', 400, 'invalid_json', []],
  ['70 KB', JSON.stringify({ remarks: 'x'.repeat(70_000) }), 413, 'body_too_large', []],
]
for (const [what, payload, status, code, fields] of raw) {
  test(`a body with ${what}: ${status} ${code}`, () =>
    refused({ method: 'POST', url: '/v1/payments', headers, payload }, status, code, fields))
}

const pay = { method: 'POST', url: '/v1/payments', payload: JSON.stringify(good) } as const
const id = `pay_${'0'.repeat(32)}`
// ASVS 5.2.3
const requests: readonly (readonly [
  what: string,
  InjectOptions,
  status: number,
  code: string,
  fields: readonly string[],
])[] = [
  ['no key', { ...pay, headers: { 'content-type': 'application/json' } }, 401, 'unauthorized', []],
  ['a wrong key', { url: '/v1/payments', headers: { authorization: 'Bearer no' } }, 401, 'unauthorized', []],
  [
    'no Idempotency-Key',
    { ...pay, headers: { ...headers, 'idempotency-key': '' } },
    400,
    'idempotency_key_missing',
    [],
  ],
  [
    'a long Idempotency-Key',
    { ...pay, headers: { ...headers, 'idempotency-key': 'k'.repeat(256) } },
    400,
    'idempotency_key_invalid',
    ['Idempotency-Key'],
  ],
  [
    'an Idempotency-Key in another script',
    { ...pay, headers: { ...headers, 'idempotency-key': 'é' } },
    400,
    'idempotency_key_invalid',
    [],
  ],
  ['text', { ...pay, headers: { ...headers, 'content-type': 'text/plain' } }, 415, 'unsupported_media_type', []],
  [
    'a form',
    { ...pay, headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'unsupported_media_type',
    [],
  ],
  [
    'a compressed body',
    { ...pay, headers: { ...headers, 'content-encoding': 'gzip' } },
    415,
    'unsupported_media_type',
    [],
  ],
  [
    'only XML accepted',
    { url: '/v1/payments', headers: { authorization, accept: 'application/xml' } },
    406,
    'not_acceptable',
    [],
  ],
  ['a method that is not there', { method: 'DELETE', url: '/v1/payments' }, 405, 'method_not_allowed', []],
  ['an address that is not there', { url: '/v1/nothing', headers: { authorization } }, 404, 'not_found', []],
  ['an address that is none', { url: '/v1/%', headers: { authorization } }, 400, 'bad_http', []],
  ['a payment id that is none', { url: '/v1/payments/42', headers: { authorization } }, 400, 'invalid_request', ['id']],
  ['a payment that is not there', { url: `/v1/payments/${id}`, headers: { authorization } }, 404, 'not_found', []],
  [
    'an id of a thousand characters',
    { url: `/v1/payments/${'a'.repeat(1_000)}`, headers: { authorization } },
    414,
    'uri_too_long',
    [],
  ],
  [
    'a body where there is none',
    { method: 'POST', url: `/v1/payments/${id}/cancel`, headers, payload: '{"force":true}' },
    400,
    'invalid_request',
    ['force'],
  ],
  [
    'a mobile and a bank',
    {
      ...pay,
      headers,
      payload: JSON.stringify({ ...good, to: { kind: 'mobile', mobile: '9876543210', bank: 'HDFC' } }),
    },
    422,
    'not_available',
    ['to.kind'],
  ],
  [
    'an inward payment to nobody',
    { method: 'POST', url: '/sandbox/inward', headers, payload: '{"amount":"100","to":{}}' },
    400,
    'invalid_request',
    ['to'],
  ],
]
for (const [what, request, status, code, fields] of requests) {
  test(`a request with ${what}: ${status} ${code}`, () => refused(request, status, code, fields))
}

// ASVS 2.2.3, 15.3.7
const queries: readonly (readonly [query: string, code: string, field: string])[] = [
  ['limit=0', 'invalid_request', 'limit'],
  ['limit=101', 'invalid_request', 'limit'],
  ['limit=1.5', 'invalid_request', 'limit'],
  ['limit=', 'invalid_request', 'limit'],
  ['limit=1&limit=2', 'invalid_request', 'limit'],
  ['cursor=!', 'invalid_request', 'cursor'],
  ['cursor=AAAA', 'invalid_cursor', 'cursor'],
  ['status=lost', 'invalid_request', 'status'],
  ['direction=up', 'invalid_request', 'direction'],
  ['rrn=12345', 'invalid_request', 'rrn'],
  ['account=a%20b', 'invalid_request', 'account'],
  ['ifsc=hdfc', 'invalid_request', 'ifsc'],
  ['mobile=123', 'invalid_request', 'mobile'],
  ['minAmount=1.5', 'invalid_request', 'minAmount'],
  ['minAmount=5&maxAmount=4', 'invalid_request', 'minAmount'],
  ['from=yesterday', 'invalid_request', 'from'],
  ['from=2026-02-30T00:00:00Z', 'invalid_request', 'from'],
  ['from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', 'invalid_request', 'from'],
  ['q=%00', 'invalid_request', 'q'],
  ['q=', 'invalid_request', 'q'],
  ['offset=5', 'invalid_request', 'offset'],
]
for (const [query, code, field] of queries) {
  test(`history with ${query} is refused and names ${field}`, () =>
    refused({ url: `/v1/payments?${query}`, headers: { authorization } }, 400, code, [field]))
}

test('a method that is not there is answered with those that are', async () => {
  const answer = await server.app.inject({ method: 'PUT', url: '/v1/payments' })
  assert.match(String(answer.headers.allow), /GET/)
  assert.match(String(answer.headers.allow), /POST/)
})

test('an X-Request-Id comes back; one that could harm a log does not', async () => {
  const given = await server.app.inject({ url: '/healthz', headers: { 'x-request-id': 'abc-1' } })
  assert.equal(given.headers['x-request-id'], 'abc-1')
  for (const bad of ['a b', 'x'.repeat(129), '<script>']) {
    const answer = await server.app.inject({ url: '/healthz', headers: { 'x-request-id': bad } })
    assert.match(String(answer.headers['x-request-id']), /^req_/)
  }
})

// ASVS 16.5.1, 16.5.2
test('a failure shows nothing of its inside; a database that is away says so', async () => {
  const payment = { ...pay, headers: { ...headers, 'idempotency-key': 'failing' } }
  hub.failWith = new Error('secret inside')
  const failed = await server.app.inject(payment)
  assert.equal(failed.statusCode, 500)
  assert.equal(failed.json().code, 'internal_error')
  assert.doesNotMatch(failed.body, /secret/)
  hub.failWith = Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })
  const away = await server.app.inject(payment)
  assert.equal(away.statusCode, 503)
  assert.equal(away.json().code, 'database_unavailable')
  assert.equal(away.headers['retry-after'], '2')
  hub.failWith = undefined
})

test('what is not HTTP gets a problem and is closed, and good traffic goes on', async () => {
  const port = await server.listen({ host: '127.0.0.1', port: 0 })
  const junk = [
    '\x16\x03\x01\x02\x00',
    'GET / HTTP/9.9\r\n\r\n',
    `GET / HTTP/1.1\r\nhost: x\r\nbig: ${'x'.repeat(20_000)}\r\n\r\n`,
  ]
  for (const bytes of junk) {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
      let text = ''
      socket.on('data', (part) => {
        text += part
      })
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(text))
    })
    assert.match(answer, /^HTTP\/1\.1 4\d\d /)
    assert.match(answer, /application\/problem\+json/)
  }
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`)
  assert.equal(answer.status, 200)
})
