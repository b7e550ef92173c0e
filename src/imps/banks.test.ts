import assert from 'node:assert/strict'
import { test } from 'node:test'
import { must, parseIfsc, parseMmid, parseNbin } from '../base/identifiers.ts'
import { bankOfIfsc, bankOfNbin, createBankDirectory, sandboxNbin } from './banks.ts'
import { bankCodeOf, branchOf } from './ifsc.ts'
import { defaultMmid, nbinOfMmid, suffixOfMmid } from './mmid.ts'
import { defaultProfile } from './profile.ts'
import type { Provider } from './xml/message.ts'

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
  assert.deepEqual(hdfc, {
    code: 'HDFC',
    name: 'HDFC Bank',
    nbin: sandboxNbin('HDFC'),
    takesImps: true,
    source: 'dataset',
  })
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
    source: 'profile',
  })
})

const provider = (nbin: string, ifsc: string, more: Partial<Provider> = {}): Provider => ({
  nbin,
  ifsc,
  name: `Member ${nbin}`,
  bankCode: 'XXX',
  active: true,
  features: [],
  ...more,
})

test("NPCI's members number the banks, replace the list before, and do not outrank the profile or the hub's own", () => {
  const directory = createBankDirectory({
    ...defaultProfile,
    banks: [{ code: 'ICIC', nbin: nbin('9229'), takesImps: true }],
  })
  const held = directory.byCode
  directory.replace([
    provider('9002', 'SBIN'),
    provider('9999', 'ICIC', { active: false }),
    provider('9998', 'TRNT', { active: false }),
    provider('9100', 'NEWB', { active: false }),
    provider('12', 'BADN'),
  ])
  assert.equal(held.get('SBIN')?.nbin, sandboxNbin('SBIN')) // who reads once keeps what was read
  assert.deepEqual(directory.byCode.get('SBIN'), {
    code: 'SBIN',
    name: 'State Bank of India',
    nbin: '9002',
    takesImps: true,
    source: 'npci',
  })
  assert.equal(bankOfNbin(directory, sandboxNbin('SBIN')), undefined)
  assert.deepEqual(
    [directory.byCode.get('ICIC')?.nbin, directory.byCode.get('ICIC')?.takesImps, directory.byCode.get('ICIC')?.source],
    ['9229', true, 'profile'],
  )
  assert.deepEqual([directory.byCode.get('TRNT')?.nbin, directory.byCode.get('TRNT')?.takesImps], ['7001', true])
  assert.deepEqual(
    [directory.byCode.get('NEWB')?.name, directory.byCode.get('NEWB')?.takesImps],
    ['Member 9100', false],
  )
  assert.equal(directory.byCode.has('BADN'), false)
  directory.replace([provider('9003', 'HDFC')])
  assert.equal(directory.byCode.get('SBIN')?.nbin, sandboxNbin('SBIN'))
  assert.equal(directory.byCode.has('NEWB'), false)
})

test('of members that seem to be one bank only the one listed by the four letters is; without it none is', () => {
  const directory = createBankDirectory({ sandboxNbins: false, banks: [], institutions: [] })
  const lent = [provider('9301', 'HDFC0CAACOB'), provider('9302', 'HDFC0CABCDE')]
  directory.replace(lent)
  assert.equal(directory.byCode.get('HDFC')?.nbin, undefined)
  assert.equal(bankOfNbin(directory, nbin('9301'))?.name, 'Member 9301')
  directory.replace([provider('9240', 'HDFC'), ...lent])
  assert.equal(directory.byCode.get('HDFC')?.nbin, '9240')
  assert.equal(bankOfNbin(directory, nbin('9302'))?.name, 'Member 9302')
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
