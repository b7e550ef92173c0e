import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyRows, plainRow } from '../../../test/support/match-rows.ts'
import { truthTable } from './break-types.ts'
import { type MatchOutcome, matchRows } from './match.ts'
import type { MatchRow } from './rows.ts'

const TO_AT = Date.parse('2026-11-27T11:00:00+05:30')
const { at: AT } = plainRow

const row = (source: MatchRow['source'], status: MatchRow['status'], more: Partial<MatchRow> = {}): MatchRow => ({
  ...plainRow,
  source,
  status,
  ...more,
})
const match = (...rows: readonly MatchRow[]): MatchOutcome => matchRows({ rows, toAt: TO_AT, children: new Map() })
const typesOf = ({ breaks }: MatchOutcome): string[] =>
  breaks.map(({ type, state }) => (state === 'carried' ? `${type} carried` : type))
const all = (more: Partial<MatchRow> = {}): MatchRow[] => [
  row('core', 'S', more),
  row('hub', 'S', more),
  row('raw', '00', more),
]

for (const truth of truthTable) {
  for (const direction of ['outward', 'inward'] as const) {
    test(`case ${truth.case}, ${direction}: core ${truth.core}, hub ${truth.hub}, NPCI ${truth.raw} is ${truth[direction] ?? 'no break'}`, () => {
      const rows = [
        ...(truth.core === 'S' ? [row('core', 'S', { direction })] : []),
        row('hub', truth.hub, { direction }),
        row('raw', truth.raw, { direction }),
      ]
      assert.deepEqual(typesOf(match(...rows)), truth[direction] === null ? [] : [truth[direction]])
    })
  }
}

const cases: readonly (readonly [string, readonly MatchRow[], readonly string[]])[] = [
  ['a posting that was taken back is none', [row('core', 'S'), row('core', 'V'), row('hub', 'F'), row('raw', 'F')], []],
  [
    'a posting taken back, and NPCI has it',
    [row('core', 'S'), row('core', 'V'), row('hub', 'F'), row('raw', '00')],
    ['B06'],
  ],
  [
    'a late credit to an account that takes none',
    [row('hub', 'X', { direction: 'inward' }), row('raw', '08', { direction: 'inward' })],
    ['B04'],
  ],
  ['twice in the core', [...all(), row('core', 'S')], ['B09']],
  ['twice in the file', [...all(), row('raw', '00')], ['B10']],
  ['three times in the file is two too many', [...all(), row('raw', '00'), row('raw', '00')], ['B10', 'B10']],
  [
    'one RRN of two banks is two payments',
    [...all({ direction: 'inward' }), ...all({ direction: 'inward', remitterBank: '7777' })],
    [],
  ],
  [
    'another amount in the file',
    [row('core', 'S'), row('hub', 'S'), row('raw', '00', { amountPaise: 15_000n })],
    ['B11'],
  ],
  [
    'another bank in the file',
    [row('core', 'S'), row('hub', 'S'), row('raw', '00', { beneficiaryBank: '2001' })],
    ['B12'],
  ],
  [
    'another direction in the file',
    [
      row('core', 'S'),
      row('hub', 'S'),
      row('raw', '00', { direction: 'inward', remitterBank: '2000', beneficiaryBank: '1234' }),
    ],
    ['B12'],
  ],
  [
    'an RRN cut short',
    [row('core', 'S'), row('hub', 'S'), row('raw', '00', { rrn: '63310900', stan: '000001' })],
    ['B13'],
  ],
  [
    'an RRN cut short that two could be',
    [
      row('core', 'S'),
      row('hub', 'S'),
      ...all({ rrn: '633108000001', day: '2026-11-27' }).slice(0, 2),
      row('raw', '00', { rrn: '63310900', stan: '000001' }),
    ],
    ['B06', 'B30 carried', 'B30 carried'],
  ],
  ['the next day in the file', [row('core', 'S'), row('hub', 'S'), row('raw', '00', { day: '2026-11-28' })], []],
  ['not in the file, early', [row('core', 'S'), row('hub', 'S')], ['B30 carried']],
  [
    'not in the file, just before the cut',
    [row('core', 'S', { at: TO_AT - 60_000 }), row('hub', 'S', { at: TO_AT - 60_000 })],
    ['B01 carried'],
  ],
  [
    'not in three files',
    [row('core', 'S', { origin: 'carried', missed: 2 }), row('hub', 'S', { origin: 'carried', missed: 2 })],
    ['B05'],
  ],
  [
    'credited, not in three files',
    [
      row('core', 'S', { direction: 'inward', origin: 'carried', missed: 2 }),
      row('hub', 'S', { direction: 'inward', origin: 'carried', missed: 2 }),
    ],
    ['B07'],
  ],
  ['the same bank on both sides', [row('raw', '00', { beneficiaryBank: '1234' })], ['B27']],
  ['a reversal of nothing', [row('core', 'V')], ['B30']],
  ['of another cycle, and not in this file', [row('hub', 'S', { origin: 'outside' })], []],
  [
    'a core without banks',
    [row('core', 'S', { remitterBank: '', beneficiaryBank: '' }), row('hub', 'S'), row('raw', '00')],
    [],
  ],
]
for (const [what, rows, expected] of cases) test(what, () => assert.deepEqual(typesOf(match(...rows)), expected))

const child = (n: number, status: '00' | 'F'): MatchRow[] => {
  const more = { rrn: `63310900001${n}`, parentRrn: '633109000001', amountPaise: 50_000n }
  return [row('hub', status === '00' ? 'S' : 'F', more), row('raw', status, more)]
}
test('children that make up the debit are matched; where one failed the rest of the debit goes back', () => {
  const parent = row('core', 'S')
  assert.deepEqual(typesOf(match(parent, ...child(1, '00'), ...child(2, '00'), ...child(3, '00'))), [])
  const { breaks } = match(parent, ...child(1, '00'), ...child(2, '00'), ...child(3, 'F'))
  assert.deepEqual(
    breaks.map(({ type, amountPaise }) => [type, amountPaise]),
    [['B26', 50_000n]],
  )
})

test('what looks alike is suggested to both, and stays what it was', () => {
  const found = match(
    row('hub', 'S'),
    row('core', 'S'),
    row('raw', '00', { rrn: '633109777777', beneficiaryBank: '2002', at: AT + 60_000 }),
  )
  assert.deepEqual(
    found.breaks.map(({ type, facts }) => [type, facts.suggestion]),
    [
      ['B06', '633109000001'],
      ['B30', '633109777777'],
    ],
  )
})

test('any order of the rows gives the same answer, to the byte', () => {
  const text = (rows: readonly MatchRow[]): string =>
    JSON.stringify(match(...rows), (_, value) => (typeof value === 'bigint' ? `${value}` : value))
  fc.assert(
    fc.property(
      anyRows.chain((rows) =>
        fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length })),
      ),
      ([rows, shuffled]) => assert.equal(text(shuffled), text(rows)),
    ),
    { numRuns: 300 },
  )
})
