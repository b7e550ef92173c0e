import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../../test/support/database.ts'
import { AMOUNT, setUpDisputes, T } from '../../../test/support/disputes.ts'
import { testLog } from '../../../test/support/logs.ts'
import { testVault } from '../../../test/support/vault.ts'
import { must, parseNbin } from '../../base/identifiers.ts'
import { inTransaction } from '../../db/transaction.ts'
import { istInstant } from '../../imps/disputes/days.ts'
import type { ComplaintRequest, ComplaintResponse } from '../../imps/rail-message.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import { takeOutOfWaiting } from '../books/upload-take-out.ts'
import { makeUploads } from '../books/uploads.ts'
import { type AskDeps, complain } from './ask.ts'
import { lastComplaint } from './complaint-store.ts'
import { type ComplaintDeps, heardOfComplaint, type Sent, sweepComplaints, tellNpci } from './complaints.ts'
import { createQueue } from './queue.ts'
import { findDispute, listEvents } from './store.ts'

const { url, db } = await openTestDatabase()
const d = await setUpDisputes(url)
after(() => d.t.close())

const asking: AskDeps = {
  ...d.deps,
  queue: createQueue({ vault: testVault, clock: d.clock, nbinOf: () => must(parseNbin('7001'), 'NBIN') }),
}
const sent: { readonly transactionId: string; readonly request: ComplaintRequest }[] = []
const checked: string[] = []
let link: Sent = 'sent'
const uploads = {
  db,
  clock: d.clock,
  vault: testVault,
  codeOf: () => 'TRN',
  codeOfNbin: () => 'SIB',
  judgeDispute: async () => undefined,
}
const deps: ComplaintDeps = {
  db,
  clock: d.clock,
  log: testLog,
  newId: () => randomUUID().replaceAll('-', ''),
  bank3Of: (institution) => (institution === 'TRN' ? 'TRN' : undefined),
  xmlLink: 'npci-xml',
  noComplaintCode: 'NC',
  takeOut: (tx, uploadId, rowId) => takeOutOfWaiting(uploads, tx, uploadId, rowId),
  complain(_institution, request, transactionId) {
    if (link === 'sent') sent.push({ transactionId, request })
    return link
  },
  checkComplaint(_institution, _asked, transactionId) {
    if (link === 'sent') checked.push(transactionId)
    return link
  },
}

/** A deemed payment whose customer complains: what somebody asked for waits for the next file. */
async function complained(): Promise<{ readonly payment: StoredPayment; readonly disputeId: string }> {
  link = 'sent'
  d.goTo(istInstant(T, '12:00'))
  const { payment } = await d.outward('deemed')
  const { asked } = await inTransaction(db, (tx) =>
    complain(tx, asking, { tenantId: 1, paymentId: payment.id, actor: 'maker' }),
  )
  assert.equal(asked.kind, 'asked')
  return { payment, disputeId: asked.kind === 'asked' ? asked.dispute.id : '' }
}

async function tell(disputeId: string, actor = 'checker') {
  const told = await inTransaction(db, (tx) => tellNpci(tx, deps, { tenantId: 1, disputeId, actor }))
  if (told.kind === 'told') told.send()
  return told
}
const saying = ({ rrn, stan }: ComplaintRequest, more: Partial<ComplaintResponse> = {}): ComplaintResponse => ({
  kind: 'complaintResponse',
  rrn,
  stan,
  result: 'SUCCESS',
  responseCode: '00',
  reference: 'CRN1',
  ...more,
})
const last = () => {
  const one = sent.at(-1)
  assert.ok(one)
  return one
}
const rowsFor = (payment: StoredPayment) => db<
  { flag: string; upload_id: string | null; complaint_id: string | null }[]
>`
  select flag, upload_id, complaint_id from upload_row where payment_id = ${payment.id.slice(4)}::uuid`
const stateOf = async (disputeId: string) => (await lastComplaint(db, disputeId))?.state
const makeFiles = () => makeUploads({ ...uploads, newId: deps.newId }, 'TRN')

