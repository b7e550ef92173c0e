import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeyCheck, digestOfKey } from './api-keys.ts'

const check = createKeyCheck([
  { tenantId: 1, name: 'one', sha256: digestOfKey('key-one') },
  { tenantId: 2, name: 'two', sha256: digestOfKey('key-two') },
])

const refused: readonly (readonly [why: string, header: string | undefined])[] = [
  ['nothing', undefined],
  ['an empty header', ''],
  ['only the scheme', 'Bearer '],
  ['another scheme', 'Basic key-one'],
  ['no scheme', 'key-one'],
  ['the beginning of a key', 'Bearer key-on'],
  ['a key and more', 'Bearer key-one,'],
  ['two keys', 'Bearer key-one key-two'],
  ['a key that is too long to be looked at', `Bearer ${'x'.repeat(2_000)}`],
]
for (const [why, header] of refused) {
  test(`${why} is nobody`, () => assert.equal(check(header, '127.0.0.1'), undefined))
}

test('a key is its tenant, each time, however the scheme is written', () => {
  for (const header of ['Bearer key-one', 'bearer key-one', 'BEARER   key-one', 'Bearer key-one']) {
    assert.equal(check(header, '127.0.0.1')?.actor.id, 'cli_one')
  }
  assert.equal(check('Bearer key-two', '127.0.0.1')?.tenantId, 2)
})
