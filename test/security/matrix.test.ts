import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import type { Server } from '../../src/http/server.ts'
import { clientRights, type Right, type Role, rights, roleNames, roles } from '../../src/identity/rights.ts'
import { oneChecker } from '../../src/payment/four-eyes.ts'
import { initiate } from '../../src/payment/initiate.ts'
import { writeFlags } from '../../src/risk/store.ts'
import { openTestDatabase } from '../support/database.ts'
import { createTestRoom, requestFrom } from '../support/payment-room.ts'
import { type Browser, createPeopleHub } from '../support/people.ts'
import { keyOf, type RealServer, startRealServer } from '../support/real-server.ts'
import { formOf, makeSigner } from '../support/token-client.ts'
import { startTokenHub } from '../support/token-hub.ts'

// Every role × every route of the OpenAPI document × the own tenant and another one. What is expected is written here by hand: a route
// that changes its right, or that is not in this table, fails.

/**
 * The right that each call needs; null: nobody need be anybody. `person`: somebody who is signed in, about themselves. `customer`: a
 * tenant's customer, about what is theirs; one customer's against another's is in src/http/wallet/wallet.test.ts.
 */
const needed: Readonly<Record<string, Right | 'person' | 'customer' | null>> = {
  'post /v1/payments': 'payments:create',
  'get /v1/payments': 'payments:read',
  'get /v1/payments/export': 'payments:read',
  'get /v1/payments/{id}/receipt': 'payments:read',
  'get /v1/accounts/{id}/statement': 'accounts:read',
  'get /v1/requests': 'clients:read',
  'get /v1/system': 'audit:read',
  'get /v1/audit/verification': 'audit:read',
  'post /v1/audit/verification': 'audit:read',
  'get /v1/overview': 'payments:read',
  'get /v1/payments/{id}/messages': 'payments:read',
  'get /v1/payments/{id}/postings': 'payments:read',
  'get /v1/payments/{id}/deliveries': 'payments:read',
  'get /v1/payments/{id}/settlement': 'settlement:read',
  'get /v1/payments/{id}': 'payments:read',
  'get /v1/payments/{id}/events': 'payments:read',
  'post /v1/payments/{id}/verify': 'payments:verify',
  'post /v1/payments/{id}/cancel': 'payments:create',
  'post /v1/payments/{id}/resolve': 'payments:resolve',
  'post /v1/name-enquiries': 'names:ask',
  'get /v1/name-enquiries/{id}': 'names:ask',
  'post /v1/payments/{id}/authenticate': 'payments:authenticate',
  'get /v1/payments/{id}/authentication': 'payments:read',
  'post /v1/customers': 'customers:write',
  'get /v1/customers': 'customers:read',
  'get /v1/customers/{id}': 'customers:read',
  'patch /v1/customers/{id}': 'customers:write',
  'post /v1/customers/{id}/stop': 'customers:write',
  'post /v1/customers/{id}/resume': 'customers:write',
  'get /v1/customers/{id}/factors': 'customers:read',
  'post /v1/customers/{id}/factors': 'customers:write',
  'post /v1/customers/{id}/factors/{factorId}/prove': 'customers:write',
  'delete /v1/customers/{id}/factors/{factorId}': 'customers:write',
  'post /v1/customers/{id}/factors/reset': 'customers:write',
  'post /v1/accounts': 'accounts:write',
  'get /v1/accounts': 'accounts:read',
  'get /v1/accounts/{id}': 'accounts:read',
  'patch /v1/accounts/{id}': 'accounts:write',
  'get /v1/accounts/{id}/entries': 'accounts:read',
  'post /v1/accounts/{id}/freeze': 'accounts:freeze',
  'post /v1/accounts/{id}/unfreeze': 'accounts:freeze',
  'get /v1/accounts/{id}/liens': 'accounts:read',
  'post /v1/accounts/{id}/liens': 'accounts:freeze',
  'delete /v1/accounts/{id}/liens/{lienId}': 'accounts:freeze',
  'get /v1/approvals': 'approvals:read',
  'get /v1/approvals/{id}': 'approvals:read',
  'post /v1/approvals/{id}/approve': 'approvals:decide',
  'post /v1/approvals/{id}/reject': 'approvals:decide',
  'get /v1/approval-rules': 'approvals:read',
  'post /v1/approval-rules': 'limits:write',
  'delete /v1/approval-rules/{id}': 'limits:write',
  'get /v1/limits': 'limits:read',
  'post /v1/limits': 'limits:write',
  'delete /v1/limits/{id}': 'limits:write',
  'get /v1/stopped': 'limits:read',
  'post /v1/stop': 'accounts:freeze',
  'post /v1/resume': 'limits:write',
  'post /v1/risk/block': 'risk:write',
  'post /v1/risk/unblock': 'risk:write',
  'get /v1/risk/rules': 'risk:read',
  'put /v1/risk/rules': 'limits:write',
  'get /v1/risk/flags': 'risk:read',
  'post /v1/risk/flags/{id}/close': 'risk:write',
  'get /v1/audit/acts': 'audit:read',
  'get /v1/audit/acts/export': 'audit:read',
  'get /v1/events': 'payments:read',
  'get /v1/events/{id}': 'payments:read',
  'post /v1/events/{id}/redeliver': 'webhooks:write',
  'get /v1/webhook-endpoints': 'webhooks:read',
  'post /v1/webhook-endpoints': 'webhooks:write',
  'get /v1/webhook-endpoints/{id}': 'webhooks:read',
  'patch /v1/webhook-endpoints/{id}': 'webhooks:write',
  'delete /v1/webhook-endpoints/{id}': 'webhooks:write',
  'post /v1/webhook-endpoints/{id}/rotate-secret': 'webhooks:write',
  'post /v1/webhook-endpoints/{id}/test': 'webhooks:write',
  'get /v1/webhook-endpoints/{id}/attempts': 'webhooks:read',
  'get /v1/webhook-endpoints/{id}/dead-letters': 'webhooks:read',
  'get /v1/beneficiaries': 'beneficiaries:read',
  'post /v1/beneficiaries': 'beneficiaries:write',
  'get /v1/beneficiaries/{id}': 'beneficiaries:read',
  'delete /v1/beneficiaries/{id}': 'beneficiaries:write',
  'get /v1/payment-links': 'links:read',
  'post /v1/payment-links': 'links:create',
  'get /v1/payment-links/{id}': 'links:read',
  'get /v1/payment-links/{id}/payments': 'links:read',
  'post /v1/payment-links/{id}/cancel': 'links:create',
  'post /v1/payment-links/{id}/refunds': 'payments:create',
  'get /v1/clients': 'clients:read',
  'post /v1/clients': 'clients:write',
  'get /v1/clients/{id}': 'clients:read',
  'delete /v1/clients/{id}': 'clients:write',
  'post /v1/clients/{id}/keys': 'clients:write',
  'delete /v1/clients/{id}/keys/{keyId}': 'clients:write',
  'post /v1/clients/{id}/signing-keys': 'clients:write',
  'delete /v1/clients/{id}/signing-keys/{keyId}': 'clients:write',
  'get /v1/clients/{id}/token-keys': 'clients:read',
  'post /v1/clients/{id}/token-keys': 'clients:write',
  'delete /v1/clients/{id}/token-keys/{keyId}': 'clients:write',
  'get /.well-known/oauth-authorization-server': null,
  'post /oauth/token': null,
  'post /oauth/revoke': null,
  'get /v1/people': 'people:read',
  'post /v1/people': 'people:write',
  'get /v1/people/{id}': 'people:read',
  'patch /v1/people/{id}': 'people:write',
  'post /v1/people/{id}/invitation': 'people:write',
  'post /v1/people/{id}/disable': 'people:write',
  'post /v1/people/{id}/sign-out': 'people:write',
  'post /v1/people/{id}/enable': 'people:write',
  'post /v1/people/{id}/reset': 'people:write',
  'get /v1/people/me': 'person',
  'post /v1/people/me/passkey-options': 'person',
  'post /v1/people/me/app-options': 'person',
  'post /v1/people/me/factors': 'person',
  'patch /v1/people/me/factors/{id}': 'person',
  'delete /v1/people/me/factors/{id}': 'person',
  'get /v1/people/me/views': 'person',
  'post /v1/people/me/views': 'person',
  'patch /v1/people/me/views/{id}': 'person',
  'delete /v1/people/me/views/{id}': 'person',
  'get /v1/sessions': 'person',
  'get /v1/sessions/current': 'person',
  'delete /v1/sessions/current': 'person',
  'delete /v1/sessions/{id}': 'person',
  'post /v1/sessions/current/passkey-options': 'person',
  'post /v1/sessions/current/reauthenticate': 'person',
  'post /v1/sessions': null,
  'post /v1/sessions/passkey-options': null,
  'post /v1/invitations/look': null,
  'post /v1/invitations/passkey-options': null,
  'post /v1/invitations/app-options': null,
  'post /v1/invitations/accept': null,
  'get /v1/banks': 'directory:read',
  'get /v1/ifsc/{code}': 'directory:read',
  'get /v1/explanations/{rrn}': 'settlement:read',
  'get /v1/disputes': 'settlement:read',
  'get /v1/upload-files': 'settlement:read',
  'get /v1/upload-files/{id}': 'settlement:read',
  'post /v1/upload-files/{id}/release': 'settlement:write',
  'post /v1/upload-files/{id}/withdraw': 'settlement:write',
  'post /v1/upload-files/{id}/answer': 'settlement:write',
  'get /v1/compensation': 'settlement:read',
  'get /v1/duties': 'settlement:read',
  'post /v1/fee-rates': 'settlement:write',
  'get /v1/compensation/{id}': 'settlement:read',
  'post /v1/compensation/{id}/pay-elsewhere': 'settlement:write',
  'get /v1/fee-rates': 'settlement:read',
  'post /v1/disputes': 'settlement:write',
  'post /v1/payments/{id}/complaint': 'settlement:write',
  'get /v1/disputes/{id}': 'settlement:read',
  'post /v1/disputes/{id}/actions': 'settlement:write',
  'post /v1/disputes/{id}/complaint': 'settlement:write',
  'post /v1/disputes/{id}/decision': 'settlement:write',
  'post /v1/disputes/{id}/status': 'settlement:write',
  'post /v1/disputes/{id}/evidence': 'settlement:write',
  'get /v1/disputes/{id}/evidence/{evidenceId}': 'settlement:read',
  'get /v1/reports': 'settlement:read',
  'get /v1/reports/{name}': 'settlement:read',
  'get /v1/positions': 'settlement:read',
  'get /v1/reconciliation-runs': 'settlement:read',
  'post /v1/reconciliation-runs': 'settlement:write',
  'get /v1/reconciliation-runs/{id}': 'settlement:read',
  'post /v1/reconciliation-runs/{id}/roll-back': 'settlement:write',
  'get /v1/breaks': 'settlement:read',
  'get /v1/breaks/{id}': 'settlement:read',
  'post /v1/breaks/{id}/assign': 'settlement:write',
  'post /v1/breaks/{id}/comments': 'settlement:write',
  'post /v1/breaks/{id}/resolve': 'settlement:write',
  'get /v1/settlement-cycles': 'settlement:read',
  'post /v1/settlement-cycles/retry': 'settlement:write',
  'get /v1/settlement-files': 'settlement:read',
  'get /v1/settlement-files/{id}': 'settlement:read',
  'get /v1/settlement-files/{id}/content': 'settlement:write',
  'post /v1/settlement-files': 'settlement:write',
  'get /v1/positions/{institution}/cap': 'settlement:read',
  'post /v1/positions/{institution}/cap': 'settlement:write',
  'post /sandbox/inward': 'sandbox:use',
  'get /sandbox/messages': 'sandbox:use',
  'post /sandbox/cycle': 'sandbox:use',
  'post /sandbox/disputes': 'sandbox:use',
  'post /sandbox/faults': 'sandbox:use',
  'post /v1/wallet/codes': null,
  'post /v1/wallet/passkey-options': null,
  'post /v1/wallet/sessions': null,
  'get /v1/wallet/sessions/current': 'customer',
  'delete /v1/wallet/sessions/current': 'customer',
  'get /v1/wallet/me': 'customer',
  'get /v1/wallet/accounts/{id}': 'customer',
  'get /v1/wallet/accounts/{id}/entries': 'customer',
  'get /v1/wallet/accounts/{id}/statement': 'customer',
  'post /v1/wallet/stop': 'customer',
  'post /v1/wallet/resume': 'customer',
  'post /v1/wallet/name-enquiries': 'customer',
  'post /v1/wallet/payments': 'customer',
  'get /v1/wallet/payments': 'customer',
  'get /v1/wallet/payments/{id}': 'customer',
  'get /v1/wallet/payments/{id}/events': 'customer',
  'post /v1/wallet/payments/{id}/authenticate': 'customer',
  'post /v1/wallet/payments/{id}/cancel': 'customer',
  'post /v1/wallet/requests': 'customer',
  'post /v1/wallet/links': 'customer',
  'post /v1/wallet/mpin': 'customer',
  'post /v1/wallet/passkeys': 'customer',
  'post /v1/wallet/passkeys/{factorId}/prove': 'customer',
  'delete /v1/wallet/passkeys/{factorId}': 'customer',
  'get /healthz': null,
  'get /readyz': null,
  'get /metrics': null,
}

