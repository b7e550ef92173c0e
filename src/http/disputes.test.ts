import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { AMOUNT, setUpDisputes, T } from '../../test/support/disputes.ts'
import { testLog } from '../../test/support/logs.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { testVault } from '../../test/support/vault.ts'
import { must, parseNbin, parseRrn } from '../base/identifiers.ts'
import { inTransaction } from '../db/transaction.ts'
import { istInstant } from '../imps/disputes/days.ts'
import { stanOfRrn } from '../imps/rrn.ts'
import { dropUnlessAllowed, dropUploaded } from '../settlement/disputes/ask.ts'
import { type ComplaintDeps, heardOfComplaint } from '../settlement/disputes/complaints.ts'
import { createQueue } from '../settlement/disputes/queue.ts'

const { url, db } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const d = await setUpDisputes(url)
const disputes = {
  ...d.deps,
  queue: createQueue({ vault: testVault, clock: d.clock, nbinOf: () => must(parseNbin('7001'), 'NBIN') }),
}
const told: string[] = []
const complaints: ComplaintDeps = {
  db,
  clock: d.clock,
  log: testLog,
  newId: d.deps.newId,
  bank3Of: () => 'TRN',
  xmlLink: 'npci-xml',
  noComplaintCode: 'NC',
  takeOut: async () => false,
  complain(_institution, { flag }, transactionId) {
    told.push(`${flag} ${transactionId}`)
    return 'sent'
  },
  checkComplaint(_institution, _asked, transactionId) {
    told.push(`? ${transactionId}`)
    return 'sent'
  },
}
const real = await startRealServer(
  db,
  d.t.room,
  [
    { tenantId: 1, name: 'program' },
    { tenantId: 2, name: 'program' },
    { tenantId: 1, name: 'blind', rights: ['settlement:read'] },
    { tenantId: 1, name: 'second' },
  ],
  { disputes, complaints },
)
after(() => Promise.all([real.server.close(), d.t.close()]))
const as = (name: string) => (method: string, path: string, body?: object) =>
  real.call(method, path, keyOf(1, name), body)
const call = as('program')
const hand = (id: string, name: string, content: Uint8Array, type = 'application/octet-stream') =>
  real.server.app.inject({
    method: 'POST',
    url: `/v1/disputes/${id}/evidence?name=${encodeURIComponent(name)}`,
    headers: { authorization: `Bearer ${keyOf(1, 'program')}`, 'content-type': type },
    payload: Buffer.from(content),
  })
const pdf = Buffer.from('%PDF-1.7 a letter\n')

