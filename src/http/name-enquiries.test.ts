import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { CHECKER_KEY, createFakeHub, KEY } from '../../test/support/http.ts'
import { createTestRoom } from '../../test/support/payment-room.ts'
import { testVault } from '../../test/support/vault.ts'
import { writeActs } from '../audit/acts.ts'
import { must, parseRrn } from '../base/identifiers.ts'
import { asTenant } from '../db/tenant.ts'
import { decide } from '../payment/approvals.ts'
import { initiate } from '../payment/initiate.ts'
import { initiateVerified } from '../payment/initiate-verified.ts'
import { defaultNamePolicy, type Enquire, type EnquiryAnswer, type NamePolicy } from '../payment/name-enquiry.ts'
import { record } from '../payment/record.ts'
import { findEvents, findPayment } from '../payment/store.ts'
import { createServer, type Server } from './server.ts'

/** The real doors and a rail that answers what a test says. */
const { url, db } = await openTestDatabase()
const t = await createTestRoom(url)
const hub = createFakeHub(db)
let policy: NamePolicy = defaultNamePolicy
let answer: EnquiryAnswer
const questions: Parameters<Enquire>[0][] = []

const told = (registeredName?: string): EnquiryAnswer => ({
  kind: 'answered',
  response: { result: 'SUCCESS', responseCode: '00', ...(registeredName === undefined ? {} : { registeredName }) },
  reference: { transactionId: 'TRN0123456789', rrn: must(parseRrn('632612000777'), 'RRN') },
})
const declined = (responseCode: string): EnquiryAnswer => ({
  ...told(),
  kind: 'answered',
  response: { result: 'FAILURE', responseCode },
  reference: { transactionId: 'TRN0123456789', rrn: must(parseRrn('632612000778'), 'RRN') },
})

let server: Server
let from = ''
before(async () => {
  from = (await t.open(100_000_000n)).id
  const enquiries = {
    db,
    vault: testVault,
    clock: t.room.clock,
    enquire: async (question: Parameters<Enquire>[0]) => {
      questions.push(question)
      return answer
    },
  }
  server = await createServer({
    ...hub.deps,
    ...enquiries,
    get names() {
      return policy
    },
    carriesMobile: async () => true,
    initiate: (request) => initiate(t.room, request),
    initiateVerified: (request) =>
      initiateVerified(
        { ...enquiries, names: policy, limits: t.room.limits, initiate: (one) => initiate(t.room, one) },
        request,
      ),
    decide: (ballot) =>
      decide(
        {
          room: t.room,
          asTenant: (tenantId, run) => asTenant(db, tenantId, run),
          changes: hub.deps.changes,
          noted: (tx, { tenantId, vote }, { id }, outcome) =>
            writeActs(tx, [
              {
                tenantId,
                at: t.room.clock.now(),
                actor: { kind: 'client', id: vote.voter },
                action: 'approval.approve',
                subject: id,
                outcome: 'done',
                detail: { outcome },
                requestId: null,
                address: null,
              },
            ]),
        },
        ballot,
      ),
    cancel: (payment) => record(t.room, payment, { kind: 'cancelled' }),
    findPayment: (tenantId, id) => findPayment(db, testVault, tenantId, id),
    findEvents: (_tenantId, ids) => findEvents(db, ids),
  })
})
after(() => Promise.all([server.close(), t.close()]))
beforeEach(() => {
  policy = defaultNamePolicy
  answer = told('ASHA DEVI')
  questions.length = 0
})

