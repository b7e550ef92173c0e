import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { testVault } from '../../test/support/vault.ts'
import { must, parseAccountNumber, parseIfsc, parsePaymentId, parseRrn, parseStan } from '../base/identifiers.ts'
import { paise } from '../base/money.ts'
import { balanceAt, findAccount, listEntries } from '../ledger/store.ts'
import type { InitiateResult } from './initiate.ts'
import { initiate } from './initiate.ts'
import type { Fact, StateKind } from './payment.ts'
import type { EncodeAnswer, InwardRequest } from './receive.ts'
import { receive } from './receive.ts'
import { record, recordById } from './record.ts'
import { findByReference, findEvents, findPayment } from './store.ts'
import type { StoredPayment } from './stored.ts'

const { url } = await openTestDatabase()
const t = await createTestRoom(url)
after(() => t.close())

const accepted = (result: InitiateResult): StoredPayment => {
  if (result.kind !== 'accepted') throw new Error(`refused: ${result.reason}`)
  return result.payment
}

const stored = async (payment: StoredPayment): Promise<StoredPayment> => {
  const found = await findPayment(t.db, testVault, payment.tenantId, payment.id)
  assert.ok(found)
  return found
}

test('door 1 holds the money, numbers the payment and says sent, in one commit; the row reads back as it was', async () => {
  const account = await t.open(100_000n)
  const payment = accepted(await initiate(t.room, requestFrom(account.id)))
  assert.equal(payment.state, 'sent')
  assert.match(payment.rrn ?? '', /^632612\d{6}$/)
  assert.equal(payment.stan, payment.rrn?.slice(6))
  assert.deepEqual(await stored(payment), payment)
  assert.deepEqual(t.sent.at(-1), payment)
  const seen = await findAccount(t.db, testVault, 1, account.id)
  assert.equal(seen?.available, 90_000n)
  assert.equal(seen?.balance, 100_000n)
  await t.proveBooks()
})

// ASVS 2.3.4
test('the last rupee goes to the first who asked: of 20 payments at once for a balance of 7, seven pass', async () => {
  const account = await t.open(70_000n)
  const results = await Promise.all(Array.from({ length: 20 }, () => initiate(t.room, requestFrom(account.id))))
  assert.equal(results.filter((one) => one.kind === 'accepted').length, 7)
  assert.ok(results.every((one) => one.kind === 'accepted' || one.reason === 'insufficient_funds'))
  assert.equal((await findAccount(t.db, testVault, 1, account.id))?.available, 0n)
  await t.proveBooks()
})

test('one key pays once: 200 parallel calls get one payment, and another body is refused', async () => {
  const account = await t.open()
  const request = requestFrom(account.id)
  const results = await Promise.all(Array.from({ length: 200 }, () => initiate(t.room, request)))
  assert.equal(new Set(results.map((one) => accepted(one).id)).size, 1)
  assert.equal(results.filter((one) => one.kind === 'accepted' && !one.replayed).length, 1)
  const other = await initiate(t.room, { ...request, bodyHash: 'f'.repeat(64) })
  assert.deepEqual(other, { kind: 'refused', reason: 'key_reused' })
  assert.equal((await findAccount(t.db, testVault, 1, account.id))?.available, 990_000n)
  assert.equal(t.sent.filter((payment) => payment.accountId === account.id).length, 1)
})

// ASVS 15.4.2
test('one key used from two accounts at once pays from one of them', async () => {
  const [first, second] = [await t.open(), await t.open()]
  const request = requestFrom(first.id)
  const results = await Promise.all([
    initiate(t.room, request),
    initiate(t.room, { ...request, from: second.id, bodyHash: 'e'.repeat(64) }),
  ])
  assert.deepEqual(results.map((one) => (one.kind === 'accepted' ? 'accepted' : one.reason)).sort(), [
    'accepted',
    'key_reused',
  ])
  await t.proveBooks()
})

