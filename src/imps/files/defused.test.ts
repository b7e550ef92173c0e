import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { defused } from './defused.ts'

const formulas = [
  '=1+1',
  '+A1',
  '-A1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  ' =cmd|x',
  '|calc',
  '=HYPERLINK("x")',
  '＝1',
  '-1+1',
  '+91 98765',
]

test('what a spreadsheet would run begins with an apostrophe', () => {
  for (const text of formulas) assert.equal(defused(text), `'${text}`)
})

test('names, references and amounts stay as they are', () => {
  for (const text of ['', 'ASHA RAO', '633109000001', '-15.00', '+5', '1,50,000.00', 'a=b', "'=1"])
    assert.equal(defused(text), text)
})

test('defused once is defused: nothing begins as a formula', () => {
  fc.assert(fc.property(fc.string(), (text) => assert.equal(defused(defused(text)), defused(text))))
})