let keys = 0
const call = (method: 'GET' | 'POST', path: string, body?: object, headers: Record<string, string> = {}) =>
  server.app.inject({
    method,
    url: path,
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
const pay = (body: object, key = `enquiry-${++keys}`) =>
  call('POST', '/v1/payments', { amount: '15000', from, ...body }, { 'idempotency-key': key })
const decideAs = (id: string, verdict: 'approve' | 'reject', body?: object) =>
  call('POST', `/v1/approvals/${id}/${verdict}`, body, { authorization: `Bearer ${CHECKER_KEY}` })
const ask = (body: object) => call('POST', '/v1/name-enquiries', body)

const account = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' }
const asha = { ...account, name: 'Asha Devi' }
const ravi = { ...account, name: 'Ravi Shah' }

test('a name is asked for, compared, masked, stored with its reference, and found again', async () => {
  const answered = await ask({ to: account, name: 'asha devi', from })
  assert.equal(answered.statusCode, 201, answered.body)
  const enquiry = answered.json()
  assert.match(enquiry.id, /^enq_[0-9a-f]{32}$/)
  assert.equal(answered.headers.location, `/v1/name-enquiries/${enquiry.id}`)
  assert.deepEqual(enquiry.to, account)
  assert.deepEqual([enquiry.status, enquiry.registeredName, enquiry.name], ['verified', 'A**A D**I', 'asha devi'])
  assert.deepEqual(enquiry.nameMatch, { score: 100, verdict: 'match' })
  assert.deepEqual(enquiry.reference, { rrn: '632612000777', transactionId: 'TRN0123456789' })
  assert.equal(enquiry.reason, null)
  assert.deepEqual((await call('GET', `/v1/name-enquiries/${enquiry.id}`)).json(), enquiry)
  assert.equal(questions[0]?.remitter.name, 'Ramesh Kumar')
  const rows = await db<{ row: string }[]>`select to_jsonb(e)::text as row from name_enquiry e`
  assert.ok(rows.every(({ row }) => !/asha|a\*\*a|50100123456789/i.test(row)))
})

test('without an account the institution asks; without a name nothing is compared; a mobile number will do', async () => {
  const enquiry = (await ask({ to: { kind: 'mobile', mobile: '9876543210', bank: 'HDFC' } })).json()
  assert.deepEqual([enquiry.nameMatch, enquiry.from, enquiry.name], [null, null, null])
  assert.deepEqual(enquiry.to, { kind: 'mobile', mobile: '9876543210', bank: 'HDFC' })
  assert.equal(questions[0]?.institution, 'TRN')
  const byMmid = await ask({ to: { kind: 'mmid', mobile: '9876543210', mmid: '9229123', name: 'Asha' } })
  assert.deepEqual(byMmid.json().nameMatch, { score: 67, verdict: 'close' })
})

test('an account that is not there is told with the reason of its bank', async () => {
  answer = declined('M1')
  const enquiry = (await ask({ to: account, name: 'Asha' })).json()
  assert.deepEqual([enquiry.status, enquiry.registeredName, enquiry.nameMatch], ['refused', null, null])
  assert.deepEqual([enquiry.reason.raw, enquiry.reason.source], ['M1', 'beneficiary_bank'])
})

const silences = [
  ['unavailable', 422, 'name_enquiry_not_available'],
  ['link_down', 503, 'link_down'],
  ['no_answer', 504, 'name_enquiry_unanswered'],
] as const
for (const [kind, status, code] of silences) {
  test(`${kind}: ${code}, and a payment that needs the name is not made`, async () => {
    answer = { kind }
    const asked = await ask({ to: account })
    assert.deepEqual([asked.statusCode, asked.json().code], [status, code])
    const paid = await pay({ to: asha, verifyName: true }, `silent-${kind}`)
    assert.deepEqual([paid.statusCode, paid.json().code], [status, code])
    answer = told('ASHA DEVI')
    assert.equal((await pay({ to: asha, verifyName: true }, `silent-${kind}`)).statusCode, 201)
  })
}

test('a payment whose name matches goes its way; the key asked again asks nobody', async () => {
  const first = await pay({ to: asha, verifyName: true }, 'verified')
  assert.deepEqual([first.statusCode, first.json().state, questions.length], [201, 'sent', 1])
  answer = told('SOMEBODY ELSE')
  const again = await pay({ to: asha, verifyName: true }, 'verified')
  assert.deepEqual([again.headers['idempotency-replayed'], again.json().id], ['true', first.json().id])
  assert.equal(questions.length, 1)
  assert.equal((await pay({ to: asha }, 'verified')).json().code, 'key_reused')
})

test('by default another name is refused with both names told apart, nothing is written, and the key is free', async () => {
  const refused = await pay({ to: ravi, verifyName: true }, 'mismatch')
  const problem = refused.json()
  assert.deepEqual([refused.statusCode, problem.code], [422, 'name_mismatch'])
  assert.deepEqual(problem.errors, [{ field: 'to.name', message: 'is not the registered name' }])
  assert.equal(problem.nameEnquiry.registeredName, 'A**A D**I')
  assert.deepEqual(problem.nameEnquiry.nameMatch, { score: 0, verdict: 'mismatch' })
  assert.equal((await call('GET', `/v1/name-enquiries/${problem.nameEnquiry.id}`)).json().name, 'Ravi Shah')
  assert.equal((await pay({ to: asha, verifyName: true }, 'mismatch')).statusCode, 201)
})

test('a bank that tells no name has verified none; one that declines is quoted', async () => {
  answer = told()
  assert.equal((await pay({ to: asha, verifyName: true })).json().code, 'name_mismatch')
  answer = declined('M3')
  const refused = await pay({ to: asha, verifyName: true })
  assert.deepEqual([refused.statusCode, refused.json().code], [422, 'beneficiary_not_verified'])
})

test('only a success that says 00 verifies a name, whatever name comes with it', async () => {
  const answered = told()
  if (answered.kind !== 'answered') throw new Error('an answer was wanted')
  const { reference } = answered
  for (const [result, responseCode] of [
    ['DEEMED', '91'],
    ['DEEMED', '00'],
    ['SUCCESS', 'M1'],
    ['FAILURE', '00'],
    ['FAILURE', ''],
  ] as const) {
    answer = { kind: 'answered', response: { result, responseCode, registeredName: 'ASHA DEVI' }, reference }
    const refused = await pay({ to: asha, verifyName: true })
    assert.equal(refused.json().code, 'beneficiary_not_verified', `${result} ${responseCode}`)
  }
})

test('verifyName needs a name; a name that nobody would compare is refused', async () => {
  const nameless = await pay({ to: account, verifyName: true })
  assert.deepEqual([nameless.statusCode, nameless.json().errors[0].field], [400, 'to.name'])
  const idle = await pay({ to: { kind: 'mmid', mobile: '9876543210', mmid: '9229123', name: 'Asha' } })
  assert.deepEqual([idle.statusCode, idle.json().errors[0].field], [400, 'to.name'])
  assert.equal(questions.length, 0)
})

test('a mobile number and a bank are always looked up, with or without a name; other payments only when asked', async () => {
  const to = { kind: 'mobile', mobile: '9876543210', bank: 'HDFC' }
  assert.equal((await pay({ to })).statusCode, 201)
  assert.equal(questions.length, 1)
  assert.equal((await pay({ to: { ...to, name: 'Ravi Shah' } })).json().code, 'name_mismatch')
  answer = declined('M1')
  assert.equal((await pay({ to })).json().code, 'beneficiary_not_verified')
  assert.equal((await pay({ to: asha })).statusCode, 201)
  assert.equal(questions.length, 3)
})

test('what cannot be paid is not asked about', async () => {
  assert.equal((await pay({ to: asha, verifyName: true, from: 'acc_999999' })).json().code, 'account_not_found')
  assert.equal((await pay({ to: asha, verifyName: true, amount: '99999999999' })).json().code, 'limit_exceeded')
  assert.equal(questions.length, 0)
})

test('by policy another name waits for approval; approved it leaves, and the list forgets it', async () => {
  policy = { ...defaultNamePolicy, onMismatch: 'approve' }
  const held = await pay({ to: ravi, verifyName: true })
  assert.equal(held.statusCode, 201)
  const payment = held.json()
  assert.deepEqual(
    [payment.status, payment.state, payment.reason.code],
    ['requires_approval', 'held', 'awaiting_approval'],
  )
  assert.equal(Date.parse(payment.resolvesBy) - Date.parse(payment.createdAt), t.room.approvalMs)
  const { data } = (await call('GET', '/v1/approvals')).json()
  assert.deepEqual([data.length, data[0].payment.id, data[0].decision], [1, payment.id, null])
  assert.deepEqual([data[0].nameEnquiry.name, data[0].nameEnquiry.nameMatch.score], ['Ravi Shah', 0])
  const own = await call('POST', `/v1/approvals/${payment.id}/approve`)
  assert.deepEqual([own.statusCode, own.json().code], [403, 'own_work'])
  const other = await decideAs(data[0].id, 'approve', { digest: '0'.repeat(64) })
  assert.deepEqual([other.statusCode, other.json().code], [409, 'approval_changed'])
  const approve = () => decideAs(payment.id, 'approve', { digest: data[0].digest })
  const approved = await approve()
  assert.deepEqual([approved.statusCode, approved.json().status], [200, 'processing'])
  assert.deepEqual(
    approved.json().timeline.map((step: { state: string }) => step.state),
    ['held', 'held', 'sent'],
  )
  assert.deepEqual((await approve()).json(), approved.json())
  assert.equal((await decideAs(payment.id, 'reject')).json().code, 'not_awaiting_approval')
  assert.deepEqual((await call('GET', '/v1/approvals')).json().data, [])
  assert.equal((await call('GET', '/v1/approvals?all=true')).json().data[0].decision, 'approved')
})

test('rejected or cancelled, it fails with a reason; a payment that never waited cannot be approved', async () => {
  policy = { ...defaultNamePolicy, onMismatch: 'approve' }
  const [first, second] = [
    (await pay({ to: ravi, verifyName: true })).json(),
    (await pay({ to: ravi, verifyName: true })).json(),
  ]
  const rejected = (await decideAs(first.id, 'reject')).json()
  assert.deepEqual([rejected.status, rejected.reason.code], ['failed', 'not_approved'])
  assert.equal((await call('POST', `/v1/payments/${second.id}/cancel`)).json().status, 'cancelled')
  const late = await decideAs(second.id, 'approve')
  assert.deepEqual([late.statusCode, late.json().code], [409, 'not_awaiting_approval'])
  const sent = (await pay({ to: asha })).json()
  assert.equal((await decideAs(sent.id, 'approve')).statusCode, 404)
  await t.proveBooks()
})

test('the pages of the list meet without a gap', async () => {
  policy = { ...defaultNamePolicy, onMismatch: 'approve' }
  const ids: string[] = []
  for (let i = 0; i < 3; i += 1) ids.unshift((await pay({ to: ravi, verifyName: true })).json().id)
  const first = (await call('GET', '/v1/approvals?limit=2')).json()
  const second = (await call('GET', `/v1/approvals?limit=2&cursor=${first.nextCursor}`)).json()
  assert.deepEqual([first.hasMore, second.hasMore, second.nextCursor], [true, false, null])
  assert.deepEqual(
    [...first.data, ...second.data].map((one) => one.payment.id),
    ids,
  )
})
