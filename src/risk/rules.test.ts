import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { paise } from '../base/money.ts'
import {
  type Facts,
  judgeRules,
  knownReasons,
  LOOKED_AT,
  type Past,
  type RuleSet,
  ruleNames,
  rules,
  suggested,
} from './rules.ts'

const NOON = Date.UTC(2026, 10, 23, 6, 30) // 12:00 in India
const NIGHT = Date.UTC(2026, 10, 23, 18, 30) // 00:00 in India
const MINUTE = 60_000
const DAY = 86_400_000

const ago = (minutes: number, change: Partial<Past>): Past => ({
  id: 'x',
  direction: 'outward',
  stands: true,
  amountPaise: 100_00n,
  at: NOON - minutes * MINUTE,
  other: ['a'],
  ...change,
})
const came = (minutes: number, amountPaise: bigint, from = 'r'): Past =>
  ago(minutes, { direction: 'inward', amountPaise, other: [from] })
const facts = (past: readonly Past[], change: Partial<Facts> = {}): Facts => ({
  direction: 'outward',
  amountPaise: paise(100_00n),
  at: NOON,
  other: ['a'],
  openedAt: NOON - 1_000 * DAY,
  past: [...past].sort((a, b) => b.at - a.at),
  firstPaidAt: null,
  ...change,
})
const times = (count: number, make: (i: number) => Past): Past[] => Array.from({ length: count }, (_, i) => make(i))
const amount = (amountPaise: bigint, change: Partial<Facts> = {}) => ({ amountPaise: paise(amountPaise), ...change })

const velocity: RuleSet = { velocity: { count: 5, minutes: 10 } }
const passThrough: RuleSet = { passThrough: { percent: 90, minutes: 30, least: '100000' } }
const fanIn: RuleSet = { fanIn: { remitters: 3, minutes: 60 } }
const fanOut: RuleSet = { fanOut: { beneficiaries: 3, minutes: 60 } }
const structuring: RuleSet = { structuring: { amount: '1000000', percent: 5, count: 3, minutes: 60 } }
const dormant: RuleSet = { dormant: { days: 90, amount: '50000' } }
const roundTrips: RuleSet = { roundTrips: { times: 2, minutes: 60 } }
const oddHours: RuleSet = { oddHours: { from: 23, to: 5, amount: '50000' } }
const smallHours: RuleSet = { oddHours: { from: 1, to: 4, amount: '50000' } }
const probing: RuleSet = { probing: { probe: '1000', amount: '50000', minutes: 60 } }