const { db, url } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const t = await createTestRoom(url)
const everybody = [...roleNames, 'program'] as const
const callers = [1, 2].flatMap((tenantId) =>
  everybody.map((name) => ({ tenantId, name, rights: name === 'program' ? clientRights : roles[name] })),
)

/** What there is of tenant 1, by the name of the parameter that can name it. */
const ids: Record<string, string> = {}
let server: Server
let call: RealServer['call']
type Operation = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  readonly path: string
  readonly name: string
}
const operations: Operation[] = []

before(async () => {
  ;({ server, call } = await startRealServer(db, t.room, callers))
  const account = await t.open(100_000_000n)
  const approval = { reason: 'rule', steps: oneChecker, enquiryId: null, maker: 'cli_somebody', makerSame: [] }
  const held = await initiate(t.room, requestFrom(account.id, { approval }))
  assert.ok(held.kind === 'accepted')
  const make = async (path: string, body: object, who: Role | 'program' = 'program'): Promise<string> => {
    const answer = await call('post', path, keyOf(1, who), body)
    assert.equal(answer.status, 201, JSON.stringify(answer.body))
    return answer.body.id
  }
  ids.account = account.id
  ids.payment = held.payment.id
  ids.client = await make('/v1/clients', { name: 'x', rights: ['payments:read'] })
  ids.key = (await call('post', `/v1/clients/${ids.client}/keys`, keyOf(1, 'program'), {})).body.id
  ids.signingKey = `sgk_${'0'.repeat(32)}`
  ids.beneficiary = await make('/v1/beneficiaries', {
    to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' },
  })
  ids.link = await make('/v1/payment-links', { account: account.id, amount: '100' })
  const asha = { name: 'Asha', login: 'asha@bank.example', roles: ['viewer'] }
  ids.person = await make('/v1/people', asha, 'administrator')
  ids.tokenKey = `tky_${'0'.repeat(32)}`
  ids.lien = await make(`/v1/accounts/${account.id}/liens`, { amount: '1', reference: 'x' })
  ids.limit = await make('/v1/limits', { rules: { day: '99999999999' } })
  ids.rule = await make('/v1/approval-rules', {
    subject: 'resolution',
    steps: [{ anyOf: [{ role: 'checker', count: 1 }] }],
  })
  ids.customer = await make('/v1/customers', { name: 'Asha Devi', mobile: '9876543210' })
  ids.factor = await make(`/v1/customers/${ids.customer}/factors`, { kind: 'mpin', mpin: '395174' })
  ids.enquiry = `enq_${'0'.repeat(32)}`
  ids.endpoint = await make('/v1/webhook-endpoints', { url: 'https://shop.example/hook' })
  ids.event = `evt_${held.payment.id.slice(4)}0001`
  ids.dispute = `dsp_${'0'.repeat(32)}`
  ids.customer ??= (await t.makeCustomer()).publicId
  await writeFlags(
    db,
    [{ ...held.payment, accountId: account.id, verdict: 'refuse', reasons: ['x'], ruleSet: 'x', paymentId: null }],
    Date.now(),
  )
  ids.file = `fil_${'0'.repeat(32)}`
  await db`
    insert into settlement_file (file_id, tenant_id, name, sha256, bytes, encrypted, signed, state, fault, refusal, kept, sealed, came_by,
      received_by, received_at)
    values (${ids.file.slice(4)}::uuid, 1, 'x', ${'0'.repeat(64)}, 1, false, false, 'refused', 'name_unknown',
      '{"expected": "x", "found": "y"}', false, '', 'api', 'cli_x', now())`
  ids.break = `brk_${'0'.repeat(32)}`
  await db`
    insert into break (break_id, tenant_id, type, kind, detail, opened_at)
    values (${ids.break.slice(4)}::uuid, 1, 'B30', 'B30', 'x', now())`
  ids.flag = (await call('get', '/v1/risk/flags', keyOf(1, 'program'))).body.data[0].id
  const { paths } = (await call('get', '/openapi.json', keyOf(1, 'program'))).body as { paths: Record<string, object> }
  for (const [path, methods] of Object.entries(paths)) {
    for (const method of Object.keys(methods))
      operations.push({ method: method as Operation['method'], path, name: `${method} ${path}` })
  }
})
after(() => Promise.all([server.close(), t.close()]))

