import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { openTestDatabase } from '../../test/support/database.ts'
import { setUpDisputes, T } from '../../test/support/disputes.ts'
import { testLog } from '../../test/support/logs.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { inTransaction } from '../db/transaction.ts'
import { defaultCycles } from '../imps/cycles.ts'
import { addDays, istInstant } from '../imps/disputes/days.ts'
import { openDisputeBreak } from '../settlement/disputes/breaks.ts'
import { reportNames } from '../settlement/reports/reports.ts'

const { url, db } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const d = await setUpDisputes(url)
const real = await startRealServer(
  db,
  d.t.room,
  [
    { tenantId: 1, name: 'program' },
    { tenantId: 2, name: 'program' },
  ],
  { reporting: { db, cycles: defaultCycles, log: testLog }, sandbox: false },
)
after(() => Promise.all([real.server.close(), d.t.close()]))
await db`update tenant set kind = 'member_bank', institution = 'TRN' where tenant_id = 1`
const get = (path: string, tenantId = 1) => real.call('get', path, keyOf(tenantId, 'program'))
const file = (path: string) =>
  real.server.app.inject({ method: 'GET', url: path, headers: { authorization: `Bearer ${keyOf(1, 'program')}` } })

test('every report is made in every form; who has no bank sees an empty one', async () => {
  d.goTo(istInstant(T, '12:00'))
  const { payment } = await d.outward('deemed')
  await d.say(payment, 'B', '108')
  const list = await get('/v1/reports')
  assert.deepEqual(
    list.body.data.map((one: { name: string }) => one.name),
    [...reportNames],
  )
  for (const name of reportNames) {
    const path = `/v1/reports/${name}?from=${T}&to=${T}`
    const { status, body } = await get(path)
    assert.equal(status, 200, `${name}: ${JSON.stringify(body)}`)
    const csv = await file(`${path}&format=csv`)
    assert.equal(csv.headers['content-disposition'], `attachment; filename="${name}-${T}.csv"`)
    const rows: string[][] = parse(csv.rawPayload)
    assert.deepEqual([rows[0], rows.length - 1], [body.columns, body.rows.length], name)
    assert.equal((await file(`${path}&format=xlsx`)).rawPayload.subarray(0, 2).toString(), 'PK')
    assert.equal((await file(`${path}&format=pdf`)).rawPayload.subarray(0, 5).toString(), '%PDF-')
    assert.deepEqual((await get(path, 2)).body.rows, [], `${name} of another tenant`)
  }
  const { body } = await get(`/v1/reports/disputes?from=${T}&to=${T}`)
  assert.deepEqual([body.rows[0][1], body.rows[0][9]], [payment.rrn, '3000000'])
})

test('a cycle by the books: what disputes moved, and that NPCI has stated nothing', async () => {
  const { body } = await get(`/v1/reports/cycle-positions?from=${T}&to=${T}`)
  assert.deepEqual(body.columns.slice(-4), ['Returns and disputes', 'Net by the books', 'Net by NPCI', 'Difference'])
  assert.deepEqual(body.rows, [['TRN', `${T}/5`, '0', '0', '0', '3000000', '3000000', null, null]])
  const statement = await get(`/v1/reports/settlement-statement?from=${T}&to=${T}&cycle=5`)
  assert.ok(statement.body.notes.includes(`TRN ${T}/5: no statement of NPCI`))
  assert.deepEqual((await get(`/v1/reports/settlement-statement?from=${T}&to=${T}&cycle=6`)).body.rows, [])
})

test('open breaks age into buckets by whole days', async () => {
  const { payment } = await d.outward('deemed')
  for (const days of [0, 3, 50])
    await inTransaction(db, (tx) =>
      openDisputeBreak(
        tx,
        {
          type: 'B20',
          tenantId: 1,
          institution: 'TRN',
          payment,
          rrn: payment.rrn ?? '',
          direction: 'outward',
          amountPaise: 100n,
          action: `answer ${days}`,
          deadline: null,
        },
        'answer_dispute',
        istInstant(addDays(T, -days), '11:00'),
      ),
    )
  const { body } = await get('/v1/reports/ageing')
  assert.deepEqual(
    body.rows.find(([type]: string[]) => type === 'B20'),
    ['B20', '1', '0', '1', '0', '0', '0', '1', '3', '300'],
  )
})

test('what is asked wrongly says which field', async () => {
  const cases: [string, number, string][] = [
    ['nothing', 404, 'not_found'],
    ['breaks?from=2026-13-40', 400, 'invalid_request'],
    ['breaks?from=2026-11-28&to=2026-11-27', 400, 'invalid_request'],
    ['breaks?from=2024-01-01&to=2026-11-27', 400, 'invalid_request'],
    ['breaks?format=exe', 400, 'invalid_request'],
    ['breaks?institution=NOPE', 404, 'not_found'],
  ]
  for (const [path, status, code] of cases) {
    const answer = await get(`/v1/reports/${path}`)
    assert.deepEqual([answer.status, answer.body.code], [status, code], path)
  }
})
