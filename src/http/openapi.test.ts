import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { createFakeHub, KEY } from '../../test/support/http.ts'
import { createServer, type Server } from './server.ts'

type Operation = {
  readonly summary?: string
  readonly tags?: readonly string[]
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
}
type Document = { readonly openapi: string; readonly paths: Record<string, Record<string, Operation>> }

const hub = createFakeHub()
let server: Server
let document: Document
before(async () => {
  server = await createServer(hub.deps)
  document = (await server.app.inject('/openapi.json')).json()
})
after(() => server.close())

const documented = [
  'get /v1/events',
  'get /v1/events/{id}',
  'post /v1/events/{id}/redeliver',
  'get /v1/webhook-endpoints',
  'post /v1/webhook-endpoints',
  'get /v1/webhook-endpoints/{id}',
  'patch /v1/webhook-endpoints/{id}',
  'delete /v1/webhook-endpoints/{id}',
  'post /v1/webhook-endpoints/{id}/rotate-secret',
  'post /v1/webhook-endpoints/{id}/test',
  'get /v1/webhook-endpoints/{id}/attempts',
  'get /v1/webhook-endpoints/{id}/dead-letters',
  'get /v1/reports',
  'get /v1/upload-files',
  'get /v1/upload-files/{id}',
  'post /v1/upload-files/{id}/release',
  'post /v1/upload-files/{id}/withdraw',
  'post /v1/upload-files/{id}/answer',
  'get /v1/compensation',
  'get /v1/duties',
  'post /v1/fee-rates',
  'get /v1/compensation/{id}',
  'post /v1/compensation/{id}/pay-elsewhere',
  'get /v1/fee-rates',
  'get /v1/reports/{name}',
  'get /v1/disputes',
  'post /v1/disputes',
  'post /v1/payments/{id}/complaint',
  'get /v1/disputes/{id}',
  'post /v1/disputes/{id}/actions',
  'post /v1/disputes/{id}/complaint',
  'post /v1/disputes/{id}/decision',
  'post /v1/disputes/{id}/status',
  'post /v1/disputes/{id}/evidence',
  'get /v1/disputes/{id}/evidence/{evidenceId}',
  'get /v1/explanations/{rrn}',
  'get /v1/positions',
  'get /v1/reconciliation-runs',
  'post /v1/reconciliation-runs',
  'get /v1/reconciliation-runs/{id}',
  'post /v1/reconciliation-runs/{id}/roll-back',
  'get /v1/breaks',
  'get /v1/breaks/{id}',
  'post /v1/breaks/{id}/assign',
  'post /v1/breaks/{id}/comments',
  'post /v1/breaks/{id}/resolve',
  'get /v1/settlement-cycles',
  'post /v1/settlement-cycles/retry',
  'get /v1/settlement-files',
  'get /v1/settlement-files/{id}',
  'get /v1/settlement-files/{id}/content',
  'post /v1/settlement-files',
  'get /v1/positions/{institution}/cap',
  'post /v1/positions/{institution}/cap',
  'post /v1/payments',
  'get /v1/payments/export',
  'get /v1/payments/{id}/receipt',
  'get /v1/accounts/{id}/statement',
  'get /v1/requests',
  'get /v1/system',
  'get /v1/audit/verification',
  'post /v1/audit/verification',
  'get /v1/overview',
  'get /v1/payments/{id}/messages',
  'get /v1/payments/{id}/postings',
  'get /v1/payments/{id}/deliveries',
  'get /v1/payments/{id}/settlement',
  'get /v1/payments',
  'get /v1/payments/{id}',
  'get /v1/payments/{id}/events',
  'post /v1/payments/{id}/verify',
  'post /v1/payments/{id}/cancel',
  'post /v1/payments/{id}/resolve',
  'post /v1/payments/{id}/authenticate',
  'get /v1/payments/{id}/authentication',
  'post /v1/customers',
  'get /v1/customers',
  'get /v1/customers/{id}',
  'patch /v1/customers/{id}',
  'post /v1/customers/{id}/stop',
  'post /v1/customers/{id}/resume',
  'get /v1/customers/{id}/factors',
  'post /v1/customers/{id}/factors',
  'post /v1/customers/{id}/factors/{factorId}/prove',
  'delete /v1/customers/{id}/factors/{factorId}',
  'post /v1/customers/{id}/factors/reset',
  'post /v1/accounts',
  'get /v1/accounts',
  'get /v1/accounts/{id}',
  'patch /v1/accounts/{id}',
  'get /v1/accounts/{id}/entries',
  'post /v1/name-enquiries',
  'get /v1/name-enquiries/{id}',
  'get /v1/approvals',
  'get /v1/approvals/{id}',
  'post /v1/approvals/{id}/approve',
  'post /v1/approvals/{id}/reject',
  'get /v1/approval-rules',
  'post /v1/approval-rules',
  'delete /v1/approval-rules/{id}',
  'get /v1/limits',
  'post /v1/limits',
  'delete /v1/limits/{id}',
  'get /v1/stopped',
  'post /v1/stop',
  'post /v1/resume',
  'post /v1/accounts/{id}/freeze',
  'post /v1/accounts/{id}/unfreeze',
  'get /v1/accounts/{id}/liens',
  'post /v1/accounts/{id}/liens',
  'delete /v1/accounts/{id}/liens/{lienId}',
  'post /v1/risk/block',
  'post /v1/risk/unblock',
  'get /v1/risk/rules',
  'put /v1/risk/rules',
  'get /v1/risk/flags',
  'post /v1/risk/flags/{id}/close',
  'get /v1/audit/acts',
  'get /v1/audit/acts/export',
  'get /v1/payment-links',
  'post /v1/payment-links',
  'get /v1/payment-links/{id}',
  'get /v1/payment-links/{id}/payments',
  'post /v1/payment-links/{id}/cancel',
  'post /v1/payment-links/{id}/refunds',
  'get /v1/beneficiaries',
  'post /v1/beneficiaries',
  'get /v1/beneficiaries/{id}',
  'delete /v1/beneficiaries/{id}',
  'get /v1/clients',
  'post /v1/clients',
  'get /v1/clients/{id}',
  'delete /v1/clients/{id}',
  'post /v1/clients/{id}/keys',
  'delete /v1/clients/{id}/keys/{keyId}',
  'post /v1/clients/{id}/signing-keys',
  'delete /v1/clients/{id}/signing-keys/{keyId}',
  'get /v1/clients/{id}/token-keys',
  'post /v1/clients/{id}/token-keys',
  'delete /v1/clients/{id}/token-keys/{keyId}',
  'get /.well-known/oauth-authorization-server',
  'post /oauth/token',
  'post /oauth/revoke',
  'get /v1/people',
  'post /v1/people',
  'get /v1/people/{id}',
  'patch /v1/people/{id}',
  'post /v1/people/{id}/invitation',
  'post /v1/people/{id}/disable',
  'post /v1/people/{id}/sign-out',
  'post /v1/people/{id}/enable',
  'post /v1/people/{id}/reset',
  'get /v1/people/me',
  'post /v1/people/me/passkey-options',
  'post /v1/people/me/app-options',
  'post /v1/people/me/factors',
  'patch /v1/people/me/factors/{id}',
  'delete /v1/people/me/factors/{id}',
  'get /v1/people/me/views',
  'post /v1/people/me/views',
  'patch /v1/people/me/views/{id}',
  'delete /v1/people/me/views/{id}',
  'get /v1/sessions',
  'get /v1/sessions/current',
  'delete /v1/sessions/current',
  'delete /v1/sessions/{id}',
  'post /v1/sessions/current/passkey-options',
  'post /v1/sessions/current/reauthenticate',
  'post /v1/sessions',
  'post /v1/sessions/passkey-options',
  'post /v1/invitations/look',
  'post /v1/invitations/passkey-options',
  'post /v1/invitations/app-options',
  'post /v1/invitations/accept',
  'get /v1/banks',
  'get /v1/ifsc/{code}',
  'get /healthz',
  'get /readyz',
  'post /v1/wallet/codes',
  'post /v1/wallet/passkey-options',
  'post /v1/wallet/sessions',
  'get /v1/wallet/sessions/current',
  'delete /v1/wallet/sessions/current',
  'get /v1/wallet/me',
  'get /v1/wallet/accounts/{id}',
  'get /v1/wallet/accounts/{id}/entries',
  'get /v1/wallet/accounts/{id}/statement',
  'post /v1/wallet/stop',
  'post /v1/wallet/resume',
  'post /v1/wallet/name-enquiries',
  'post /v1/wallet/payments',
  'get /v1/wallet/payments',
  'get /v1/wallet/payments/{id}',
  'get /v1/wallet/payments/{id}/events',
  'post /v1/wallet/payments/{id}/authenticate',
  'post /v1/wallet/payments/{id}/cancel',
  'post /v1/wallet/requests',
  'post /v1/wallet/links',
  'post /v1/wallet/mpin',
  'post /v1/wallet/passkeys',
  'post /v1/wallet/passkeys/{factorId}/prove',
  'delete /v1/wallet/passkeys/{factorId}',
  'get /metrics',
  'post /sandbox/inward',
  'get /sandbox/messages',
  'post /sandbox/cycle',
  'post /sandbox/disputes',
  'post /sandbox/faults',
]

