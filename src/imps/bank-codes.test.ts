import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBankCodes } from './bank-codes.ts'
import { createBankDirectory } from './banks.ts'
import { defaultProfile, parseProfile } from './profile.ts'

test('in the sandbox every bank with a number has a settlement code, and the way back is the same bank', () => {
  const directory = createBankDirectory(defaultProfile)
  const codes = createBankCodes(defaultProfile, directory)
  for (const { code, nbin } of directory.all) {
    const settlementCode = codes.ofNbin(nbin ?? '')
    assert.match(settlementCode ?? '', /^[A-Z0-9]{3}$/, code)
    assert.equal(codes.ofBank(code), settlementCode)
    assert.equal(codes.bankOf(settlementCode ?? '')?.code, code)
    assert.equal(codes.nbinOf(settlementCode ?? ''), nbin)
  }
  assert.equal(codes.ofNbin('7001'), 'TRN')
  assert.equal(codes.ofBank('HDFC'), 'HDF')
  assert.equal(codes.ofNbin('0000'), undefined)
  assert.equal(codes.nbinOf('???'), undefined)
})

test('outside the sandbox a code is what the profile says, or none', () => {
  const json = JSON.parse(JSON.stringify(defaultProfile, (_, part) => (typeof part === 'bigint' ? String(part) : part)))
  const banks = [
    { code: 'ESFB', nbin: '9100', settlementCode: 'EQT' },
    { code: 'HDFC', nbin: '9101' },
  ]
  const profile = parseProfile({ ...json, sandboxNbins: false, banks })
  const codes = createBankCodes(profile, createBankDirectory(profile))
  assert.deepEqual([codes.ofNbin('9100'), codes.ofNbin('9101'), codes.nbinOf('EQT')], ['EQT', undefined, '9100'])
  assert.throws(
    () => parseProfile({ ...json, banks: [{ code: 'ESFB', settlementCode: 'EQ' }] }),
    /profile\.banks\[0\]\.settlementCode must be 3/,
  )
  assert.throws(
    () => parseProfile({ ...json, banks: banks.map((bank) => ({ ...bank, settlementCode: 'EQT' })) }),
    /settlementCode "EQT" is there twice/,
  )
})