test('what the hub will not take is refused by name and writes nothing', async () => {
  const account = await t.open(10_000n)
  const frozen = await t.open()
  const closed = await t.open()
  await t.db`update account set status = 'frozen' where account_id = ${frozen.id.slice(4)}`
  await t.db`update account set status = 'closed' where account_id = ${closed.id.slice(4)}`
  const [before] = await t.db`select count(*) as n from payment`
  const table = [
    [requestFrom(account.id, { amountPaise: paise(10_001n) }), 'insufficient_funds'],
    [requestFrom(account.id, { amountPaise: paise(50_000_001n) }), 'limit_exceeded'],
    [requestFrom(account.id, { amountPaise: paise(500_001n), channel: 'sms' }), 'channel_limit_exceeded'],
    [requestFrom('acc_999999999' as typeof account.id), 'account_not_found'],
    [requestFrom('acc_64' as typeof account.id), 'account_not_found'],
    [requestFrom(account.id, { tenantId: 2 }), 'account_not_found'],
    [requestFrom(frozen.id), 'account_frozen'],
    [requestFrom(closed.id), 'account_closed'],
  ] as const
  for (const [request, reason] of table) {
    const result = await initiate(t.room, request)
    assert.equal(result.kind === 'refused' ? result.reason : 'accepted', reason)
  }
  const [after] = await t.db`select count(*) as n from payment`
  assert.deepEqual(after, before)
})

const resolutions: readonly (readonly [Fact, StateKind, bigint, bigint])[] = [
  [{ kind: 'approved', responseCode: '00', registeredName: 'ASHA DEVI' }, 'succeeded', 90_000n, 90_000n],
  [{ kind: 'deemed', responseCode: '91' }, 'deemed', 90_000n, 90_000n],
  [{ kind: 'declined', responseCode: 'M1' }, 'declined', 100_000n, 100_000n],
  [{ kind: 'unclear', responseCode: 'ZZ' }, 'unconfirmed', 90_000n, 100_000n],
  [{ kind: 'lapsed' }, 'unconfirmed', 90_000n, 100_000n],
]

// ASVS 2.3.3
test('door 2 moves state, ledger and event together, once, for every kind of answer', async () => {
  for (const [fact, state, available, balance] of resolutions) {
    const account = await t.open(100_000n)
    const payment = accepted(await initiate(t.room, requestFrom(account.id)))
    const first = await record(t.room, payment, fact)
    assert.equal(first.kind, 'moved')

    assert.deepEqual(await stored(payment), first.payment)
    assert.equal(first.payment.state, state)
    assert.equal((await record(t.room, payment, fact)).kind, 'repeated')
    const seen = await findAccount(t.db, testVault, 1, account.id)
    assert.deepEqual([seen?.available, seen?.balance], [available, balance], fact.kind)
    assert.deepEqual(
      (await findEvents(t.db, [payment.id])).map((event) => event.state),
      ['sent', state],
    )
  }
  await t.proveBooks()
})

// ASVS 15.4.3
test('ten workers learn the same answer: one moves the payment, nine find it moved', async () => {
  for (const fact of [resolutions[0]?.[0], resolutions[2]?.[0]]) {
    if (fact === undefined) throw new Error('no fact')
    const account = await t.open()
    const payment = accepted(await initiate(t.room, requestFrom(account.id)))
    const results = await Promise.all(Array.from({ length: 10 }, () => record(t.room, payment, fact)))
    assert.equal(results.filter((one) => one.kind === 'moved').length, 1)
    assert.equal(results.filter((one) => one.kind === 'repeated').length, 9)
  }
  await t.proveBooks()
})

test('an approval after a decline opens one break and moves nothing, however often it is said', async () => {
  const account = await t.open()
  const payment = accepted(await initiate(t.room, requestFrom(account.id)))
  await record(t.room, payment, { kind: 'declined', responseCode: 'M3' })
  for (let i = 0; i < 3; i += 1) {
    assert.equal((await recordById(t.room, payment.id, { kind: 'approved', responseCode: '00' })).kind, 'contradicted')
  }
  const breaks = await t.db`select kind, detail from break where payment_id = ${payment.id.slice(4)}`
  assert.deepEqual(
    breaks.map((row) => ({ ...row })),
    [{ kind: 'contradiction', detail: 'declined but approved 00' }],
  )
  assert.equal((await stored(payment)).state, 'declined')
  await t.proveBooks()
})

