import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { addDays, istInstant } from '../../imps/disputes/days.ts'
import { matrix } from '../../imps/disputes/matrix.ts'
import { decided, faultOf, netOf, withOwn } from '../../imps/disputes/own.ts'
import {
  type Condition,
  conditions,
  disputeStates,
  type Family,
  families,
  isClosed,
  type Rule,
  rulesOn,
} from '../../imps/disputes/rule.ts'
import { ruleTable } from '../../imps/disputes/table.ts'
import {
  advanceDispute,
  clockOf,
  type Dispute,
  type Event,
  followUps,
  none,
  opens,
  type Standing,
  untilOf,
} from './dispute.ts'

const T = '2026-11-20'
const noon = (day: string): number => istInstant(day, '12:00')
const facts = (...without: readonly Condition[]): ReadonlySet<Condition> =>
  new Set(conditions.filter((one) => !without.includes(one)))
const standing = (over: Partial<Standing> = {}): Standing => ({
  amountPaise: 3_000_000n,
  on: T,
  facts: facts(),
  ...over,
})
const ask = (
  flag: string,
  reason: string,
  by: 'remitter' | 'beneficiary' | 'npci' | 'bank',
  over: Partial<Extract<Event, { kind: 'asked' }>> = {},
) =>
  ({
    kind: 'asked',
    flag,
    reason,
    by,
    at: noon(addDays(T, 1)),
    amountPaise: 3_000_000n,
    hasEvidence: true,
    ...over,
  }) as const
const report = (flag: string, reason: string, on = addDays(T, 1), verdictFor?: 'remitter' | 'beneficiary') =>
  ({ kind: 'reported', flag, reason, on, ...(verdictFor && { verdictFor }) }) as const

/** A dispute after these reports, each a day after the one before. */
function after(family: Family, ...said: readonly (readonly [string, string])[]): Dispute {
  return said.reduce<Dispute>(
    (dispute, [flag, reason], index) => {
      const on = addDays(T, index + 1)
      const step = advanceDispute(dispute, report(flag, reason, on), standing(), matrix)
      assert.ok(step.kind === 'moved', `${flag} ${reason}: ${step.kind}`)
      return { family, state: step.to, flag, reason, on, net: dispute.net + netOf[step.funds] }
    },
    none(family, standing()),
  )
}

test('the matrix leaves no money with nobody, and no two of its rows hold at once', () => {
  assert.equal(faultOf(matrix), undefined)
})

