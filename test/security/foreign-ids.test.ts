import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { must, parseAccountId } from '../../src/base/identifiers.ts'
import { clientRights } from '../../src/identity/rights.ts'
import { initiate } from '../../src/payment/initiate.ts'
import { openTestDatabase } from '../support/database.ts'
import { createTestRoom, requestFrom } from '../support/payment-room.ts'
import { type Answer, keyOf, type RealServer, startRealServer } from '../support/real-server.ts'

// What matrix.test.ts does for ids in addresses, for ids in queries and bodies: found in the OpenAPI document by their form, and each tried
// with what belongs to another tenant. And keys that are over: revoked, expired, of a disabled client, from elsewhere.
// ASVS 8.2.2, 8.4.1, 8.3.2

const { db, url } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other'), (3, 'business', 'Third')`
const t = await createTestRoom(url)
type Schema = { readonly pattern?: string; readonly [name: string]: unknown }
type Operation = {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >
  readonly security?: readonly object[]
}
let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {}
let real: RealServer
let theirs = ''
let own = ''
let theirPayment = ''
let theirBeneficiary = ''
let theirApproval = ''
const theirPerson = `usr_${'1'.repeat(32)}`
const ownCompensation = `cmp_${'2'.repeat(32)}`
const theirBreak = `brk_${'1'.repeat(32)}`
const ownBreak = `brk_${'2'.repeat(32)}`
let ownClient = ''
let ownLink = ''
let theirCustomer = ''
before(async () => {
  real = await startRealServer(db, t.room, [
    { tenantId: 1, name: 'program' },
    { tenantId: 2, name: 'program' },
    { tenantId: 3, name: 'program' },
  ])
  paths = (await real.call('get', '/openapi.json', undefined)).body.paths
  theirs = (await t.open(100_000_000n)).id
  const paid = await initiate(t.room, requestFrom(must(parseAccountId(theirs), 'account id')))
  assert.equal(paid.kind, 'accepted')
  if (paid.kind === 'accepted') theirPayment = paid.payment.id
  theirCustomer = (await t.makeCustomer()).publicId
  const opened = await real.call('post', '/v1/accounts', keyOf(2, 'program'), {
    name: 'Own Account',
    openingBalance: '100000',
  })
  assert.equal(opened.status, 201, JSON.stringify(opened.body))
  own = opened.body.id
  const registered = await real.call('post', '/v1/beneficiaries', keyOf(1, 'program'), {
    to: { ...to, name: 'Asha Devi' },
  })
  assert.equal(registered.status, 201, JSON.stringify(registered.body))
  theirBeneficiary = registered.body.id
  const steps = [{ anyOf: [{ role: 'checker', count: 1 }] }]
  const rule = await real.call('post', '/v1/approval-rules', keyOf(3, 'program'), { subject: 'client', steps })
  assert.equal(rule.status, 201, JSON.stringify(rule.body))
  const asked = await real.call('post', '/v1/clients', keyOf(3, 'program'), { name: 'x', rights: ['payments:read'] })
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  theirApproval = asked.body.id
  await db`
    insert into person (person_id, tenant_id, sealed, login_index, roles, created_by, created_at)
    values (${theirPerson.slice(4)}::uuid, 1, '', gen_random_uuid(), '{viewer}', 'test', now())`
  await db`
    insert into break (break_id, tenant_id, type, kind, detail, opened_at) values
    (${theirBreak.slice(4)}::uuid, 1, 'B30', 'B30', 'x', now()), (${ownBreak.slice(4)}::uuid, 2, 'B30', 'B30', 'x', now())`
  const opener = await initiate(t.room, requestFrom(must(parseAccountId(own), 'account id'), { tenantId: 2 }))
  assert.ok(opener.kind === 'accepted', opener.kind)
  await db`
    insert into compensation (compensation_id, tenant_id, institution, payment_id, rrn, nbin, direction, owed_by, from_on, until_on, days,
      amount, state, waits, tries, updated_at)
    values (${ownCompensation.slice(4)}::uuid, 2, 'TRN', ${opener.payment.id.slice(4)}::uuid, '633109000001', '7001', 'outward', 'us',
      '2026-11-21', '2026-11-22', 1, 10000, 'due', 'account_closed', 1, now())`
  ownLink = (await asOther('post', '/v1/payment-links', { account: own })).body.id
  ownClient = (await asOther('post', '/v1/clients', { name: 'own', rights: ['payments:read'] })).body.id
})
after(() => Promise.all([real.server.close(), t.close()]))

