import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../../test/support/payment-room.ts'
import { testVault } from '../../../test/support/vault.ts'
import { type Clock, systemClock } from '../../base/clock.ts'
import { must } from '../../base/identifiers.ts'
import { paise } from '../../base/money.ts'
import { inTransaction } from '../../db/transaction.ts'
import { type Cycle, defaultCycles, findCycle, nextCycle } from '../../imps/cycles.ts'
import { layoutFor } from '../../imps/files/detect.ts'
import type { NewRow } from '../../imps/files/write-table.ts'
import { writeTable } from '../../imps/files/write-table.ts'
import { initiate } from '../../payment/initiate.ts'
import { record } from '../../payment/record.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import { openAccepted } from '../intake/accepted.ts'
import { openFileStore } from '../intake/file-store.ts'
import { insertFile } from '../intake/store.ts'
import { sealArchive } from './archive-store.ts'
import { coreExtractIn } from './core-extract.ts'
import { exportRun } from './export-run.ts'
import { findRawLines } from './find-lines.ts'
import { executeHere, type MatchDeps, matchCycle } from './match-cycle.ts'
import { readFindings } from './read-findings.ts'
import { rollBackRun } from './roll-back.ts'
import { createRunProcesses } from './run-process.ts'
import { plainHeads } from './sources.ts'

