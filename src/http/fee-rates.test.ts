import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { roles } from '../identity/rights.ts'
import { addDays, dayOf } from '../imps/cycles.ts'
import { feeLines } from '../imps/fees.ts'
import { findFeeRates } from '../settlement/books/fee-store.ts'

// Rates are changed by two people, for days to come, as whole tables; what was charged before is charged by what held then.

const { db, url } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name, institution) values (2, 'member_bank', 'One bank', 'TAA')`
const t = await createTestRoom(url)
const { server, call } = await startRealServer(db, t.room, [
  { tenantId: 1, name: 'operator', rights: roles.operations },
  { tenantId: 1, name: 'checker', rights: roles.checker },
  { tenantId: 1, name: 'viewer', rights: roles.viewer },
  { tenantId: 2, name: 'member', rights: roles.operations },
])
after(() => Promise.all([server.close(), t.close()]))
const [operator, checker, viewer] = [keyOf(1, 'operator'), keyOf(1, 'checker'), keyOf(1, 'viewer')]

const today = dayOf(t.room.clock.now())
const table = {
  kind: 'switching',
  side: 'remitter',
  validFrom: addDays(today, 10),
  gstBps: 1800,
  rounding: 'sum_then_round',
  slabs: [
    { overAmount: '0', fee: '40' },
    { overAmount: '1000000', fee: '60', raw: '08' },
  ],
  source: 'NPCI OC 140',
}
const ask = (change: object = {}, key = operator) => call('post', '/v1/fee-rates', key, { ...table, ...change })
const approve = (id: string, key = checker) => call('post', `/v1/approvals/${id}/approve`, key, {})
type Listed = {
  kind: string
  side: string
  validFrom: string
  state: string
  fee: string
  approval: string | null
  proposedBy: string | null
}
const listed = async (): Promise<Listed[]> => (await call('get', '/v1/fee-rates', viewer)).body.data
/** What NPCI takes for switching one payment of 500 rupees on a day. */
const feeOn = async (day: string): Promise<bigint | undefined> =>
  feeLines(await findFeeRates(db), day, [
    { side: 'remitter', status: '00', subType: 'F3', amountPaise: 50_000n, count: 1 },
  ]).find(({ kind }) => kind === 'switching')?.feePaise

test('one asks, another agrees, and the table holds from its day on; days before are charged as they were', async () => {
  const asked = await ask()
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  assert.equal(asked.body.subject.kind, 'fee_rate')
  assert.deepEqual(asked.body.change.slabs, table.slabs)
  assert.equal((await listed()).filter(({ state }) => state === 'to_come').length, 0, 'nothing before somebody agrees')
  assert.equal((await approve(asked.body.id, operator)).status, 403)
  assert.equal((await approve(asked.body.id)).body.decision, 'approved')
  const [first, ...rest] = (await listed()).filter(({ state }) => state === 'to_come')
  assert.ok(first)
  assert.equal(rest.length, 1)
  assert.deepEqual([first.fee, first.approval], ['40', asked.body.id])
  assert.match(String(first.proposedBy), /^cli_/)
  assert.deepEqual(await Promise.all([feeOn(addDays(table.validFrom, -1)), feeOn(table.validFrom)]), [50n, 40n])
  const acts = await db<{ action: string }[]>`select action from act where subject = ${asked.body.subject.id}`
  assert.deepEqual([...acts], [{ action: 'fee_rates.proposed' }])
})

const refused: readonly (readonly [change: object, field: string])[] = [
  [{ validFrom: today }, 'validFrom'],
  [{ validFrom: addDays(today, -1) }, 'validFrom'],
  [{ validFrom: '2027-02-30' }, 'validFrom'],
  [{ slabs: [] }, 'slabs'],
  [{ slabs: [table.slabs[0], table.slabs[0]] }, 'slabs.1.overAmount'],
  [{ slabs: [{ overAmount: '0', fee: '-1' }] }, 'slabs.0.fee'],
  [{ gstBps: 10_001 }, 'gstBps'],
  [{ source: '' }, 'source'],
]
for (const [change, field] of refused) {
  test(`refused, naming ${field}: ${JSON.stringify(change)}`, async () => {
    const { status, body } = await ask(change)
    assert.deepEqual([status, body.errors?.[0]?.field], [400, field], JSON.stringify(body))
  })
}

test('a day that has rates keeps them; nor is one changed that a settled cycle was charged by', async () => {
  const day = addDays(today, 20)
  const [one, other] = [
    await ask({ validFrom: day }),
    await ask({ validFrom: day, slabs: [{ overAmount: '0', fee: '1' }] }),
  ]
  assert.equal((await approve(one.body.id)).status, 200)
  assert.equal((await approve(other.body.id)).body.type, '/problems/fee_rates_set')
  assert.equal((await ask({ validFrom: day })).body.type, '/problems/fee_rates_set')
  assert.equal(await feeOn(day), 40n)
  // A sandbox cuts cycles before their time: their rates stand all the same, also for what was asked before.
  const late = await ask({ validFrom: addDays(today, 30) })
  await db`
    insert into pipeline_step (institution, settled_on, cycle, step, done_at) values ('TRN', ${addDays(today, 30)}::date, '1', 'settle', now())`
  assert.equal((await approve(late.body.id)).body.type, '/problems/fee_rates_set')
  assert.deepEqual((await ask({ validFrom: addDays(today, 30) })).body.errors[0].field, 'validFrom')
  assert.equal((await ask({ validFrom: addDays(today, 31) })).status, 202)
})

test('whoever has one bank of several cannot change what all are charged by', async () => {
  const { status, body } = await ask({}, keyOf(2, 'member'))
  assert.deepEqual([status, body.type], [403, '/problems/forbidden'])
  assert.equal((await ask({}, viewer)).status, 403)
})