/** The address of an operation, on what tenant 1 has. */
function addressOf({ path }: Operation): string {
  const own: Readonly<Record<string, string | undefined>> = {
    '/v1/payments': ids.payment,
    '/v1/accounts': ids.account,
    '/v1/approvals': ids.payment,
    '/v1/approval-rules': ids.rule,
    '/v1/limits': ids.limit,
    '/v1/clients': ids.client,
    '/v1/customers': ids.customer,
    '/v1/beneficiaries': ids.beneficiary,
    '/v1/payment-links': ids.link,
    '/v1/people': ids.person,
    '/v1/name-enquiries': ids.enquiry,
    '/v1/risk/flags': ids.flag,
    '/v1/settlement-files': ids.file,
    '/v1/disputes': ids.dispute,
    '/v1/webhook-endpoints': ids.endpoint,
    '/v1/events': ids.event,
    '/v1/breaks': ids.break,
    '/v1/upload-files': `upl_${'0'.repeat(32)}`,
    '/v1/compensation': `cmp_${'0'.repeat(32)}`,
    '/v1/reconciliation-runs': `run_${'0'.repeat(32)}`,
  }
  const collection = Object.keys(own).find((start) => path.startsWith(`${start}/`)) ?? ''
  return path
    .replace('{id}', own[collection] ?? '')
    .replace('{lienId}', ids.lien ?? '')
    .replace('{factorId}', ids.factor ?? '')
    .replace(
      '{keyId}',
      (path.includes('signing') ? ids.signingKey : path.includes('token-keys') ? ids.tokenKey : ids.key) ?? '',
    )
    .replace('{evidenceId}', `evd_${'0'.repeat(32)}`)
    .replace('{code}', 'HDFC0000123')
}