const operations = () =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation, name: `${method} ${path}` })),
  )

/** Fields that name a thing by its id: `acc_…`, `pay_…`; in queries and bodies, where the address does not show them. */
function idFields(): string[] {
  const found: string[] = []
  const visit = (value: unknown, at: string): void => {
    if (typeof value !== 'object' || value === null) return
    const { pattern, ...rest } = value as Schema
    if (typeof pattern === 'string' && /[\^(|][a-z]{3}(\|[a-z]{3})*\)?_/.test(pattern)) found.push(at)
    for (const [name, inner] of Object.entries(rest))
      visit(
        inner,
        ['properties', 'anyOf', 'oneOf', 'items', 'schema', 'application/json'].includes(name) || /^\d+$/.test(name)
          ? at
          : `${at} ${name}`,
      )
  }
  for (const { name, operation, path } of operations()) {
    // A customer's own: with another customer's in src/http/wallet/wallet.test.ts.
    if (path.startsWith('/v1/wallet/')) continue
    for (const { in: place, name: field, schema } of operation.parameters ?? [])
      if (place === 'query') visit(schema, `${name} ?${field}`)
    visit(operation.requestBody?.content, name)
  }
  return [...new Set(found)].sort()
}

type Ask = () => Promise<Answer>
const asOther = (method: string, path: string, body?: object): Promise<Answer> =>
  real.call(method, path, keyOf(2, 'program'), body)