test('a chargeback from its raising to its end: a row for people, a report, and the money with the customer', async () => {
  d.goTo(istInstant(T, '12:00'))
  const { payment, account } = await d.outward('deemed')
  const raised = await call('post', '/v1/disputes', { payment: payment.id, flag: 'B', reason: '108' })
  assert.equal(raised.status, 201, JSON.stringify(raised.body))
  assert.deepEqual([raised.body.state, raised.body.pending.flag, raised.body.held], ['new', 'B', '0'])
  const [row] = await db<
    { flag: string; nbin: string; amount: bigint; upload_id: string | null; sealed: Uint8Array }[]
  >`
    select flag, nbin, amount, upload_id, sealed from upload_row where payment_id = ${payment.id.slice(4)}::uuid`
  assert.deepEqual([row?.flag, row?.nbin, row?.amount, row?.upload_id], ['B', '7001', AMOUNT, null])
  assert.doesNotMatch(Buffer.from(row?.sealed ?? []).toString('latin1'), /50100123456789/)

  const again = await call('post', '/v1/disputes', { payment: payment.id, flag: 'B', reason: '108' })
  assert.deepEqual([again.status, again.body.code], [409, 'dispute_refused'])
  assert.equal(again.body.detail, 'B was asked for, and no report has it yet.')

  await d.say(payment, 'B', '108')
  const seen = await call('get', `/v1/disputes/${raised.body.id}`)
  assert.deepEqual([seen.body.state, seen.body.held, seen.body.deemed], ['raised', String(AMOUNT), 'A'])
  assert.deepEqual(
    seen.body.next.filter((one: { flag: string }) => one.flag === 'R').map((one: { ours: boolean }) => one.ours),
    [false, false, false],
  )
  const wrong = await call('post', `/v1/disputes/${raised.body.id}/actions`, { flag: 'A', reason: '111' })
  assert.equal(wrong.body.code, 'dispute_refused')
  assert.match(wrong.body.detail, /is for the beneficiary or npci bank to say|beneficiary/)

  await d.say(payment, 'A', '111')
  const over = await call('get', `/v1/disputes/${raised.body.id}`)
  assert.deepEqual([over.body.state, over.body.held], ['for_remitter', '0'])
  assert.deepEqual(
    over.body.events.map((one: { kind: string; flag: string | null }) => [one.kind, one.flag]),
    [
      ['asked', 'B'],
      ['adjusted', 'B'],
      ['adjusted', 'A'],
      ['settled', null],
    ],
  )
  assert.equal((await d.customer(account)).balance, 10_000_000n)
  const acts = await db`select action from act where subject = ${raised.body.id}`
  assert.deepEqual(
    acts.map((one) => one.action),
    ['dispute.raised'],
  )
  await d.t.proveBooks()
})

test('papers: four kinds by their bytes, each once, sealed, and given out as they came', async () => {
  d.goTo(istInstant(T, '12:00'))
  const { payment } = await d.inward(true)
  await d.say(payment, 'B', '108')
  const { body } = await call('get', `/v1/disputes?payment=${payment.id}`)
  const [{ id }] = body.data
  const noPapers = await call('post', `/v1/disputes/${id}/actions`, { flag: 'R', reason: '208' })
  assert.match(noPapers.body.detail, /needs a file of evidence/)

  const added = await hand(id, 'Ramesh Kumar.pdf', pdf, 'text/plain')
  assert.equal(added.statusCode, 201, added.body)
  assert.deepEqual([(await hand(id, 'again.pdf', pdf)).json().kept, added.json().kept], [false, true])
  const notPapers: [string, Uint8Array][] = [
    ['a program', Buffer.from([0x4d, 0x5a, 0, 1])],
    ['an archive called a PDF', Buffer.from('PK\u0003\u0004')],
    ['a page', Buffer.from(' <html><script>')],
    ['not UTF-8', Buffer.from([0x41, 0xff])],
    ['blank', Buffer.from(' \n')],
  ]
  for (const [what, content] of notPapers)
    assert.equal((await hand(id, 'letter.pdf', content)).json().code, 'not_a_paper', what)
  assert.equal((await hand(id, 'big.txt', Buffer.alloc(2_097_153, 'a'))).json().code, 'body_too_large')
  assert.equal((await hand(id, '../x', pdf)).json().code, 'invalid_request')
  const json = await call('post', `/v1/disputes/${id}/evidence?name=x`, { x: 1 })
  assert.equal(json.body.code, 'unsupported_media_type')

  const [kept] = await db<{ sealed: Uint8Array; content: Uint8Array }[]>`select sealed, content from evidence_file`
  assert.doesNotMatch(Buffer.from(kept?.content ?? []).toString('latin1'), /a letter/)
  assert.doesNotMatch(Buffer.from(kept?.sealed ?? []).toString('latin1'), /Ramesh/)
  const path = `/v1/disputes/${id}/evidence/${added.json().id}`
  const read = (key: string) =>
    real.server.app.inject({ method: 'GET', url: path, headers: { authorization: `Bearer ${key}` } })
  const given = await read(keyOf(1, 'program'))
  assert.deepEqual([given.headers['content-type'], given.rawPayload], ['application/pdf', pdf])
  assert.equal(given.headers['content-disposition'], "attachment; filename*=UTF-8''Ramesh%20Kumar.pdf")
  assert.equal((await read(keyOf(1, 'blind'))).json().code, 'forbidden')
  assert.equal((await read(keyOf(2, 'program'))).json().code, 'not_found')

  const represented = await call('post', `/v1/disputes/${id}/actions`, { flag: 'R', reason: '208' })
  assert.deepEqual([represented.status, represented.body.pending.flag], [202, 'R'], JSON.stringify(represented.body))
  await d.say(payment, 'R', '208')
  assert.equal((await hand(id, 'late.pdf', Buffer.from('%PDF-1.7 other'))).statusCode, 201)
})