test('a complaint that NPCI takes leaves once, goes into no file, and moves money by the report alone', async () => {
  const { payment, disputeId } = await complained()
  const own = await tell(disputeId, 'maker')
  assert.match(own.kind === 'refused' ? own.says.text : '', /another person must/)
  assert.equal((await tell(disputeId)).kind, 'told')
  const { transactionId, request } = last()
  assert.deepEqual(
    [transactionId.slice(0, 3), request.rrn, request.flag, request.reason, request.amountPaise],
    ['TRN', payment.rrn, 'B', '108', AMOUNT],
  )
  const twice = await tell(disputeId)
  assert.match(twice.kind === 'refused' ? twice.says.text : '', /NPCI was told/)
  await makeFiles()
  assert.deepEqual(
    (await rowsFor(payment)).map((row) => row.upload_id),
    [null],
  )

  assert.equal(await heardOfComplaint(deps, transactionId, saying(request)), true)
  assert.equal(await heardOfComplaint(deps, transactionId, saying(request)), false)
  const complaint = await lastComplaint(db, disputeId)
  assert.deepEqual([complaint?.state, complaint?.reference], ['taken', 'CRN1'])
  const before = await findDispute(db, 1, disputeId)
  assert.deepEqual([before?.state, before?.heldPaise], ['new', 0n])

  await d.say(payment, 'B', '108')
  const dispute = await findDispute(db, 1, disputeId)
  assert.deepEqual([dispute?.state, dispute?.heldPaise, dispute?.pending], ['raised', AMOUNT, null])
  assert.deepEqual((await listEvents(db, disputeId)).map(({ kind, actor }) => [kind, actor]).slice(0, 3), [
    ['asked', 'maker'],
    ['told', 'checker'],
    ['told', 'npci'],
  ])
  await d.t.proveBooks()
})

test('what got no answer is asked about, less and less often, and never sent again', async () => {
  const { disputeId } = await complained()
  await tell(disputeId)
  const { transactionId, request } = last()
  const [many, asked] = [sent.length, checked.length]
  const at = d.clock.now()
  const sweepAt = async (seconds: number) => {
    d.goTo(at + seconds * 1_000)
    await sweepComplaints(deps)
    return checked.filter((one) => one === transactionId).length
  }
  assert.deepEqual(
    [
      await sweepAt(30),
      await sweepAt(61),
      await sweepAt(100),
      await sweepAt(182),
      await sweepAt(300),
      await sweepAt(423),
    ],
    [0, 1, 1, 2, 2, 3],
  )
  // What says neither yes nor no decides nothing.
  for (const more of [
    { result: 'FAILURE', responseCode: '' },
    { result: 'DEEMED', responseCode: '91' },
  ] as const)
    assert.equal(await heardOfComplaint(deps, transactionId, saying(request, more)), false)
  assert.deepEqual([await stateOf(disputeId), sent.length], ['asked', many])
  link = 'link_down'
  assert.equal(await sweepAt(4_000), 3)
  link = 'sent'
  await heardOfComplaint(deps, transactionId, saying(request))
  assert.equal(await sweepAt(90_000), 3)
  assert.ok(checked.length > asked)
})

test('what NPCI refuses is dropped with its code; what it refuses later too, and then it stays refused', async () => {
  for (const first of [undefined, saying] as const) {
    const { payment, disputeId } = await complained()
    await tell(disputeId)
    const { transactionId, request } = last()
    if (first !== undefined) await heardOfComplaint(deps, transactionId, first(request))
    const no = saying(request, { result: 'FAILURE', responseCode: 'CX' })
    assert.equal(await heardOfComplaint(deps, transactionId, no), true)
    assert.equal(await heardOfComplaint(deps, transactionId, saying(request)), false)
    const dispute = await findDispute(db, 1, disputeId)
    assert.deepEqual([await stateOf(disputeId), dispute?.state, dispute?.pending], ['refused', 'dropped', null])
    assert.match((await listEvents(db, disputeId)).at(-1)?.note ?? '', /CX/)
    await makeFiles()
    assert.deepEqual(
      (await rowsFor(payment)).map((row) => row.upload_id),
      [null],
    )
  }
})