const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' }
const nothing = (answer: Answer): void => assert.deepEqual([answer.status, answer.body.data], [200, []])
const notFound = ({ status, body }: Answer): void => {
  const words = ['account_not_found', 'beneficiary_not_found']
  assert.ok(status === 404 || (status === 422 && words.includes(body.code)), JSON.stringify(body))
}
/** Characters of an export without a payment: its heads. */
const HEADS = '208'
/** Every such field, with what belongs to tenant 1 in it, asked by tenant 2: it answers as if there were nothing. */
const foreign: Readonly<Record<string, readonly [Ask, (answer: Answer) => void]>> = {
  'get /v1/payments ?account': [() => asOther('get', `/v1/payments?account=${theirs}`), nothing],
  'get /v1/payments/export ?account': [
    () => asOther('get', `/v1/payments/export?account=${theirs}`),
    // A file with its heads alone.
    ({ status, headers }) =>
      assert.deepEqual([status, new Map(Object.entries(headers)).get('content-length')], [200, HEADS]),
  ],
  'get /v1/payment-links ?account': [() => asOther('get', `/v1/payment-links?account=${theirs}`), nothing],
  'post /v1/payment-links account': [() => asOther('post', '/v1/payment-links', { account: theirs }), notFound],
  'post /v1/payment-links/{id}/refunds payment': [
    () => asOther('post', `/v1/payment-links/${ownLink}/refunds`, { payment: theirPayment, amount: '1' }),
    notFound,
  ],
  'get /v1/events ?payment': [() => asOther('get', `/v1/events?payment=${theirPayment}`), nothing],
  'post /v1/events/{id}/redeliver endpoint': [
    () =>
      asOther('post', `/v1/events/evt_${theirPayment.slice(4)}0001/redeliver`, { endpoint: `whe_${'0'.repeat(32)}` }),
    notFound,
  ],
  'get /v1/disputes ?payment': [() => asOther('get', `/v1/disputes?payment=${theirPayment}`), nothing],
  'post /v1/disputes payment': [
    () => asOther('post', '/v1/disputes', { payment: theirPayment, flag: 'B', reason: '108' }),
    notFound,
  ],
  'post /v1/accounts customer': [
    () => asOther('post', '/v1/accounts', { name: 'X', customer: theirCustomer }),
    ({ status, body }) => assert.deepEqual([status, body.detail], [400, 'customer must be a customer of yours']),
  ],
  'post /v1/payments from': [() => asOther('post', '/v1/payments', { amount: '100', from: theirs, to }), notFound],
  'post /v1/payments to id': [
    () =>
      asOther('post', '/v1/payments', { amount: '100', from: own, to: { kind: 'beneficiary', id: theirBeneficiary } }),
    notFound,
  ],
  'post /v1/clients/{id}/keys approval': [
    () => asOther('post', `/v1/clients/${ownClient}/keys`, { approval: theirApproval }),
    ({ status, body }) => assert.deepEqual([status, body.errors[0].field], [400, 'approval']),
  ],
  'post /v1/name-enquiries from': [() => asOther('post', '/v1/name-enquiries', { from: theirs, to }), notFound],
  'post /v1/limits account': [
    () => asOther('post', '/v1/limits', { account: theirs, rules: { day: '100' } }),
    notFound,
  ],
  'get /v1/breaks ?run': [() => asOther('get', `/v1/breaks?run=run_${'0'.repeat(32)}`), nothing],
  'post /v1/compensation/{id}/pay-elsewhere account': [
    () => asOther('post', `/v1/compensation/${ownCompensation}/pay-elsewhere`, { account: theirs }),
    ({ status, body }) => assert.deepEqual([status, body.errors[0].field], [400, 'account']),
  ],
  'post /v1/breaks/{id}/assign to': [
    () => asOther('post', `/v1/breaks/${ownBreak}/assign`, { to: theirPerson }),
    ({ status, body }) => assert.deepEqual([status, body.detail], [400, 'to is not a person of yours']),
  ],
  'post /v1/breaks/{id}/resolve with': [
    () =>
      asOther('post', `/v1/breaks/${ownBreak}/resolve`, {
        resolution: 'forced',
        with: [theirBreak],
        evidence: { reference: 'x' },
      }),
    notFound,
  ],
  'get /v1/risk/flags ?account': [() => asOther('get', `/v1/risk/flags?account=${theirs}`), nothing],
  'post /v1/settlement-files ?replaces': [
    async () => {
      const { statusCode: status, json } = await real.server.app.inject({
        method: 'POST',
        url: `/v1/settlement-files?name=notes.txt&replaces=fil_${'0'.repeat(32)}`,
        headers: { authorization: `Bearer ${keyOf(2, 'program')}`, 'content-type': 'application/octet-stream' },
        payload: Buffer.from('x'),
      })
      return { status, body: json(), headers: new Headers() }
    },
    ({ status, body }) => assert.deepEqual([status, body.code], [422, 'settlement_file_refused']),
  ],
  'post /v1/limits customer': [
    () => asOther('post', '/v1/limits', { customer: theirCustomer, rules: { day: '100' } }),
    ({ status, body }) => assert.deepEqual([status, body.detail], [400, 'customer is not a customer of yours']),
  ],
}

test('every id in a query or a body is in the table', () => {
  assert.deepEqual(idFields(), Object.keys(foreign).sort())
})

test("with another tenant's id in a query or a body, every call answers as if there were nothing", async () => {
  for (const [name, [ask, expected]] of Object.entries(foreign)) {
    const answer = await ask()
    assert.ok(answer.status !== 401 && answer.status !== 403, `${name}: ${JSON.stringify(answer.body)}`)
    expected(answer)
  }
  const [{ count = -1 } = {}] = await db`select count(*)::int from payment where tenant_id = 2`
  assert.equal(count, 1, 'the one that its compensation is about')
})

test('with an id of its own, the same calls are answered: the table denies what it says', async () => {
  const paid = await asOther('post', '/v1/payments', { amount: '100', from: own, to })
  assert.equal(paid.status, 201, JSON.stringify(paid.body))
  const limited = await asOther('post', '/v1/limits', { account: own, rules: { day: '100000' } })
  assert.equal(limited.status, 201, JSON.stringify(limited.body))
})