test('every resource is in the document, with a summary, and nothing else is', () => {
  assert.equal(document.openapi, '3.1.0')
  const found = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )
  assert.deepEqual(found.sort(), [...documented].sort())
  for (const methods of Object.values(document.paths)) {
    for (const operation of Object.values(methods)) {
      assert.ok(operation.summary)
      assert.equal(operation.tags?.length, 1)
      for (const response of Object.values(operation.responses)) assert.ok(response.description)
    }
  }
})

test('every schema of the document is one', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('schema' in value && typeof value.schema === 'object' && value.schema !== null) {
      assert.equal(ajv.validateSchema(value.schema), true, JSON.stringify(ajv.errors))
    }
    for (const inner of Object.values(value)) visit(inner)
  }
  visit(document)
})

const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' }
const asked: readonly (readonly [method: 'GET' | 'POST', url: string, path: string, status: string, body?: object])[] =
  [
    ['POST', '/v1/payments', '/v1/payments', '201', { amount: '100', from: 'acc_1', to }],
    [
      'POST',
      '/v1/payments',
      '/v1/payments',
      '201',
      { amount: '100', from: 'acc_1', to: { kind: 'mmid', mobile: '9876543210', mmid: '9229123' }, reference: 'R' },
    ],
    ['POST', '/v1/payments', '/v1/payments', '400', { amount: 100 }],
    [
      'POST',
      '/v1/payments',
      '/v1/payments',
      '422',
      { amount: '100', from: 'acc_1', to: { kind: 'mobile', mobile: '9876543210', bank: 'HDFC' } },
    ],
    ['GET', '/v1/payments', '/v1/payments', '200'],
    ['GET', '/v1/payments?limit=0', '/v1/payments', '400'],
    ['GET', `/v1/payments/pay_${'0'.repeat(32)}`, '/v1/payments/{id}', '404'],
    ['GET', '/v1/banks?q=bank&limit=3', '/v1/banks', '200'],
    ['GET', '/v1/ifsc/HDFC0000123', '/v1/ifsc/{code}', '200'],
    ['GET', '/healthz', '/healthz', '200'],
    ['GET', '/readyz', '/readyz', '200'],
  ]