// Each rule at its numbers, and just below each of them.
const table: readonly (readonly [what: string, set: RuleSet, facts: Facts, fires: boolean])[] = [
  ['the fifth payment in ten minutes', velocity, facts(times(4, (i) => ago(i, {}))), true],
  ['the fourth', velocity, facts(times(3, (i) => ago(i, {}))), false],
  [
    'the fifth, when the first is ten minutes old',
    velocity,
    facts([...times(3, (i) => ago(i, {})), ago(10, {})]),
    false,
  ],
  ['credits do not count for velocity', velocity, facts(times(9, (i) => came(i, 1n))), false],
  ['what failed counts for velocity', velocity, facts(times(4, (i) => ago(i, { stands: false }))), true],

  ['90 of 100 go out again', passThrough, facts([came(10, 100_000n)], amount(90_000n)), true],
  ['a paisa less', passThrough, facts([came(10, 100_000n)], amount(89_999n)), false],
  ['in two parts', passThrough, facts([came(10, 100_000n), ago(5, { amountPaise: 50_000n })], amount(40_000n)), true],
  [
    'what came back does not count',
    passThrough,
    facts([came(10, 100_000n), ago(5, { amountPaise: 50_000n, stands: false })], amount(40_000n)),
    false,
  ],
  ['less came in than is looked at', passThrough, facts([came(10, 99_999n)], amount(99_999n)), false],
  ['it came half an hour ago', passThrough, facts([came(30, 100_000n)], amount(100_000n)), false],

  ['three remitters, and then out', fanIn, facts([came(1, 1n, 'x'), came(2, 1n, 'y'), came(3, 1n, 'z')]), true],
  ['two of them the same', fanIn, facts([came(1, 1n, 'x'), came(2, 1n, 'y'), came(3, 1n, 'x')]), false],
  ['the third an hour ago', fanIn, facts([came(1, 1n, 'x'), came(2, 1n, 'y'), came(60, 1n, 'z')]), false],
  [
    'a third remitter pays in',
    fanIn,
    facts([came(1, 1n, 'x'), came(2, 1n, 'y')], { direction: 'inward', other: ['z'] }),
    true,
  ],
  [
    'a second one again',
    fanIn,
    facts([came(1, 1n, 'x'), came(2, 1n, 'y')], { direction: 'inward', other: ['y'] }),
    false,
  ],

  ['a third new beneficiary in an hour', fanOut, facts([ago(1, { other: ['b'] }), ago(2, { other: ['c'] })]), true],
  ['a second one', fanOut, facts([ago(1, { other: ['b'] }), ago(2, { other: ['a'] })]), false],
  [
    'one of the three was paid before',
    fanOut,
    facts([ago(1, { other: ['b'] }), ago(2, { other: ['c'] }), ago(90, { other: ['c'] })]),
    false,
  ],

  [
    'a third payment just below',
    structuring,
    facts(
      times(2, (i) => ago(i, { amountPaise: 950_000n })),
      amount(1_000_000n),
    ),
    true,
  ],
  ['a second one', structuring, facts([ago(1, { amountPaise: 950_000n })], amount(1_000_000n)), false],
  [
    'one of them a paisa under the band',
    structuring,
    facts([ago(1, { amountPaise: 950_000n }), ago(2, { amountPaise: 949_999n })], amount(1_000_000n)),
    false,
  ],
  [
    'this one a paisa over it',
    structuring,
    facts(
      times(2, (i) => ago(i, { amountPaise: 950_000n })),
      amount(1_000_001n),
    ),
    false,
  ],

  ['90 days of nothing, and then this', dormant, facts([ago(90 * 1_440, {})], amount(50_000n)), true],
  ['a day less', dormant, facts([ago(89 * 1_440, {})], amount(50_000n)), false],
  ['a paisa less', dormant, facts([ago(90 * 1_440, {})], amount(49_999n)), false],
  ['the credit that woke it is of today', dormant, facts([came(5, 9n), ago(90 * 1_440, {})], amount(50_000n)), true],
  ['never used since it was opened', dormant, facts([], amount(50_000n)), true],
  ['opened last month', dormant, facts([], amount(50_000n, { openedAt: NOON - 30 * DAY })), false],
  [
    'more happened today than is looked at',
    dormant,
    facts(
      times(LOOKED_AT, (i) => ago(i, {})),
      amount(50_000n),
    ),
    false,
  ],

  ['back to whom it came from, twice', roundTrips, facts([came(9, 1n, 'a'), ago(8, {}), came(7, 1n, 'a')]), true],
  ['once', roundTrips, facts([came(9, 1n, 'a')]), false],
  ['twice out, but once in', roundTrips, facts([came(9, 1n, 'a'), ago(8, {})]), false],
  ['from somebody else', roundTrips, facts([came(9, 1n, 'x'), ago(8, {}), came(7, 1n, 'x')]), false],

  ['at midnight to somebody new', oddHours, facts([], amount(50_000n, { at: NIGHT })), true],
  ['a paisa less', oddHours, facts([], amount(49_999n, { at: NIGHT })), false],
  ['at noon', oddHours, facts([], amount(50_000n)), false],
  ['at five in the morning', oddHours, facts([], amount(50_000n, { at: NIGHT + 5 * 60 * MINUTE })), false],
  ['a minute before', oddHours, facts([], amount(50_000n, { at: NIGHT + 299 * MINUTE })), true],
  [
    'to somebody first paid a day ago',
    oddHours,
    facts([], amount(50_000n, { at: NIGHT, firstPaidAt: NIGHT - DAY })),
    false,
  ],
  [
    'to somebody first paid today',
    oddHours,
    facts([], amount(50_000n, { at: NIGHT, firstPaidAt: NIGHT - DAY + 1 })),
    true,
  ],

  ['at one, when the hours are one to four', smallHours, facts([], amount(50_000n, { at: NIGHT + 60 * MINUTE })), true],
  ['a minute before one', smallHours, facts([], amount(50_000n, { at: NIGHT + 59 * MINUTE })), false],
  ['at four', smallHours, facts([], amount(50_000n, { at: NIGHT + 240 * MINUTE })), false],

  ['₹10 and then ₹500 to the same', probing, facts([ago(5, { amountPaise: 1_000n })], amount(50_000n)), true],
  ['a paisa less', probing, facts([ago(5, { amountPaise: 1_000n })], amount(49_999n)), false],
  ['after a paisa more', probing, facts([ago(5, { amountPaise: 1_001n })], amount(50_000n)), false],
  ['to another', probing, facts([ago(5, { amountPaise: 1_000n, other: ['b'] })], amount(50_000n)), false],
  ['an hour later', probing, facts([ago(60, { amountPaise: 1_000n })], amount(50_000n)), false],
]
for (const [what, set, asked, fires] of table) {
  const [name] = ruleNames.filter((one) => set[one] !== undefined)
  assert.ok(name !== undefined)
  test(`${name}: ${what}: ${fires ? 'fires' : 'does not'}`, () => {
    assert.deepEqual(judgeRules(set, asked), {
      kind: fires ? 'review' : 'allow',
      reasons: fires ? [rules[name].reason] : [],
    })
  })
}