test('a file that did not go takes what it asked for with it, and it can be asked for again', async () => {
  d.goTo(istInstant(T, '12:00'))
  const { payment } = await d.outward('deemed')
  const first = await call('post', '/v1/disputes', { payment: payment.id, flag: 'B', reason: '108' })
  const upload = crypto.randomUUID()
  await db`
    insert into upload_file (upload_id, tenant_id, institution, kind, purpose, name, made_on, sequence, rows, amount, sealed, sha256, state, made_at)
    values (${upload}, 1, 'TRN', 'upload_classic', 'chargeback', 'x.csv', ${T}, 1, 1, ${AMOUNT}, ${Buffer.from('x')}, ${'0'.repeat(64)}, 'waiting',
            now())`
  await db`update upload_row set upload_id = ${upload} where payment_id = ${payment.id.slice(4)}::uuid`
  const dropped = await inTransaction(db, (tx) =>
    dropUploaded(tx, d.deps, `upl_${upload.replaceAll('-', '')}`, 'usr_x', 'not let go'),
  )
  assert.equal(dropped, 1)
  assert.equal((await call('get', `/v1/disputes/${first.body.id}`)).body.state, 'dropped')
  const second = await call('post', '/v1/disputes', { payment: payment.id, flag: 'B', reason: '108' })
  assert.equal(second.status, 201, JSON.stringify(second.body))
})

test('what was asked for is judged once more before it leaves: with a confirmation meanwhile the chargeback is dropped', async () => {
  d.goTo(istInstant(T, '12:00'))
  const { payment } = await d.outward('deemed')
  const raised = await call('post', '/v1/disputes', { payment: payment.id, flag: 'B', reason: '108' })
  const asked = { tenantId: 1, paymentId: payment.id, flag: 'B', amountPaise: AMOUNT }
  const judge = (flag = 'B') => inTransaction(db, (tx) => dropUnlessAllowed(tx, d.deps, { ...asked, flag }))
  assert.equal(await judge(), undefined)
  assert.equal(await judge('FB'), 'nobody asks for it any more')
  await db`
    insert into settlement_item (tenant_id, institution, direction, rrn, nbin, payment_id, lane, amount, transacted_on, settled_on, cycle, raw,
                                 duty, outcome, done_at, updated_at)
    values (1, 'TRN', 'outward', ${payment.rrn}, '7001', ${payment.id.slice(4)}, ${payment.lane}, ${AMOUNT}, ${T}, ${T}, '5', '08', 'none',
            'confirmed', now(), now())`
  assert.match((await judge()) ?? '', /^Chargeback \(B\) is not allowed/)
  assert.equal((await call('get', `/v1/disputes/${raised.body.id}`)).body.state, 'dropped')
  assert.equal(await judge(), 'nobody asks for it any more')
})

