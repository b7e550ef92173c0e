import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzXml } from './xml.ts'

test('of 8,000 spoilt documents nothing opens but what was signed, none is slow, and none ends as anything but a refusal', async () => {
  const { failures, opened, refused } = await fuzzXml({ count: 8_000, seed: 8 })
  assert.deepEqual(failures, [])
  assert.ok(opened > 400, `${opened} opened`)
  const codes = ['malformed', 'doctype', 'not_utf8', 'too_large', 'no_signature', 'many_signatures']
  for (const code of [...codes, 'bad_reference', 'bad_algorithm', 'bad_digest', 'bad_signature']) {
    assert.ok((refused.get(code) ?? 0) > 0, `the mutations still reach ${code}`)
  }
})