// ASVS 13.4.5
test('every call of the document is in the table, and every right of the table is one', () => {
  assert.deepEqual(operations.map(({ name }) => name).sort(), Object.keys(needed).sort())
  for (const right of Object.values(needed))
    assert.ok(right === null || right === 'person' || right === 'customer' || rights.includes(right))
})

/** Keys are a program's, whichever rights they have: what is about whoever is signed in is for none of them. */
const allowed = (name: Role | 'program', right: Right | 'person' | 'customer'): boolean =>
  right !== 'person' &&
  right !== 'customer' &&
  (name === 'program' ? clientRights : (roles[name] as readonly Right[])).includes(right)

/** What has no tenant's caller to try: it is open, or about whoever is signed in. */
const isOwn = (right: Right | 'person' | 'customer' | undefined | null): boolean =>
  right === null || right === 'person' || right === 'customer'

/** Somebody who may: a program where one may. */
const whoMay = (right: Right | 'person' | 'customer' | undefined | null): Role | 'program' =>
  (right ? everybody.toReversed().find((name) => allowed(name, right)) : undefined) ?? 'program'

// ASVS 8.2.1, 8.3.1
test('role × route: denied is denied, before a word of the request is read; allowed is not', async () => {
  let cells = 0
  for (const operation of operations) {
    const right = needed[operation.name]
    if (right === undefined || right === null) continue
    const nobody = await call(operation.method, addressOf(operation), undefined)
    assert.deepEqual([nobody.status, nobody.body.code], [401, 'unauthorized'], operation.name)
    for (const name of everybody) {
      if (allowed(name, right)) continue // what is allowed is below, and in the tests of each resource
      // A body that no route would take: a denial that comes after it was read would name a field of it.
      const answer = await call(
        operation.method,
        addressOf(operation),
        keyOf(1, name),
        operation.method === 'get' ? undefined : { x: 1 },
      )
      assert.deepEqual([answer.status, answer.body.code], [403, 'forbidden'], `${name} ${operation.name}`)
      assert.match(answer.body.detail, right === 'person' || right === 'customer' ? /signed in/ : new RegExp(right))
      cells += 1
    }
  }
  assert.ok(cells > 180, `${cells} denials`)
})