describe('the matrix as it holds at the end of November 2026', () => {
  // What §4.1 says of each flag: who, from where, to where, money, days. Written by hand from the reference.
  const rows: readonly (readonly [
    flag: string,
    reason: string,
    family: Family,
    path: string,
    to: string,
    funds: string,
    days: number | null,
  ])[] = [
    ['B', '108', 'chargeback', '', 'raised', 'to_remitter', 45],
    ['A', '111', 'chargeback', 'B:108', 'for_remitter', 'none', 3],
    ['R', '208', 'chargeback', 'B:108', 'represented', 'to_beneficiary', 3],
    ['R', '209', 'chargeback', 'B:108', 'represented', 'to_beneficiary', 3],
    ['IA', '9886', 'chargeback', 'B:108', 'for_remitter', 'none', null],
    ['IA', '9887', 'chargeback', 'B:108', 'represented', 'to_beneficiary', null],
    ['P', '109', 'chargeback', 'B:108 R:208', 'pre_arbitration', 'none', 30],
    ['AP', '111', 'chargeback', 'B:108 R:208 P:109', 'for_remitter', 'to_remitter', 5],
    ['PR', '112', 'chargeback', 'B:108 R:208 P:109', 'pre_arbitration_declined', 'none', 5],
    ['AR', '1100', 'chargeback', 'B:108 R:208 P:109 PR:113', 'arbitration', 'none', 15],
    ['ACW', '1103', 'chargeback', 'B:108 R:208 P:109 PR:113 AR:1100', 'withdrawn', 'none', 15],
    ['ACA', '1101', 'chargeback', 'B:108 R:208 P:109 PR:113 AR:1100', 'for_remitter', 'to_remitter', 15],
    ['ACC', '1102', 'chargeback', 'B:108 R:208 P:109 PR:113 AR:1100', 'arbitration_continued', 'none', 15],
    ['ACV', '1104', 'chargeback', 'B:108 R:208 P:109 PR:113 AR:1100 ACC:1102', 'for_remitter', 'to_remitter', 60],
    ['FB', '121', 'deferred', '', 'raised', 'none', 45],
    ['FA', '122', 'deferred', 'FB:121', 'for_remitter', 'to_remitter', 4],
    ['FR', '123', 'deferred', 'FB:121', 'represented', 'none', 4],
    ['FP', '124', 'deferred', 'FB:121 FR:123', 'pre_arbitration', 'none', 15],
    ['FAP', '125', 'deferred', 'FB:121 FR:123 FP:124', 'for_remitter', 'to_remitter', 5],
    ['FPR', '126', 'deferred', 'FB:121 FR:123 FP:124', 'pre_arbitration_declined', 'none', 5],
    ['FAR', '127', 'deferred', 'FB:121 FR:123 FP:124 FPR:126', 'arbitration', 'none', 15],
    ['FC', '128', 'fraud', '', 'raised', 'to_remitter', 45],
    ['FCA', '129', 'fraud', 'FC:128', 'for_remitter', 'none', 25],
    ['FCA', '133', 'fraud', 'FC:128', 'for_remitter', 'none', null],
    ['FCR', '130', 'fraud', 'FC:128', 'for_beneficiary', 'to_beneficiary', 25],
    ['DFC', '128', 'deferred_fraud', '', 'raised', 'none', 45],
    ['DFCA', '129', 'deferred_fraud', 'DFC:128', 'for_remitter', 'to_remitter', 15],
    ['DFCR', '132', 'deferred_fraud', 'DFC:128', 'for_beneficiary', 'none', 15],
    ['WP', 'WC1', 'wrong_payment', '', 'raised', 'to_remitter', 45],
    ['WPA', 'WC2', 'wrong_payment', 'WP:WC1', 'for_remitter', 'none', 25],
    ['WPR', 'WC4', 'wrong_payment', 'WP:WC1', 'for_beneficiary', 'to_beneficiary', 25],
    ['WPD', 'WC5', 'wrong_payment', 'WP:WC1', 'for_remitter', 'none', null],
    ['DWC', 'DWC1', 'deferred_wrong_payment', '', 'raised', 'none', 45],
    ['DWCA', 'DWC6', 'deferred_wrong_payment', 'DWC:DWC1', 'for_remitter', 'to_remitter', 25],
    ['DWCR', 'DWC8', 'deferred_wrong_payment', 'DWC:DWC1', 'for_beneficiary', 'none', 25],
    ['DWDA', 'DWC9', 'deferred_wrong_payment', 'DWC:DWC1', 'for_remitter', 'to_remitter', null],
    ['C', '1084', 'credit_adjustment', '', 'for_remitter', 'to_remitter', 45],
    ['BGGC', 'BGA1', 'beneficiary_good_faith', '', 'raised', 'to_remitter', null],
    ['RGAC', 'RCA1', 'beneficiary_good_faith', 'BGGC:BGA1', 'for_remitter', 'none', 3],
    ['RGRC', 'RGR7', 'beneficiary_good_faith', 'BGGC:BGA1', 'for_beneficiary', 'to_beneficiary', 3],
    ['RGCD', 'RCA2', 'beneficiary_good_faith', 'BGGC:BGA1', 'for_remitter', 'none', null],
    ['RGGC', 'RGA5', 'remitter_good_faith', '', 'raised', 'to_beneficiary', null],
    ['BGAC', 'BCA1', 'remitter_good_faith', 'RGGC:RGA1', 'for_beneficiary', 'none', 3],
    ['BGRC', 'BGR1', 'remitter_good_faith', 'RGGC:RGA1', 'for_remitter', 'to_remitter', 3],
    ['BGCD', 'BCA2', 'remitter_good_faith', 'RGGC:RGA1', 'for_beneficiary', 'none', null],
  ]
  for (const [flag, reason, family, path, to, funds, days] of rows) {
    test(`${flag} ${reason} after ${path || 'nothing'}: ${to}, ${funds}${days === null ? '' : `, ${days} days`}`, () => {
      const steps =
        path === ''
          ? []
          : path.split(' ').map((one): [string, string] => [one.split(':')[0] ?? '', one.split(':')[1] ?? ''])
      const dispute = after(family, ...steps)
      const step = advanceDispute(dispute, report(flag, reason, addDays(T, steps.length + 1)), standing(), matrix)
      assert.ok(step.kind === 'moved', step.kind)
      assert.equal(step.to, to)
      assert.equal(step.funds, funds)
      assert.equal(step.rule?.within?.days ?? null, days)
      // In the last second of its time it may be said, and a second later not.
      const end = step.rule && untilOf(step.rule, dispute, standing())
      const [by] = step.rule?.by ?? []
      if (days === null || by === undefined || end === null || end === undefined) return
      assert.equal(end, istInstant(addDays(step.rule?.within?.since === 'step' ? dispute.on : T, days + 1), '00:00'))
      const said = (at: number) => advanceDispute(dispute, ask(flag, reason, by, { at }), standing(), matrix).kind
      assert.deepEqual([said(end), said(end + 1)], ['moved', 'refused'])
    })
  }
  test('every row in force is one of these, or a verdict, the panel or the bank itself', () => {
    const here = new Set(rows.map(([flag]) => flag))
    const missing = rulesOn(matrix, '2026-11-27').filter(({ flag }) => !here.has(flag))
    assert.deepEqual([...new Set(missing.map(({ flag }) => flag))], ['PRD'])
  })
})

