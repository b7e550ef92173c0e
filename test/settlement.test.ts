import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { paise } from '../src/base/money.ts'
import { createPool } from '../src/db/pool.ts'
import { inTransaction } from '../src/db/transaction.ts'
import { findUpload, listUploads, releaseUpload } from '../src/settlement/books/upload-store.ts'
import { openTestDatabase } from './support/database.ts'
import { startSettledHub } from './support/settled-hub.ts'

// From the first message of a payment to the last paisa of its settlement: hub, switch, back office, files, match, books.

const { db, url } = await openTestDatabase()
const doors = createPool(url, { connections: 4, indexOnly: true, name: 'turant doors' })
after(() => doors.end({ timeout: 1 }))
const t = await startSettledHub({ db, doors })
after(() => t.stop())

const MINUTE_MS = 60_000

test('what was deemed is confirmed or comes back, and what moved at the Reserve Bank is what the books say', async () => {
  const account = await t.open(100_000_000n)
  // What the simulated banks do with these is told by their amounts.
  const amounts = { paid: 150_000, confirmed: 10_191, returned: 10_291, silent: 10_600, declined: 10_900 }
  const payments = await Promise.all(
    Object.entries(amounts).map(async ([name, amount]) => ({ name, payment: await t.pay(account.id, amount) })),
  )
  const states = async (): Promise<Record<string, string>> => {
    const read = payments.map(async ({ name, payment }) => [name, (await t.read(payment.id)).state] as const)
    return Object.fromEntries(await t.still(Promise.all(read)))
  }
  await t.moveTo(t.clock.now() + 3 * MINUTE_MS)
  const online = { paid: 'succeeded', confirmed: 'deemed', returned: 'deemed', declined: 'declined' }
  assert.deepEqual(await states(), { ...online, silent: 'unconfirmed' })

  await t.cut()
  assert.deepEqual(
    (await t.settle()).map(({ outcome }) => outcome),
    ['done'],
  )
  assert.deepEqual(await states(), { ...online, silent: 'deemed' })
  assert.deepEqual(await t.wrongs(), [])

  await t.cut()
  await t.settle()
  assert.deepEqual(await states(), {
    paid: 'succeeded',
    confirmed: 'succeeded',
    returned: 'returned',
    silent: 'returned',
    declined: 'declined',
  })
  assert.equal(await t.balance(account.id), 100_000_000n - 150_000n - 10_191n)
  assert.deepEqual([await t.total('OUT-CLR'), await t.total('RET-PAY')], [0n, 0n])
  assert.deepEqual(await t.wrongs(), [])
  assert.deepEqual([...(await t.still(db`select kind, detail from break where closed_at is null`))], [])
})

test('an inward payment whose answer was lost is told to NPCI; one that never came is credited once, or returned', async () => {
  const account = await t.open(0n)
  const nobody = {
    kind: 'account',
    ifsc: account.ifsc,
    account: '70010000999999' as typeof account.accountNumber,
  } as const
  const to = { kind: 'account', ifsc: account.ifsc, account: account.accountNumber } as const
  const send = (amount: number, beneficiary: typeof to | typeof nobody = to): void => {
    assert.ok(t.simulator.inward({ amountPaise: paise(BigInt(amount)), to: beneficiary }))
  }
  send(200_000)
  await t.moveTo(t.clock.now() + MINUTE_MS)
  t.simulator.turn({ dropIn: 1 }) // answers of the hub
  send(300_000)
  // Until the remitter bank has given up asking.
  await t.moveTo(t.clock.now() + 65 * MINUTE_MS)
  t.simulator.turn({ dropIn: 0 })
  await t.linked()
  t.simulator.turn({ dropOut: 1 }) // originals to it
  send(400_000)
  send(500_000, nobody)
  await t.moveTo(t.clock.now() + 4 * MINUTE_MS)
  t.simulator.turn({ dropOut: 0 })
  assert.equal(await t.balance(account.id), 500_000n)

  for (const _ of [1, 2]) {
    await t.cut()
    await t.settle()
  }
  assert.equal(await t.balance(account.id), 900_000n)
  const said = await t.still(
    db<{ said: string }[]>`select amount || ' ' || flag || ' ' || reason_code as said from upload_row order by amount`,
  )
  assert.deepEqual(
    said.map((one) => one.said),
    ['300000 TCC 102', '400000 TCC 103', '500000 RET 115'],
  )
  assert.deepEqual(await t.wrongs(), [])

  // The file waits for people; when they have let it go NPCI has it, and the next report says what became of each row.
  const [file] = await t.still(listUploads(db, ['TRN'], 'waiting', undefined, 10))
  assert.ok(file)
  assert.equal(file.rows, 3)
  assert.ok(await t.still(inTransaction(db, (tx) => releaseUpload(tx, file.id, file.sha256, t.clock.now()))))
  await t.settle()
  assert.equal((await t.still(findUpload(db, ['TRN'], file.id)))?.state, 'accepted')
  for (const _ of [1, 2]) {
    await t.cut()
    await t.settle()
  }
  const outcomes = await t.still(
    db<{ outcome: string }[]>`select outcome from settlement_item where direction = 'inward' order by amount`,
  )
  assert.deepEqual(
    outcomes.map((one) => one.outcome),
    ['tcc_102', 'tcc_103', 'ret_115'],
  )
  assert.equal(await t.total('IN-CLR'), 0n)
  assert.deepEqual(await t.wrongs(), [])
  assert.deepEqual([...(await t.still(db`select kind, detail from break where closed_at is null`))], [])
})