for (const [index, [method, url, path, status, body]] of asked.entries()) {
  test(`the answer ${status} of ${method} ${url} is what the document says (${index})`, async () => {
    const answer = await server.app.inject({
      method,
      url,
      headers: {
        authorization: `Bearer ${KEY}`,
        'content-type': 'application/json',
        'idempotency-key': `key-${index}`,
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    })
    assert.equal(String(answer.statusCode), status, answer.body)
    const content = document.paths[path]?.[method.toLowerCase()]?.responses[status]?.content
    const schema = content?.[String(answer.headers['content-type']).split(';')[0] ?? '']?.schema
    assert.ok(schema, 'the document does not have this answer')
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)
    assert.equal(validate(answer.json()), true, JSON.stringify(validate.errors))
  })
}

// ASVS 14.2.3
test('the page loads nothing from elsewhere', async () => {
  const page = await server.app.inject('/docs/api/')
  assert.equal(page.statusCode, 200)
  assert.doesNotMatch(page.body, /https?:\/\//)
  assert.match(String(page.headers['content-security-policy']), /default-src 'none'/)
  const [, script = ''] = /<script src="([^"]+)"/.exec(page.body) ?? []
  const bundle = await server.app.inject(`/docs/api/${script}`)
  assert.equal(bundle.statusCode, 200)
  assert.ok(bundle.rawPayload.length > 1_000_000)
  assert.equal((await server.app.inject('/docs/api')).headers.location, '/docs/api/')
})
