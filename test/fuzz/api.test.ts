import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzApi } from './api.ts'

test('of 1,600 requests made from the document none fails, each answer is one that the document has, and the books balance', async () => {
  const { failure, done, operations, byStatus } = await fuzzApi({ count: 1_600, seed: 5 })
  assert.equal(failure, undefined)
  assert.ok(operations > 60, `${operations} operations`)
  assert.ok(done.size > operations / 4, `${done.size} of ${operations} did something`)
  for (const status of [200, 201, 204, 400, 401, 404]) assert.ok((byStatus.get(status) ?? 0) > 0, `none was ${status}`)
})
