import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestDatabase } from '../support/database.ts'
import { openPlace, prepareClock } from './place.ts'
import { runSeed } from './run-seed.ts'

// The thousand seeds of CI are `npm run simulation`; these few keep the simulation itself from breaking unnoticed.

const { url } = await openTestDatabase()
await prepareClock(url)
const db = openPlace(url)

for (const seed of [1, 2, 3]) {
  test(`seed ${seed}: whatever happens, every payment ends once, and hub and switch agree`, async () => {
    const { wrongs } = await runSeed(db, seed)
    assert.deepEqual(wrongs, [])
  })
}

test('a seed is a run: the same seed leaves the same trace', async () => {
  const first = await runSeed(db, 11)
  const again = await runSeed(db, 11)
  assert.equal(again.digest, first.digest)
  assert.notEqual((await runSeed(db, 12)).digest, first.digest)
})

test.after(() => db.end({ timeout: 1 }))
