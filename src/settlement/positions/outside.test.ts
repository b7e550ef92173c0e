import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../../test/support/database.ts'
import { testLog } from '../../../test/support/logs.ts'
import { createTestRoom } from '../../../test/support/payment-room.ts'
import { laneOf } from '../../base/identifiers.ts'
import { inTransaction } from '../../db/transaction.ts'
import { addDays, defaultCycles, startOfDay } from '../../imps/cycles.ts'
import { hubAccount } from '../../ledger/chart.ts'
import { postJournal } from '../../ledger/journals.ts'
import { makeReport } from '../reports/reports.ts'
import { holds, proveLedger, proveYesterday, readProofs } from './ledger-proof.ts'
import { OLD_DAYS, readBalances } from './outside.ts'

// The core's balances of a day and the statements of banks are lines of the proof: with their difference, and how long it has been there.

const { db, url } = await openTestDatabase()
const t = await createTestRoom(url)
after(() => t.close())
const T = '2026-11-20'
const folder = mkdtempSync(join(tmpdir(), 'turant-core-'))
const deps = { db, cycles: defaultCycles, log: testLog, coreDir: folder }
const noon = (day: string): number => startOfDay(day) + 12 * 3_600_000
const proofOf = async (code: string, day: string) => {
  const proofs = await proveLedger(deps, day, startOfDay(addDays(day, 1)))
  assert.deepEqual(await readProofs(db, day), proofs)
  const found = proofs.find((one) => one.code === code)
  assert.ok(found)
  return found
}
let serial = 0
/** So much comes to the settlement account. */
const settle = (day: string, amountPaise: bigint, institution = 'TRN') =>
  inTransaction(db, (tx) => {
    serial += 1
    const [bank, suspense] = [hubAccount('RBI-STL', laneOf(serial)), hubAccount('SUSP-OUT', laneOf(serial))]
    return postJournal(tx, {
      transferKey: `test:${serial}`,
      event: 'settled',
      kind: 'settlement',
      ruleVersion: 'test:1',
      tenantId: 0,
      institution,
      legs: [
        { account: bank, amountPaise: -amountPaise },
        { account: suspense, amountPaise },
      ],
      at: noon(day),
    })
  })
const state = async (day: string, opening: bigint, closing: bigint, account = 1): Promise<void> => {
  await db`
    with file as (
      insert into settlement_file (file_id, tenant_id, name, sha256, bytes, encrypted, signed, state, fault, refusal, kept, sealed, came_by,
        received_by, received_at)
      values (gen_random_uuid(), 1, 'x', md5(random()::text) || md5(random()::text), 1, false, false, 'refused', 'name_unknown',
        '{"expected": "x", "found": "y"}', false, '', 'api', 'cli_x', now()) returning file_id)
    insert into statement (statement_id, file_id, tenant_id, institution, ordinal, profile, account_index, number, from_on, until_on, opening,
      closing, lines, continues, sealed)
    select gen_random_uuid(), file_id, 1, 'TRN', 1, 'test', ${`00000000-0000-0000-0000-00000000000${account}`}::uuid, '', ${day}::date, ${day}::date,
      ${opening}, ${closing}, 1, true, '' from file`
}
const said = ({ outside }: Awaited<ReturnType<typeof proofOf>>) =>
  outside.map(({ source, on, differencePaise, ageDays }) => `${source} ${on} ${differencePaise} ${ageDays}`)

