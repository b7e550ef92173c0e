import assert from 'node:assert/strict'
import { test } from 'node:test'
import { must, parseIfsc, parseMmid, parseNbin } from '../base/identifiers.ts'
import { bankOfIfsc, bankOfNbin, createBankDirectory, sandboxNbin } from './banks.ts'
import { bankCodeOf, branchOf } from './ifsc.ts'
import { defaultMmid, nbinOfMmid, suffixOfMmid } from './mmid.ts'
import { defaultProfile } from './profile.ts'

const ifsc = (text: string) => must(parseIfsc(text), 'IFSC')
const nbin = (text: string) => must(parseNbin(text), 'NBIN')
const sandbox = createBankDirectory(defaultProfile)

test('every bank of the sandbox has an NBIN of its own, and none is found under another', () => {
  assert.ok(sandbox.all.length >= 100)
  for (const bank of sandbox.all) {
    assert.ok(bank.nbin)
    assert.equal(bankOfNbin(sandbox, bank.nbin), bank)
  }
})

test('a well-known bank is found by IFSC, with a number made up by the sandbox', () => {
  const hdfc = bankOfIfsc(sandbox, ifsc('HDFC0000123'))
  assert.deepEqual(hdfc, { code: 'HDFC', name: 'HDFC Bank', nbin: sandboxNbin('HDFC'), takesImps: true })
})

test('the hub finds its own institutions', () => {
  assert.equal(bankOfIfsc(sandbox, ifsc('TRNT0000001'))?.name, 'Turant Demo Bank')
  assert.equal(bankOfNbin(sandbox, nbin('7040'))?.name, 'Sandbox Bank 40')
})

test('a bank that is not in the directory is not found', () => {
  assert.equal(bankOfIfsc(sandbox, ifsc('ZZZZ0000001')), undefined)
  assert.equal(bankOfNbin(sandbox, nbin('9999')), undefined)
})

test('outside the sandbox no NBIN is made up', () => {
  const directory = createBankDirectory({ sandboxNbins: false, banks: [], institutions: [] })
  assert.ok(directory.all.every((bank) => bank.nbin === undefined))
  assert.equal(directory.byNbin.size, 0)
})

test("a profile's numbers win, its names too, and the made-up number is free again", () => {
  const directory = createBankDirectory({
    sandboxNbins: true,
    banks: [
      { code: 'HDFC', nbin: nbin('9240') },
      { code: 'NEWB', name: 'New Bank', takesImps: false },
    ],
    institutions: [],
  })
  assert.equal(bankOfIfsc(directory, ifsc('HDFC0000123'))?.nbin, '9240')
  assert.equal(bankOfNbin(directory, nbin('9240'))?.name, 'HDFC Bank')
  assert.equal(bankOfNbin(directory, sandboxNbin('HDFC')), undefined)
  assert.deepEqual(bankOfIfsc(directory, ifsc('NEWB0000001')), {
    code: 'NEWB',
    name: 'New Bank',
    nbin: sandboxNbin('NEWB'),
    takesImps: false,
  })
})

test('an IFSC is bank, zero, branch', () => {
  assert.equal(bankCodeOf(ifsc('HDFC0CAACOB')), 'HDFC')
  assert.equal(branchOf(ifsc('HDFC0CAACOB')), 'CAACOB')
})

test('an MMID is NBIN and three digits; 000 is the default account', () => {
  const mmid = must(parseMmid('7002123'), 'MMID')
  assert.equal(nbinOfMmid(mmid), '7002')
  assert.equal(suffixOfMmid(mmid), '123')
  assert.equal(defaultMmid(nbin('7002')), '7002000')
})
