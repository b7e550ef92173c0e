import assert from 'node:assert/strict'
import { test } from 'node:test'
import { must } from '../../src/base/identifiers.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { defaultCycles, findCycle } from '../../src/imps/cycles.ts'
import { ensureCycle } from '../../src/settlement/intake/store.ts'
import { ruleVersion } from '../../src/settlement/match/break-types.ts'
import { matchRows } from '../../src/settlement/match/match.ts'
import { BROKEN_OFF, claimRun, failRun, findRun } from '../../src/settlement/match/run-store.ts'
import { deliverToSimulator } from '../../src/upload-delivery.ts'
import { openTestDatabase } from '../support/database.ts'
import { plainRow } from '../support/match-rows.ts'

// `npm run crash -- --settlement` killed the hub a second time while it matched again: the cycle waited for ten minutes, as if its match had
// failed, and later cycles went ahead of it.
test('a run that was killed says of itself that it was broken off, which holds its cycle up by nothing; one that failed says more', async () => {
  const { db } = await openTestDatabase()
  const cycle = must(findCycle(defaultCycles, { settlementDate: '2026-11-27', number: '5' }), 'cycle')
  const now = cycle.toAt + 60_000
  await inTransaction(db, (tx) => ensureCycle(tx, { tenantId: 1, institution: 'TRN', at: now }, cycle))
  const claim = async (serial: number, at: number) => {
    const id = `run_${String(serial).padStart(32, '0')}`
    return claimRun(db, { id, tenantId: 1, institution: 'TRN', cycle, ruleVersion, startedBy: 'hub' }, at)
  }
  const first = await claim(1, now)
  const { run } = await claim(2, now + 61_000)
  assert.equal((await findRun(db, first.run.id))?.failure, BROKEN_OFF)
  await failRun(db, run.id, 'broken off: Error', now + 62_000)
  assert.notEqual((await findRun(db, run.id))?.failure, BROKEN_OFF)
})

// Of a payment to a mobile number and MMID the hub's row has no beneficiary bank. Alone with NPCI's row it agreed with any; with a difference,
// such as 08, or in another cycle than its own, it was of another bank, and its money stayed in clearing twice over.
test('a payment to a mobile number and MMID is of the bank that NPCI says', () => {
  const own = { beneficiaryBank: '', subType: 'FC', ref: 'a', lane: 7 } as const
  const raw = { ...plainRow, source: 'raw', subType: 'FC', status: '08' } as const
  const found = matchRows({
    rows: [
      { ...plainRow, ...own, source: 'hub', status: 'S' },
      { ...plainRow, ...own, source: 'core', status: 'S', lane: null },
      raw,
      // Another bank's payment with the same RRN is another payment.
      { ...raw, remitterBank: '7777', status: '00' },
    ],
    toAt: plainRow.at + 3_600_000,
    children: new Map(),
  })
  assert.deepEqual(
    found.breaks.map(({ type, remitterBank }) => `${type} ${remitterBank}`),
    ['B06 7777'],
  )
  assert.deepEqual(
    found.settled.map(({ row, lane }) => [row.remitterBank, lane]),
    [
      ['1234', 7],
      ['7777', null],
    ],
  )
})

// Killed between the handing over of a file and its word for it, the hub handed it over again; NPCI had seen the name, the hub took that for
// a refusal, and forgot the answers to disputes that NPCI had.
test('a file that NPCI has already is handed over, not refused', async () => {
  const answering = (status: number, code: string) =>
    deliverToSimulator({ post: async () => ({ status, body: { code, detail: 'why' } }) })('a.csv', Buffer.from('a'))
  assert.equal((await answering(409, 'name_seen')).kind, 'sent')
  assert.equal((await answering(422, 'bad_file')).kind, 'refused')
})