const { db, url } = await openTestDatabase()
const folder = mkdtempSync(join(tmpdir(), 'turant-cycle-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const cycle5 = must(findCycle(defaultCycles, { settlementDate: '2026-11-27', number: '5' }), 'cycle')
const cycle6 = nextCycle(defaultCycles, cycle5)
let now = cycle5.fromAt + 600_000
const clock: Clock = { ...systemClock, now: () => now }
const t = await createTestRoom(url, { clock })
after(() => t.close())
const account = await t.open(10n ** 9n)
const store = openFileStore(join(folder, 'files'), 'test')
const accepted = openAccepted({ db, vault: testVault, store })
const archives = join(folder, 'archives')
const seal = sealArchive(testVault, () => now)

let made = 0
const newId = (): string => {
  made += 1
  return `019b${String(made).padStart(28, '0')}`
}
const deps: MatchDeps = {
  db,
  clock,
  cycles: defaultCycles,
  accepted,
  numbersOf: () => ({ nbin: '7001', ownBanks: { '700001': '7001' }, byCode: { HDFC: '3001' } }),
  limits: { threads: 1, memoryMb: 300, folder: join(folder, 'work'), unmatched: 1_000 },
  archives,
  newId,
  execute: executeHere({ db, clock, seal }),
}

async function pay(amountPaise: bigint): Promise<StoredPayment> {
  const done = await initiate(t.room, requestFrom(account.id, { amountPaise: paise(amountPaise) }))
  if (done.kind !== 'accepted') throw new Error(done.reason)
  now += 1_000
  return done.payment
}

const rowOf = (payment: StoredPayment, responseCode: string): NewRow<'raw_remitter'> => ({
  side: 'remitter',
  rrn: payment.rrn ?? '',
  stan: payment.stan ?? '000000',
  responseCode,
  amountPaise: payment.amountPaise,
  at: Math.floor((payment.transmittedAt ?? 0) / 1000) * 1000,
  settlementDate: '2026-11-27',
  remitterBank: '7001',
  beneficiaryBank: '3001',
  remitterAccount: '50100000000001',
  beneficiaryAccount: '50100123456789',
  subType: 'F3',
})

async function accept(cycle: Cycle, rows: readonly NewRow<'raw_remitter'>[]): Promise<void> {
  await acceptOne('raw_remitter', cycle, rows)
  await acceptOne('raw_beneficiary', cycle, [])
}

async function acceptOne(
  kind: 'raw_remitter' | 'raw_beneficiary',
  cycle: Cycle,
  rows: readonly NewRow<'raw_remitter'>[],
): Promise<void> {
  const identity = { bank: 'TRN', day: cycle.settlementDate, cycle: cycle.number }
  const layout = layoutFor(kind, identity.day, 'csv')
  const { file, bytes } = await writeTable(kind, layout, identity, rows)
  const id = `fil_${newId()}`
  const kept = await store.receive(id, chunks(bytes), 1e9)
  if (kept === 'too_large') throw new Error('too large')
  await store.keep(id)
  await testVault.prepare([1], now)
  await inTransaction(db, (tx) =>
    insertFile(
      tx,
      testVault,
      {
        id,
        tenantId: 1,
        institution: 'TRN',
        kind,
        layout: layout.id,
        name: file,
        settlementDate: cycle.settlementDate,
        cycle: cycle.number,
        serial: '',
        sha256: kept.sha256,
        bytes: kept.bytes,
        encrypted: false,
        signed: false,
        state: 'accepted',
        supersedes: null,
        rows: rows.length,
        amountPaise: 0n,
        refusal: null,
        kept: true,
        cameBy: 'api',
        receivedBy: 'test',
        receivedAt: now,
      },
      { name: file, key: Buffer.from(kept.key).toString('base64') },
    ),
  )
}
async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

const breaksOf = async (cycle: Cycle): Promise<string[]> => {
  const rows = await db<{ text: string }[]>`
    select type || ' ' || rrn || ' ' || state as text from break where cycle = ${cycle.number} order by type, rrn`
  return rows.map(({ text }) => text)
}
const match = (cycle: Cycle, more: Partial<MatchDeps> = {}) =>
  matchCycle({ ...deps, ...more }, { tenantId: 1, institution: 'TRN', cycle, startedBy: 'test' })

test('payments, postings and a raw file that was accepted become a run: what agrees is counted, what does not is a break', async () => {
  const paid = await Promise.all([100n, 200n, 300n].map((rupees) => pay(rupees * 100n)))
  for (const one of paid) await record(t.room, one, { kind: 'approved', responseCode: '00' })
  const declined = await pay(40_000n)
  await record(t.room, declined, { kind: 'declined', responseCode: 'M1' })
  const open = await pay(50_000n)
  await record(t.room, open, { kind: 'lapsed' })
  const refused = await pay(60_000n)
  await record(t.room, refused, { kind: 'approved', responseCode: '00' })
  now = cycle5.toAt - 60_000
  const late = await pay(70_000n)
  await record(t.room, late, { kind: 'approved', responseCode: '00' })
  now = cycle5.toAt + 600_000
  await accept(cycle5, [
    ...paid.map((one) => rowOf(one, '00')),
    rowOf(declined, 'M1'),
    rowOf(open, '00'),
    rowOf(refused, '91'),
    { ...rowOf(paid[0] ?? late, '00'), rrn: '632609999999', amountPaise: paise(12_300n) },
  ])

  const run = await match(cycle5)
  assert.equal(run.state, 'matched', run.failure ?? '')
  assert.deepEqual(await breaksOf(cycle5), [
    `B01 ${late.rrn} carried`,
    `B05 ${refused.rrn} open`,
    'B06 632609999999 open',
    `B08 ${open.rrn} open`,
  ])
  assert.deepEqual(
    run.inputs.map(({ what, rows }) => `${what} ${rows}`),
    ['core 8', 'hub 7', 'raw_beneficiary 0', 'raw_remitter 7'],
  )
  assert.deepEqual([run.counts.paid, run.counts.unpaid], [3, 1])
  // Again is the same run.
  assert.equal((await match(cycle5)).id, run.id)

  const findings = must(
    await readFindings({ ...deps, vault: testVault, archives })({ institution: 'TRN', ...cycle5 }, []),
    'findings',
  )
  assert.deepEqual(
    findings.items.map(({ raw, rrn, beneficiaryAccount }) => [raw, rrn, beneficiaryAccount]).sort(),
    [
      ['00', '632609999999', '50100123456789'],
      ['00', open.rrn, '50100123456789'],
      ['absent', late.rrn, ''],
      ['declined', refused.rrn, '50100123456789'],
    ].sort(),
  )
  assert.equal(
    findings.settled.reduce((sum, { amountPaise }) => sum + amountPaise, 0n),
    60_000n + 50_000n + 12_300n,
  )
  const lines = await findRawLines(
    { ...deps, vault: testVault, archives },
    { institution: 'TRN', direction: 'outward', rrn: refused.rrn ?? '', at: refused.transmittedAt ?? 0 },
  )
  assert.deepEqual(
    lines.map(({ row: { line, responseCode, amountPaise } }) => [line, responseCode, amountPaise]),
    [[7, '91', 60_000n]],
  )
})

test('taken back and carried out by a process of its own, it is the same to the byte', async () => {
  const first = await match(cycle5)
  const said = await exportRun(db, first.id)
  await inTransaction(db, (tx) => rollBackRun(tx, ['TRN'], first.id, 'somebody', now))
  assert.deepEqual(await breaksOf(cycle5), [])
  const apart = createRunProcesses(url, seal)
  const again = await match(cycle5, { execute: apart.execute })
  assert.equal(again.state, 'matched', again.failure ?? '')
  assert.equal(await exportRun(db, again.id), said)
  assert.deepEqual(readdirSync(join(folder, 'work')), [])
  assert.equal(readdirSync(archives).length, 1)
})

test('what waited is found in the next cycle, and what was made in the next and stands in this one is no stranger', async () => {
  const [waiting] = await db<{ rrn: string }[]>`select rrn from break where state = 'carried'`
  const [late] = await db<{ payment_id: string }[]>`select payment_id from payment where rrn = ${waiting?.rrn ?? ''}`
  now = cycle6.fromAt + 700_000
  const own = await pay(81_000n)
  await record(t.room, own, { kind: 'approved', responseCode: '00' })
  now = cycle6.toAt + 5_000
  const early = await pay(82_000n)
  await record(t.room, early, { kind: 'approved', responseCode: '00' })
  const stored = must(
    t.sent.find(({ id }) => id.slice(4) === late?.payment_id.replaceAll('-', '')),
    'payment',
  )
  await accept(cycle6, [rowOf(stored, '00'), rowOf(own, '00'), rowOf(early, '00')])
  now = cycle6.toAt + 600_000
  const run = await match(cycle6)
  assert.equal(run.state, 'matched', run.failure ?? '')
  assert.deepEqual(await breaksOf(cycle6), [])
  const [ended] = await db<{ text: string }[]>`
    select state || ' ' || resolution as text from break where rrn = ${waiting?.rrn ?? ''}`
  assert.equal(ended?.text, 'resolved matched')
})

test('a cycle whose raw files are not here is not matched, and says why', async () => {
  const run = await match(nextCycle(defaultCycles, cycle6))
  assert.deepEqual([run.state, run.failure], ['failed', 'a raw file of the cycle is missing'])
})

test('where the core brings its own rows they are what counts, and without them nothing is matched', async () => {
  const cycle8 = nextCycle(defaultCycles, nextCycle(defaultCycles, cycle6))
  now = cycle8.fromAt + 60_000
  const both = [await pay(91_000n), await pay(92_000n)] as const
  for (const one of both) await record(t.room, one, { kind: 'approved', responseCode: '00' })
  await accept(
    cycle8,
    both.map((one) => rowOf(one, '00')),
  )
  now = cycle8.toAt + 1_000
  const coreExtract = coreExtractIn(folder)
  const without = await match(cycle8, { coreExtract })
  assert.deepEqual([without.state, without.failure], ['failed', "the core's file TRN-2026-11-27-8.csv is missing"])
  const [first, second] = both
  const line = `outward,${first.rrn},91000,S,${first.transmittedAt},,,7890,,F3,,x1,,cycle,0`
  writeFileSync(join(folder, 'TRN-2026-11-27-8.csv'), `${plainHeads.join(',')}\n${line}\n`)
  const run = await match(cycle8, { coreExtract })
  assert.equal(run.state, 'matched', run.failure ?? '')
  assert.deepEqual(await breaksOf(cycle8), [`B06 ${second.rrn} open`])
})