test('whoever is allowed gets past the door', async () => {
  for (const operation of operations) {
    const right = needed[operation.name]
    if (right === undefined || right === null || operation.path.endsWith('/events')) continue
    for (const name of everybody) {
      if (!allowed(name, right)) continue
      // On nothing that is there, with a body that nobody takes: what answers is the route, and not its door.
      const path = operation.path.replace('{id}', 'nothing').replace(/\{\w+\}/, 'nothing')
      const answer = await call(
        operation.method,
        path,
        keyOf(1, name),
        operation.method === 'get' ? undefined : { x: 1 },
      )
      assert.notEqual(answer.status, 401, `${name} ${operation.name}`)
      assert.notEqual(answer.status, 403, `${name} ${operation.name}: ${JSON.stringify(answer.body)}`)
    }
  }
})

/** Bodies that are right, so that only whose it is can be wrong. */
const bodies: Readonly<Record<string, object>> = {
  'patch /v1/accounts/{id}': { defaultForMobile: false },
  'post /v1/accounts/{id}/liens': { amount: '1', reference: 'x' },
  'post /v1/clients/{id}/keys': {},
  'post /v1/clients/{id}/signing-keys': {
    algorithm: 'ed25519',
    publicKey: 'MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=',
  },
  'post /v1/clients/{id}/token-keys': {
    algorithm: 'EdDSA',
    jwk: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  },
  'post /v1/payments/{id}/resolve': {
    outcome: 'succeeded',
    evidence: { source: 'beneficiary_bank', reference: 'letter 7' },
  },
  'post /v1/payments/{id}/authenticate': { send: 'sms' },
  'patch /v1/customers/{id}': { language: 'hi' },
  'post /v1/customers/{id}/stop': {},
  'post /v1/customers/{id}/resume': {},
  'post /v1/customers/{id}/factors': { kind: 'totp' },
  'post /v1/customers/{id}/factors/{factorId}/prove': { code: '123456' },
  'patch /v1/people/{id}': { roles: ['viewer'] },
  'post /v1/approvals/{id}/approve': {},
  'post /v1/approvals/{id}/reject': {},
  'post /v1/risk/flags/{id}/close': {},
  'post /v1/positions/{institution}/cap': { cap: null },
  'post /v1/payments/{id}/complaint': {},
  'post /v1/disputes/{id}/actions': { flag: 'P', reason: '109' },
  'post /v1/upload-files/{id}/withdraw': { reason: 'made too early' },
  'post /v1/upload-files/{id}/answer': { refused: [] },
  'post /v1/payment-links/{id}/refunds': { payment: `pay_${'0'.repeat(32)}`, amount: '1' },
  'post /v1/disputes/{id}/complaint': {},
  'post /v1/disputes/{id}/decision': { agree: false },
  'post /v1/disputes/{id}/status': {},
  'post /v1/compensation/{id}/pay-elsewhere': { account: 'acc_6400' },
  'patch /v1/webhook-endpoints/{id}': { enabled: false },
  'post /v1/breaks/{id}/assign': {},
  'post /v1/breaks/{id}/comments': { text: 'x' },
  'post /v1/breaks/{id}/resolve': { resolution: 'accepted', evidence: { reference: 'x' } },
}