test('a key that was revoked, has expired, is of a disabled client or comes from elsewhere opens no route', async () => {
  const admin = keyOf(1, 'program')
  const make = async (more: object = {}): Promise<{ client: string; key: string; keyId: string }> => {
    const { body: client } = await real.call('post', '/v1/clients', admin, { name: 'x', rights: clientRights, ...more })
    const { body: made } = await real.call('post', `/v1/clients/${client.id}/keys`, admin, {})
    return { client: client.id, key: made.key, keyId: made.id }
  }
  const good = await make()
  const revoked = await make()
  const disabled = await make()
  const expired = await make()
  const elsewhere = await make({ networks: ['203.0.113.0/24'] })
  for (const { key } of [good, revoked, disabled, expired])
    assert.equal((await real.call('get', '/v1/payments', key)).status, 200)
  await real.call('delete', `/v1/clients/${revoked.client}/keys/${revoked.keyId}`, admin)
  await real.call('delete', `/v1/clients/${disabled.client}`, admin)
  await db`update client_key set expires_at = now() - interval '1 second' where key_id = ${expired.key.split('_')[2] ?? ''}`
  await real.call('post', '/v1/clients', admin, { name: 'y', rights: ['payments:read'] }) // what is remembered is looked at again
  let cells = 0
  for (const { method, path, name, operation } of operations()) {
    if (operation.security?.length === 0) continue // open to all
    const address = path.replace(/\{\w+\}/g, 'x')
    for (const { key } of [revoked, disabled, expired, elsewhere]) {
      const { status } = await real.call(method, address, key, ['get', 'delete'].includes(method) ? undefined : {})
      assert.equal(status, 401, name)
      cells += 1
    }
    // Streams of events do not end by themselves.
    if (!path.endsWith('/events'))
      assert.notEqual(
        (await real.call(method, address, good.key, ['get', 'delete'].includes(method) ? undefined : { x: 1 })).status,
        401,
        name,
      )
  }
  assert.ok(cells > 150, `${cells} denials`)
})

// ASVS 15.3.1, 8.2.3
test('what is answered has the fields that the document names, and no others', async () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  const program = keyOf(1, 'program')
  const made = await real.call('post', '/v1/payments', program, { amount: '100', from: theirs, to })
  const client = await real.call('post', '/v1/clients', program, { name: 'z', rights: ['payments:read'] })
  const asked: readonly (readonly [method: string, path: string, template?: string, body?: object])[] = [
    ['get', '/v1/payments'],
    ['get', `/v1/payments/${made.body.id}`, '/v1/payments/{id}'],
    ['get', '/v1/accounts'],
    ['get', `/v1/accounts/${theirs}`, '/v1/accounts/{id}'],
    ['get', `/v1/accounts/${theirs}/entries`, '/v1/accounts/{id}/entries'],
    ['get', `/v1/accounts/${theirs}/liens`, '/v1/accounts/{id}/liens'],
    ['post', `/v1/accounts/${theirs}/liens`, '/v1/accounts/{id}/liens', { amount: '1', reference: 'x' }],
    ['get', '/v1/approvals'],
    ['get', '/v1/approval-rules'],
    ['get', '/v1/limits'],
    ['get', '/v1/clients'],
    ['get', `/v1/clients/${client.body.id}`, '/v1/clients/{id}'],
    ['post', `/v1/clients/${client.body.id}/keys`, '/v1/clients/{id}/keys', {}],
    ['get', '/v1/banks'],
    ['get', '/v1/ifsc/HDFC0000123', '/v1/ifsc/{code}'],
    ['post', '/v1/payments', '/v1/payments', { amount: '100', from: theirs, to }],
    ['post', '/v1/accounts', '/v1/accounts', { name: 'Somebody' }],
    ['get', `/v1/payments/pay_${'0'.repeat(32)}`, '/v1/payments/{id}'],
  ]
  for (const [method, path, template = path, body] of asked) {
    const answer = await real.call(method, path, program, body)
    const content = paths[template]?.[method]?.responses[String(answer.status)]?.content ?? {}
    const [first] = Object.values(content)
    assert.ok(first, `${method} ${path} answers ${answer.status}, which the document does not have`)
    const validate = ajv.compile(first.schema)
    assert.equal(validate(answer.body), true, `${method} ${path}: ${JSON.stringify(validate.errors)}`)
  }
})
