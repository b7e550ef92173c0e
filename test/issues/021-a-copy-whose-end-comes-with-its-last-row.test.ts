import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestDatabase } from '../support/database.ts'

const { db } = await openTestDatabase({ connections: 1 })

// The driver paused the socket for the stream's sake, and a stream that has its end asks for nothing more: the connection was deaf.
test('after a copy whose last row is more than its stream wants, the connection goes on', {
  timeout: 20_000,
}, async () => {
  const reserved = await db.reserve()
  try {
    for (const bytes of [1_000, 70_000, 100_000, 200_000, 1_000_000]) {
      const copy = await reserved`copy (select repeat('x', ${reserved.unsafe(String(bytes))})) to stdout`.readable()
      let seen = 0
      for await (const chunk of copy) seen += chunk.length
      assert.equal(seen, bytes + 1)
      const [row] = await reserved<{ one: number }[]>`select 1 as one`
      assert.equal(row?.one, 1)
    }
  } finally {
    reserved.release()
  }
})
