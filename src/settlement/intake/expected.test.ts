import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ist } from '../../../test/support/cycles.ts'
import { openTestDatabase } from '../../../test/support/database.ts'
import { openIntake } from '../../../test/support/intake.ts'
import { testVault } from '../../../test/support/vault.ts'
import { formatCycle } from '../../imps/cycles.ts'
import { expectedCycles, incompleteCycles } from './expected.ts'

const { db } = await openTestDatabase()

test('files are expected from a bank’s first cycle on, awaited for half an hour, and missing after it', async (t) => {
  const set = openIntake(t, { db, vault: testVault })
  const { cycles } = set.deps
  const at = (time: string, day = '2026-11-27') =>
    expectedCycles(db, cycles, { institution: 'TRN', from: day, to: day, now: ist(`2026-11-27T${time}`) })
  const states = async (time: string) => (await at(time)).map(({ cycle, state }) => `${cycle.number} ${state}`)
  assert.deepEqual(await states('23:00:00'), [], 'nobody had a file yet')
  set.see()
  await set.cutFiles({ seed: 1, errors: { missingFile: 1 } })
  await set.sweep()
  assert.deepEqual(await states('11:29:59'), ['6 open', '5 awaited'])
  assert.deepEqual(await states('11:30:01'), ['6 open', '5 incomplete'])
  await set.cutFiles({ seed: 2, errors: { halfFile: 1 } })
  await set.sweep()
  const [, sixth, fifth] = await at('13:30:01')
  assert.deepEqual([sixth?.state, fifth?.state], ['incomplete', 'incomplete'])
  assert.deepEqual(sixth?.files.map(({ state }) => state).sort(), ['here', 'here', 'here', 'here', 'refused'])
  assert.deepEqual(fifth?.files.map(({ state }) => state).sort(), ['here', 'here', 'here', 'here', 'missing'])
  await set.cutFiles()
  await set.sweep()
  assert.deepEqual(await states('15:00:00'), ['8 open', '7 complete', '6 incomplete', '5 incomplete'])
  assert.deepEqual((await states('08:00:00')).slice(0, 2), ['7 complete', '6 open'], 'cut before its time')
  const late = await incompleteCycles(db, cycles, 'TRN', ist('2026-11-28T06:00:00'))
  assert.deepEqual(
    late.map(({ cycle }) => formatCycle(cycle)),
    ['2026-11-28/2', '2026-11-28/1', '2026-11-27/10', '2026-11-27/9', '2026-11-27/8', '2026-11-27/6', '2026-11-27/5'],
  )
})