describe('what circulars changed', () => {
  const cases: readonly (readonly [
    what: string,
    day: string,
    flag: string,
    field: (rule: Rule) => unknown,
    is: unknown,
  ])[] = [
    ['a chargeback had 60 days', '2025-08-26', 'B', (rule) => rule.within?.days, 60],
    ['and has 45 since OC 127', '2025-08-27', 'B', (rule) => rule.within?.days, 45],
    ['a credit adjustment had 180 days', '2025-08-26', 'C', (rule) => rule.within?.days, 180],
    ['pre-arbitration moved the money when it was raised', '2025-08-26', 'P', (rule) => rule.funds, 'to_remitter'],
    ['and moves none in the newer master', '2025-08-27', 'P', (rule) => rule.funds, 'none'],
    ['its accept then moved none', '2025-08-26', 'AP', (rule) => rule.funds, 'none'],
    ['its decline gave the money back', '2025-08-26', 'PR', (rule) => rule.funds, 'to_beneficiary'],
  ]
  for (const [what, day, flag, field, is] of cases)
    test(what, () => {
      const rule = rulesOn(matrix, day).find((one) => one.flag === flag)
      assert.ok(rule !== undefined)
      assert.equal(field(rule), is)
    })
  const begins: readonly (readonly [string, string])[] = [
    ['FC', '2025-04-20'],
    ['IA', '2025-08-27'],
    ['BGGC', '2025-11-27'],
    ['DFC', '2026-08-15'],
    ['SR', '2027-01-01'],
  ]
  for (const [flag, day] of begins)
    test(`${flag} is there from ${day} on`, () => {
      assert.ok(rulesOn(matrix, day).some((one) => one.flag === flag))
      assert.ok(!rulesOn(matrix, addDays(day, -1)).some((one) => one.flag === flag))
    })
  test('what was raised under the old rules is answered under them: the money does not come twice', () => {
    const on = '2025-08-26'
    const raised: Dispute = { family: 'chargeback', state: 'pre_arbitration', flag: 'P', reason: '109', on, net: 1 }
    const step = advanceDispute(raised, report('AP', '111', '2025-08-28'), standing({ on: '2025-08-01' }), matrix)
    assert.ok(step.kind === 'moved' && step.funds === 'none')
  })
})

