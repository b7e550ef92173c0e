import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readableLog } from '../../test/support/logs.ts'
import { testVault } from '../../test/support/vault.ts'
import { createVirtualClock } from '../../test/support/virtual-clock.ts'
import { watchKeys } from './watch.ts'

test('a hub looks at its keys every second, goes on when the database is away, and says each once', async () => {
  const clock = createVirtualClock(Date.UTC(2026, 10, 20))
  const { log, lines } = readableLog()
  const answers: (number | Error)[] = [0, 2, new Error('away'), new Error('away'), 0, new Error('away')]
  let looks = 0
  const look = async (): Promise<number> => {
    const answer = answers[looks] ?? 0
    looks += 1
    if (answer instanceof Error) throw answer
    return answer
  }
  const stop = watchKeys(clock, { ...testVault, look }, log)
  await clock.advanceAsync(6_500)
  assert.equal(looks, 7)
  assert.deepEqual(
    lines.map(({ message }) => message),
    [
      'data keys were retired or destroyed; they are used no more',
      'it cannot be seen whether keys changed',
      'it cannot be seen whether keys changed',
    ],
  )
  stop()
  await clock.advanceAsync(5_000)
  assert.equal(looks, 7)
})
