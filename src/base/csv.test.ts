import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvLine } from './csv.ts'

// ASVS 1.2.10
test('a field is quoted as RFC 4180 has it, and what a spreadsheet would run is text', () => {
  const rows: readonly (readonly [field: string, written: string])[] = [
    ['plain', '"plain"'],
    ['with "quotes", commas\r\nand lines', '"with ""quotes"", commas\r\nand lines"'],
    ['=1+1', '"\'=1+1"'],
    ['+91', '"\'+91"'],
    ['-2+3', '"\'-2+3"'],
    ['@SUM(A1)', '"\'@SUM(A1)"'],
    ['\t=1', '"\'\t=1"'],
    ['\r=1', '"\'\r=1"'],
    ['\0=1', '"\'\0=1"'],
    ['a=1', '"a=1"'],
    ['', '""'],
  ]
  for (const [field, written] of rows) assert.equal(csvLine([field]), `${written}\r\n`)
  assert.equal(csvLine(['a', '=b']), '"a","\'=b"\r\n')
})
