import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Layouts, layoutFor, recognise, shippedLayouts } from './detect.ts'
import type { Field, Layout } from './layout.ts'
import { readLayouts } from './own-layouts.ts'
import { readFile } from './read.ts'

const layouts: { -readonly [K in keyof Layout]: Layout[K] }[] = JSON.parse(JSON.stringify(shippedLayouts.tables))
const named = (id: string) => structuredClone(layouts.find((one) => one.id === id)!)
const withField = (id: string, name: string, change: object) => {
  const layout = named(id)
  const fields = layout.fields.map((field): Field => (field.name === name ? { ...field, ...change } : field))
  return [{ ...layout, fields }]
}

/** Under an id of its own: what ships has its own. */
const renamed = <T extends { readonly id: string }>(one: T): T => ({ ...one, id: `bank/${one.id}` })
const readOwn = (tables: object, more: object = {}): Layouts => readLayouts(JSON.stringify({ tables, ...more }))

test('the layouts that ship are ones that a bank could have written', () => {
  const own = readOwn(layouts.map(renamed), {
    settlementStatements: shippedLayouts.statements.map(renamed),
    bankStatements: shippedLayouts.csvProfiles,
  })
  const { tables, statements, csvProfiles } = JSON.parse(
    JSON.stringify(own, (key, value) => (key === 'signed' && value === false ? undefined : value)),
  )
  assert.deepEqual(tables, layouts.map(renamed))
  assert.deepEqual(statements, shippedLayouts.statements.map(renamed))
  assert.deepEqual(csvProfiles, shippedLayouts.csvProfiles)
})

test('what a bank says of a name goes before what ships, on the days it is in force', async () => {
  const own = named('udir/csv/1')
  const [first, ...rest] = own.fields
  const read = readOwn([{ ...own, id: 'bank/udir', fields: [...rest, first], trailer: undefined }])
  assert.equal(read.tables.filter(({ kind }) => kind === 'udir').length, 1)
  const text =
    'Dispute Flag,Remitter,Beneficiary,Response,Txndate,RRN,Txnamount,Adjref,Reason Code,Transaction_Type,Originating Channel,Adjdate\n' +
    'BTO,TRN,HDF,08,2026-11-26,633009000001,15.00,A1,08,F3,Auto-Update,2026-11-27\n'
  const file = await readFile('IMPSUDIRADJReportTRN271126_5C.csv', Buffer.from(text), { layouts: read })
  assert.equal(file.kind, 'read')
  const shipped = await readFile('IMPSUDIRADJReportTRN271126_5C.csv', Buffer.from(text))
  assert.equal(shipped.kind === 'refused' && shipped.refusal.fault, 'layout_mismatch')
})

test('from the day of the first own version on only own ones hold; what ships holds before', () => {
  const csv = named('raw_remitter/csv/1')
  const read = readOwn([{ ...csv, id: 'bank/raw', from: '2026-03-01' }])
  const at = (day: string) => recognise(`IMPSISSRTRN${day}_5C.csv`, read).layout.id
  // One that ships is from 2026-05-05: it does not come back over the bank's own.
  assert.deepEqual(['280226', '010326', '050526'].map(at), ['raw_remitter/csv/1', 'bank/raw', 'bank/raw'])
})

test('files for NPCI are written as the bank has it, whatever they are called', () => {
  const read = readOwn([
    { ...named('upload_classic/csv/1'), id: 'bank/up', fileName: 'UP_{BANK}_{YYYYMMDD}_{SERIAL}.csv' },
  ])
  assert.equal(layoutFor('upload_classic', '2026-11-27', 'csv', read).id, 'bank/up')
})

