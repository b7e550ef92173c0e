import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ist } from '../../../test/support/cycles.ts'
import { openTestDatabase } from '../../../test/support/database.ts'
import { arrivalOf, openIntake } from '../../../test/support/intake.ts'
import { testVault } from '../../../test/support/vault.ts'
import { writeAccountStatement } from '../../simulator/cycles/bank-statement.ts'
import { noteGaps } from './gaps.ts'
import { takeFile } from './take.ts'

const { db } = await openTestDatabase()

const openBreaks = async () =>
  (
    await db<{ type: string; detail: string; amount: bigint | null; due: number | null }[]>`
      select type, detail, amount, due_at as due from break where closed_at is null order by type, detail`
  ).map(({ type, detail, amount, due }) => [type, detail, amount, due])

test('a file that does not come is a break until it comes, and money that did not move until it has', async (t) => {
  const set = openIntake(t, { db, vault: testVault })
  const note = (time: string) => noteGaps(set.deps, 'TRN', ist(`2026-11-27T${time}`))
  assert.deepEqual(await note('23:00:00'), { opened: 0, closed: 0 }, 'no cycle is expected before the first file')
  set.see()
  const { files } = await set.cutFiles({ seed: 4, errors: { missingFile: 1 } })
  const missing = ['raw_remitter', 'raw_beneficiary', 'timeout', 'adjustment', 'ntsl'].find(
    (kind) => !files.some((file) => file.kind === kind),
  )
  await set.sweep()
  assert.deepEqual(await note('11:29:00'), { opened: 0, closed: 0 })
  assert.deepEqual(await note('11:31:00'), { opened: 1, closed: 0 })
  assert.deepEqual(await note('11:32:00'), { opened: 0, closed: 0 }, 'once')
  assert.deepEqual(await openBreaks(), [['B29', `${missing} of 2026-11-27/5`, null, ist('2026-11-27T11:30:00')]])
})

test('a settlement account that moved by another amount is a break, and closed when the statement is complete', async (t) => {
  await db`truncate settlement_file, ntsl_line, adjustment_line, timeout_line, statement, statement_line, settlement_cycle, break cascade`
  const set = openIntake(t, { db, vault: testVault })
  const note = () => noteGaps(set.deps, 'TRN', ist('2026-11-27T12:00:00'))
  set.see()
  await set.cutFiles()
  await set.sweep()
  assert.deepEqual(await note(), { opened: 0, closed: 0 }, 'the account moved as the statement says')
  await takeFile(
    set.deps,
    arrivalOf(
      'more.sta',
      Buffer.from(
        writeAccountStatement('mt940', {
          bank: 'TRN',
          account: '997001000001',
          cycle: { settlementDate: '2026-11-27', number: '5' },
          number: 2,
          openingPaise: 0n,
          movedPaise: 100n,
        }).text,
      ),
    ),
  )
  assert.deepEqual(await note(), { opened: 1, closed: 0 })
  assert.deepEqual(await openBreaks(), [
    ['B23', 'the settlement account of 2026-11-27/5', 100n, ist('2026-11-27T13:00:00')],
  ])
  await db`update statement_line set amount = amount - 100 where amount <> 100`
  assert.deepEqual(await note(), { opened: 0, closed: 1 })
})
