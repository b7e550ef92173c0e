import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDocument } from './document.ts'
import { choice, word } from './rule.ts'
import { readDocument, table, writeDocument } from './table.ts'

const root = { open: '<m xmlns="urn:m"', close: '</m>' }
const limits = { maxBytes: 1_000, maxDepth: 8 }
const Example = table('m', {
  id: { path: 'Head@id', is: word(5) },
  about: { path: 'Head@about', is: word(5), optional: true },
  kind: { path: 'Part/Kind@of', is: choice('A', 'B'), optional: true },
  fixed: { path: 'Part/Mark@is', always: 'yes' },
  checked: { path: 'Part/Unit@in', always: 'INR', checked: true },
  lenient: { path: 'Part/Word@is', is: word(3), optional: true, lenient: true },
  unread: { path: 'Part/Word@own', is: word(3), unread: true },
  one: { path: 'Set/Tag[ONE]@value', is: word(5), optional: true },
  two: { path: 'Set/Tag[TWO]@value', is: word(5), optional: true },
})
const read = (content: string) =>
  readDocument(Example, parseDocument(`<m xmlns="urn:m">${content}</m>`, limits, 'urn:m').element, 'urn:m')
const write = (values: Parameters<typeof writeDocument<(typeof Example)['rows']>>[1]) =>
  writeDocument(Example, values, root)

test('an element is written when it has a value, one of constants alone goes with its parent', () => {
  assert.equal(write({ id: 'x' }), '<m xmlns="urn:m"><Head id="x"></Head></m>')
  assert.equal(
    write({ id: 'x', kind: 'A' }),
    '<m xmlns="urn:m"><Head id="x"></Head><Part><Kind of="A"></Kind><Mark is="yes"></Mark><Unit in="INR"></Unit></Part></m>',
  )
})

test('attributes are written in the order of their names, whatever the order of the rows', () => {
  assert.equal(write({ id: 'x', about: 'y' }), '<m xmlns="urn:m"><Head about="y" id="x"></Head></m>')
})

test('elements of one name are told apart by their key, in any order', () => {
  const values = { id: 'x', one: '1', two: '2' }
  assert.equal(
    write(values),
    '<m xmlns="urn:m"><Head id="x"></Head><Set><Tag name="ONE" value="1"></Tag><Tag name="TWO" value="2"></Tag></Set></m>',
  )
  assert.deepEqual(
    read(
      '<Set><Tag name="THREE" value="3"/><Tag name="TWO" value="2"/><Tag value="1" name="ONE"/></Set><Head id="x"/>',
    ),
    values,
  )
})

test('what decides nothing is left out when it does not fit; what is only written is never read', () => {
  assert.deepEqual(read('<Head id="x"/><Part><Word is="too long" own="a"/></Part>'), { id: 'x' })
})

test('a constant that is checked is refused when it says something else, and one that is not is let be', () => {
  assert.deepEqual(read('<Head id="x"/><Part><Mark is="no"/></Part>'), { id: 'x' })
  assert.throws(() => read('<Head id="x"/><Part><Unit in="USD"/></Part>'), { code: 'refused', path: 'Part/Unit@in' })
})

test('a required field without a value is missed on both ways', () => {
  assert.throws(() => read('<Head/>'), { code: 'missing', path: 'Head@id' })
  assert.throws(() => read(''), { code: 'missing', path: 'Head@id' })
  assert.throws(() => read('<Head id=""/>'), { code: 'missing', path: 'Head@id' })
  // @ts-expect-error a required value is required by the type, too
  assert.throws(() => write({}), { code: 'missing', path: 'Head@id' })
})

test('a table that contradicts itself is refused where it is defined', () => {
  const row = { is: word(5) } as const
  assert.throws(() => table('m', { a: { ...row, path: 'Head@id' }, b: { ...row, path: 'Head@id' } }), /Head@id twice/)
  assert.throws(() => table('m', { a: { ...row, path: 'Head[1]@id' } }), /no step of a path/)
})