test('statements say what moved since the first of them; a difference is a line with its age, and speaks against the books when it is old', async () => {
  await settle(addDays(T, -1), 777n) // before any statement: nobody compares it
  assert.deepEqual(said(await proofOf('RBI-STL', addDays(T, -1))), [])
  await settle(T, 5_000n)
  await settle(T, 9n, 'TAA') // a bank that has handed in no statement
  await state(T, 100_000n, 105_000n)
  assert.deepEqual(said(await proofOf('RBI-STL', T)), [`statement ${T} 0 0`])
  // Forty paise more at the bank than in the books, from the next day on.
  await state(addDays(T, 1), 105_000n, 105_040n)
  for (let age = 0; age <= OLD_DAYS; age += 1) {
    const proof = await proofOf('RBI-STL', addDays(T, 1 + age))
    assert.deepEqual(said(proof), [`statement ${addDays(T, 1)} -40 ${age}`])
    assert.equal(holds(proof), age < OLD_DAYS)
  }
  const breaks = () => db<{ detail: string; amount: bigint }[]>`select detail, amount from break where kind = 'B24'`
  await db`delete from ledger_proof where day = ${addDays(T, 1 + OLD_DAYS)}::date`
  for (const _ of [1, 2]) await proveYesterday(deps, noon(addDays(T, 2 + OLD_DAYS)))
  const [found, ...rest] = await breaks()
  assert.deepEqual([rest.length, found?.amount], [0, 40n])
  assert.match(String(found?.detail), /; the statement of 2026-11-21 has 40 more$/)
  // The books follow: nothing differs, and a new difference is a new one.
  await settle(addDays(T, 4), 40n)
  await state(addDays(T, 5), 105_040n, 105_040n)
  assert.deepEqual(said(await proofOf('RBI-STL', addDays(T, 5))), [`statement ${addDays(T, 5)} 0 0`])
  await state(addDays(T, 6), 105_040n, 105_041n)
  assert.deepEqual(said(await proofOf('RBI-STL', addDays(T, 6))), [`statement ${addDays(T, 6)} -1 0`])
  // Of two accounts both count, until the day that both have.
  await state(addDays(T, 5), 0n, 11n, 2)
  assert.deepEqual(said(await proofOf('RBI-STL', addDays(T, 6))), [`statement ${addDays(T, 5)} -11 0`])
})

test('the core’s balances of a day are compared at once, for every account that it names; and the report has all of it', async () => {
  const day = addDays(T, 9)
  await t.open(1n)
  const write = (text: string) => writeFileSync(join(folder, `TRN-${day}-balances.csv`), text)
  const { closingPaise } = await proofOf('SUSP-OUT', day)
  assert.deepEqual(said(await proofOf('SUSP-OUT', day)), [], 'no file, no line')
  const rupees = (paise: bigint) => {
    const digits = String(paise < 0n ? -paise : paise).padStart(3, '0')
    return `${paise < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
  }
  write(`account,balance\nSUSP-OUT,${rupees(closingPaise)}\nOUT-CLR,0.00\n`)
  const same = await proofOf('SUSP-OUT', day)
  assert.deepEqual([said(same), holds(same)], [[`core ${day} 0 0`], true])
  write(`account,balance\nSUSP-OUT,${rupees(closingPaise - 5n)}\n`)
  const other = await proofOf('SUSP-OUT', day)
  assert.deepEqual([said(other), holds(other)], [[`core ${day} 5 0`], false])
  const scope = { tenantId: 1, institutions: ['TRN'], from: day, to: day, cycle: undefined, now: noon(addDays(day, 1)) }
  const { rows, columns } = await makeReport(deps, 'ledger-proof', scope)
  const line = rows.find(([, name]) => name === `the core, ${day}`)
  assert.deepEqual(line?.slice(5), [closingPaise, closingPaise - 5n, 5n, null, 0])
  assert.ok(rows.every((row) => row.length === columns.length))
  write('account,balance\nSUSP-OUT,twelve\n')
  assert.deepEqual(said(await proofOf('SUSP-OUT', day)), [], 'a file that is no good says nothing, and the log says so')
})

const files: readonly (readonly [text: string, good: boolean])[] = [
  ['account,balance\nRBI-STL,12.34\nOUT-CLR,-0.05\n', true],
  ['\ufeffaccount,balance\r\nRBI-STL,12.34\r\n', true],
  ['account,balance\n', true],
  ['', false],
  ['account;balance\nRBI-STL;1.00\n', false],
  ['account,balance\nRBI-STL,1.0\n', false],
  ['account,balance\nRBI-STL,1e3\n', false],
  ['account,balance\nNOSTRO,1.00\n', false],
  ['account,balance\nRBI-STL,1.00\nRBI-STL,1.00\n', false],
  ['account,balance\nRBI-STL,"1.00\n', false],
  [`account,balance\n${'\n'.repeat(70_000)}`, false],
]
for (const [text, good] of files) {
  test(`balances ${good ? 'taken' : 'refused'}: ${JSON.stringify(text.slice(0, 50))}`, () => {
    assert.equal(readBalances(text) !== undefined, good)
  })
}
