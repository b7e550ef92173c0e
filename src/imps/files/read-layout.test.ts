import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shippedLayouts } from './detect.ts'
import type { Field, Layout } from './layout.ts'
import { readFile } from './read.ts'
import { readLayouts } from './read-layout.ts'

const layouts: { -readonly [K in keyof Layout]: Layout[K] }[] = JSON.parse(JSON.stringify(shippedLayouts.tables))
const named = (id: string) => structuredClone(layouts.find((one) => one.id === id)!)
const withField = (id: string, name: string, change: object) => {
  const layout = named(id)
  const fields = layout.fields.map((field): Field => (field.name === name ? { ...field, ...change } : field))
  return [{ ...layout, fields }]
}

test('the layouts that ship are ones that a bank could have written', () => {
  const signed = JSON.stringify(readLayouts(layouts).tables, (key, value) =>
    key === 'signed' && value === false ? undefined : value,
  )
  assert.deepEqual(JSON.parse(signed), layouts)
})

test('what a bank says of a name goes before what ships, on the days it is in force', async () => {
  const own = named('udir/csv/1')
  const [first, ...rest] = own.fields
  const read = readLayouts([{ ...own, id: 'bank/udir', fields: [...rest, first], trailer: undefined }])
  assert.equal(read.tables.filter(({ kind }) => kind === 'udir').length, 1)
  const text =
    'Dispute Flag,Remitter,Beneficiary,Response,Txndate,RRN,Txnamount,Adjref,Reason Code,Transaction_Type,Originating Channel,Adjdate\n' +
    'BTO,TRN,HDF,08,2026-11-26,633009000001,15.00,A1,08,F3,Auto-Update,2026-11-27\n'
  const file = await readFile('IMPSUDIRADJReportTRN271126_5C.csv', Buffer.from(text), { layouts: read })
  assert.equal(file.kind, 'read')
  const shipped = await readFile('IMPSUDIRADJReportTRN271126_5C.csv', Buffer.from(text))
  assert.equal(shipped.kind === 'refused' && shipped.refusal.fault, 'layout_mismatch')
})

const end = named('udir/csv/1').trailer!.fields
const wide = [
  ...end,
  ...Array.from({ length: 6 }, (_, index) => ({ ...end[0]!, name: `_${index}`, column: `${index}` })),
]
const fixed = 'raw_remitter/fixed/2'
const mistakes: readonly (readonly [what: RegExp, json: unknown])[] = [
  [/^layouts are not JSON$/, '['],
  [/^layouts must be a list of 1 to 100/, {}],
  [/^layouts\[0\]\.fileName must have \{BANK\}/, [{ ...named(fixed), fileName: 'x{DDMMYY}.txt' }]],
  [/^layouts\[0\]\.fileName: there is no part \{WEEK\}/, [{ ...named(fixed), fileName: '{BANK}{DDMMYY}{WEEK}' }]],
  [/^layouts\[0\]\.from must be a day/, [{ ...named(fixed), from: '2026-02-30' }]],
  [/^layouts\[0\]\.kind must be/, [{ ...named(fixed), kind: 'raw' }]],
  [/^layouts\[0\]\.form\.length is missing/, [{ ...named(fixed), form: { kind: 'fixed' } }]],
  [/fields\[4\]\.at begins before the field in front of it ends/, withField(fixed, 'rrn', { at: [8, 21] })],
  [/fields\[4\]\.at is narrower than what it says/, withField(fixed, 'rrn', { at: [9, 20] })],
  [/at is behind the end of the line/, withField(fixed, 'parentRrn', { at: [409, 422] })],
  [/fields\[4\]\.at must be two rising numbers/, withField(fixed, 'rrn', { at: [21, 9] })],
  [/\.at is for files of fixed width/, withField('udir/csv/1', 'rrn', { at: [0, 12] })],
  [/fields\[4\]\.is\.kind must be/, withField(fixed, 'rrn', { is: { kind: 'number' } })],
  [/fields\[4\]\.is\.max is missing/, withField(fixed, 'rrn', { is: { kind: 'digits', min: 1 } })],
  [/amountPaise is paise, not text/, withField(fixed, 'amountPaise', { is: { kind: 'text', max: 15 } })],
  [/the hub needs rrn in every row/, withField(fixed, 'rrn', { optional: true })],
  [/there is no rrn, which the hub needs/, withField(fixed, 'rrn', { name: '_rrn' })],
  [/the hub has no "rn" here/, withField(fixed, 'rrn', { name: 'rn' })],
  [/subType is one of F3, FC/, withField(fixed, 'subType', { is: { kind: 'code', of: ['F3', 'F4'] } })],
  [/\.same: amountPaise stands behind it/, withField(fixed, '_5', { same: 'amountPaise' })],
  [
    /\.trailer\.mark could be the first field/,
    [{ ...named('udir/csv/1'), fields: named('udir/csv/1').fields, trailer: { mark: '2026-11-27', fields: wide } }],
  ],
  [/id "udir\/csv\/1" is there twice/, [named('udir/csv/1'), named('udir/csv/1')]],
]
for (const [what, json] of mistakes)
  test(`a layout is refused in one line: ${what.source}`, () =>
    assert.throws(() => readLayouts(json), { name: 'SettingError', message: what }))