test('what NPCI never had goes with the next file; once it is there, a late word moves it no more', async () => {
  const { payment, disputeId } = await complained()
  link = 'link_down'
  assert.equal((await tell(disputeId)).kind, 'told')
  link = 'sent'
  const complaint = await lastComplaint(db, disputeId)
  const transactionId = `TRN${complaint?.id}`
  const request = { rrn: payment.rrn, stan: payment.rrn?.slice(6) } as unknown as ComplaintRequest
  const never = saying(request, { result: 'FAILURE', responseCode: 'NC' })
  assert.equal(await heardOfComplaint(deps, transactionId, never), true)
  assert.deepEqual([await stateOf(disputeId), (await rowsFor(payment))[0]?.complaint_id], ['unheard', null])
  assert.equal((await findDispute(db, 1, disputeId))?.pending?.flag, 'B')
  await makeFiles()
  assert.notEqual((await rowsFor(payment))[0]?.upload_id, null)
  await heardOfComplaint(deps, transactionId, saying(request))
  const [row] = await rowsFor(payment)
  assert.deepEqual([await stateOf(disputeId), row?.complaint_id, row?.upload_id === null], ['taken', null, false])
  const inFile = await tell(disputeId)
  assert.match(inFile.kind === 'refused' ? inFile.says.text : '', /NPCI was told/)
})

test('what waits in a file is told all the same, and the file is made anew without it; what people let go is not', async () => {
  const [one, other] = [await complained(), await complained()]
  await makeFiles()
  const file = async () => {
    const [row] = await db<{ state: string; rows: number; sha256: string; upload_id: string }[]>`
      select f.state, f.rows, f.sha256, f.upload_id from upload_file f join upload_row r using (upload_id)
      where r.payment_id = ${other.payment.id.slice(4)}::uuid`
    assert.ok(row)
    return row
  }
  const before = await file()
  assert.deepEqual([before.state, before.rows], ['waiting', 2])
  assert.equal((await tell(one.disputeId)).kind, 'told')
  const after = await file()
  assert.deepEqual([after.state, after.rows], ['waiting', 1])
  assert.notEqual(after.sha256, before.sha256, 'people have seen another file')
  const [row] = await rowsFor(one.payment)
  assert.deepEqual([row?.upload_id, row?.complaint_id === null], [null, false])
  assert.equal(await stateOf(one.disputeId), 'asked')

  await db`update upload_file set state = 'released', released_at = now() where upload_id = ${after.upload_id}::uuid`
  const late = await tell(other.disputeId)
  assert.match(late.kind === 'refused' ? late.says.text : '', /let it go with a file/)
  await db`update upload_file set state = 'waiting', released_at = null where upload_id = ${after.upload_id}::uuid`
  assert.equal((await tell(other.disputeId)).kind, 'told')
  const [gone] = await db`select state, rows from upload_file where upload_id = ${after.upload_id}::uuid`
  assert.deepEqual({ ...gone }, { state: 'withdrawn', rows: 0 })
})

test('what is no complaint, of another wire, of another tenant or of nobody is told to nobody', async () => {
  const { payment, disputeId } = await complained()
  const many = sent.length
  const other = { ...deps, bank3Of: () => undefined }
  const ask = (with_: ComplaintDeps, of: object) =>
    inTransaction(db, (tx) => tellNpci(tx, with_, { tenantId: 1, disputeId, actor: 'checker', ...of }))
  const iso = await ask(other, {})
  assert.match(iso.kind === 'refused' ? iso.says.text : '', /not on the XML wire/)
  assert.equal((await ask(deps, { tenantId: 2 })).kind, 'unknown')
  assert.equal((await ask(deps, { disputeId: `dsp_${'0'.repeat(32)}` })).kind, 'unknown')
  await d.say(payment, 'B', '108')
  const over = await ask(deps, {})
  assert.match(over.kind === 'refused' ? over.says.text : '', /asks for no complaint/)
  const answer = saying({ rrn: payment.rrn, stan: '000001' } as unknown as ComplaintRequest)
  assert.equal(await heardOfComplaint(deps, `TRN${'f'.repeat(32)}`, answer), false)
  assert.equal(await heardOfComplaint(deps, 'not one of ours', answer), false)
  assert.equal(sent.length, many)
})
