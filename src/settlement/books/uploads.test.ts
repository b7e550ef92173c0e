import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import { type RawSaid, setUpBooks, uploadsOf } from '../../../test/support/books.ts'
import { openTestDatabase } from '../../../test/support/database.ts'
import { inTransaction } from '../../db/transaction.ts'
import { record } from '../../payment/record.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import { applyConfirmations } from './returns.ts'
import { notDue } from './upload-judge.ts'
import { deliverUploads } from './upload-leave.ts'
import {
  findUpload,
  listUploadLines,
  listUploads,
  releaseUpload,
  type UploadFile,
  withdrawUpload,
} from './upload-store.ts'
import { makeUploads, requeueAnswers } from './uploads.ts'

// Between the vote and the leaving a payment can end: what is said to NPCI is what is true when it is said.

const { url } = await openTestDatabase()
const b = await setUpBooks(url)
after(() => b.t.close())
const deps = { ...uploadsOf(b), onRefused: async () => undefined }
const { db } = b.t

let number = 0
const timedOut = async (...payments: readonly StoredPayment[]): Promise<void> => {
  number += 1
  const rows = payments.map(
    ({ rrn, amountPaise }): RawSaid => ({ direction: 'inward', rrn: rrn ?? '', raw: '08', amountPaise }),
  )
  await b.book(b.cycle(number), await b.match(rows))
}
/** A payment to an account that was frozen when it came, and when the file was read. */
async function kept(amountPaise: bigint): Promise<{ payment: StoredPayment; open: () => Promise<unknown> }> {
  const account = await b.account(0n)
  const set = (status: string) => db`update account set status = ${status} where account_id = ${account.id.slice(4)}`
  await set('frozen')
  return { payment: await b.inward(account, amountPaise), open: () => set('open') }
}
const credited = async (amountPaise: bigint) => b.inward(await b.account(0n), amountPaise)

async function released(): Promise<UploadFile> {
  assert.equal(await makeUploads(deps, 'TRN'), 1)
  const [file] = await listUploads(db, ['TRN'], 'waiting', undefined, 10)
  assert.ok(file)
  assert.ok(await inTransaction(db, (tx) => releaseUpload(tx, file.id, file.sha256, b.now())))
  return file
}
const sent: { name: string; text: string }[] = []
const deliver = () =>
  deliverUploads(deps, 'TRN', async (name, bytes) => {
    sent.push({ name, text: Buffer.from(bytes).toString('utf8') })
    return { kind: 'sent' }
  })
const now = async ({ id }: UploadFile): Promise<UploadFile> => {
  const file = await findUpload(db, ['TRN'], id)
  assert.ok(file)
  return file
}
const linesOf = async ({ id }: UploadFile) =>
  Object.fromEntries(
    (await listUploadLines(db, id)).map(({ rrn, flag, reasonCode, dropped }) => [
      rrn,
      `${flag} ${reasonCode}${dropped === null ? '' : `: ${dropped.why}`}`,
    ]),
  )
const withdraw = (file: UploadFile) =>
  inTransaction(db, async (tx) => {
    const done = await withdrawUpload(tx, file.id, { by: 'usr_1', why: 'wrong day' }, b.now())
    if (done) await requeueAnswers(deps, tx, file.id, 'the file was withdrawn')
    return done
  })

const rules: readonly (readonly [
  flag: string,
  state: string | undefined,
  ended: boolean,
  ReturnType<typeof notDue>,
])[] = [
  ['TCC', 'succeeded', false, undefined],
  ['TCC', 'returned', false, 'not_credited'],
  ['TCC', 'declined', false, 'not_credited'],
  ['TCC', undefined, false, 'not_credited'],
  ['RET', 'declined', false, undefined],
  ['RET', 'returned', false, undefined],
  ['RET', undefined, false, undefined],
  ['RET', 'succeeded', false, 'credited'],
  ['TCC', 'succeeded', true, 'ended'],
  ['RET', 'declined', true, 'ended'],
]
for (const [flag, state, ended, why] of rules) {
  test(`${flag} of a payment that is ${state ?? 'unknown'}${ended ? ' and done with' : ''}: ${why ?? 'due'}`, () =>
    assert.equal(notDue(flag, state, ended), why))
}

