import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { watchLoopDelay } from './loop-delay.ts'

test('a loop that is kept from its timers is late by as much, and only until it was read', async () => {
  const delay = watchLoopDelay()
  await wait(50)
  delay.read()
  for (let round = 0; round < 3; round += 1) {
    const until = performance.now() + 200
    while (performance.now() < until);
    await wait(0)
  }
  assert.ok(delay.read() > 80)
  delay.stop()
  delay.read()
  assert.equal(delay.read(), 0)
})
