import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { own, rawOf, type Seen, setCycles } from '../../../test/support/cycles.ts'
import type { Asked, Case } from './cases.ts'
import { feesOn, gstOn, interchangeOf } from './fees.ts'
import { charged, netOf } from './tally.ts'

const flags = (rows: readonly { flag: string; reasonCode: string; rrn: string }[]): string[] =>
  rows.map(({ flag, reasonCode, rrn }) => `${flag} ${reasonCode} ${rrn}`)

/** What the switch saw, the raw code of the first cut, and what is raised in the next. @source api.md §4 */
const amounts: readonly (readonly [name: string, seen: Seen, raw: string, next: string | undefined])[] = [
  ['101.91', { stand: 'deemed', responseCode: '91', credited: true }, '08', 'TCC 102'],
  ['102.91', { stand: 'deemed', responseCode: '91', credited: false }, '08', 'RET'],
  ['103.00', { stand: 'approved', outcome: 'swallowed, verification says 00' }, '00', undefined],
  ['104.00', { stand: 'declined', outcome: 'swallowed, verification says M0' }, 'M0', undefined],
  ['105.00', { stand: 'silent', credited: true }, '08', 'TCC 103'],
  ['106.00', { stand: 'silent', credited: false }, '08', 'RET'],
  ['109.00', { stand: 'declined', responseCode: 'M1' }, 'M1', undefined],
  ['114.00', { stand: 'declined', responseCode: '08' }, 'M0', undefined],
  ['115.00', { stand: 'approved', responseCode: 'ZZ' }, '00', undefined],
  ['any other', {}, '00', undefined],
]
for (const [name, seen, raw, next] of amounts) {
  test(`${name} is ${raw} in the raw file, and ${next ?? 'nothing'} follows in the next cycle`, async () => {
    const { see, cut } = setCycles()
    const { rrn } = see(seen)
    const first = own(await cut())
    assert.deepEqual(
      [...rawOf(first, 'remitter')].map((row) => [row.rrn, row.responseCode]),
      [[rrn, raw]],
    )
    assert.deepEqual(
      first.timeouts.map((row) => row.rrn),
      raw === '08' ? [rrn] : [],
    )
    assert.deepEqual(first.adjustments, [])
    const second = own(await cut())
    assert.equal(second.raw.remitter.length, 0)
    const raised = flags(second.adjustments)
    assert.equal(raised.length, next === undefined ? 0 : 1)
    if (next === 'RET') {
      assert.match(raised[0] ?? '', /^RET 1(1[4-9]|20) /)
      assert.deepEqual(
        second.disputes.map((row) => [row.adjustment, row.direction, row.creditPaise]),
        [['RET', 'from', 150_000n]],
      )
    } else if (next !== undefined) {
      assert.equal(raised[0], `${next} ${rrn}`)
      assert.deepEqual(second.disputes, [])
    }
    assert.deepEqual(own(await cut()).adjustments, [])
  })
}

test('a late answer changes 08 until the cut, and never after: TCC says it then', async () => {
  const { see, cut, journal, clock } = setCycles()
  const late = see({ stand: 'inProgress' })
  const tooLate = see({ stand: 'inProgress' })
  assert.equal(own(await cut()).raw.remitter.length, 0, 'NPCI still waits for the beneficiary bank')
  await clock.advanceAsync(30_000)
  journal.outward.rule(late.id, 'approved', 'late 00', '00', true)
  const second = [...rawOf(own(await cut()), 'remitter')]
  assert.deepEqual(
    second.map((row) => [row.rrn, row.responseCode]),
    [
      [late.rrn, '00'],
      [tooLate.rrn, '08'],
    ],
  )
  assert.deepEqual(own(await cut()).adjustments, [], 'the bank still does not know')
  journal.outward.rule(tooLate.id, 'approved', 'late 00', '00', true)
  assert.deepEqual(flags(own(await cut()).adjustments), [`TCC 102 ${tooLate.rrn}`])
})

