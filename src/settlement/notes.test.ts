import assert from 'node:assert/strict'
import { test } from 'node:test'
import { note, notes, readNote } from './notes.ts'

test('each note that the hub writes is known again, with what stands in it', () => {
  for (const [code, words] of Object.entries(notes)) {
    const values = Object.fromEntries([...words.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => [name, `${name}-1`]))
    const kept = words.replace(/\{\{(\w+)\}\}/g, '$1-1')
    assert.deepEqual(readNote(kept), { code, values, text: kept })
  }
})

test('what people write is nobody’s code', () => {
  for (const typed of ['', 'made too early', 'NPCI has it as a letter says', 'the file was withdrawn, by mistake'])
    assert.equal(readNote(typed), null)
  assert.equal(note('row_not_taken', { why: 'too late' }), 'NPCI did not take the row: too late')
})
