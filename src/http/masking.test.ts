import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maskDetails, maskNumber } from './masking.ts'

// ASVS 8.2.3, 14.2.6
test('account numbers, mobiles and names are masked wherever they are; ids, banks and amounts are not', () => {
  const view = {
    data: [
      {
        id: 'pay_1',
        account: 'acc_100001',
        amount: '150000',
        to: {
          kind: 'account',
          ifsc: 'HDFC0000123',
          account: '50100123456789',
          name: 'Asha Devi',
          registeredName: 'ASHA DEVI',
        },
        remitter: { name: 'Ramesh Kumar', mobile: '9876543210', mmid: '7001001', account: null },
        remarks: 'rent for asha',
      },
    ],
    bank: { name: 'HDFC Bank', code: 'HDFC' },
  }
  assert.deepEqual(maskDetails(view), {
    data: [
      {
        id: 'pay_1',
        account: 'acc_100001',
        amount: '150000',
        to: {
          kind: 'account',
          ifsc: 'HDFC0000123',
          account: 'XXXXXXXXXX6789',
          name: 'A**a D**i',
          registeredName: 'A**A D**I',
        },
        remitter: { name: 'R****h K***r', mobile: 'XXXXXX3210', mmid: '7001001', account: null },
        remarks: 'XXXX',
      },
    ],
    bank: { name: 'HDFC Bank', code: 'HDFC' },
  })
})

test('of a number at most four digits are left, and of a short one none', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{1,30}$/), (text) => {
      const masked = maskNumber(text)
      assert.equal(masked.length, text.length)
      assert.ok(masked.replaceAll('X', '').length <= (text.length > 4 ? 4 : 0))
    }),
  )
})
