import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { createApart } from './apart.ts'

type Thread = { readonly nice: number; readonly policy: number }

/** What `SCHED_IDLE` is in `/proc/…/stat`. */
const IDLE = 5

test('a process that steps back has every thread behind all others, and those it starts later', {
  skip: process.platform !== 'linux',
}, async () => {
  const apart = createApart<{ readonly go: true }, readonly Thread[]>(
    new URL('../../test/support/stepped-back.ts', import.meta.url),
  )
  const threads = await apart.run<readonly Thread[]>({ go: true }, (said, { end }) => end(said))
  assert.ok(threads.length > 4, `${threads.length} threads`)
  const hasChrt = spawnSync('chrt', ['--version'], { env: {} }).status === 0
  for (const thread of threads) assert.deepEqual(thread, { nice: 19, policy: hasChrt ? IDLE : 0 })
  await apart.stop()
})
