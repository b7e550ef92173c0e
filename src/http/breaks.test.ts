import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { roles } from '../identity/rights.ts'

// A break is settled by one who says how and by another who agrees; it is told, given to somebody and spoken of meanwhile.

const { db, url } = await openTestDatabase()
const t = await createTestRoom(url)
const { server, call } = await startRealServer(db, t.room, [
  { tenantId: 1, name: 'operator', rights: roles.operations },
  { tenantId: 1, name: 'checker', rights: roles.checker },
  { tenantId: 2, name: 'stranger' },
])
after(() => Promise.all([server.close(), t.close()]))
const [operator, checker, stranger] = [keyOf(1, 'operator'), keyOf(1, 'checker'), keyOf(2, 'stranger')]

let made = 0
async function open(facts: object, more: { amount?: bigint; state?: string; tenant?: number } = {}): Promise<string> {
  made += 1
  const id = String(made).padStart(32, '0')
  await db`
    insert into break (break_id, tenant_id, type, kind, detail, opened_at, direction, rrn, nbin, amount, settled_on, cycle, action, facts,
      state, due_at)
    values (${id}::uuid, ${more.tenant ?? 1}, 'B30', 'B30', ${id}, to_timestamp(${made}), 'outward', ${`6331090000${id.slice(-2)}`}, '7001',
      ${more.amount ?? 100n}, '2026-11-27', '5', 'hold_in_suspense', ${JSON.stringify(facts)}::text::jsonb, ${more.state ?? 'open'},
      '2026-11-28T00:00:00Z')`
  return `brk_${id}`
}
const evidence = { reference: 'statement of 27-11, line 4' }
const approve = (id: string) => call('post', `/v1/approvals/${id}/approve`, checker, {})
const read = async (id: string) => (await call('get', `/v1/breaks/${id}`, operator)).body

test('a break is told: what each source says, by what rule, until when; what was kept to carry it on is not', async () => {
  const id = await open({ core: 'S', hub: 'S', raw: '-', carry: ['{}'], suggestion: '633109000099' })
  const { break: one, facts, suggestion, found, handling } = await read(id)
  assert.deepEqual(
    [one.type, one.name, one.cycle, one.amount, one.dueAt],
    ['B30', 'UNMATCHED_OTHER', '2026-11-27/5', '100', '2026-11-28T00:00:00.000Z'],
  )
  assert.deepEqual(
    [facts, suggestion, found, handling],
    [{ core: 'S', hub: 'S', raw: '-' }, '633109000099', 'what is left', 'people'],
  )
  assert.equal((await call('get', `/v1/breaks/${id}`, stranger)).status, 404)
})

test('breaks are listed page by page, the latest first, and by what they are', async () => {
  const ids = [await open({}), await open({}), await open({})].reverse()
  const first = await call('get', '/v1/breaks?limit=2', operator)
  assert.deepEqual(
    first.body.data.map(({ id }: { id: string }) => id),
    ids.slice(0, 2),
  )
  const second = await call('get', `/v1/breaks?limit=1&cursor=${first.body.nextCursor}`, operator)
  assert.deepEqual(
    second.body.data.map(({ id }: { id: string }) => id),
    ids.slice(2),
  )
  assert.equal((await call('get', '/v1/breaks?type=B01', operator)).body.data.length, 0)
  assert.equal((await call('get', '/v1/breaks?cycle=2026-11-27/6', operator)).body.data.length, 0)
  assert.equal((await call('get', '/v1/breaks?cursor=x', operator)).body.code, 'invalid_cursor')
  assert.deepEqual((await call('get', '/v1/breaks', stranger)).body.data, [])
})

test('it is given to somebody, and spoken of in words that lie sealed', async () => {
  const id = await open({})
  const given = await call('post', `/v1/breaks/${id}/assign`, operator, {})
  assert.deepEqual([given.status, given.body.state], [200, 'assigned'])
  assert.notEqual(given.body.assignee, null)
  assert.equal((await call('post', `/v1/breaks/${id}/assign`, operator, { to: null })).body.state, 'open')
  const said = await call('post', `/v1/breaks/${id}/comments`, operator, { text: 'asked the bank of Asha Devi' })
  assert.deepEqual([said.status, said.body.comments[0].text], [201, 'asked the bank of Asha Devi'])
  const [row] = await db<
    { sealed: Uint8Array }[]
  >`select sealed from break_comment where break_id = ${id.slice(4)}::uuid`
  assert.equal(Buffer.from(row?.sealed ?? []).includes('Asha'), false)
})

test('it is settled by the last vote and not before, once, and never by who asked for it', async () => {
  const id = await open({})
  const asked = await call('post', `/v1/breaks/${id}/resolve`, operator, { resolution: 'accepted', evidence })
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  assert.equal((await read(id)).break.state, 'open')
  const twice = await call('post', `/v1/breaks/${id}/resolve`, operator, { resolution: 'corrected', evidence })
  assert.deepEqual([twice.status, twice.body.code], [409, 'break_pending'])
  const voted = await approve(asked.body.id)
  assert.deepEqual([voted.status, voted.body.decision], [200, 'approved'], JSON.stringify(voted.body))
  const { break: one } = await read(id)
  assert.deepEqual([one.state, one.resolution], ['resolved', 'accepted'])
  const late = await call('post', `/v1/breaks/${id}/resolve`, operator, { resolution: 'accepted', evidence })
  assert.deepEqual([late.status, late.body.code], [409, 'break_settled'])
  assert.equal((await call('post', `/v1/breaks/${id}/assign`, operator, {})).status, 409)
  const acts = await db<{ action: string }[]>`select action from act where subject = ${id} order by at`
  assert.deepEqual(
    acts.map(({ action }) => action),
    ['break.resolution_proposed'],
  )
})

test('what was settled meanwhile is not settled again: the vote changes nothing', async () => {
  const id = await open({})
  const asked = await call('post', `/v1/breaks/${id}/resolve`, operator, { resolution: 'accepted', evidence })
  await db`update break set state = 'resolved', resolution = 'matched', closed_at = now() where break_id = ${id.slice(4)}::uuid`
  const voted = await approve(asked.body.id)
  assert.deepEqual([voted.status, voted.body.code], [409, 'break_settled'])
  assert.equal((await read(id)).break.resolution, 'matched')
})

test('what waits for a later cycle is nobody’s to settle', async () => {
  const id = await open({}, { state: 'carried' })
  const asked = await call('post', `/v1/breaks/${id}/resolve`, operator, { resolution: 'accepted', evidence })
  assert.deepEqual([asked.status, asked.body.code], [409, 'break_settled'])
})

test('a forced match is of what NPCI has and what it has not, to the paisa; all of them are settled by it', async () => {
  const [npci, half, rest, other] = [
    await open({ raw: '00' }, { amount: 300n }),
    await open({ raw: '-' }, { amount: 100n }),
    await open({ raw: '-' }, { amount: 200n }),
    await open({ raw: '-' }, { amount: 201n }),
  ]
  const force = (ids: readonly string[]) =>
    call('post', `/v1/breaks/${npci}/resolve`, operator, { resolution: 'forced', with: ids, evidence })
  const wrong = await force([half, other])
  assert.deepEqual([wrong.status, wrong.body.code], [422, 'break_not_forced'])
  const without = await call('post', `/v1/breaks/${npci}/resolve`, operator, { resolution: 'forced', evidence })
  assert.equal(without.status, 400)
  const asked = await force([half, rest])
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  await approve(asked.body.id)
  for (const id of [npci, half, rest]) assert.equal((await read(id)).break.resolution, 'forced')
  assert.equal((await read(other)).break.state, 'open')
})
