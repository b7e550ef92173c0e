import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { paise } from '../../src/base/money.ts'
import { recognise } from '../../src/imps/files/detect.ts'
import { readLayouts } from '../../src/imps/files/own-layouts.ts'
import { writeRows } from '../../src/imps/files/write-table.ts'
import { defaultProfile } from '../../src/imps/profile.ts'
import { openAccepted } from '../../src/settlement/intake/accepted.ts'
import { takeFile } from '../../src/settlement/intake/take.ts'
import { openTestDatabase } from '../support/database.ts'
import { arrivalOf, openIntake } from '../support/intake.ts'
import { testVault } from '../support/vault.ts'

const page = readFileSync(new URL('../../docs/guides/settlement-files.md', import.meta.url), 'utf8')
const json = /## Layouts of your own[\s\S]*?```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
const { db } = await openTestDatabase()

test('the layouts in the document are ones that files are taken by', async (t) => {
  const layouts = readLayouts(json)
  const [own, ...others] = defaultProfile.institutions
  const account = {
    number: '50200012345678',
    csv: { profile: 'coop', fileName: 'COOP_{DDMMYYYY}.csv' },
  }
  const institutions = [{ ...own!, accounts: [account] }, ...others]
  const set = openIntake(t, { db, vault: testVault, layouts, institutions })

  const name = 'EXB_RAW_REM_TRN_20261127_5C.dat'
  const { layout, identity } = recognise(name, layouts)
  assert.equal(layout.id, 'exb/raw/1')
  assert.ok('fields' in layout)
  const row = {
    side: 'remitter',
    rrn: '633110000001',
    stan: '000001',
    responseCode: '00',
    amountPaise: paise(150_050n),
    at: Date.UTC(2026, 10, 27, 5, 0, 0),
    settlementDate: '2026-11-27',
    remitterBank: '9970',
    beneficiaryBank: '9971',
    remitterAccount: '100200300400',
    beneficiaryAccount: '500600700800',
    subType: 'F3',
  } as const
  const text = [...writeRows('raw_remitter', layout, identity, [row, { ...row, rrn: '633110000002' }])].join('')
  assert.equal(text.split('\n')[0]?.length, 120)
  const raw = await takeFile(set.deps, arrivalOf(name, Buffer.from(text)))
  assert.deepEqual(
    [raw.kind, raw.file.layout, raw.file.rows, raw.file.amountPaise],
    ['accepted', 'exb/raw/1', 2, 300_100n],
  )
  const opened = await openAccepted({ db, vault: testVault, store: set.store, layouts }).open(raw.file)
  assert.equal(opened.layout.id, 'exb/raw/1')
  await opened.pieces.close()

  const statement = `Txn Date;Value Date;Description;Ref No;Debit;Credit;Balance
27-11-2026;27-11-2026;IMPS SETTLEMENT 5C;R1;1500.50;;998499.50
27-11-2026;27-11-2026;IMPS SETTLEMENT 6C;R2;;0.50;998500.00
`
  const bank = await takeFile(set.deps, arrivalOf('COOP_27112026.csv', Buffer.from(statement)))
  assert.deepEqual([bank.kind, bank.file.layout], ['accepted', 'csv/coop'])
  const early = await takeFile(set.deps, arrivalOf('COOP_31032026.csv', Buffer.from(statement)))
  assert.deepEqual(early.file.refusal, {
    fault: 'layout_mismatch',
    expected: 'a day that coop has columns for',
    found: '2026-03-31',
  })
})

test('the error in the document is what a field that is too narrow gets', () => {
  const said = /TURANT_LAYOUTS: \/etc\/turant\/layouts\.json: (layouts.*)/.exec(page)?.[1]
  assert.throws(() => readLayouts(json.replace('[2, 14]', '[2, 13]')), { name: 'SettingError', message: said ?? '' })
})