describe('what may not be asked for says why, and what may instead', () => {
  const b = none('chargeback', standing())
  const cases: readonly (readonly [
    what: string,
    dispute: Dispute,
    event: Event,
    over: Partial<Standing>,
    why: string,
    says: RegExp,
  ])[] = [
    [
      'with a TCC on record',
      b,
      ask('B', '108', 'remitter'),
      { facts: facts('no_tcc') },
      'blocked',
      /Chargeback \(B\) is not allowed: a TCC is on record; raise FB/,
    ],
    [
      'a fraud with a TCC on record',
      none('fraud', standing()),
      ask('FC', '128', 'remitter'),
      { facts: facts('no_tcc') },
      'blocked',
      /raise DFC$/,
    ],
    [
      'a wrong payment with a TCC',
      none('wrong_payment', standing()),
      ask('WP', 'WC1', 'remitter'),
      { facts: facts('no_tcc') },
      'blocked',
      /raise DWC$/,
    ],
    [
      'a deferred one without a TCC',
      none('deferred', standing()),
      ask('FB', '121', 'remitter'),
      { facts: facts('tcc') },
      'blocked',
      /no TCC is on record; raise B$/,
    ],
    ['after a RET', b, ask('B', '108', 'remitter'), { facts: facts('no_return') }, 'blocked', /has returned the money/],
    ['of what was not deemed', b, ask('B', '108', 'remitter'), { facts: facts('deemed') }, 'blocked', /not deemed/],
    [
      'of what was declined',
      none('fraud', standing()),
      ask('FC', '128', 'remitter'),
      { facts: facts('not_declined') },
      'blocked',
      /declined payments get no adjustments/,
    ],
    [
      'on the day itself up to 25,000 rupees',
      b,
      ask('B', '108', 'remitter', { at: noon(T), amountPaise: 2_500_000n }),
      {},
      'same_day',
      /on the day of the payment up to ₹25,000.00/,
    ],
    ['by the wrong bank', b, ask('B', '108', 'beneficiary'), {}, 'wrong_bank', /for the remitter bank to say/],
    ['for a reason it does not have', b, ask('B', '109', 'remitter'), {}, 'wrong_reason', /takes 108, not 109/],
    [
      'for more than was paid',
      b,
      ask('B', '108', 'remitter', { amountPaise: 3_000_001n }),
      {},
      'amount',
      /is for ₹0.01 to ₹30,000.00/,
    ],
    ['for nothing', b, ask('B', '108', 'remitter', { amountPaise: 0n }), {}, 'amount', /1 to/],
    [
      'before it is in force',
      b,
      ask('IA', '9886', 'npci', { at: noon('2025-08-01') }),
      { on: '2025-08-01' },
      'not_in_force',
      /not in force/,
    ],
    ['of another family', b, ask('FC', '128', 'remitter'), {}, 'unknown_flag', /no flag of this dispute/],
    ['out of its order', b, ask('R', '208', 'beneficiary'), {}, 'wrong_state', /not possible: the dispute is none/],
    [
      'to represent without having credited',
      after('chargeback', ['B', '108']),
      ask('R', '208', 'beneficiary'),
      { facts: facts('credited') },
      'blocked',
      /has not been credited/,
    ],
    [
      'to represent without papers',
      after('chargeback', ['B', '108']),
      ask('R', '208', 'beneficiary', { hasEvidence: false }),
      {},
      'evidence',
      /needs a file of evidence/,
    ],
    [
      'the same good-faith credit twice',
      none('beneficiary_good_faith', standing()),
      ask('BGGC', 'BGA1', 'beneficiary'),
      { facts: facts('once') },
      'blocked',
      /made before/,
    ],
  ]
  for (const [what, dispute, event, over, why, says] of cases)
    test(what, () => {
      const step = advanceDispute(dispute, event, standing(over), matrix)
      assert.ok(step.kind === 'refused', step.kind)
      assert.equal(step.why, why)
      assert.match(step.says.text, says)
    })
  test('on the day itself above 25,000 rupees it may', () => {
    assert.equal(
      advanceDispute(b, ask('B', '108', 'remitter', { at: noon(T), amountPaise: 2_500_001n }), standing(), matrix).kind,
      'moved',
    )
  })
})

