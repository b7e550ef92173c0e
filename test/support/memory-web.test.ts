import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSeededRandom } from '../../src/base/random.ts'
import { PostFault, type WebResponse } from '../../src/base/web.ts'
import { createMemoryWeb, type MemoryWebOptions } from './memory-web.ts'
import { createVirtualClock } from './virtual-clock.ts'

const URL = 'https://switch:8443/imps/ReqPay/2.0/urn:txnid:a?x=1'

/** A web with one server that counts what reaches it, and what became of each document posted. */
async function place(options: Omit<MemoryWebOptions, 'clock' | 'random'> = {}, seed = 1) {
  const clock = createVirtualClock()
  const web = createMemoryWeb({ clock, random: createSeededRandom(seed), ...options })
  const reached: string[] = []
  const listener = await web.serve({ host: 'switch', port: 8443 }, async ({ path, body }) => {
    reached.push(`${path} ${Buffer.from(body)}`)
    return { status: 200, body: '<Ack></Ack>' }
  })
  const ends: (WebResponse | string)[] = []
  const post = (body: string, timeoutMs = 5_000): void => {
    web.post({ url: URL, body, timeoutMs }).then(
      (answer) => ends.push(answer),
      (error: unknown) => ends.push(error instanceof PostFault ? error.message : 'something else'),
    )
  }
  return { clock, web, listener, reached, ends, post }
}

test('a document arrives with its path, and its answer comes back, each after its delay', async () => {
  const { clock, reached, ends, post } = await place({ latencyMs: [10, 10] })
  post('one')
  await clock.advanceAsync(10)
  assert.deepEqual(reached, ['/imps/ReqPay/2.0/urn:txnid:a one'])
  assert.deepEqual(ends, [])
  await clock.advanceAsync(10)
  assert.deepEqual(ends, [{ status: 200, body: '<Ack></Ack>' }])
})

test('a lost document reaches nobody, a lost answer was given: both end when their time is over', async () => {
  const { clock, web, reached, ends, post } = await place({ faults: { loseRequest: 1 } })
  post('lost')
  web.set({ loseRequest: 0, loseResponse: 1 })
  post('unanswered')
  await clock.advanceAsync(4_999)
  assert.deepEqual([reached.length, ends.length], [1, 0])
  await clock.advanceAsync(1)
  assert.deepEqual(ends, ['no answer within 5000 ms', 'no answer within 5000 ms'])
  assert.equal(web.underWay(), 0)
  assert.equal(clock.pending(), 0)
})

test('a broken answer fails at once, a doubled document arrives twice and is answered once', async () => {
  const { clock, web, reached, ends, post } = await place({ faults: { breakResponse: 1 } })
  post('broken')
  web.set({ breakResponse: 0, duplicate: 1 })
  post('twice')
  await clock.advanceAsync(0)
  assert.equal(reached.length, 3)
  assert.deepEqual(ends, ['socket hang up', { status: 200, body: '<Ack></Ack>' }])
})

test('while partitioned nothing arrives; a cut tells whoever waits, and what was under way never arrives', async () => {
  const { clock, web, reached, ends, post } = await place({ latencyMs: [5, 5] })
  web.partition(true)
  post('parted', 50)
  await clock.advanceAsync(50)
  web.partition(false)
  post('cut')
  web.cut()
  await clock.advanceAsync(100)
  assert.deepEqual(reached, [])
  assert.deepEqual(ends, ['no answer within 50 ms', 'cut'])
})

test('nobody listening is a refusal, a handler that fails is a 500, a closed listener is gone', async () => {
  const { clock, web, listener, ends, post } = await place()
  await web.serve({ host: 'broken', port: 1 }, async () => {
    throw new Error('a bug')
  })
  web.post({ url: 'https://broken:1/', body: '', timeoutMs: 10 }).then((answer) => ends.push(answer))
  await listener.close()
  post('late')
  await clock.advanceAsync(0)
  assert.deepEqual(ends.toSorted(), [{ status: 500, body: '' }, 'connect ECONNREFUSED switch:8443'])
})

test('the same seed gives the same run', async () => {
  const run = async (): Promise<unknown> => {
    const { clock, reached, ends, post } = await place(
      { latencyMs: [1, 40], faults: { loseRequest: 0.2, loseResponse: 0.2, duplicate: 0.2, delay: 0.3, delayMs: 100 } },
      7,
    )
    for (let i = 0; i < 50; i += 1) post(String(i), 1_000)
    await clock.advanceAsync(2_000)
    return { reached, ends }
  }
  assert.deepEqual(await run(), await run())
})
