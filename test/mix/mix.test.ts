import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openTestDatabase } from '../support/database.ts'
import { runStories } from './world.ts'

// Goal: whatever the wire, NPCI's files, other banks and people say about a payment, in whatever order and however often: its customer has
// the money once at most, I1 to I8 of settlement.md §6.6 hold, and all of it again changes nothing.
// Method: stories from seeds, many in one hub. `npm run mix` runs 2,000; TURANT_TEST_SEEDS and TURANT_TEST_SEED say how many and from where.

const SEEDS = Number(process.env.TURANT_TEST_SEEDS ?? 100)
const FIRST = Number(process.env.TURANT_TEST_SEED ?? 1)
const TOGETHER = 50

describe('after any mix of messages, files, adjustments, disputes and manual acts', () => {
  for (let first = FIRST; first < FIRST + SEEDS; first += TOGETHER) {
    const seeds = Array.from({ length: Math.min(TOGETHER, FIRST + SEEDS - first) }, (_, index) => first + index)
    test(`seeds ${first} to ${seeds.at(-1)}: one credit, every paisa explained, a replay changes nothing`, async () => {
      const { url } = await openTestDatabase({ connections: 1 })
      assert.deepEqual(await runStories(url, seeds), [])
    })
  }
})
