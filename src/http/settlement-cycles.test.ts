import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { roles } from '../identity/rights.ts'
import { defaultCycles } from '../imps/cycles.ts'

// A cycle that fails is seen with why, and tried again when somebody asks for it.

const { db, url } = await openTestDatabase()
const t = await createTestRoom(url)
const never = async (): Promise<never> => {
  throw new Error('no file comes here')
}
const { server, call } = await startRealServer(
  db,
  t.room,
  [
    { tenantId: 1, name: 'operator', rights: roles.operations },
    { tenantId: 1, name: 'viewer', rights: roles.viewer },
  ],
  { intake: { clock: t.room.clock, cycles: defaultCycles, take: never, giveBack: never } },
)
after(() => Promise.all([server.close(), t.close()]))
const [operator, viewer] = [keyOf(1, 'operator'), keyOf(1, 'viewer')]

await db`
  insert into settlement_cycle (tenant_id, institution, settled_on, cycle, window_from, window_to, carries, opened_at)
  values (1, 'TRN', '2026-11-20', '5', '2026-11-20T03:30:00Z', '2026-11-20T05:30:00Z', 'both', now())`
await db`
  insert into pipeline_fault (institution, settled_on, cycle, step, tries, reason, failed_at, try_at)
  values ('TRN', '2026-11-20', '5', 'settle', 5, 'Error at src/x.ts:1:1', '2026-11-20T08:00:00Z', null)`
const faultOf = async () => {
  const { status, body } = await call('get', '/v1/settlement-cycles?date=2026-11-20', viewer)
  assert.equal(status, 200, JSON.stringify(body))
  return body.data.find((one: { cycle: string }) => one.cycle === '2026-11-20/5').fault
}
const retry = (body: object, key = operator) => call('post', '/v1/settlement-cycles/retry', key, body)

test('it says which step fails, how often, why, and that nobody tries it', async () => {
  assert.deepEqual(await faultOf(), {
    state: 'aside',
    step: 'settle',
    tries: 5,
    reason: 'Error at src/x.ts:1:1',
    failedAt: '2026-11-20T08:00:00.000Z',
    nextTryAt: null,
  })
})

test('asked for, it is tried again from the start; who asked is written down', async () => {
  assert.equal((await retry({ cycle: '2026-11-20/5' }, viewer)).status, 403)
  assert.equal((await retry({ cycle: '2026-02-30/5' })).status, 400)
  assert.equal((await retry({ cycle: '2026-11-20/5', institution: 'XXX' })).status, 404)
  assert.equal((await retry({ cycle: '2026-11-20/6' })).body.type, '/problems/cycle_not_failing')
  const { status, body } = await retry({ cycle: '2026-11-20/5' })
  assert.deepEqual([status, body], [202, { institution: 'TRN', cycle: '2026-11-20/5' }])
  assert.equal(await faultOf(), null)
  assert.equal((await retry({ cycle: '2026-11-20/5' })).body.type, '/problems/cycle_not_failing')
  const acts = await db<{ action: string }[]>`select action from act where subject = '2026-11-20/5'`
  assert.deepEqual([...acts], [{ action: 'settlement_cycle.retried' }])
})
