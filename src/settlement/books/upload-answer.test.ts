import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setUpBooks, uploadsOf } from '../../../test/support/books.ts'
import { openTestDatabase } from '../../../test/support/database.ts'
import { inTransaction } from '../../db/transaction.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import { askSimulator } from '../../upload-delivery.ts'
import { listDuties } from './duties.ts'
import { applyConfirmations } from './returns.ts'
import { type AskAnswers, answerUpload, askUploadAnswers, type RefusedRow } from './upload-answer.ts'
import { deliverUploads } from './upload-leave.ts'
import { findUpload, listUploadLines, listUploads, releaseUpload, type UploadFile } from './upload-store.ts'
import { makeUploads } from './uploads.ts'

// NPCI takes a file, and not each of its rows: what it did not take was not said.

const { url } = await openTestDatabase()
const b = await setUpBooks(url)
after(() => b.t.close())
const { db } = b.t
const told: { flag: string; why: string }[] = []
const deps = {
  ...uploadsOf(b),
  onRefused: async () => undefined,
  onRefusedRow: async (_: unknown, { flag }: { flag: string }, why: string) => told.push({ flag, why }),
}

let number = 0
const timedOut = async (...payments: readonly StoredPayment[]): Promise<void> => {
  number += 1
  const rows = payments.map(({ rrn, amountPaise }) => ({
    direction: 'inward' as const,
    rrn: rrn ?? '',
    raw: '08' as const,
    amountPaise,
  }))
  await b.book(b.cycle(number), await b.match(rows))
}
const credited = async (amountPaise: bigint) => b.inward(await b.account(0n), amountPaise)
async function made(): Promise<UploadFile> {
  assert.equal(await makeUploads(deps, 'TRN'), 1)
  const [file] = await listUploads(db, ['TRN'], 'waiting', undefined, 1)
  assert.ok(file)
  return file
}
async function sent(): Promise<UploadFile> {
  const file = await made()
  assert.ok(await inTransaction(db, (tx) => releaseUpload(tx, file.id, file.sha256, b.now())))
  assert.equal(await deliverUploads(deps, 'TRN', async () => ({ kind: 'accepted' })), 1)
  return file
}
const answer = ({ id }: UploadFile, refused: readonly RefusedRow[], isAll = true) =>
  inTransaction(db, (tx) => answerUpload(deps, tx, id, refused, isAll))
const now = async ({ id }: UploadFile): Promise<UploadFile> => {
  const file = await findUpload(db, ['TRN'], id)
  assert.ok(file)
  return file
}
const lineOf = async ({ id }: UploadFile, { rrn }: StoredPayment) => {
  const line = (await listUploadLines(db, id)).find((one) => one.rrn === rrn)
  assert.ok(line)
  return line
}
const dutiesOf = async (payment: StoredPayment) =>
  (await listDuties(db, ['TRN'], undefined, 1000))
    .filter(({ rrn }) => rrn === payment.rrn)
    .map(({ duty, flag }) => `${duty} ${flag ?? 'nothing'}`)
const breaksOf = async ({ id }: StoredPayment) =>
  (
    await db<{ said: string }[]>`
      select kind || ': ' || detail as said from break
      where payment_id = ${id.slice(4)}::uuid and closed_at is null and detail like 'NPCI did%'`
  ).map(({ said }) => said)

