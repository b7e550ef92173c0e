import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Result } from './rail-message.ts'
import {
  checkOverride,
  classify,
  describeResponseCode,
  originals,
  type ResponseCodeOverride,
  responseClasses,
  verifications,
} from './response-codes.ts'

const now = Date.parse('2026-02-12T08:35:09Z')
const action = (code: string, overrides?: readonly ResponseCodeOverride[]) =>
  classify('original', code, now, overrides).action
const verified = (code: string) => classify('verification', code, now).action

// protocol.md §4, typed in again: class and action of each row. S success, DS deemed, BD and TD declines, U unknown;
// K keep, R reverse, H hold and ask ("H then R" too: nothing is reversed before it is asked about).
const book = `
00 S K|91 DS K|08 TD H|M0 BD R|M1 BD R|M2 BD R|M3 BD R|M4 BD R|M5 BD R|M6 TD R|M8 BD R|M9 BD R|MA BD R|MC BD R|MF TD R
MG BD R|MH BD R|MJ BD R|MK BD R|ML BD R|MP TD R|MT BD R|MU BD R|MV TD R|MZ BD R|UB TD R|01 TD H|03 BD R|04 BD R|05 BD R
10 TD R|12 TD R|13 BD R|14 BD R|17 BD R|20 TD H|21 TD H|22 TD H|30 TD R|34 BD R|36 BD R|40 BD R|43 BD R|51 BD R|52 BD R
54 BD R|57 BD R|58 BD R|61 BD R|62 BD R|63 TD R|65 BD R|68 U H|75 BD R|90 TD R|92 TD R|94 U H|96 TD H|NA U H|80 U H
0 U H|CE U H|02 U H|MB U H|MD U H|ME U H|MI U H|MM U H|MN U H|MO U H|MQ U H|MR U H|MS U H|MW U H|MX U H|MY U H|UT U H|BT U H|U01 U H|U02 U H|U03 U H`
  .split(/[|\n]/)
  .filter((row) => row !== '')
  .map((row) => row.split(' '))

const classes = { S: 'success', DS: 'deemed', BD: 'businessDecline', TD: 'technicalDecline', U: 'unknown' }
const actions = { K: 'keep', R: 'reverse', H: 'ask' }

test('the table of originals is the reference, row for row', () => {
  const table = originals.map((row) => [row.code, row.class, row.action])
  const expected = book.map(([code, kind, act]) => [
    code,
    classes[kind as keyof typeof classes],
    actions[act as keyof typeof actions],
  ])
  assert.deepEqual(table.sort(), expected.sort())
})

for (const row of originals) {
  test(`original ${row.code} (${row.meaning}): ${row.action}`, () => {
    const found = classify('original', row.code, now)
    assert.deepEqual([found.class, found.action], [row.class, row.action])
    const allowed: readonly string[] = responseClasses[row.class].actions
    assert.ok(allowed.includes(row.action), `${row.class} may not ${row.action}`)
    assert.ok(row.action !== 'ask' || !row.retryable, 'what is open must not be paid again')
    assert.ok(row.action !== 'keep' || !row.retryable, 'what is paid must not be paid again')
  })
}

test('no code is in a table twice', () => {
  for (const table of [originals, verifications]) {
    assert.equal(new Set(table.map(({ code }) => code)).size, table.length)
  }
})

test('a verification decides by 00, 91 and M0 only; whatever else it says is asked again', () => {
  assert.deepEqual([verified('00'), verified('91'), verified('M0')], ['keep', 'keep', 'reverse'])
  assert.equal(classify('verification', '91', now).class, 'deemed')
  for (const { code } of originals) {
    if (code !== '00' && code !== '91' && code !== 'M0') assert.equal(verified(code), 'ask', code)
  }
})

test('a code that no table knows is never reversed and never kept: it is asked about', () => {
  const known = new Set(originals.map(({ code }) => code))
  fc.assert(
    fc.property(
      fc.string({ maxLength: 4 }),
      fc.constantFrom('original' as const, 'verification' as const),
      (code, wire) => {
        if (known.has(code)) return
        const { class: found, action: does } = classify(wire, code, now)
        assert.deepEqual([found, does], ['unknown', 'ask'])
      },
    ),
  )
})

// What the XML wire says twice, as result and as code: one line each. @source protocol.md §2.4, §4
const twice: readonly (readonly [
  'original' | 'verification',
  Result,
  code: string,
  saysClass: string,
  does: string,
])[] = [
  ['original', 'SUCCESS', '00', 'success', 'keep'],
  ['original', 'SUCCESS', '91', 'deemed', 'keep'],
  ['original', 'SUCCESS', 'M1', 'unknown', 'ask'],
  ['original', 'SUCCESS', 'UT', 'unknown', 'ask'],
  ['original', 'FAILURE', '00', 'unknown', 'ask'],
  ['original', 'FAILURE', '91', 'unknown', 'ask'],
  ['original', 'FAILURE', 'M1', 'businessDecline', 'reverse'],
  ['original', 'FAILURE', 'M6', 'technicalDecline', 'reverse'],
  ['original', 'FAILURE', '08', 'technicalDecline', 'ask'],
  ['original', 'FAILURE', 'U01', 'unknown', 'ask'],
  ['original', 'FAILURE', '', 'unknown', 'ask'],
  ['original', 'DEEMED', '91', 'deemed', 'keep'],
  ['original', 'DEEMED', 'M0', 'deemed', 'keep'],
  ['original', 'DEEMED', '', 'deemed', 'keep'],
  ['verification', 'SUCCESS', '00', 'success', 'keep'],
  ['verification', 'SUCCESS', '91', 'deemed', 'keep'],
  ['verification', 'SUCCESS', 'M0', 'unknown', 'ask'],
  ['verification', 'FAILURE', 'M0', 'businessDecline', 'reverse'],
  ['verification', 'FAILURE', 'M1', 'unknown', 'ask'],
  ['verification', 'FAILURE', '00', 'unknown', 'ask'],
  ['verification', 'FAILURE', '91', 'unknown', 'ask'],
  ['verification', 'DEEMED', 'M0', 'deemed', 'keep'],
]