test('a decline and an approval in the same batch: the first one stands, the other contradicts', async () => {
  const account = await t.open()
  const payment = accepted(await initiate(t.room, requestFrom(account.id)))
  const [first, second] = await Promise.all([
    record(t.room, payment, { kind: 'declined', responseCode: 'M1' }),
    record(t.room, payment, { kind: 'approved', responseCode: '00' }),
  ])
  assert.deepEqual([first?.kind, second?.kind].sort(), ['contradicted', 'moved'])
  await t.proveBooks()
})

test('a fact about a payment that does not exist is unknown', async () => {
  const nobody = must(parsePaymentId(`pay_${'0'.repeat(32)}`), 'payment id')
  assert.equal((await recordById(t.room, nobody, { kind: 'lapsed' })).kind, 'unknown')
})

test('without a link a payment is held without a reference; with one it leaves; cancelled, it gives the money back', async () => {
  const account = await t.open(100_000n)
  t.link = undefined
  const waits = accepted(await initiate(t.room, requestFrom(account.id)))
  const gone = accepted(await initiate(t.room, requestFrom(account.id)))
  assert.deepEqual([waits.state, waits.rrn, waits.link], ['held', null, null])
  assert.deepEqual(await stored(waits), waits)
  assert.equal((await record(t.room, waits, { kind: 'dispatched' })).kind, 'repeated', 'no link: it goes on waiting')

  t.link = { link: 'remitter', epoch: 1 }
  assert.equal((await record(t.room, gone, { kind: 'cancelled' })).kind, 'moved')
  const left = await record(t.room, waits, { kind: 'dispatched' })
  assert.equal(left.kind, 'moved')
  const after = await stored(waits)
  assert.equal(after.state, 'sent')
  assert.match(after.rrn ?? '', /^\d{12}$/)
  assert.equal(t.sent.at(-1)?.id, waits.id)
  assert.equal(
    (await record(t.room, after, { kind: 'cancelled' })).kind,
    'contradicted',
    'what is sent cannot be taken back',
  )
  assert.equal((await findAccount(t.db, testVault, 1, account.id))?.available, 90_000n)
  await t.proveBooks()
})

test('a process that lost its link sends nothing: the payment is held instead', async () => {
  const account = await t.open()
  t.link = { link: 'remitter', epoch: 0 }
  const payment = accepted(await initiate(t.room, requestFrom(account.id)))
  t.link = { link: 'remitter', epoch: 1 }
  assert.equal(payment.state, 'held')
  await record(t.room, payment, { kind: 'cancelled' })
})

const inward = (
  account: { accountNumber: string; ifsc: string },
  change: Partial<InwardRequest> = {},
): InwardRequest => ({
  rrn: must(parseRrn('632600000001'), 'RRN'),
  stan: must(parseStan('000001'), 'STAN'),
  remitterBank: '924000',
  amountPaise: paise(25_000n),
  transmittedAt: 0,
  channel: 'mobile',
  remitter: { name: 'Sita Rao' },
  beneficiary: {
    kind: 'account',
    ifsc: must(parseIfsc(account.ifsc), 'IFSC'),
    account: must(parseAccountNumber(account.accountNumber), 'account'),
  },
  ...change,
})

const answers: EncodeAnswer = (outcome) => ({
  bytes: Buffer.from(`${outcome.kind} ${Math.random()}`),
  responseCode: outcome.kind === 'credited' ? '00' : 'M1',
})
const via = { link: 'beneficiary', epoch: 1 }

