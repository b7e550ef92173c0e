import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'

// What banks owe NPCI is listed page by page, the most urgent first, to those whose bank it is.

const { db, url } = await openTestDatabase()
const t = await createTestRoom(url)
const { server, call } = await startRealServer(db, t.room, [{ tenantId: 1, name: 'operator' }])
after(() => Promise.all([server.close(), t.close()]))
const operator = keyOf(1, 'operator')

await db`
  insert into settlement_item (tenant_id, institution, direction, rrn, nbin, lane, amount, transacted_on, settled_on, cycle, raw, duty, due_at,
    warned, warned_at, updated_at)
  select 1, 'TRN', 'inward', '63310900000' || n, '9240', 0, 100 + n, '2026-11-20', '2026-11-20', '3', '08', case when n = 3 then 'people' else 'say' end,
    '2020-11-21T12:00:00Z'::timestamptz + n * interval '1 hour', n % 3, case when n % 3 = 0 then null else now() end, now()
  from generate_series(1, 5) n`

test('pages of what is owed, the most urgent first, each once', async () => {
  const rrns: string[] = []
  let cursor = ''
  do {
    const { status, body } = await call('get', `/v1/duties?limit=2${cursor}`, operator)
    assert.equal(status, 200, JSON.stringify(body))
    rrns.push(...body.data.map(({ rrn }: { rrn: string }) => rrn.slice(-1)))
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`
  } while (cursor !== '')
  assert.deepEqual(rrns, ['1', '2', '3', '4', '5'])
  const { body } = await call('get', '/v1/duties', operator)
  const { amount, waitsFor, answer, late, warnings, dueAt } = body.data[2]
  assert.deepEqual(
    [amount, waitsFor, answer, late, warnings, dueAt],
    ['103', 'people', null, true, 0, '2020-11-21T15:00:00.000Z'],
  )
  assert.equal((await call('get', '/v1/duties?institution=TAA', operator)).body.data.length, 0)
  assert.equal((await call('get', '/v1/duties?cursor=AAAA', operator)).body.type, '/problems/invalid_cursor')
})