test('a row that NPCI did not take is owed again, before people, and the rest of its file stands', async () => {
  const [stands, late] = [await credited(10_000n), await credited(20_000n)]
  await timedOut(stands, late)
  const file = await sent()
  assert.deepEqual([await dutiesOf(stands), await dutiesOf(late)], [[], []], 'what has left is with NPCI')

  const { reference } = await lineOf(file, late)
  const refusal = { reference, why: 'too_late' }
  assert.deepEqual(await answer(file, [{ ...refusal, why: 'x' }, refusal]), { kind: 'answered', refused: 1 })
  const after = await now(file)
  assert.deepEqual(
    [after.state, after.rows, after.amountPaise, after.answeredAt],
    ['accepted', 1, 10_000n, b.now()],
    'rows and amount are those that stand',
  )
  assert.equal((await lineOf(file, late)).dropped?.why, 'NPCI did not take the row: too_late')
  assert.equal((await lineOf(file, stands)).dropped, null)
  assert.deepEqual(await dutiesOf(late), ['people nothing'])
  assert.deepEqual(await breaksOf(late), ['B02: NPCI did not take TCC 102: too_late'])
  assert.equal(await makeUploads(deps, 'TRN'), 0, 'nothing is said again by itself')

  assert.deepEqual(await answer(file, [refusal]), { kind: 'answered', refused: 0 }, 'the same word again')
  assert.deepEqual(await now(file), after)
  assert.equal((await breaksOf(late)).length, 1)

  // People say it once more, of a row that was refused before: it waits for people as every file does.
  assert.deepEqual(await answer(file, [{ ...refusal, again: true }]), { kind: 'answered', refused: 0 })
  const next = await made()
  assert.notEqual(next.name, file.name)
  assert.deepEqual(
    (await listUploadLines(db, next.id)).map(({ rrn, flag, reasonCode }) => [rrn, flag, reasonCode]),
    [[late.rrn, 'TCC', '102']],
  )
  assert.deepEqual(await dutiesOf(late), ['say TCC'])
  // NPCI's report has it after all: the break is closed with what was owed.
  await applyConfirmations(b.deps, b.cycle(9), [b.adjustment(late, 'TCC')])
  assert.deepEqual([await breaksOf(late), await dutiesOf(late)], [[], []])
})

test('what NPCI does not have, or was taken out before it left, cannot be refused by it; nothing is half done', async () => {
  const [one, other] = [await credited(10_000n), await credited(20_000n)]
  await timedOut(one, other)
  const waiting = await made()
  const { reference } = await lineOf(waiting, one)
  assert.deepEqual(await answer(waiting, [{ reference, why: 'x' }]), { kind: 'not_sent' })

  await applyConfirmations(b.deps, b.cycle(9), [b.adjustment(other, 'TCC')])
  assert.ok(await inTransaction(db, (tx) => releaseUpload(tx, waiting.id, waiting.sha256, b.now())))
  assert.equal(await deliverUploads(deps, 'TRN', async () => ({ kind: 'sent' })), 1)
  const takenOut = (await lineOf(waiting, other)).reference
  for (const unknown of [takenOut, '0'.repeat(32)]) {
    const rows = [
      { reference, why: 'x' },
      { reference: unknown, why: 'x' },
    ]
    assert.deepEqual(await answer(waiting, rows), { kind: 'unknown_row', reference: unknown })
  }
  assert.equal((await lineOf(waiting, one)).dropped, null)
  assert.equal((await now(waiting)).answeredAt, null)
})

test('NPCI is asked until its word about each row is here, where it can be asked', async () => {
  const [one, other] = [await credited(10_000n), await credited(20_000n)]
  await timedOut(one, other)
  const file = await sent()
  const { reference } = await lineOf(file, one)
  const [first, second] = [
    { reference, state: 'refused', refusal: 'chargeback_settled' },
    { reference: (await lineOf(file, other)).reference, state: 'waiting' },
  ]
  const asked: (readonly string[])[] = []
  const simulator = (...rows: readonly object[]): AskAnswers => {
    const ask = askSimulator({
      get: async () => ({
        status: 200,
        body: {
          data: [
            { name: file.name, rows },
            { name: 'another.csv', rows: [] },
          ],
        },
      }),
    })
    return async (names) => {
      asked.push(names.filter((name) => name === file.name))
      return ask(names)
    }
  }
  assert.equal(await askUploadAnswers(deps, 'TRN', simulator(first, second)), 1)
  assert.deepEqual(await breaksOf(one), ['B02: NPCI did not take TCC 102: chargeback_settled'])
  assert.equal((await now(file)).answeredAt, null, 'a row waits for the next cycle')
  assert.equal(await askUploadAnswers(deps, 'TRN', simulator(first, { ...second, state: 'taken' })), 0)
  assert.equal((await now(file)).answeredAt, b.now())
  await askUploadAnswers(deps, 'TRN', simulator(first, second))
  assert.deepEqual(asked.filter((names) => names.length > 0).length, 2, 'nothing more is awaited')
  await assert.rejects(askSimulator({ get: async () => ({ status: 500, body: {} }) })(['a']), /500/)
})