test('door 3 credits once; a duplicate gets the first answer byte for byte, also at the same moment', async () => {
  const account = await t.open(0n)
  const request = inward(account, { rrn: must(parseRrn('632600000002'), 'RRN') })
  const together = await Promise.all(Array.from({ length: 10 }, () => receive(t.room, request, via, answers)))
  const later = await receive(t.room, request, via, answers)
  for (const one of [...together, later])
    assert.deepEqual(Buffer.from(one.answer), Buffer.from(together[0]?.answer ?? []))
  assert.equal(together.filter((one) => one.kind === 'credited').length, 1)
  assert.equal((await findAccount(t.db, testVault, 1, account.id))?.balance, 25_000n)
  const row = await findByReference(t.db, testVault, 'inward', request.rrn, request.remitterBank)
  assert.equal(row?.state, 'succeeded')
  await t.proveBooks()
})

test('the same reference for another amount is a duplicate, not a second credit', async () => {
  const account = await t.open(0n)
  const request = inward(account, { rrn: must(parseRrn('632600000003'), 'RRN') })
  await receive(t.room, request, via, answers)
  let reason = ''
  const second = await receive(t.room, { ...request, amountPaise: paise(1n) }, via, (outcome) => {
    reason = outcome.kind === 'declined' ? outcome.reason : ''
    return answers(outcome)
  })
  assert.equal(second.kind, 'declined')
  assert.equal(reason, 'duplicate')
  assert.equal((await findAccount(t.db, testVault, 1, account.id))?.balance, 25_000n)
})

test('an original for nobody is declined, kept, and declined again with the same bytes', async () => {
  const request = inward(
    { accountNumber: '1234567890', ifsc: 'TRNT0000001' },
    { rrn: must(parseRrn('632600000004'), 'RRN') },
  )
  const first = await receive(t.room, request, via, answers)
  const second = await receive(t.room, request, via, answers)
  assert.equal(first.kind, 'declined')
  assert.deepEqual(Buffer.from(second.answer), Buffer.from(first.answer))
  await t.proveBooks()
})

test('a link that was lost takes nothing in: door 3 throws and no row is written', async () => {
  const account = await t.open(0n)
  const request = inward(account, { rrn: must(parseRrn('632600000005'), 'RRN') })
  await assert.rejects(receive(t.room, request, { link: 'beneficiary', epoch: 0 }, answers), /another process/)
  assert.equal(await findByReference(t.db, testVault, 'inward', request.rrn, request.remitterBank), undefined)
})

test('the database refuses what the program must never do', async () => {
  const account = await t.open(500n)
  await assert.rejects(t.db`update entry set amount = 1`, /append-only/)
  await assert.rejects(t.db`delete from entry`, /append-only/)
  await assert.rejects(t.db`truncate entry`, /append-only/)
  await assert.rejects(t.db`delete from event`, /append-only/)
  await assert.rejects(
    t.db`update account set balance = -1 where account_id = ${account.id.slice(4)}`,
    /check constraint/,
  )
  await assert.rejects(
    t.db`insert into entry (lane, account_id, entry_no, journal_id, kind, amount, balance_after, at)
         values (${Number(account.id.slice(4)) % 64}, ${account.id.slice(4)}, 99, gen_random_uuid(), 'hold', 5, 5, now())`,
    /does not balance/,
  )
})

test('a statement lists entries newest first, and the balance at a moment is the balance after the last entry before it', async () => {
  const account = await t.open(100_000n)
  for (let i = 0; i < 12; i += 1)
    accepted(await initiate(t.room, requestFrom(account.id, { amountPaise: paise(1_000n) })))
  const lines = await listEntries(t.db, account.id, 100, undefined)
  assert.equal(lines.length, 13)
  assert.deepEqual(
    lines.map((line) => line.entryNo),
    Array.from({ length: 13 }, (_, i) => BigInt(13 - i)),
  )
  assert.deepEqual(
    (await listEntries(t.db, account.id, 5, 4n)).map((line) => line.entryNo),
    [3n, 2n, 1n],
  )
  for (const [i, line] of lines.entries()) {
    const after = lines[i - 1]
    if (after === undefined || after.at > line.at)
      assert.equal(await balanceAt(t.db, account.id, line.at), line.balanceAfter)
  }
  assert.equal(await balanceAt(t.db, account.id, 0), 0n)
  assert.equal(await balanceAt(t.db, account.id, 4_102_444_800_000), 88_000n)
})
