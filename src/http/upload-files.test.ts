import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setUpBooks, uploadsOf } from '../../test/support/books.ts'
import { openTestDatabase } from '../../test/support/database.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { roles } from '../identity/rights.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { deliverUploads } from '../settlement/books/upload-leave.ts'
import { makeUploads } from '../settlement/books/uploads.ts'

// A file for NPCI before it leaves: asked for by one, let go or turned down by another, taken back by one alone.

const { url, db } = await openTestDatabase()
const b = await setUpBooks(url)
const { server, call } = await startRealServer(db, b.t.room, [
  { tenantId: 1, name: 'settler', rights: roles.operations },
  { tenantId: 1, name: 'checker', rights: roles.checker },
  { tenantId: 1, name: 'auditor', rights: roles.auditor },
])
after(() => Promise.all([server.close(), b.t.close()]))
const [settler, checker] = [keyOf(1, 'settler'), keyOf(1, 'checker')]
const deps = { ...uploadsOf(b), onRefused: async () => undefined }

let cycle = 0
async function waiting(): Promise<{ readonly id: string; readonly payment: StoredPayment }> {
  const payment = await b.inward(await b.account(0n), 10_000n)
  const { rrn, amountPaise } = payment
  cycle += 1
  const findings = await b.match([{ direction: 'inward', rrn: rrn ?? '', raw: '08', amountPaise }])
  await b.book(b.cycle(cycle), findings)
  assert.equal(await makeUploads(deps, 'TRN'), 1)
  return { id: (await list('waiting'))[0].id, payment }
}
const list = async (state: string) => (await call('get', `/v1/upload-files?state=${state}`, settler)).body.data
const show = async (id: string) => (await call('get', `/v1/upload-files/${id}`, settler)).body
const release = (id: string) => call('post', `/v1/upload-files/${id}/release`, settler, {})
const withdraw = (id: string, key = settler, body: object = { reason: 'made too early' }) =>
  call('post', `/v1/upload-files/${id}/withdraw`, key, body)
const vote = (id: string, verdict: 'approve' | 'reject') => call('post', `/v1/approvals/${id}/${verdict}`, checker, {})
const deliver = () => deliverUploads(deps, 'TRN', async () => ({ kind: 'sent' }))

test('a no withdraws the file, and what is still due waits in the next one', async () => {
  const { id, payment } = await waiting()
  const asked = await release(id)
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  assert.equal((await vote(asked.body.id, 'reject')).body.decision, 'rejected')
  const file = await show(id)
  assert.deepEqual(
    [file.state, file.rows, file.amount, file.withdrawal.reason, file.withdrawal.by],
    ['withdrawn', 0, '0', 'those who were asked said no', 'cli_checker'],
  )
  assert.deepEqual(
    file.lines.map((line: { rrn: string; takenOut: { reason: string } }) => [line.rrn, line.takenOut.reason]),
    [[payment.rrn, 'the file was withdrawn']],
  )
  assert.deepEqual(await list('waiting'), [])
  assert.equal(await makeUploads(deps, 'TRN'), 1)
  const [next] = await list('waiting')
  assert.notEqual(next.fileName, file.fileName)
  const again = await release(next.id)
  assert.equal((await vote(again.body.id, 'approve')).body.decision, 'approved')
  assert.equal(await deliver(), 1)
  const { state, rows, lines } = await show(next.id)
  assert.deepEqual([state, rows, lines.length, lines[0].takenOut], ['sent', 1, 1, null])
})

test('a no to a question that was asked again since takes nothing back', async () => {
  const { id } = await waiting()
  const first = await release(id)
  const second = await release(id)
  assert.equal((await vote(first.body.id, 'reject')).body.decision, 'rejected')
  assert.equal((await show(id)).state, 'waiting')
  assert.equal((await vote(second.body.id, 'approve')).body.decision, 'approved')
  assert.equal((await withdraw(id)).status, 200, 'let go, and not gone')
})

test('one person takes a file back, with a reason that is written down; not when it has left', async () => {
  const { id } = await waiting()
  const asked = await release(id)
  for (const [body, field] of [
    [{}, 'reason'],
    [{ reason: '' }, 'reason'],
    [{ reason: 'x'.repeat(401) }, 'reason'],
    [{ reason: 'two\nlines' }, 'reason'],
  ] as const) {
    const bad = await withdraw(id, settler, body)
    assert.deepEqual([bad.status, bad.body.errors[0].field], [400, field])
  }
  assert.equal((await withdraw(id, keyOf(1, 'auditor'))).status, 403)
  assert.equal((await withdraw(`upl_${'0'.repeat(32)}`)).status, 404)

  const done = await withdraw(id)
  assert.deepEqual([done.status, done.body.state], [200, 'withdrawn'], JSON.stringify(done.body))
  assert.equal((await vote(asked.body.id, 'approve')).body.code, 'not_awaiting_approval')
  assert.equal((await call('get', `/v1/approvals/${asked.body.id}`, settler)).body.decision, 'cancelled')
  const acts = await db<{ detail: string }[]>`
    select detail from act where action = 'upload.withdrawn' and subject = ${id}`
  assert.deepEqual(
    acts.map(({ detail }) => JSON.parse(detail).reason),
    ['made too early'],
  )
  const again = await withdraw(id)
  assert.deepEqual([again.status, again.body.code], [409, 'upload_not_waiting'])
  assert.equal((await release(id)).body.code, 'upload_not_waiting')

  assert.equal(await makeUploads(deps, 'TRN'), 1)
  const [next] = await list('waiting')
  await vote((await release(next.id)).body.id, 'approve')
  await deliver()
  assert.equal((await withdraw(next.id)).body.code, 'upload_not_waiting')
})

test('NPCI’s word about single rows is taken in, and a bad one names the row', async () => {
  const { id, payment } = await waiting()
  const answer = (body: object, key = settler) => call('post', `/v1/upload-files/${id}/answer`, key, body)
  const { reference } = (await show(id)).lines[0]
  const refused = [{ reference, reason: 'too_late' }]
  assert.equal((await answer({ refused })).status, 404, 'NPCI does not have it yet')
  await vote((await release(id)).body.id, 'approve')
  assert.equal(await deliver(), 1)
  for (const [body, field] of [
    [{}, 'refused'],
    [{ refused: [{ reference: 'x', reason: 'a' }] }, 'refused.0.reference'],
    [{ refused: [{ reference, reason: '' }] }, 'refused.0.reason'],
    [{ refused: [...refused, { reference: '0'.repeat(32), reason: 'a' }] }, 'refused.1.reference'],
  ] as const) {
    const bad = await answer(body)
    assert.deepEqual([bad.status, bad.body.errors?.[0].field], [400, field], JSON.stringify(bad.body))
  }
  assert.equal((await answer({ refused }, keyOf(1, 'auditor'))).status, 403)
  const taken = await answer({ refused })
  assert.deepEqual([taken.status, taken.body.rows, taken.body.state], [200, 0, 'sent'], JSON.stringify(taken.body))
  assert.ok(taken.body.answeredAt)
  const { takenOut, refused: said } = (await show(id)).lines[0]
  assert.deepEqual([takenOut.reason, said], ['NPCI did not take the row: too_late', 'too_late'])
  const duties = (await call('get', '/v1/duties', settler)).body.data
  assert.equal(duties.find((one: { rrn: string }) => one.rrn === payment.rrn)?.waitsFor, 'people')
  assert.equal((await answer({ refused: [{ ...refused[0], again: true }] })).status, 200)
  assert.equal(await makeUploads(deps, 'TRN'), 1)
  assert.equal((await list('waiting'))[0].rows, 1)
})