/** What takes a file, and no fields. */
const takesFile = new Set(['post /v1/disputes/{id}/evidence'])
async function handIn(address: string, key: string) {
  const answer: LightMyRequestResponse = await server.app.inject({
    method: 'POST',
    url: `${address}?name=letter.pdf`,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/pdf' },
    payload: '%PDF-1.7',
  })
  return { status: answer.statusCode, body: answer.json() }
}

test("route × another tenant: with another tenant's id every call answers as if there were nothing", async () => {
  let cells = 0
  for (const operation of operations) {
    if (!operation.path.includes('{') || operation.path === '/v1/ifsc/{code}') continue
    // What is a person's own is tried with another person's in src/http/sessions.test.ts.
    if (isOwn(needed[operation.name])) continue
    const who = keyOf(2, whoMay(needed[operation.name]))
    const answer = takesFile.has(operation.name)
      ? await handIn(addressOf(operation), who)
      : await call(operation.method, addressOf(operation), who, bodies[operation.name])
    if (operation.name === 'get /v1/accounts/{id}/liens') assert.deepEqual(answer.body.data, [])
    else assert.equal(answer.status, 404, `${operation.name}: ${JSON.stringify(answer.body)}`)
    cells += 1
  }
  assert.ok(cells >= 20, `${cells} calls with an id`)
})

test("another tenant's lists are empty, and its account cannot be paid from", async () => {
  for (const { method, path, name } of operations) {
    if (
      method !== 'get' ||
      path.includes('{') ||
      isOwn(needed[name]) ||
      path === '/v1/banks' ||
      path === '/v1/reports' || // which there are is the same for all
      path === '/v1/payments/export' || // a file: see src/http/papers.test.ts
      path === '/v1/stopped' || // no list: see src/http/overview.test.ts
      path === '/v1/audit/acts/export' || // a file: see src/http/audit.test.ts
      path === '/v1/requests' || // its own, and no other's: see src/http/system.test.ts
      path === '/v1/system' ||
      path === '/v1/audit/verification' ||
      path === '/v1/overview' || // no list: see src/http/overview.test.ts
      path === '/v1/fee-rates' || // what NPCI takes is the same for all
      path === '/v1/payments'
    )
      continue
    const { body } = await call('get', path, keyOf(2, 'program'))
    assert.deepEqual(body.data, [], name)
  }
  const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' }
  const paid = await call('post', '/v1/payments', keyOf(2, 'program'), { amount: '100', from: ids.account, to })
  assert.deepEqual([paid.status, paid.body.code], [422, 'account_not_found'])
})

test('nobody who can pay can decide, and nobody who gives rights can pay', () => {
  for (const name of roleNames) {
    const held: readonly Right[] = roles[name]
    assert.ok(!(held.includes('payments:create') && held.includes('approvals:decide')), name)
    assert.ok(
      !(held.includes('payments:create') && (held.includes('people:write') || held.includes('clients:write'))),
      name,
    )
    assert.ok(!(held.includes('payments:create') && held.includes('limits:write')), name)
  }
})