const end = named('udir/csv/1').trailer!.fields
const wide = [
  ...end,
  ...Array.from({ length: 6 }, (_, index) => ({ ...end[0]!, name: `_${index}`, column: `${index}` })),
]
const fixed = 'raw_remitter/fixed/2'
const mistakes: readonly (readonly [
  what: RegExp,
  tables: readonly (Record<string, unknown> & { readonly id: string })[],
])[] = [
  [
    /^layouts\.tables\[0\] \(bank\/raw_remitter\/fixed\/2\)\.fileName must have \{BANK\}/,
    [{ ...named(fixed), fileName: 'x{DDMMYY}.txt' }],
  ],
  [
    /^layouts\.tables\[0\] \(bank\/raw_remitter\/fixed\/2\)\.fileName: there is no part \{WEEK\}/,
    [{ ...named(fixed), fileName: '{BANK}{DDMMYY}{WEEK}' }],
  ],
  [
    /^layouts\.tables\[0\] \(bank\/raw_remitter\/fixed\/2\)\.from must be a day/,
    [{ ...named(fixed), from: '2026-02-30' }],
  ],
  [/^layouts\.tables\[0\] \(bank\/raw_remitter\/fixed\/2\)\.kind must be/, [{ ...named(fixed), kind: 'raw' }]],
  [
    /^layouts\.tables\[0\] \(bank\/raw_remitter\/fixed\/2\)\.form\.length is missing/,
    [{ ...named(fixed), form: { kind: 'fixed' } }],
  ],
  [
    /fields\[4\] \(Transaction serial number \(RRN\)\)\.at begins before the field in front of it ends/,
    withField(fixed, 'rrn', { at: [8, 21] }),
  ],
  [
    /fields\[4\] \(Transaction serial number \(RRN\)\)\.at is narrower than what it says/,
    withField(fixed, 'rrn', { at: [9, 20] }),
  ],
  [/at is behind the end of the line/, withField(fixed, 'parentRrn', { at: [409, 422] })],
  [
    /fields\[4\] \(Transaction serial number \(RRN\)\)\.at must be two rising numbers/,
    withField(fixed, 'rrn', { at: [21, 9] }),
  ],
  [/\.at is for files of fixed width/, withField('udir/csv/1', 'rrn', { at: [0, 12] })],
  [
    /fields\[4\] \(Transaction serial number \(RRN\)\)\.is\.kind must be/,
    withField(fixed, 'rrn', { is: { kind: 'number' } }),
  ],
  [
    /fields\[4\] \(Transaction serial number \(RRN\)\)\.is\.max is missing/,
    withField(fixed, 'rrn', { is: { kind: 'digits', min: 1 } }),
  ],
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
  [/id "bank\/udir\/csv\/1" is there twice/, [named('udir/csv/1'), named('udir/csv/1')]],
]
for (const [what, tables] of mistakes)
  test(`a layout is refused in one line: ${what.source}`, () =>
    assert.throws(() => readOwn(tables.map(renamed)), { name: 'SettingError', message: what }))

const raw = named('raw_remitter/csv/2')
const upload = named('upload_classic/csv/1')
const statement = shippedLayouts.statements[0]!
const profile = shippedLayouts.csvProfiles[1]!
const wrongFiles: readonly (readonly [what: RegExp, json: unknown])[] = [
  [/^layouts must be an object/, []],
  [/^layouts must have a list that is not empty/, {}],
  [/^layouts\.table is not a setting; known: tables/, { table: [] }],
  [/the id raw_remitter\/csv\/2 is one that ships/, { tables: [raw] }],
  [
    /^layouts: bank\/a \(raw_beneficiary, IMPSISSR.*\) and raw_remitter\/csv\/1 \(raw_remitter, .*\) both have the name IMPSISSR/,
    { tables: [{ ...raw, id: 'bank/a', kind: 'raw_beneficiary' }] },
  ],
  [
    /^layouts: bank\/a .* and raw_remitter\/csv\/1 .* both have the name IMPSISSR/,
    { tables: [{ ...raw, id: 'bank/a', fileName: 'IMPSISSR{BANK}{DDMMYY}_{SERIAL}{CYCLE}.csv' }] },
  ],
  [/fileName must have \{CYCLE\}/, { tables: [{ ...raw, id: 'bank/a', fileName: 'X{BANK}{DDMMYY}.csv' }] }],
  [/fileName must have \{SERIAL\}/, { tables: [{ ...upload, id: 'bank/a', fileName: 'X{BANK}{DDMMYY}.csv' }] }],
  [/the hub writes upload_classic as CSV/, { tables: [{ ...upload, id: 'bank/a', form: { kind: 'xlsx' } }] }],
  [
    /fields\[9\] \(Branch\) must be optional, or have value or same/,
    {
      tables: [
        {
          ...upload,
          id: 'bank/a',
          fields: [...upload.fields, { name: '_b', column: 'Branch', is: { kind: 'digits', min: 4, max: 4 } }],
        },
      ],
    },
  ],
  [
    /settlementStatements\[0\] \(bank\/ntsl\)\.totals\.finalPaise is missing/,
    {
      settlementStatements: [{ ...statement, id: 'bank/ntsl', totals: { ...statement.totals, finalPaise: undefined } }],
    },
  ],
  [
    /bankStatements\[0\] \(hdfc\)\.valueDate: "Value Date" is none of its heads/,
    { bankStatements: [{ ...profile, valueDate: 'Value Date' }] },
  ],
  [/profile and day "hdfc 2000-01-01" is there twice/, { bankStatements: [profile, profile] }],
]
for (const [what, json] of wrongFiles)
  test(`a file of layouts is refused in one line: ${what.source}`, () =>
    assert.throws(() => readLayouts(JSON.stringify(json)), { name: 'SettingError', message: what }))

test('what is not JSON is refused in one line', () =>
  assert.throws(
    () => readLayouts('{\n"tables": [\n'),
    (error) => error instanceof Error && /^layouts are not JSON: [^\n]*$/.test(error.message),
  ))
