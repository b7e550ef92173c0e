import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { must, parseAccountNumber, parseIfsc, parseMmid, parseMobile } from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import { createPool } from '../../src/db/pool.ts'
import { type WireKind, wires } from '../../src/imps/profile.ts'
import type { StoredPayment } from '../../src/payment/stored.ts'
import { startTestHub } from '../support/a-hub.ts'
import { openTestDatabase } from '../support/database.ts'
import { proveBooks } from '../support/payment-room.ts'

// The main job, end to end and on both wires from one table: the whole hub, the whole simulated switch, a real database. Who reads
// only this knows that the wire changes nothing: same states, same codes, same money.

const { url, db } = await openTestDatabase()
const doors = createPool(url, { connections: 8, indexOnly: true, name: 'turant test doors' })
after(() => doors.end({ timeout: 2 }))

const onBothWires = (name: string, run: (wire: WireKind) => Promise<void>): void => {
  for (const wire of wires) test(`${wire}: ${name}`, () => run(wire))
}

/** The amounts of api.md §4: what the payment goes through, its last response code, what the remitter has paid. */
const table: readonly (readonly [paise: number, states: string, responseCode: string | null, paid: boolean])[] = [
  [150_000, 'sent succeeded', '00', true],
  [10_191, 'sent deemed', '91', true],
  [10_291, 'sent deemed', '91', true],
  [10_300, 'sent unconfirmed succeeded', '00', true],
  [10_400, 'sent unconfirmed declined', 'M0', false],
  [10_500, 'sent unconfirmed', null, true],
  [10_600, 'sent unconfirmed', null, true],
  [10_700, 'sent unconfirmed succeeded', '00', true],
  [10_800, 'sent succeeded', '00', true],
  [10_900, 'sent declined', 'M1', false],
  [11_000, 'sent declined', 'M3', false],
  [11_100, 'sent declined', 'M5', false],
  [11_200, 'sent declined', 'M2', false],
  [11_300, 'sent declined', '51', false],
  [11_400, 'sent unconfirmed declined', 'M0', false],
  [11_500, 'sent unconfirmed succeeded', '00', true],
  [11_600, 'sent unconfirmed succeeded', '00', true],
]

onBothWires('every outcome of the table, each original once, the debit standing or given back', async (wire) => {
  const { simulator, pay, open, until, states, read, balance, stop } = await startTestHub({ db, doors }, wire)
  const account = await open(100_000_000n)
  const payments: { row: (typeof table)[number]; payment: StoredPayment }[] = []
  for (const row of table) payments.push({ row, payment: await pay(account.id, row[0]) })
  const open_ = async () =>
    (await Promise.all(payments.map(({ payment }) => read(payment.id)))).filter(({ state }) =>
      ['sent', 'held', 'unconfirmed'].includes(state),
    ).length
  const silent = table.filter(([, to]) => to.endsWith('unconfirmed')).length
  await until('all but the silent ones are final', async () => (await open_()) === silent, 100)
  // Two hours: every verification has been asked, and people have been told.
  const told = () => db<{ n: number }[]>`
    select count(*)::integer as n from break b join payment p using (payment_id)
    where b.kind = 'unresolved' and p.account_id = ${account.id.slice(4)}`
  await until('people are told of the silent ones', async () => (await told())[0]?.n === silent, 10_000)
  let spent = 0n
  for (const { row, payment } of payments) {
    const [amount, through, responseCode, paid] = row
    const now = await read(payment.id)
    assert.equal(await states(payment.id), through, `${amount} paise`)
    if (responseCode !== null) assert.equal(now.responseCode, responseCode, `${amount} paise`)
    if (paid) spent += BigInt(amount)
    const [seen] = simulator.journal.outward.byRrn(now.rrn ?? '')
    assert.equal(seen?.originals, 1, `${amount} paise left once`)
  }
  assert.equal(await balance(account.id), 100_000_000n - spent)
  assert.deepEqual(simulator.summary().firstViolations, [])
  await proveBooks(db)
  await stop()
})

