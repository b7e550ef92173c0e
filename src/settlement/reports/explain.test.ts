import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../../test/support/payment-room.ts'
import { testVault } from '../../../test/support/vault.ts'
import { type Clock, systemClock } from '../../base/clock.ts'
import { must, type PaymentId, parseAccountNumber, parseIfsc, parseRrn, parseStan } from '../../base/identifiers.ts'
import { paise } from '../../base/money.ts'
import { asTenant } from '../../db/tenant.ts'
import { createBankDirectory, createNbinOf } from '../../imps/banks.ts'
import { defaultCycles } from '../../imps/cycles.ts'
import { defaultProfile } from '../../imps/profile.ts'
import { initiate } from '../../payment/initiate.ts'
import { receive } from '../../payment/receive.ts'
import { record } from '../../payment/record.ts'
import { openBreaks } from '../../payment/store.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import { type ExplainDeps, explain, storyText } from './explain.ts'
import { written } from './story-words.ts'

const { url, db } = await openTestDatabase()
// 27 November 2026, 12:00 IST
let now = Date.UTC(2026, 10, 27, 6, 30)
const clock: Clock = { ...systemClock, now: () => now }
const t = await createTestRoom(url, { clock })
after(() => t.close())
const deps: ExplainDeps = {
  db,
  vault: testVault,
  clock,
  cycles: defaultCycles,
  nbinOf: createNbinOf(defaultProfile.institutions, createBankDirectory(defaultProfile)),
  asTenant: (tenantId, run) => asTenant(db, tenantId, run),
  findFileLines: async ({ direction }) =>
    direction === 'outward'
      ? [{ at: now, kind: 'file', parts: [written('raw remitter file of 2026-11-27/6, line 12: 08')] }]
      : [],
}
const account = await t.open(10n ** 9n)

async function pay(amountPaise = 150_000n): Promise<StoredPayment> {
  const made = await initiate(t.room, requestFrom(account.id, { amountPaise: paise(amountPaise) }))
  if (made.kind !== 'accepted') throw new Error(made.reason)
  now += 60_000
  return made.payment
}
const only = async (payment: Pick<StoredPayment, 'id' | 'rrn'>) => {
  const stories = await explain(deps, 1, payment.rrn ?? '')
  return must(
    stories.find((story) => story.payment.id === payment.id),
    'story',
  )
}

test('the story of a payment that was deemed is told in order, in words, with what comes next and by when', async () => {
  const sent = await pay()
  await record(t.room, sent, { kind: 'lapsed' })
  now += 10_000
  const lapsed = (await only(sent)).payment
  await record(t.room, lapsed, { kind: 'deemed', responseCode: '91' })
  await openBreaks(db, [{ payment: sent, kind: 'contradiction', detail: 'deemed but declined M1' }], now)
  now += 5_000
  const text = storyText(await only(sent)).replace(sent.id, 'pay_x')
  assert.equal(
    text,
    `pay_x: outward, ₹1,500.00, RRN ${sent.rrn}, of TRN, remitter bank 700001
  2026-11-27 12:00:00 IST  message   the original left for the switch
  2026-11-27 12:00:00 IST  posting   Dr customer Cr OUT-CLR ₹1,500.00 (hold)
  2026-11-27 12:01:00 IST  message   no answer that decides came in time: the switch is asked, and the original is never sent again
  2026-11-27 12:01:10 IST  message   deemed approved: NPCI counts it as paid, the beneficiary bank had not answered in time (code 91)
  2026-11-27 12:01:10 IST  decision  a break was opened: B25 LATE_RESPONSE_CONFLICT, contradiction, deemed but declined M1
  2026-11-27 12:01:15 IST  file      raw remitter file of 2026-11-27/6, line 12: 08
Now: It counts as paid at NPCI; the debit stands until the beneficiary bank confirms or returns it. A break is open about it.
Next: the beneficiary bank confirms (TCC) or returns it (RET), by 2026-11-28 17:30:00 IST.
Next: it is settled with cycle 2026-11-27/6, whose files are due, by 2026-11-27 13:30:00 IST.
Next: the break B25 is settled by people.`,
  )
  const parts = (await only(sent)).lines.flatMap((line) => line.parts).map(({ code, values }) => [code, values])
  assert.deepEqual(parts.slice(0, 2), [
    ['outward_sent', {}],
    ['booked', { booked: 'hold', amount: '150000', debit: 'customer', credit: 'OUT-CLR' }],
  ])
  assert.deepEqual(parts.at(-2), ['contradicted_with', { step: 'deemed', fact: 'declined', responseCode: 'M1' }])
})

test('what is told are the steps and the legs that there are, and no others, of whichever payment', async () => {
  const payments = [await pay(1n), await pay(70_000n), await pay(3n)]
  for (const [i, payment] of payments.entries()) {
    if (i === 0) await record(t.room, payment, { kind: 'approved', responseCode: '00' })
    if (i === 1) await record(t.room, payment, { kind: 'declined', responseCode: 'M1' })
    now += 1
  }
  for (const { id, rrn } of payments) {
    const { lines } = await only({ id, rrn })
    const [counted] = await db<{ steps: number; legs: number }[]>`
      select (select count(*)::integer from event where payment_id = ${id.slice(4)}::uuid) as steps,
             (select count(*)::integer from entry where journal_id = ${id.slice(4)}::uuid and account_id = ${BigInt(account.id.slice(4))}) as legs`
    const of = (kind: string): number => lines.filter((line) => line.kind === kind).length
    assert.deepEqual({ steps: of('message') + of('decision'), legs: of('posting') }, counted)
    assert.deepEqual(
      lines.map(({ at }) => at),
      lines.map(({ at }) => at).sort((a, b) => a - b),
    )
  }
})

