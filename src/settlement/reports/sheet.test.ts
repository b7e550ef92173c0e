import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { readWorkbook } from '../../imps/files/workbook.ts'
import { pdfOf } from './print.ts'
import { ageBuckets, bucketOf, type Report } from './report.ts'
import { csvOf, xlsxOf } from './sheet.ts'

const NOW = Date.UTC(2026, 10, 27, 6, 30)
const reportOf = (texts: readonly string[]): Report => ({
  name: 'breaks',
  title: 'Breaks',
  notes: ['Banks: TRN', '=cmd'],
  columns: [
    { title: 'What', kind: 'text' },
    { title: 'Amount', kind: 'paise' },
    { title: 'Count', kind: 'count' },
    { title: 'At', kind: 'instant' },
  ],
  rows: texts.map((text, i) => [text, BigInt(i) * -105n, i, NOW]),
})
const formulas = ['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1', ' =1', '＝1', '|calc', '=HYPERLINK("http://x","y")']
const startsFormula = /^[\s\0]*[=+\-@\t\r\n|%＝＋－＠]/

test('no cell of a CSV or a workbook is a formula, whoever wrote it; amounts are numbers, to the paisa', async () => {
  const report = reportOf(formulas)
  const rows: string[][] = parse(csvOf(report))
  assert.deepEqual(rows[0], ['What', 'Amount', 'Count', 'At'])
  for (const [i, row] of rows.slice(1).entries()) {
    assert.doesNotMatch(row[0] ?? '', startsFormula, formulas[i] ?? '')
    assert.equal(row[0], `'${formulas[i]}`)
  }
  assert.deepEqual(rows[2]?.slice(1), ['-1.05', '1', '2026-11-27T06:30:00.000Z'])
  const sheet = await readWorkbook('x.xlsx', await xlsxOf(report))
  const cells = sheet.rows.flat()
  for (const cell of cells) if (typeof cell === 'string') assert.doesNotMatch(cell, startsFormula)
  assert.ok(cells.includes(-1.05))
})

test('whatever is in a cell, a CSV gives it back, and the same report is the same bytes', async () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (texts) => {
      const rows: string[][] = parse(csvOf(reportOf(texts)))
      assert.deepEqual(
        rows.slice(1).map(([text]) => text?.replace(/^'(?=[\s\0]*[=+\-@\t\r\n|%＝＋－＠])/, '')),
        texts.map((text) => text.toWellFormed()),
      )
    }),
    { numRuns: 200 },
  )
  const report = reportOf(['a', 'b'])
  assert.deepEqual(await xlsxOf(report), await xlsxOf(report))
  assert.deepEqual(await pdfOf(report, NOW), await pdfOf(report, NOW))
})

test('a PDF has its columns on every page, and as many pages as it says', async () => {
  const pages = (bytes: Buffer): number => bytes.toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length ?? 0
  assert.equal(pages(await pdfOf(reportOf(['one', '₹ हिन्दी']), NOW)), 1)
  assert.equal(pages(await pdfOf(reportOf(Array.from({ length: 160 }, (_, i) => `row ${i}`)), NOW)), 4)
})

test('every age is in one bucket', () => {
  for (let days = 0; days < 100; days += 1)
    assert.equal(ageBuckets.filter(({ from, to }) => days >= from && days <= to).length, 1, `${days}`)
  assert.deepEqual([0, 1, 2, 3, 4, 7, 8, 30, 31, 45, 46, 4_000].map(bucketOf), [
    '0',
    '1',
    '2-3',
    '2-3',
    '4-7',
    '4-7',
    '8-30',
    '8-30',
    '31-45',
    '31-45',
    'over 45',
    'over 45',
  ])
})