test('under UDIR what came late or by verification stays 08, and TCC or RET follows', async () => {
  const { see, cut, journal } = setCycles({ udir: true })
  see({ stand: 'approved', outcome: 'late 00' })
  const yes = see({ direction: 'inward', outcome: 'by verification' })
  const no = see({ direction: 'inward', stand: 'declined', outcome: 'by verification', responseCode: 'M0' })
  see({ direction: 'inward', outcome: 'by answer' })
  const first = own(await cut())
  assert.deepEqual(
    [...rawOf(first, 'remitter')].map((row) => row.responseCode),
    ['08'],
  )
  assert.deepEqual(
    [...rawOf(first, 'beneficiary')].map((row) => row.responseCode),
    ['08', '08', '00'],
  )
  assert.deepEqual(
    first.udir.map((row) => row.flag),
    ['BTO', 'BTO', 'BTO'],
  )
  const second = own(await cut())
  assert.deepEqual(flags(second.adjustments).slice(0, 2), [`TCC 102 ${yes.rrn}`, `RET 120 ${no.rrn}`])
  assert.equal(second.adjustments.length, 3)
  assert.equal(journal.inward.settledIn(yes.id), 1)
})

const confirm = (one: Case): Asked => ({
  flag: 'TCC',
  reason: '103',
  by: 'beneficiary',
  amountPaise: one.payment.amountPaise,
  bankRef: 'ours-1',
  channel: 'File',
})

test('an inward payment whose answer was lost waits for the hub, and costs it 100 rupees for each day after T+1', async () => {
  const { see, cut, settlement } = setCycles({ at: '2026-11-27T12:00:00' })
  const { rrn } = see({ direction: 'inward', stand: 'silent' })
  assert.deepEqual(
    [...rawOf(own(await cut()), 'beneficiary')].map((row) => row.responseCode),
    ['08'],
  )
  for (const cycle of ['2026-11-28/9', '2026-11-28/10', '2026-11-29/10']) {
    const { adjustments, compensation } = own(await cut(cycle))
    assert.deepEqual([adjustments, compensation.debitPaise], [[], 0n])
  }
  const [one] = settlement.find(rrn)
  assert.ok(one)
  const said: (string | undefined)[] = []
  settlement.ask(one, confirm(one), (refusal) => said.push(refusal))
  const last = own(await cut('2026-11-30/6'))
  assert.deepEqual(said, [undefined])
  assert.deepEqual(
    last.adjustments.map((row) => [row.flag, row.penaltyDays, row.compensationPaise]),
    [['TCC', 2, 20_000n]],
  )
  assert.deepEqual(last.compensation, { count: 1, debitPaise: 20_000n, creditPaise: 0n })
})

test('where NPCI takes compensation by the day, a TCC ends it and costs nothing twice', async () => {
  const { see, cut, settlement } = setCycles({ at: '2026-11-27T12:00:00', habits: { dailyCompensation: true } })
  const { rrn } = see({ direction: 'inward', stand: 'silent' })
  const paid: bigint[] = []
  for (const cycle of ['27/7', '28/10', '29/2', '29/10', '30/2'])
    paid.push(own(await cut(`2026-11-${cycle}`)).compensation.debitPaise)
  assert.deepEqual(paid, [0n, 0n, 10_000n, 0n, 10_000n])
  const [one] = settlement.find(rrn)
  assert.ok(one)
  settlement.ask(one, confirm(one), () => undefined)
  assert.equal(own(await cut('2026-11-30/6')).compensation.debitPaise, 0n)
  assert.equal(own(await cut('2026-12-02/10')).compensation.debitPaise, 0n)
})