test('payments with one RRN are told apart: the other direction, other banks', async () => {
  const outward = await pay()
  await record(t.room, outward, { kind: 'approved', responseCode: '00' })
  const rrn = must(parseRrn(outward.rrn), 'RRN')
  for (const remitterBank of ['600001', '600002']) {
    await receive(
      t.room,
      {
        rrn,
        stan: must(parseStan(rrn.slice(6)), 'STAN'),
        remitterBank,
        amountPaise: paise(200n),
        transmittedAt: now,
        channel: 'internet',
        remitter: { name: 'Asha' },
        beneficiary: {
          kind: 'account',
          ifsc: must(parseIfsc('TRNT0000001'), 'IFSC'),
          account: must(parseAccountNumber(account.accountNumber), 'account'),
          name: 'Ramesh Kumar',
        },
      },
      { link: 'beneficiary', epoch: 1 },
      () => ({ bytes: new Uint8Array([1]), responseCode: '00' }),
    )
  }
  const stories = await explain(deps, 1, rrn)
  assert.deepEqual(
    stories.map(({ payment }) => [payment.direction, payment.remitterBank]),
    [
      ['outward', '700001'],
      ['inward', '600001'],
      ['inward', '600002'],
    ],
  )
  assert.match(storyText(must(stories[1], 'story')), /Dr IN-CLR Cr customer ₹2\.00/)
  assert.doesNotMatch(JSON.stringify(stories.map(storyText)), /Asha|Ramesh|50100123456789/)
})

test('a break that names no payment is found by the RRN and the bank, as the wire numbers it or as the files do', async () => {
  const outward = await pay()
  await record(t.room, outward, { kind: 'approved', responseCode: '00' })
  const [{ remitterBank }, rrn] = [outward, outward.rrn]
  const own = must(deps.nbinOf({ institution: 'TRN' }), 'NBIN')
  assert.notEqual(own, remitterBank)
  for (const [kind, nbin] of [
    ['seen by a door', remitterBank],
    ['seen by the match', own],
    ['of another bank', '6001'],
  ] as const)
    await db`
      insert into break (kind, detail, rrn, nbin, direction, opened_at)
      values ('B04', ${kind}, ${rrn}, ${nbin}, 'outward', ${new Date(now)})`
  const text = storyText(await only(outward))
  assert.match(text, /seen by a door/)
  assert.match(text, /seen by the match/)
  assert.doesNotMatch(text, /of another bank/)
})

test("another tenant's RRN is one that nobody has", async () => {
  const payment = await pay()
  assert.deepEqual(await explain(deps, 2, payment.rrn ?? ''), [])
  assert.deepEqual(await explain(deps, 1, '000000000000'), [])
})

test('journals of settlement and of disputes, items, compensation and uploads are in the story', async () => {
  const payment = await pay(5_000n)
  await record(t.room, payment, { kind: 'deemed', responseCode: '91' })
  const id: PaymentId = payment.id
  const key = id.slice(4)
  const at = new Date(now)
  await db`
    insert into settlement_item (tenant_id, institution, direction, rrn, nbin, payment_id, lane, amount, transacted_on, settled_on, cycle, raw,
                                 response_code, duty, due_at, updated_at)
    values (1, 'TRN', 'outward', ${payment.rrn}, '700001', ${key}::uuid, ${payment.lane}, 5000, '2026-11-27', '2026-11-27', '6', '08', '08',
            'hear', ${new Date(now + 3_600_000)}, ${at})`
  await db`
    insert into compensation (tenant_id, institution, payment_id, rrn, nbin, direction, owed_by, from_on, days, amount, state, updated_at)
    values (1, 'TRN', ${key}::uuid, ${payment.rrn}, '700001', 'outward', 'other_bank', '2026-11-28', 2, 20000, 'accruing', ${at})`
  await db`
    insert into upload_row (tenant_id, institution, purpose, flag, reason_code, rrn, nbin, direction, payment_id, amount, sealed, made_at)
    values (1, 'TRN', 'chargeback', 'B', '108', ${payment.rrn}, '700001', 'outward', ${key}::uuid, 5000, ${new Uint8Array(1)}::bytea, ${at})`
  const text = storyText(await only(payment))
  for (const part of [
    /NPCI's files up to cycle 2026-11-27\/6: has it as deemed approved \(08\) \(code 08\)/,
    /compensation of ₹200\.00 for 2 days after 2026-11-28, owed by the other bank: accruing/,
    /B 108 is to be told NPCI/,
    /Next: the other bank says whether it credited \(TCC\) or returns it \(RET\), by /,
    /Next: B leaves for NPCI with the next upload file\./,
  ])
    assert.match(text, part)
})