// ASVS 15.3.3
test('fields that are not for callers are refused by every call that takes a body', async () => {
  const hidden = [
    'tenantId',
    'tenant_id',
    'status',
    'state',
    'id',
    'actor',
    'fee',
    'balance',
    'same',
    '__proto__',
    'constructor',
  ]
  for (const { method, path, name } of operations) {
    // What goes to the simulator is the simulator's to refuse.
    if (method === 'get' || method === 'delete' || path === '/sandbox/faults') continue
    if (isOwn(needed[name]) || takesFile.has(name)) continue
    for (const field of hidden) {
      // As text: an object cannot have a field __proto__ of its own without being told to.
      const url = addressOf({ method, path, name })
      const answer: LightMyRequestResponse = await server.app.inject({
        method: method.toUpperCase() as 'POST',
        url,
        headers: {
          authorization: `Bearer ${keyOf(1, whoMay(needed[name]))}`,
          'content-type': 'application/json',
          'idempotency-key': 'hidden',
        },
        payload: `{"${field}": "x"}`,
      })
      assert.equal(answer.statusCode, 400, `${name} ${field}: ${answer.body}`)
    }
  }
})

// --- the same by sessions of people and by tokens of programs ----------------------------------------------------------

/** What a person must have proved who they are for, within five minutes. */
const proofNeeded: readonly string[] = [
  'post /v1/upload-files/{id}/release',
  'post /v1/upload-files/{id}/withdraw',
  'post /v1/compensation/{id}/pay-elsewhere',
  'post /v1/fee-rates',
  'delete /v1/accounts/{id}/liens/{lienId}',
  'delete /v1/approval-rules/{id}',
  'delete /v1/beneficiaries/{id}',
  'delete /v1/clients/{id}',
  'delete /v1/clients/{id}/keys/{keyId}',
  'delete /v1/clients/{id}/signing-keys/{keyId}',
  'delete /v1/clients/{id}/token-keys/{keyId}',
  'delete /v1/customers/{id}/factors/{factorId}',
  'delete /v1/limits/{id}',
  'delete /v1/people/me/factors/{id}',
  'patch /v1/customers/{id}',
  'patch /v1/people/{id}',
  'post /v1/accounts/{id}/freeze',
  'post /v1/accounts/{id}/liens',
  'post /v1/accounts/{id}/unfreeze',
  'post /v1/approval-rules',
  'post /v1/approvals/{id}/approve',
  'post /v1/approvals/{id}/reject',
  'post /v1/beneficiaries',
  'post /v1/clients',
  'post /v1/clients/{id}/keys',
  'post /v1/clients/{id}/signing-keys',
  'post /v1/clients/{id}/token-keys',
  'post /v1/customers/{id}/factors',
  'post /v1/customers/{id}/factors/reset',
  'post /v1/customers/{id}/factors/{factorId}/prove',
  'post /v1/customers/{id}/resume',
  'post /v1/webhook-endpoints',
  'patch /v1/webhook-endpoints/{id}',
  'delete /v1/webhook-endpoints/{id}',
  'post /v1/webhook-endpoints/{id}/rotate-secret',
  'post /v1/limits',
  'post /v1/payments/{id}/resolve',
  'post /v1/people',
  'post /v1/people/me/app-options',
  'post /v1/people/me/factors',
  'post /v1/people/me/passkey-options',
  'post /v1/people/{id}/disable',
  'post /v1/people/{id}/enable',
  'post /v1/people/{id}/invitation',
  'post /v1/people/{id}/reset',
  'post /v1/resume',
  'put /v1/risk/rules',
  'post /v1/positions/{institution}/cap',
  'post /v1/disputes',
  'post /v1/payments/{id}/complaint',
  'post /v1/disputes/{id}/actions',
  'post /v1/disputes/{id}/complaint',
  'post /v1/disputes/{id}/decision',
  'post /v1/disputes/{id}/status',
  'post /v1/breaks/{id}/resolve',
  'post /v1/reconciliation-runs/{id}/roll-back',
]

const bodyOf = (method: Operation['method']): { body?: object } => (method === 'get' ? {} : { body: { x: 1 } })
const onNothing = ({ path }: Operation): string => path.replace('{id}', 'nothing').replace(/\{\w+\}/, 'nothing')
const verb = (method: Operation['method']) => method.toUpperCase() as 'GET' | 'POST' | 'PATCH' | 'DELETE'
/** Operations that would end the session that they are asked by. */
const endsItself = new Set(['delete /v1/sessions/current', 'post /v1/sessions/current/reauthenticate'])