describe('when the time is over', () => {
  const cases: readonly (readonly [what: string, dispute: Dispute, days: number, is: string])[] = [
    ['a chargeback is deemed accepted after T+3', after('chargeback', ['B', '108']), 3, 'moved for_remitter A none'],
    [
      'a re-presentment stands after 30 days',
      after('chargeback', ['B', '108'], ['R', '208']),
      30,
      'moved for_beneficiary none',
    ],
    [
      'a fraud chargeback is deemed accepted after 25 days',
      after('fraud', ['FC', '128']),
      25,
      'moved for_remitter FCA none',
    ],
    [
      'a deferred fraud chargeback would move money, and that only NPCI’s report does',
      after('deferred_fraud', ['DFC', '128']),
      15,
      'people',
    ],
    ['a wrong payment after 25 days', after('wrong_payment', ['WP', 'WC1']), 25, 'moved for_remitter WPD none'],
    ['a deferred wrong payment too', after('deferred_wrong_payment', ['DWC', 'DWC1']), 25, 'people'],
    [
      'a good-faith credit after 3 days',
      after('beneficiary_good_faith', ['BGGC', 'BGA1']),
      3,
      'moved for_remitter RGCD none',
    ],
    [
      'a good-faith credit the other way after 3 days',
      after('remitter_good_faith', ['RGGC', 'RGA1']),
      3,
      'moved for_beneficiary BGCD none',
    ],
    ['what no circular says is for people', after('deferred', ['FB', '121']), 4, 'people'],
    ['pre-arbitration too', after('chargeback', ['B', '108'], ['R', '208'], ['P', '109']), 5, 'people'],
  ]
  for (const [what, dispute, days, is] of cases)
    test(what, () => {
      const end = istInstant(addDays(dispute.on, days + 1), '00:00')
      assert.equal(clockOf(dispute, matrix)?.at, end)
      const at = (now: number) => advanceDispute(dispute, { kind: 'lapsed', at: now }, standing(), matrix)
      assert.equal(at(end).kind, 'repeated')
      const step = at(end + 1)
      assert.equal(
        step.kind === 'moved' ? ['moved', step.to, step.rule?.flag, step.funds].filter(Boolean).join(' ') : step.kind,
        is,
      )
    })
})

