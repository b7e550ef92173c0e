import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { refusals } from './disputes/refusals.ts'
import { details, note, notes, readDetail, readNote } from './notes.ts'
import { fill } from './said.ts'

test('each note, and each detail of a break, that the hub writes is known again, with what stands in it', () => {
  for (const [texts, read] of [
    [notes, readNote],
    [details, readDetail],
  ] as const)
    for (const [code, words] of Object.entries(texts)) {
      const values = Object.fromEntries([...words.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => [name, `${name}-1`]))
      const kept = words.replace(/\{\{(\w+)\}\}/g, '$1-1')
      assert.deepEqual(read(kept), { code, values, text: kept })
    }
})

test('why a step was dropped is known again where it is kept, with the rule, its state and its amount', () => {
  const values = {
    ...{ rule: 'Re-presentment, credited manually (Annexure F)', flag: 'R', reasonCode: '209', reasons: '208, 209' },
    ...{ day: '2026-11-28', disputeState: 'for remitter', parties: 'beneficiary or npci', party: 'remitter' },
    ...{
      days: '45',
      endedAt: '2026-11-28T18:29:59.999Z',
      amount: '2500000',
      instead: 'FB',
      dispute: 'dsp_1',
      bank: 'ALPHA',
    },
  }
  for (const [code, words] of Object.entries(refusals)) {
    const its = Object.entries(values).filter(([name]) => words.includes(`{{${name}}}`))
    const text = fill(words, values)
    assert.deepEqual(readNote(text), { code, values: Object.fromEntries(its), text })
  }
})

test('what people write is nobody’s code', () => {
  for (const typed of ['', 'made too early', 'NPCI has it as a letter says', 'the file was withdrawn, by mistake'])
    assert.equal(readNote(typed), null)
  assert.equal(note('row_not_taken', { why: 'too late' }), 'NPCI did not take the row: too late')
})

test('the rail and door 2, which cannot see this table, write what it says that they write', () => {
  const sources = ['payment/record.ts', 'rail/answers.ts', 'rail/store.ts', 'rail/reversal.ts']
    .map((path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'))
    .join('\n')
    .replace(/\$\{'responseCode' in fact .*\}`/, '`')
    .replace(/\$\{[\w.]+\}/g, '{{}}')
  const theirs = ['contradicted', 'no_verification', 'answer_amount', 'unmatched_answer', 'unmatched_reversal'] as const
  for (const code of [...theirs, 'reversal_amount'] as const) {
    const words = details[code].replace(/\{\{\w+\}\}/g, '{{}}')
    assert.ok(sources.includes(`\`${words}\``) || sources.includes(`'${words}'`), words)
  }
})