onBothWires('to mobile and MMID, with the registered name', async (wire) => {
  const { pay, open, until, read, stop } = await startTestHub({ db, doors }, wire)
  const account = await open(1_000_000n, wire === 'xml' ? '9876512345' : '9876512346', '7001123')
  const { id } = await pay(account.id, 12_345, {
    kind: 'mmid',
    mobile: must(parseMobile('9876543210'), 'mobile'),
    mmid: must(parseMmid('9229123'), 'MMID'),
  })
  await until('succeeded', async () => (await read(id)).state === 'succeeded')
  assert.match((await read(id)).registeredName ?? '', /^[A-Z ]{3,}$/)
  await stop()
})

onBothWires(
  'from one bank of the hub to another: both sides, one payment each, no rupee more or less',
  async (wire) => {
    const { pay, open, until, read, balance, stop } = await startTestHub({ db, doors }, wire)
    const [from, to] = [await open(1_000_000n), await open(0n)]
    const { id } = await pay(from.id, 77_700, {
      kind: 'account',
      ifsc: to.ifsc,
      account: must(parseAccountNumber(to.accountNumber), 'account'),
    })
    await until('succeeded', async () => (await read(id)).state === 'succeeded')
    assert.equal((await read(id)).registeredName, 'Ramesh Kumar'.slice(0, wire === 'xml' ? 99 : 20))
    assert.deepEqual([await balance(from.id), await balance(to.id)], [922_300n, 77_700n])
    await proveBooks(db)
    await stop()
  },
)

onBothWires('inward: credited once, however often it comes; nobody is declined', async (wire) => {
  const { simulator, open, got, balance, stop } = await startTestHub({ db, doors }, wire)
  const account = await open(0n, wire === 'xml' ? '9876512347' : '9876512348', '7001124')
  const to = {
    kind: 'account',
    ifsc: account.ifsc,
    account: must(parseAccountNumber(account.accountNumber), 'a'),
  } as const
  const amountPaise = paise(50_000n)
  const sent = must(simulator.inward({ amountPaise, to, duplicates: 3 }), 'a way to the hub')
  assert.equal((await got('answered', sent.settled)).responseCode, '00')
  const mobile = must(parseMobile(account.mobile ?? ''), 'mobile')
  const byMmid = { kind: 'mmid', mobile, mmid: must(parseMmid(account.mmid ?? ''), 'MMID') } as const
  const second = must(simulator.inward({ amountPaise, to: byMmid }), 'a way to the hub')
  assert.equal((await got('answered', second.settled)).responseCode, '00')
  assert.equal(await balance(account.id), 100_000n)
  const nobody = { ...to, account: must(parseAccountNumber('99999999'), 'account') }
  const third = must(simulator.inward({ amountPaise, to: nobody }), 'a way to the hub')
  assert.equal((await got('answered', third.settled)).responseCode, 'M1')
  const elsewhere = { ...to, ifsc: must(parseIfsc('TRNT0009999'), 'IFSC') }
  const fourth = must(simulator.inward({ amountPaise, to: elsewhere }), 'a way to the hub')
  assert.equal((await got('answered', fourth.settled)).responseCode, 'M1')
  await proveBooks(db)
  await stop()
})

onBothWires(
  'inward: a question before its original is answered 91, and the original credits all the same',
  async (wire) => {
    const { simulator, open, got, balance, until, stop } = await startTestHub({ db, doors }, wire)
    const account = await open(0n)
    const to = {
      kind: 'account',
      ifsc: account.ifsc,
      account: must(parseAccountNumber(account.accountNumber), 'a'),
    } as const
    const sent = must(simulator.inward({ amountPaise: paise(4_200n), to, verificationFirst: true }), 'a way to the hub')
    await got('answered', sent.settled)
    await until('credited', async () => (await balance(account.id)) === 4_200n)
    await proveBooks(db)
    await stop()
  },
)