for (const [wire, result, code, saysClass, does] of twice) {
  test(`${result} with ${code === '' ? 'no code' : code} in answer to ${wire === 'original' ? 'an original' : 'a verification'}: ${does}`, () => {
    const read = classify(wire, code, now, [], result)
    assert.deepEqual([read.class, read.action], [saysClass, does])
  })
}

test('only a FAILURE reverses, and only where the code alone would', () => {
  const codes = fc.oneof(fc.constantFrom(...originals.map((row) => row.code)), fc.string({ maxLength: 4 }))
  const wires = fc.constantFrom('original' as const, 'verification' as const)
  fc.assert(
    fc.property(wires, codes, fc.constantFrom('SUCCESS', 'FAILURE', 'DEEMED'), (wire, code, result: Result) => {
      const read = classify(wire, code, now, [], result)
      if (read.action !== 'reverse') return
      assert.equal(result, 'FAILURE')
      assert.equal(classify(wire, code, now).action, 'reverse')
    }),
  )
})

test('names that objects are born with are unknown codes too', () => {
  for (const code of ['__proto__', 'constructor', 'toString', '']) assert.equal(action(code), 'ask')
})

const override = (over: Partial<ResponseCodeOverride>): ResponseCodeOverride => ({
  wire: 'original',
  code: '08',
  class: 'technicalDecline',
  action: 'reverse',
  ...over,
})

test('an override holds from its day in India on, not a millisecond before, and the latest that has come wins', () => {
  const rows = [
    override({ from: '2026-04-01' }),
    override({ from: '2026-02-01', class: 'unknown', action: 'ask', meaning: 'Asked since February' }),
  ]
  const dawn = Date.parse('2026-03-31T18:30:00Z')
  assert.equal(classify('original', '08', Date.parse('2026-01-31T18:29:59Z'), rows).meaning, 'Beneficiary bank offline')
  assert.equal(classify('original', '08', dawn - 1, rows).meaning, 'Asked since February')
  assert.equal(classify('original', '08', dawn - 1, rows).action, 'ask')
  assert.equal(classify('original', '08', dawn, rows).action, 'reverse')
})

test('an override is for one table and one code', () => {
  assert.equal(action('08', [override({})]), 'reverse')
  assert.equal(classify('verification', '08', now, [override({})]).action, 'ask')
  assert.equal(action('96', [override({})]), 'ask')
})

test('an override can name a code that has no public meaning', () => {
  const rows = [override({ code: 'MB', class: 'businessDecline', name: 'mb_declined', meaning: 'Declined' })]
  assert.equal(action('MB', rows), 'reverse')
  assert.deepEqual(describeResponseCode('MB', 'original', now, rows), {
    code: 'mb_declined',
    source: 'npci',
    message: 'Declined',
    retryable: false,
    raw: 'MB',
  })
})

test('no override may reverse 91, unapprove 00, or make a verification decline by anything but M0', () => {
  const wrong: readonly Partial<ResponseCodeOverride>[] = [
    { code: '91' },
    { code: '91', wire: 'verification', class: 'businessDecline' },
    { code: '00', class: 'businessDecline' },
    { code: '00', class: 'unknown', action: 'ask' },
    { wire: 'verification', code: '08' },
    { class: 'success', action: 'reverse' },
    { class: 'unknown', action: 'reverse' },
    { class: 'unknown', action: 'keep' },
    { class: 'deemed', action: 'ask' },
    { class: 'businessDecline', action: 'ask', retryable: true },
  ]
  for (const over of wrong) {
    assert.throws(
      () => checkOverride(override(over), 'profile.responseCodes[0]'),
      /^SettingError: profile\.responseCodes\[0\]/,
    )
  }
  checkOverride(override({}), 'row')
  checkOverride(override({ wire: 'verification', code: 'M0', class: 'businessDecline' }), 'row')
})

test('the public words of a response code say who, why and whether to try again', () => {
  assert.deepEqual(describeResponseCode('M5'), {
    code: 'beneficiary_account_closed',
    source: 'beneficiary_bank',
    message: 'Beneficiary account closed',
    retryable: false,
    raw: 'M5',
  })
  assert.equal(describeResponseCode('M6').retryable, true)
  assert.deepEqual(describeResponseCode('ZZ'), {
    code: 'undocumented',
    source: 'npci',
    message: 'No documented meaning',
    retryable: false,
    raw: 'ZZ',
  })
})