test('what ended between the vote and the leaving is taken out with its reason, and the file is the sum of the rest', async () => {
  const [stays, reported, gone] = [await credited(10_000n), await credited(20_000n), await credited(30_000n)]
  const { payment: thawed, open } = await kept(40_000n)
  await timedOut(stays, reported, gone, thawed)
  const agreed = await released()
  assert.deepEqual([agreed.rows, agreed.amountPaise], [4, 100_000n])

  await applyConfirmations(b.deps, b.cycle(9), [b.adjustment(reported, 'TCC')])
  await b.people(gone, 'found_unsettled')
  await open()
  assert.equal((await record(b.t.room, thawed, { kind: 'credited_late' })).kind, 'moved')

  assert.equal(await deliver(), 1)
  const file = await now(agreed)
  const [left] = sent.splice(0)
  assert.deepEqual([file.state, file.rows, file.amountPaise, file.agreedSha256], ['sent', 1, 10_000n, agreed.sha256])
  assert.equal(left?.name, agreed.name)
  assert.equal(
    createHash('sha256')
      .update(left?.text ?? '')
      .digest('hex'),
    file.sha256,
  )
  assert.ok(left?.text.includes(stays.rrn ?? '-'))
  for (const { rrn } of [reported, gone, thawed]) assert.ok(!left?.text.includes(rrn ?? '-'), rrn ?? '')
  assert.deepEqual(await linesOf(file), {
    [stays.rrn ?? '']: 'TCC 102',
    [reported.rrn ?? '']: 'TCC 102: NPCI’s report, or people, have ended it already',
    [gone.rrn ?? '']: 'TCC 102: a confirmation of what is not credited is not sent',
    [thawed.rrn ?? '']: 'RET 118: the account was credited meanwhile: it is confirmed, not returned',
  })
  const breaks = await db<{ kind: string }[]>`
    select kind from break where payment_id = ${gone.id.slice(4)}::uuid and closed_at is null and kind = 'B19'`
  assert.equal(breaks.length, 1)
  // What was to be returned is confirmed with the next file; nothing else is said again.
  assert.deepEqual(await linesOf(await released()), { [thawed.rrn ?? '']: 'TCC 103' })
  assert.equal(await deliver(), 1)
  sent.splice(0)
})

test('a file of which nothing is left does not leave', async () => {
  const payment = await credited(10_000n)
  await timedOut(payment)
  const file = await released()
  await applyConfirmations(b.deps, b.cycle(9), [b.adjustment(payment, 'TCC')])
  assert.equal(await deliver(), 0)
  const { state, rows, amountPaise, withdrawal } = await now(file)
  assert.deepEqual([state, rows, amountPaise, withdrawal?.by], ['withdrawn', 0, 0n, 'hub'])
  assert.deepEqual(sent, [])
  assert.equal(await makeUploads(deps, 'TRN'), 0)
})

test('a file that may have left is handed over again as it was, and cannot be taken back', async () => {
  const payment = await credited(10_000n)
  await timedOut(payment)
  const file = await released()
  await assert.rejects(
    deliverUploads(deps, 'TRN', async () => {
      throw new Error('the line is down')
    }),
  )
  await applyConfirmations(b.deps, b.cycle(9), [b.adjustment(payment, 'TCC')])
  assert.equal(await withdraw(file), false)
  assert.equal(await deliver(), 1)
  const [left] = sent.splice(0)
  assert.equal(
    createHash('sha256')
      .update(left?.text ?? '')
      .digest('hex'),
    file.sha256,
  )
  assert.equal(await withdraw(file), false)
})

test('a file that was taken back says nothing; what is still due is in the next one, under another name', async () => {
  const [due, ended] = [await credited(10_000n), await credited(20_000n)]
  await timedOut(due, ended)
  const file = await released()
  assert.equal(await withdraw(file), true)
  assert.equal(await withdraw(file), false)
  assert.equal(await deliver(), 0)
  const { state, rows, amountPaise, withdrawal } = await now(file)
  assert.deepEqual([state, rows, amountPaise, withdrawal?.why], ['withdrawn', 0, 0n, 'wrong day'])
  await applyConfirmations(b.deps, b.cycle(9), [b.adjustment(ended, 'TCC')])
  const next = await released()
  assert.notEqual(next.name, file.name)
  assert.deepEqual(await linesOf(next), { [due.rrn ?? '']: 'TCC 102' })
  assert.equal(await withdraw(next), true)
  assert.deepEqual(await linesOf(await released()), { [due.rrn ?? '']: 'TCC 102' })
  assert.equal(await deliver(), 1)
})

test('a file that NPCI refuses said nothing: its answers are in the next one, without what the report has by then', async () => {
  const [due, accepted] = [await credited(10_000n), await credited(20_000n)]
  await timedOut(due, accepted)
  const file = await released()
  const told: string[] = []
  const refusing = { ...deps, onRefused: async (_: unknown, id: string) => told.push(id) }
  const refuse = () =>
    deliverUploads(refusing, 'TRN', async () => ({ kind: 'refused', answer: 'row 3, column Shcrd: 4 digits' }))
  assert.equal(await refuse(), 1)
  assert.equal(await refuse(), 0, 'it is not handed over again')
  assert.deepEqual(told, [file.id])
  const { state, rows, amountPaise, answer } = await now(file)
  assert.deepEqual([state, rows, amountPaise, answer], ['refused', 0, 0n, 'row 3, column Shcrd: 4 digits'])
  for (const line of Object.values(await linesOf(file)))
    assert.equal(line, 'TCC 102: NPCI did not take the file: row 3, column Shcrd: 4 digits')
  await applyConfirmations(b.deps, b.cycle(9), [b.adjustment(accepted, 'TCC')])
  sent.splice(0)
  assert.equal(await deliver(), 0, 'nothing leaves before people have let the next one go')
  const next = await released()
  assert.notEqual(next.name, file.name)
  assert.deepEqual(await linesOf(next), { [due.rrn ?? '']: 'TCC 102' })
  assert.equal(await deliver(), 1)
  const [left] = sent.splice(0)
  assert.ok(left?.text.includes(due.rrn ?? '-'))
  assert.ok(!left?.text.includes(accepted.rrn ?? '-'))
})
