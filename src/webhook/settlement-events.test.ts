import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import type { Tx } from '../db/pool.ts'
import { asTenant } from '../db/tenant.ts'
import { inTransaction } from '../db/transaction.ts'
import { parseEventType } from './catalogue.ts'
import { type PublicEvent, takeSteps } from './outbox.ts'
import { findSettlementEvents, settlementEventNames, settlementEventTypes } from './settlement-events.ts'

// Goal: whoever changes a thing of settlement, and however, its event is written in the same commit, with the thing as it stood.

const { db } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`

const EVERYTHING = '9223372036854775807:9223372036854775807:'
const PAYMENT = '01a204e0-828d-7000-a29a-82a88b6613e0'

/** Does something in one transaction, and gives what is told of it to tenants 1 and 2, with what it is told with. */
async function told(change: (tx: Tx) => Promise<unknown>) {
  const before = await db<{ now: string }[]>`select pg_current_snapshot()::text as now`
  await inTransaction(db, change)
  const { events } = await takeSteps(db, before[0]?.now ?? '', EVERYTHING, [
    { tenantId: 1, since: 0 },
    { tenantId: 2, since: 0 },
  ])
  const found = await findSettlementEvents(db, events)
  return events.map((event: PublicEvent) => {
    const one = found.find(({ subject, sequence }) => subject === event.subject && sequence === event.sequence)
    assert.ok(one !== undefined && one.tenantId === event.tenantId && one.data.id === event.about)
    assert.equal(one.type, event.type)
    return one
  })
}
const kinds = (events: Awaited<ReturnType<typeof told>>) =>
  events.map(({ type, sequence, data }) => [type, sequence, data.state])

const disputeOf = (tx: Tx, tenantId: number, id: string) => tx`
  insert into dispute (dispute_id, tenant_id, payment_id, lane, direction, institution, rrn, remitter_bank, family, state, amount,
    transaction_on, flag, reason_code, stepped_on, rules, opened_by, opened_at, updated_at)
  values (${id}::uuid, ${tenantId}, ${PAYMENT}::uuid, 0, 'outward', 'TRN', '632701000001', '0000', 'chargeback', 'raised', 150000, '2026-11-27',
    'CB', '101', '2026-11-27', '0123456789abcdef', 'npci', '2026-11-27T10:00:00Z', '2026-11-27T10:00:00Z')`

test('the names are those of the table, and types of events', () => {
  assert.deepEqual([...settlementEventNames].sort(), Object.keys(settlementEventTypes).sort())
  assert.deepEqual(settlementEventNames.map(parseEventType), [...settlementEventNames])
})

test('a dispute is told from its opening to its end, each step with what it was then', async () => {
  const id = '01a204e0-0000-7000-8000-000000000001'
  const opened = await told((tx) => disputeOf(tx, 1, id))
  assert.deepEqual(
    opened.map(({ data, at }) => [data, at]),
    [
      [
        {
          id: `dsp_${id.replaceAll('-', '')}`,
          state: 'raised',
          institution: 'TRN',
          cycle: null,
          payment: `pay_${PAYMENT.replaceAll('-', '')}`,
          rrn: '632701000001',
          direction: 'outward',
          amount: '150000',
          reason: 'CB 101',
          dueAt: null,
        },
        Date.parse('2026-11-27T10:00:00Z'),
      ],
    ],
  )
  const change = (set: (tx: Tx) => ReturnType<Tx>) =>
    told((tx) => tx`update dispute set ${set(tx)} where dispute_id = ${id}::uuid`)
  assert.deepEqual(kinds(await change((tx) => tx`held = 100, version = version + 1`)), [], 'nothing that others see')
  assert.deepEqual(kinds(await change((tx) => tx`warned_at = now(), due_at = '2026-12-01T00:00:00Z'`)), [
    ['dispute.due_soon', 2, 'raised'],
  ])
  assert.deepEqual(kinds(await change((tx) => tx`state = 'represented', flag = 'R'`)), [
    ['dispute.updated', 3, 'represented'],
  ])
  assert.deepEqual(
    kinds(await change((tx) => tx`state = 'for_remitter', closed_at = now(), due_at = null, due_flag = null`)),
    [['dispute.closed', 4, 'for_remitter']],
  )
})

test('a break is told when it opens, ends, opens again, and when its run is taken back', async () => {
  const insert = (tx: Tx, rrn: string) => tx`
    insert into break (break_id, tenant_id, kind, detail, opened_at, institution, rrn, amount, settled_on, cycle)
    values (gen_random_uuid(), 1, 'B11', 'test', now(), 'TRN', ${rrn}, 5, '2026-11-27', '3')`
  const [opened] = await told((tx) => insert(tx, '632701000002'))
  assert.deepEqual(
    [opened?.type, opened?.data.reason, opened?.data.cycle, opened?.data.amount],
    ['break.opened', 'B11', '2026-11-27/3', '5'],
  )
  const rrn = '632701000002'
  const resolve = (tx: Tx) => tx`
    update break set state = 'resolved', closed_at = now(), resolution = 'accepted' where rrn = ${rrn}`
  assert.deepEqual(kinds(await told((tx) => tx`update break set carried = 1, version = 2 where rrn = ${rrn}`)), [])
  assert.deepEqual(kinds(await told(resolve)), [['break.resolved', 2, 'resolved']])
  assert.deepEqual(
    kinds(
      await told((tx) => tx`update break set state = 'open', closed_at = null, resolution = null where rrn = ${rrn}`),
    ),
    [['break.opened', 3, 'open']],
  )
  const gone = await told((tx) => tx`delete from break where rrn = ${rrn}`)
  assert.deepEqual(kinds(gone), [['break.withdrawn', 4, 'open']])
  assert.deepEqual(
    kinds(
      await told(async (tx) => [
        await insert(tx, '632701000003'),
        await tx`delete from break where rrn = '632701000003'`,
      ]),
    ),
    [
      ['break.opened', 1, 'open'],
      ['break.withdrawn', 2, 'open'],
    ],
    'in their order, though the break is gone when it is told',
  )
})

test('compensation is told when it is due and when it is paid, and not each day that it grows', async () => {
  const rrn = '632701000004'
  const insert = (tx: Tx) => tx`
    insert into compensation (tenant_id, institution, payment_id, rrn, nbin, direction, owed_by, from_on, days, amount, state, updated_at)
    values (1, 'TRN', ${PAYMENT}::uuid, ${rrn}, '0000', 'outward', 'us', '2026-11-20', 1, 10000, 'accruing', now())`
  assert.deepEqual(kinds(await told(insert)), [])
  assert.deepEqual(
    kinds(await told((tx) => tx`update compensation set days = 2, amount = 20000 where rrn = ${rrn}`)),
    [],
  )
  const due = await told((tx) => tx`update compensation set state = 'due', until_on = '2026-11-22' where rrn = ${rrn}`)
  assert.deepEqual(
    due.map(({ type, data }) => [type, data.amount, data.reason]),
    [['compensation.due', '20000', 'owed_by_us']],
  )
  assert.deepEqual(
    kinds(await told((tx) => tx`update compensation set state = 'paid', paid_at = now() where rrn = ${rrn}`)),
    [['compensation.paid', 2, 'paid']],
  )
})

test('a cycle is told when its money is in the books, under one id', async () => {
  const step = (name: string) => (tx: Tx) =>
    tx`
    insert into pipeline_step (institution, settled_on, cycle, step, done_at) values ('TRN', '2026-11-27', '3', ${name}, now())`
  await db`
    insert into settlement_cycle (tenant_id, institution, settled_on, cycle, window_from, window_to, carries, opened_at)
    values (1, 'TRN', '2026-11-27', '3', '2026-11-27T00:00:00Z', '2026-11-27T02:00:00Z', 'payments', now())`
  assert.deepEqual(kinds(await told(step('match'))), [])
  const settled = await told(step('settle'))
  assert.deepEqual(
    settled.map(({ type, data }) => [type, data.id, data.cycle]),
    [['settlement_cycle.settled', 'TRN/2026-11-27/3', '2026-11-27/3']],
  )
})

test('files are told: those that came, and those for NPCI at each step', async () => {
  const refused = await told(
    (tx) => tx`
      insert into settlement_file (file_id, tenant_id, name, sha256, bytes, encrypted, signed, state, fault, refusal, kept, sealed, came_by,
        received_by, received_at)
      values (gen_random_uuid(), 1, 'WHATISTHIS.csv', repeat('0', 64), 1, false, false, 'refused', 'unknown_name', '{}', false, '', 'inbox', 'hub', now())`,
  )
  assert.deepEqual(
    refused.map(({ type, data }) => [type, data.reason, data.cycle]),
    [['settlement_file.refused', 'unknown_name', null]],
  )
  const waiting = await told(
    (tx) => tx`
      insert into upload_file (upload_id, tenant_id, institution, kind, purpose, name, made_on, sequence, rows, amount, sealed, sha256, state,
        due_at, made_at)
      values (gen_random_uuid(), 1, 'TRN', 'upload_classic', 'tcc_ret', 'A.csv', '2026-11-27', 1, 1, 100, '', repeat('0', 64), 'waiting', now(), now())`,
  )
  assert.deepEqual(
    waiting.map(({ type, data }) => [type, data.reason, data.amount]),
    [['upload_file.waiting', 'tcc_ret', '100']],
  )
  assert.deepEqual(
    kinds(await told((tx) => tx`update upload_file set state = 'released', released_at = now() where name = 'A.csv'`)),
    [['upload_file.released', 2, 'released']],
  )
})

test('what is no tenant’s is told to nobody, and nobody sees what is another’s', async () => {
  const id = '01a204e0-0000-7000-8000-000000000009'
  assert.deepEqual(
    kinds(
      await told(
        (tx) =>
          tx`insert into break (tenant_id, kind, detail, opened_at, rrn) values (0, 'B30', 'test', now(), '632701000005')`,
      ),
    ),
    [],
  )
  const [mine] = await told((tx) => disputeOf(tx, 2, id))
  assert.ok(mine !== undefined)
  assert.equal(mine.tenantId, 2)
  assert.deepEqual(await asTenant(db, 1, (tx) => findSettlementEvents(tx, [mine])), [])
  assert.equal((await asTenant(db, 2, (tx) => findSettlementEvents(tx, [mine]))).length, 1)
})
