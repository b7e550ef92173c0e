import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readIfscList } from './ifsc-files.ts'
import { createBankDirectory, wellKnownBanks } from './imps/banks.ts'
import { createIfscList } from './imps/ifsc.ts'
import { defaultProfile } from './imps/profile.ts'

const list = readIfscList()
const branches: Record<string, (number | string)[]> = JSON.parse(
  readFileSync(fileURLToPath(import.meta.resolve('ifsc/src/IFSC.json')), 'utf8'),
)
const spelled = (bank: string, branch: number | string): string => `${bank}0${String(branch).padStart(6, '0')}`

test('the list has the branches of the package, all of them and no others', () => {
  assert.deepEqual(
    list.banks.map(({ code }) => code),
    Object.keys(branches).sort(),
  )
  for (const [bank, all] of Object.entries(branches)) {
    const known = new Set(all.map((branch) => spelled(bank, branch)))
    // The first, the last, and about ten between; for each also its neighbour.
    const step = Math.max(1, Math.floor(all.length / 10))
    for (const [index, branch] of all.entries()) {
      if (index % step !== 0 && index !== all.length - 1) continue
      assert.ok(list.has(spelled(bank, branch)), spelled(bank, branch))
      const other = typeof branch === 'number' ? spelled(bank, branch + 1) : `${bank}0${branch.slice(1)}Q`
      assert.equal(list.has(other), known.has(other), other)
    }
  }
  assert.equal(list.has('TRNT0000001'), false)
})

test('a branch that another bank uses is told apart, by whole code and by its beginning', () => {
  assert.deepEqual(list.behind('HDFC0CAACOB'), { code: 'AACX', name: 'Akhand Anand Co.op Bank' })
  assert.deepEqual(list.behind('YESB0FIN123'), { code: 'FINX', name: 'Financial Co-operative Bank' })
  assert.deepEqual(list.behind('YESB0AMA001'), { code: undefined, name: 'Amalner Urban Co-operative Bank' })
  assert.equal(list.behind('HDFC0000123'), undefined)
  assert.equal(list.behind('UJVN0000001'), undefined)
})

test('the Reserve Bank and the codes that NPCI took out do not take IMPS', () => {
  for (const ifsc of ['RBIS0GOMHEP', 'RBIN0000001', 'SBIN0RRMRGB', 'PUNB0HGB001']) {
    assert.equal(list.mayTakeImps(ifsc), false, ifsc)
  }
  assert.ok(list.mayTakeImps('SBIN0000001'))
})

test('the well-known banks have the names of the package but for capitals, and the directory has every bank of it', () => {
  const names = new Map(list.banks.map(({ code, name }) => [code, name]))
  for (const [code, name] of Object.entries(wellKnownBanks)) {
    if (names.has(code)) assert.equal(names.get(code)?.toLowerCase(), name.toLowerCase())
  }
  const directory = createBankDirectory(defaultProfile, list)
  assert.ok(list.banks.every(({ code }) => directory.byCode.has(code)))
  assert.equal(directory.byCode.get('RBIS')?.takesImps, false)
})

test('a file in another form is refused, not half understood', () => {
  const files = { names: {}, sublets: {}, customSublets: {} }
  for (const text of ['', '{}', '{"HDFC":[1,2]}', JSON.stringify(branches, null, 1), '[1,2'])
    assert.throws(() => createIfscList({ ...files, branches: Buffer.from(text) }), /not in the form/)
})