test('every rule is in the table, once firing and once not', () => {
  for (const name of ruleNames) {
    const rows = table.filter(([, set]) => set[name] !== undefined)
    assert.ok(rows.some(([, , , fires]) => fires) && rows.some(([, , , fires]) => !fires), name)
  }
})

test('the strictest of those that fire decides, and all of them are told', () => {
  const set: RuleSet = {
    velocity: { count: 2, minutes: 10 },
    probing: { probe: '1000', amount: '1', minutes: 60, action: 'refuse' },
  }
  const asked = facts([ago(5, { amountPaise: 1_000n })])
  assert.deepEqual(judgeRules(set, asked), { kind: 'refuse', reasons: ['velocity', 'probing'] })
})

test('a quiet account is left alone by the suggested rules: a payment now and then to whoever it may be', () => {
  const past = times(20, (i) => ago((i + 1) * 600, { amountPaise: BigInt(i + 1) * 10_000n, other: [`b${i % 7}`] }))
  assert.deepEqual(judgeRules(suggested, facts(past, amount(1_500_00n))), { kind: 'allow', reasons: [] })
})

test('whatever the past, rules answer, with words of the table only, and no reason without a verdict', () => {
  const past = fc.array(
    fc.record({
      id: fc.constant('x'),
      direction: fc.constantFrom('outward' as const, 'inward' as const),
      stands: fc.boolean(),
      amountPaise: fc.bigInt({ min: 1n, max: 100_000_000n }),
      at: fc.integer({ min: NOON - 100 * DAY, max: NOON + DAY }),
      other: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }),
    }),
    { maxLength: LOOKED_AT },
  )
  fc.assert(
    fc.property(
      past,
      fc.constantFrom('outward' as const, 'inward' as const),
      fc.bigInt({ min: 1n, max: 50_000_000n }),
      (some, direction, paid) => {
        const judged = judgeRules(suggested, facts(some, amount(paid, { direction })))
        assert.equal(judged.kind === 'allow', judged.reasons.length === 0)
        for (const reason of judged.reasons) assert.ok(knownReasons.includes(reason))
      },
    ),
    { numRuns: 2_000 },
  )
})
