import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toRfc3339 } from '../../base/clock.ts'
import { must } from '../../base/identifiers.ts'
import { defaultCycles, findCycle } from '../../imps/cycles.ts'
import { type BreakType, breakTypeNames, breakTypes } from './break-types.ts'
import { dueAtOf } from './deadline.ts'

const cycle = must(findCycle(defaultCycles, { settlementDate: '2026-11-30', number: '5' }), 'cycle') // 09:00 to 11:00 IST
const at = Date.parse('2026-11-30T10:15:00+05:30')

const due: readonly (readonly [BreakType, string | null])[] = [
  ['B01', '2026-11-30T15:00:00+05:30'], // the end of cycle 7
  ['B02', '2026-12-01T17:30:00+05:30'],
  ['B03', '2026-11-30T13:00:00+05:30'],
  ['B04', '2026-12-01T17:30:00+05:30'],
  ['B05', '2026-12-02T00:00:00+05:30'],
  ['B07', '2026-12-01T00:00:00+05:30'],
  ['B15', '2026-12-01T00:00:00+05:30'],
  ['B17', null],
  ['B20', null],
  ['B23', '2026-11-30T13:00:00+05:30'],
  ['B28', null],
  ['B29', '2026-11-30T11:30:00+05:30'],
  ['B30', '2026-12-04T00:00:00+05:30'],
]
for (const [type, until] of due) {
  test(`${type} ${breakTypes[type].name} is due ${until ?? 'by its own clock, or never'}`, () => {
    const found = dueAtOf(type, at, cycle, defaultCycles)
    assert.equal(found === null ? null : toRfc3339(found), until === null ? null : toRfc3339(Date.parse(until)))
  })
}

test('a late credit has no more than until half past five of the next day, whenever its file comes', () => {
  const late = must(findCycle(defaultCycles, { settlementDate: '2026-12-01', number: '9' }), 'cycle') // until 19:00
  assert.equal(dueAtOf('B03', at, late, defaultCycles), Date.parse('2026-12-01T17:30:00+05:30'))
})

test('there are thirty types, each with its row', () => {
  assert.deepEqual(
    breakTypeNames,
    Array.from({ length: 30 }, (_, n) => `B${String(n + 1).padStart(2, '0')}`),
  )
})
