import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  addDays,
  type CycleGrid,
  cycleAt,
  cyclesOn,
  dayOf,
  defaultCycles,
  findCycle,
  formatCycle,
  nextCycle,
  parseCycle,
  readCycles,
} from './cycles.ts'

const ist = (text: string): number => Date.parse(`${text}+05:30`)

const boundaries: readonly (readonly [instant: string, cycle: string])[] = [
  ['2026-11-26T20:59:59.999', '2026-11-26/10'],
  ['2026-11-26T21:00:00.000', '2026-11-27/1'],
  ['2026-11-26T23:59:59.999', '2026-11-27/1'],
  ['2026-11-27T00:00:00.000', '2026-11-27/2'],
  ['2026-11-27T04:59:59.999', '2026-11-27/2'],
  ['2026-11-27T09:00:00.000', '2026-11-27/5'],
  ['2026-11-27T10:59:59.999', '2026-11-27/5'],
  ['2026-11-27T19:00:00.000', '2026-11-27/10'],
  ['2026-12-31T21:00:00.000', '2027-01-01/1'],
  ['2028-02-28T21:00:00.000', '2028-02-29/1'],
]
for (const [instant, cycle] of boundaries) {
  test(`${instant} IST is settled in ${cycle}`, () => {
    assert.equal(formatCycle(cycleAt(defaultCycles, ist(instant))), cycle)
  })
}

const minute = fc.integer({ min: ist('2026-01-01T00:00:00') / 60_000, max: ist('2027-12-31T00:00:00') / 60_000 })

test('every instant lies in one cycle, and the cycles follow one another without a gap', () => {
  fc.assert(
    fc.property(minute, fc.integer({ min: 0, max: 59_999 }), (minutes, ms) => {
      const at = minutes * 60_000 + ms
      const cycle = cycleAt(defaultCycles, at)
      assert.ok(cycle.fromAt <= at && at < cycle.toAt)
      assert.equal(nextCycle(defaultCycles, cycle).fromAt, cycle.toAt)
      assert.deepEqual(findCycle(defaultCycles, cycle), cycle)
      assert.deepEqual(parseCycle(formatCycle(cycle)), { settlementDate: cycle.settlementDate, number: cycle.number })
      assert.ok([dayOf(at), addDays(dayOf(at), 1)].includes(cycle.settlementDate))
    }),
  )
})

/** UPI's, from 3 November 2025: the ten carry payments only. @source settlement.md §2.2 */
const split: CycleGrid = {
  from: '2026-06-01',
  windows: [
    ...(defaultCycles[0]?.windows ?? []).map((one) => ({ ...one, carries: 'payments' }) as const),
    { number: 'DC1', from: '00:00', to: '16:00', dayBefore: false, carries: 'disputes' },
    { number: 'DC2', from: '16:00', to: '24:00', dayBefore: false, carries: 'disputes' },
  ],
}

test('cycles for disputes alone are a grid with a later day, and the days before keep theirs', () => {
  const grids = readCycles(JSON.parse(JSON.stringify([...defaultCycles, split])), 'cycles')
  assert.deepEqual(grids, [...defaultCycles, split])
  assert.equal(cyclesOn(grids, '2026-05-31').length, 10)
  assert.equal(cyclesOn(grids, '2026-06-01').length, 12)
  const [noon, evening] = [ist('2026-06-02T12:00:00'), ist('2026-06-02T22:00:00')]
  assert.equal(formatCycle(cycleAt(grids, noon)), '2026-06-02/6')
  assert.equal(formatCycle(cycleAt(grids, noon, 'disputes')), '2026-06-02/DC1')
  assert.equal(formatCycle(cycleAt(grids, evening)), '2026-06-03/1')
  assert.equal(formatCycle(cycleAt(grids, evening, 'disputes')), '2026-06-02/DC2')
  assert.equal(formatCycle(cycleAt(grids, ist('2026-05-31T22:00:00'), 'disputes')), '2026-06-01/DC1')
})

test('a grid that would settle a payment twice or never is refused', () => {
  const bad = (change: (windows: { from: string; to: string }[]) => void): unknown => {
    const grids = JSON.parse(JSON.stringify(defaultCycles))
    change(grids[0].windows)
    return grids
  }
  const of = (grids: unknown) => () => readCycles(grids, 'cycles')
  assert.throws(of(bad((all) => (all[4]!.to = '10:59'))), /cycle 6 does not begin where the one before it ends/)
  assert.throws(of(bad((all) => all.pop())), /not 24 hours/)
  assert.throws(of(bad((all) => (all[4]!.from = '25:00'))), /cycles\[0\]\.windows\[4\]\.from must be a time/)
  assert.throws(of([split, ...defaultCycles]), /cycles\[1\]\.from is not after/)
  assert.throws(of([{ ...split, from: '2026-02-30' }]), /cycles\[0\]\.from must be a day/)
})

test('what is no cycle is not read as one', () => {
  for (const text of [
    '',
    '2026-11-27',
    '2026-11-27/0',
    '2026-02-30/1',
    '2026-11-27/1C',
    '2026-11-27/100',
    '26-11-27/1',
  ]) {
    assert.equal(parseCycle(text), undefined, text)
  }
  assert.equal(findCycle(defaultCycles, { settlementDate: '2026-11-27', number: '11' }), undefined)
})