test('a bank that answers late pays us for the days', async () => {
  const { see, cut } = setCycles({ at: '2026-11-27T12:00:00', habits: { tardy: 1 } })
  see({ stand: 'silent', credited: false })
  for (const cycle of ['27/6', '27/7', '28/10', '29/2'])
    assert.deepEqual(own(await cut(`2026-11-${cycle}`)).adjustments, [])
  const { adjustments, compensation } = own(await cut('2026-11-30/5'))
  assert.deepEqual(
    adjustments.map((row) => [row.flag, row.penaltyDays, row.compensationPaise]),
    [['RET', 2, 20_000n]],
  )
  assert.equal(compensation.creditPaise, 20_000n)
})

const common = {
  stand: fc.constantFrom('approved', 'declined', 'deemed', 'silent', 'inProgress', 'unseen'),
  credited: fc.boolean(),
  paise: fc.bigInt(1n, 50_000_000n),
  p2p: fc.boolean(),
} as const
const outward = fc.record<Seen>(
  {
    ...common,
    direction: fc.constant('outward'),
    remitterBank: fc.constantFrom('700001', '700002'),
    beneficiaryBank: fc.constantFrom('1234', '7001', '7002'),
  },
  { noNullPrototype: true },
)
const inward = fc.record<Seen>(
  {
    ...common,
    direction: fc.constant('inward'),
    remitterBank: fc.constantFrom('600001', '600003'),
    beneficiaryBank: fc.constantFrom('7001', '7002'),
  },
  { noNullPrototype: true },
)
const seen = fc.oneof(outward, inward)

test('every payment is in one cycle, on each side that is the hub’s, and the sums are those of its rows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(seen, { maxLength: 12 }), { minLength: 1, maxLength: 5 }), async (rounds) => {
      const { see, cut, clock } = setCycles()
      const wanted: string[] = []
      const found: string[] = []
      for (const round of rounds) {
        for (const one of round) {
          const { rrn } = see(one)
          if (one.stand === 'unseen') continue
          const [remitter, beneficiary] = [one.remitterBank, one.beneficiaryBank]
          if (remitter?.startsWith('7')) wanted.push(`${rrn} remitter ${remitter.slice(-1)}`)
          if (beneficiary?.startsWith('7')) wanted.push(`${rrn} beneficiary ${beneficiary.slice(-1)}`)
        }
        const { members } = await cut()
        await clock.advanceAsync(31_000)
        for (const one of members) {
          const { institution, tally, table, cycle } = one
          const totals = { remitter: 0n, beneficiary: 0n }
          for (const side of ['remitter', 'beneficiary'] as const) {
            const settled = rawOf(one, side)
            for (const row of settled) found.push(`${row.rrn} ${side} ${institution.nbin.slice(-1)}`)
            for (const [code, status] of [
              ['00', 'approved'],
              ['08', 'deemed'],
            ] as const) {
              const rows = settled.filter(({ responseCode }) => responseCode === code)
              const amount = rows.reduce((sum, row) => sum + row.amountPaise, 0n)
              const fee = rows.reduce(
                (sum, row) => sum + interchangeOf(feesOn(cycle.settlementDate), row.subType, row.amountPaise),
                0n,
              )
              const switching = side === 'remitter' ? 50n * BigInt(rows.length) : 0n
              const line = charged(tally[side][status], table)
              assert.deepEqual(
                [line.count, line.amountPaise, line.feePaise, line.switchingPaise],
                [rows.length, amount, fee, switching],
              )
              const all = amount + fee + gstOn(table, fee) + switching + gstOn(table, switching)
              totals[side] += side === 'remitter' ? -all : all
              assert.equal(netOf(side, line), side === 'remitter' ? -all : all)
            }
          }
        }
      }
      for (const one of (await cut()).members)
        for (const side of ['remitter', 'beneficiary'] as const)
          for (const row of rawOf(one, side)) found.push(`${row.rrn} ${side} ${one.institution.nbin.slice(-1)}`)
      assert.deepEqual(found.sort(), wanted.sort())
    }),
    { numRuns: 50 },
  )
})
