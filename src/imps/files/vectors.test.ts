import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readFile } from './read.ts'

const folder = new URL('../../../test/vectors/files/', import.meta.url)
const shown = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, part) => {
      if (typeof part === 'bigint') return String(part)
      return (key === 'at' || key === 'raisedAt') && typeof part === 'number' ? new Date(part).toISOString() : part
    }),
  )

for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  const vector = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
  test(`${vector.file}: ${vector.about}`, async () => {
    const found = await readFile(vector.file, readFileSync(new URL(vector.file, folder)))
    assert.equal(found.kind, 'read', JSON.stringify(found.kind === 'refused' && found.refusal))
    if (found.kind !== 'read') return
    assert.equal(found.read.of, vector.of)
    if (found.read.of === 'ntsl') assert.deepEqual(shown('ntsl' in found.read && found.read.ntsl), vector.ntsl)
    else {
      assert.deepEqual(shown('rows' in found.read && found.read.rows), vector.rows)
      assert.equal('totals' in found.read && String(found.read.totals.sumPaise), vector.sumPaise)
    }
  })
}