test('a complaint is a chargeback, or a deferred one where the credit was confirmed; what is not deemed has neither', async () => {
  d.goTo(istInstant(T, '12:00'))
  const { payment } = await d.outward('deemed')
  const first = await call('post', `/v1/payments/${payment.id}/complaint`)
  assert.deepEqual([first.status, first.body.pending?.flag], [201, 'B'], JSON.stringify(first.body))
  const { payment: confirmed } = await d.outward('deemed')
  await db`
    insert into settlement_item (tenant_id, institution, direction, rrn, nbin, payment_id, lane, amount, transacted_on, settled_on, cycle, raw,
                                 duty, outcome, done_at, updated_at)
    values (1, 'TRN', 'outward', ${confirmed.rrn}, '7001', ${confirmed.id.slice(4)}, ${confirmed.lane}, ${AMOUNT}, ${T}, ${T}, '5', '08', 'none',
            'confirmed', now(), now())`
  const deferred = await call('post', `/v1/payments/${confirmed.id}/complaint`)
  assert.deepEqual([deferred.status, deferred.body.pending?.flag], [201, 'FB'], JSON.stringify(deferred.body))
  const { payment: paid } = await d.outward('succeeded')
  const refused = await call('post', `/v1/payments/${paid.id}/complaint`)
  assert.equal(refused.body.code, 'dispute_refused')
})

test('a complaint is told to NPCI by a second one, once; what became of it can be asked, and is on record', async () => {
  d.goTo(istInstant(T, '12:00'))
  const { payment } = await d.outward('deemed')
  const first = await call('post', `/v1/payments/${payment.id}/complaint`)
  const { id } = first.body
  assert.equal(first.body.complaint, null)
  const early = await call('post', `/v1/disputes/${id}/status`)
  assert.deepEqual([early.status, early.body.detail], [409, 'NPCI was told nothing over the wire.'])
  const own = await call('post', `/v1/disputes/${id}/complaint`)
  assert.match(own.body.detail, /another person must/)
  const second = as('second')
  const done = await second('post', `/v1/disputes/${id}/complaint`)
  assert.equal(done.status, 202, JSON.stringify(done.body))
  assert.deepEqual([done.body.complaint.state, done.body.complaint.flag], ['asked', 'B'])
  const twice = await second('post', `/v1/disputes/${id}/complaint`)
  assert.deepEqual([twice.status, twice.body.code], [409, 'dispute_refused'])
  assert.equal((await call('post', `/v1/disputes/${id}/status`)).status, 202)
  assert.deepEqual(
    told.map((one) => one.replace(/ TRN[0-9a-f]{32}$/, '')),
    ['B', '?'],
  )
  const transactionId = told[0]?.slice(2) ?? ''
  const rrn = must(parseRrn(payment.rrn ?? ''), 'RRN')
  const answer = {
    kind: 'complaintResponse',
    rrn,
    stan: stanOfRrn(rrn),
    result: 'SUCCESS',
    responseCode: '00',
  } as const
  await heardOfComplaint(complaints, transactionId, { ...answer, reference: 'CRN7' })
  const seen = await call('get', `/v1/disputes/${id}`)
  const { state, reference, checks } = seen.body.complaint
  assert.deepEqual([seen.body.state, state, reference, checks], ['new', 'taken', 'CRN7', 1])
  const acts =
    await db`select action from act where subject = ${id} and action in ('dispute.told', 'dispute.asked_about') order by sequence`
  assert.deepEqual(
    acts.map(({ action }) => action),
    ['dispute.told', 'dispute.asked_about'],
  )
  const others = await real.call('post', `/v1/disputes/${id}/complaint`, keyOf(2, 'program'))
  assert.equal(others.status, 404)
})