// Goal: whatever order reports come in and however often, money is where the dispute says. Method: random flags against the pure machine.
test('in any history the money never moves twice, and is with whom the dispute ended for', () => {
  const flags = [
    ...new Set(
      matrix.flatMap((rule) =>
        rule.reasons.concat(rule.reasons.length === 0 ? ['X1'] : []).map((reason) => `${rule.flag} ${reason}`),
      ),
    ),
  ]
  const said = fc.record({
    flag: fc.constantFrom(...flags),
    verdictFor: fc.constantFrom('remitter', 'beneficiary'),
    days: fc.nat(40),
    lapse: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.constantFrom(...families), fc.array(said, { maxLength: 60 }), (family, history) => {
      let dispute = none(family, standing({ on: '2025-09-01' }))
      let on = '2025-09-01'
      for (const one of history) {
        on = addDays(on, one.days)
        const [flag = '', reason = ''] = one.flag.split(' ')
        const step = one.lapse
          ? advanceDispute(dispute, { kind: 'lapsed', at: noon(on) }, standing(), matrix)
          : advanceDispute(
              dispute,
              report(flag, reason, on, one.verdictFor === 'remitter' ? 'remitter' : 'beneficiary'),
              standing(),
              matrix,
            )
        if (step.kind !== 'moved') continue
        if (step.rule === null) dispute = { ...dispute, state: step.to }
        else
          dispute = { family, state: step.to, flag: step.rule.flag, reason, on, net: dispute.net + netOf[step.funds] }
        const least = family === 'remitter_good_faith' ? -1 : 0
        assert.ok(dispute.net >= least && dispute.net <= least + 1, `${dispute.state} with ${dispute.net}`)
        if (family === 'shadow_reversal') assert.equal(dispute.net, 0)
        else if (dispute.state === 'for_remitter') assert.equal(dispute.net, least + 1)
        if (dispute.state === 'for_beneficiary') assert.equal(dispute.net, least)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('every state has an answer to every flag and to the end of its time, and the same report again changes nothing', () => {
  const all = [...new Set(matrix.map(({ flag }) => flag))]
  for (const family of families)
    for (const state of disputeStates)
      for (const flag of [...all, 'ZZ'])
        for (const net of [0, 1]) {
          const dispute: Dispute = { family, state, flag: 'B', reason: '108', on: T, net }
          for (const event of [
            report(flag, '1'),
            ask(flag, '1', 'remitter'),
            { kind: 'lapsed', at: noon(T) } as const,
          ]) {
            const step = advanceDispute(dispute, event, standing(), matrix)
            assert.ok(['moved', 'repeated', 'refused', 'people'].includes(step.kind))
          }
        }
  for (const rule of rulesOn(matrix, '2027-01-02')) {
    const reason = rule.reasons[0] ?? 'X1'
    if (rule.to === 'panel') continue
    const there: Dispute = {
      family: rule.families[0] ?? 'chargeback',
      state: rule.to,
      flag: rule.flag,
      reason,
      on: '2027-01-02',
      net: 0,
    }
    assert.equal(
      advanceDispute(there, report(rule.flag, reason, '2027-01-03'), standing(), matrix).kind,
      'repeated',
      rule.flag,
    )
  }
})

test('a flag opens one family, and what may follow is found', () => {
  assert.equal(opens(matrix, 'B'), 'chargeback')
  assert.equal(opens(matrix, 'R'), undefined)
  assert.deepEqual(
    followUps('fraud', 'raised', T, matrix).map(({ flag, by }) => `${flag} ${by.join()}`),
    ['FCA beneficiary', 'FCA npci', 'FCR beneficiary'],
  )
})

describe("a bank's own rows", () => {
  const shorter: Rule = {
    ...(rulesOn(matrix, T).find(({ flag }) => flag === 'B') as Rule),
    within: { days: 30, since: 'transaction', until: '17:30' },
    validFrom: '2027-02-01',
    source: 'own',
  }
  test('stand in for those of the matrix from their day on', () => {
    const rules = withOwn(matrix, [shorter])
    assert.equal(faultOf(rules), undefined)
    const daysOn = (day: string) =>
      rulesOn(rules, day)
        .filter(({ flag }) => flag === 'B')
        .map(({ within }) => within?.days)
    assert.deepEqual([daysOn('2027-01-31'), daysOn('2027-02-01')], [[45], [30]])
  })
  const wrong: readonly (readonly [string, Partial<Rule>, RegExp])[] = [
    ['that would leave the money with nobody', { funds: 'none' }, /money is not where the dispute ends/],
    ['that are deemed something nobody can say', { lapse: { kind: 'deemed', flag: 'ZZ', reason: '1' } }, /deemed ZZ 1/],
    ['that end before they begin', { validUntil: '2026-01-01' }, /ends before it begins/],
    ['that say nothing of their lapse', { lapse: null }, /must say what follows its lapse/],
    ['that open two families', { families: ['chargeback', 'deferred'] }, /more than one family/],
  ]
  for (const [what, change, says] of wrong)
    test(`${what} are refused`, () => assert.match(faultOf(withOwn(matrix, [{ ...shorter, ...change }])) ?? '', says))
  test('two that hold at once are refused', () => assert.match(faultOf([...matrix, shorter]) ?? '', /both hold/))
})

test('a verdict moves what is not there already', () => {
  const panel = matrix.filter(({ flag, from }) => flag === 'PRD' && from.includes('panel'))
  assert.deepEqual(
    panel.flatMap((rule) => [0, 1].map((net) => decided(rule, net))),
    ['to_remitter', 'none', 'none', 'to_beneficiary'],
  )
  assert.ok(isClosed('withdrawn') && !isClosed('panel'))
})

test('the guide has the table as it is: npm run disputes -- rules --write', () => {
  const guide = readFileSync(new URL('../../../docs/guides/disputes.md', import.meta.url), 'utf8')
  assert.ok(guide.includes(ruleTable(matrix)))
})
