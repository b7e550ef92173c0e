import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFeed } from '../../src/http/feed.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

// With more than a thousand pages open, those opened later were never asked about: a step that another process made reached nobody.

type Page = { readonly id: string; readonly version: number }

test('every follower hears of a step of another process, however many follow, and no question is longer than a thousand', async () => {
  const clock = createVirtualClock()
  const asked: number[] = []
  const feed = createFeed<string, Page>(clock, async (ids) => {
    asked.push(ids.length)
    return ids.map((id) => ({ id, version: 2 }))
  })
  const heard = new Set<string>()
  const cancels = Array.from({ length: 2_500 }, (_, i) =>
    feed.follow({ id: `link ${i}`, version: 1 }, ({ id }) => heard.add(id)),
  )
  await clock.advanceAsync(2_000)
  assert.equal(heard.size, 2_500)
  assert.ok(Math.max(...asked) <= 1_000)
  for (const cancel of cancels) cancel()
  assert.equal(feed.following(), 0)
})