test('good faith, deferred and what is not there', async () => {
  d.goTo(istInstant(T, '12:00'))
  const { payment } = await d.inward(true)
  const early = await call('post', '/v1/disputes', { payment: payment.id, flag: 'BGGC', reason: 'BGA1' })
  assert.ok([201, 409].includes(early.status), JSON.stringify(early.body))
  const nobody = await call('post', '/v1/disputes', { payment: `pay_${'0'.repeat(32)}`, flag: 'B', reason: '108' })
  assert.equal(nobody.status, 404)
  const unknown = await call('post', '/v1/disputes', { payment: payment.id, flag: 'ZZ', reason: '1' })
  assert.equal(unknown.body.detail, 'ZZ raises no dispute.')
  const { body } = await call('get', '/v1/disputes?limit=1')
  assert.deepEqual([body.data.length, body.hasMore], [1, true])
  const next = await call('get', `/v1/disputes?limit=100&cursor=${body.nextCursor}`)
  assert.ok(next.body.data.length >= 1 && next.body.data.every((one: { id: string }) => one.id !== body.data[0].id))
  assert.deepEqual((await real.call('get', '/v1/disputes', keyOf(2, 'program'))).body.data, [])
})

test('a shadow reversal is decided by another person than who asked, or dropped; a list says that it waits for that', async () => {
  d.goTo(istInstant('2027-01-01', '00:00'))
  const second = as('second')
  const decide = (id: string, body: object, by = second) => by('post', `/v1/disputes/${id}/decision`, body)
  const asked = async () => {
    const { payment, account } = await d.outward('succeeded')
    const { status, body } = await call('post', '/v1/disputes', { payment: payment.id, flag: 'SR', reason: 'SR1' })
    assert.equal(status, 201, JSON.stringify(body))
    return { id: body.id, pending: body.pending, payment, account }
  }
  const { id, pending, payment, account } = await asked()
  assert.deepEqual([pending.flag, pending.own], ['SR', true])
  const listed = await second('get', `/v1/disputes?payment=${payment.id}`)
  assert.deepEqual(listed.body.data[0].pending, pending)
  for (const [body, field] of [
    [{}, 'agree'],
    [{ agree: 'yes' }, 'agree'],
    [{ agree: false, reason: '' }, 'reason'],
    [{ agree: false, reason: 'x'.repeat(401) }, 'reason'],
    [{ agree: false, reason: 'two\nlines' }, 'reason'],
    [{ agree: true, by: 'me' }, 'by'],
  ] as const) {
    const bad = await decide(id, body)
    assert.deepEqual([bad.status, bad.body.errors?.[0].field], [400, field], JSON.stringify(bad.body))
  }
  assert.equal((await decide(id, { agree: true }, as('blind'))).status, 403)
  const foreign = await real.call('post', `/v1/disputes/${id}/decision`, keyOf(2, 'program'), { agree: true })
  assert.deepEqual([foreign.status, foreign.body.code], [404, 'not_found'], 'of another tenant')
  assert.equal((await decide(`dsp_${'0'.repeat(32)}`, { agree: true })).status, 404)
  const own = await decide(id, { agree: true }, call)
  assert.deepEqual([own.status, own.body.code], [409, 'dispute_refused'])
  assert.match(own.body.detail, /another person/)
  const { balance } = await d.customer(account)

  const agreed = await decide(id, { agree: true })
  assert.deepEqual([agreed.status, agreed.body.state, agreed.body.pending], [200, 'raised', null])
  assert.equal((await d.customer(account)).balance, balance + AMOUNT, 'there, under a lien')
  const again = await decide(id, { agree: true })
  assert.deepEqual([again.status, again.body.code], [409, 'dispute_refused'], 'once')
  assert.equal((await d.customer(account)).balance, balance + AMOUNT)

  const other = await asked()
  const dropped = await decide(other.id, { agree: false, reason: 'he has it already' }, call)
  assert.deepEqual([dropped.status, dropped.body.state, dropped.body.pending], [200, 'dropped', null])
  assert.equal(dropped.body.events.at(-1).note, 'he has it already')
  const acts = await db<{ action: string; subject: string }[]>`
    select action, subject from act where action in ('dispute.agreed', 'dispute.dropped') order by sequence`
  assert.deepEqual(
    acts.map(({ action, subject }) => [action, subject]),
    [
      ['dispute.agreed', id],
      ['dispute.dropped', other.id],
    ],
  )
  await d.t.proveBooks()
})