test('role × route by sessions: as by keys; and what is sensitive needs a fresh proof, whatever the role', async (t) => {
  const hub = await createPeopleHub(await openTestDatabase())
  t.after(() => hub.close())
  let cells = 0
  const asked = new Set<string>()
  for (const role of roleNames) {
    const { browser } = await hub.signedIn([role])
    for (const stale of [false, true]) {
      if (stale) {
        hub.clock.advance(300_000)
        await hub.call('GET', '/v1/sessions/current', { as: browser })
      }
      for (const operation of operations) {
        const right = needed[operation.name]
        if (
          right === undefined ||
          right === null ||
          operation.path.startsWith('/sandbox/') ||
          endsItself.has(operation.name)
        )
          continue
        if (operation.path.endsWith('/events')) continue
        const { status, body } = await hub.call(verb(operation.method), onNothing(operation), {
          as: browser,
          ...bodyOf(operation.method),
        })
        const has = right === 'person' || (right !== 'customer' && (roles[role] as readonly Right[]).includes(right))
        cells += 1
        if (!has) assert.deepEqual([status, body.code], [403, 'forbidden'], `${role} ${operation.name}`)
        else if (body.code === 'reauthentication_required') {
          assert.ok(stale, `${role} ${operation.name}: the proof was fresh`)
          asked.add(operation.name)
        } else assert.ok(status !== 401 && status !== 403, `${role} ${operation.name}: ${JSON.stringify(body)}`)
      }
    }
  }
  assert.ok(cells > 700, `${cells} cells`)
  assert.deepEqual([...asked].sort(), [...proofNeeded].sort())
})

test('a session that is over opens no route: disabled, signed out, idle too long, too old', async (t) => {
  const hub = await createPeopleHub(await openTestDatabase())
  t.after(() => hub.close())
  const everywhere = async (browser: Browser, what: string): Promise<void> => {
    for (const operation of operations) {
      if (needed[operation.name] === null || operation.path.startsWith('/sandbox/')) continue
      const { status } = await hub.call(verb(operation.method), onNothing(operation), {
        as: browser,
        ...bodyOf(operation.method),
      })
      assert.equal(status, 401, `${what}: ${operation.name}`)
    }
  }
  const admin = await hub.signedIn(['administrator'])
  const disabled = await hub.signedIn(['operations'])
  assert.equal((await hub.call('POST', `/v1/people/${disabled.id}/disable`, { as: admin.browser })).status, 204)
  await everywhere(disabled.browser, 'disabled')
  const out = await hub.signedIn(['operations'])
  assert.equal((await hub.call('DELETE', '/v1/sessions/current', { as: out.browser })).status, 204)
  await everywhere(out.browser, 'signed out')
  const idle = await hub.signedIn(['operations'])
  hub.clock.advance(900_000)
  await everywhere(idle.browser, 'idle')
  const old = await hub.signedIn(['operations'])
  for (let minutes = 0; minutes < 480; minutes += 10) {
    await hub.call('GET', '/v1/sessions/current', { as: old.browser })
    hub.clock.advance(600_000)
  }
  await everywhere(old.browser, 'eight hours old')
})

test('right × route by tokens: a token opens what its scope is for and nothing else; revoked or over, nothing', async (t) => {
  const hub = await startTokenHub((await openTestDatabase()).db)
  t.after(() => hub.server.close())
  const client = await hub.enrol({ rights: clientRights })
  const bound = makeSigner('ES256')
  const ask = async (token: string, operation: Operation) => {
    const path = onNothing(operation)
    const proof = hub.proofFor(bound, operation.method.toUpperCase(), `https://hub.example${path}`, { token })
    const answer = await hub.server.app.inject({
      method: verb(operation.method),
      url: path,
      headers: { host: 'hub.example', authorization: `DPoP ${token}`, dpop: proof, 'content-type': 'application/json' },
      ...(operation.method === 'get' ? {} : { payload: '{"x":1}' }),
    })
    return { status: answer.statusCode, code: answer.statusCode >= 400 ? answer.json().code : undefined }
  }
  const behind = operations.filter(
    ({ name, path }) => needed[name] !== null && !path.startsWith('/sandbox/') && !path.endsWith('/events'),
  )
  let cells = 0
  for (const scope of clientRights) {
    const token = await hub.tokenFor(client, bound, scope)
    for (const operation of behind) {
      const { status, code } = await ask(token, operation)
      if (needed[operation.name] === scope)
        assert.ok(status !== 401 && status !== 403, `${scope} ${operation.name}: ${code}`)
      else assert.deepEqual([status, code], [403, 'forbidden'], `${scope} ${operation.name}`)
      cells += 1
    }
  }
  assert.ok(cells > 1_500, `${cells} cells`)
  const revoked = await hub.tokenFor(client, bound)
  const over = await hub.tokenFor(client, bound)
  const ended = await hub.call('POST', '/oauth/revoke', {
    body: formOf({
      ...hub.fieldsOf(hub.assertionFor(client, { aud: 'https://hub.example/oauth/revoke' })),
      token: revoked,
    }),
  })
  assert.ok(ended.status === 200 || ended.status === 204, JSON.stringify(ended.body))
  for (const operation of behind)
    assert.equal((await ask(revoked, operation)).status, 401, `revoked: ${operation.name}`)
  hub.clock.advance(600_000)
  for (const operation of behind) assert.equal((await ask(over, operation)).status, 401, `over: ${operation.name}`)
})
