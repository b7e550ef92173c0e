import assert from 'node:assert/strict'
import { test } from 'node:test'
import { paise } from '../base/money.ts'
import type { Channel } from '../base/party.ts'
import { npciLimits, overLimit } from './limits.ts'

const cases: readonly (readonly [Channel, bigint, string | undefined])[] = [
  ['internet', 1n, undefined],
  ['internet', 50_000_000n, undefined],
  ['internet', 50_000_001n, 'limit_exceeded'],
  ['mobile', 50_000_000n, undefined],
  ['branch', 50_000_001n, 'limit_exceeded'],
  ['sms', 500_000n, undefined],
  ['sms', 500_001n, 'channel_limit_exceeded'],
  ['ivr', 500_001n, 'channel_limit_exceeded'],
  ['ussd', 500_001n, 'channel_limit_exceeded'],
  ['ussd', 50_000_001n, 'limit_exceeded'],
]

test('₹5 lakh a payment and ₹5,000 over SMS, IVR and USSD: at the limit passes, a paisa more does not', () => {
  for (const [channel, amount, expected] of cases) {
    assert.equal(overLimit(npciLimits, channel, paise(amount))?.reason, expected, `${channel} ${amount}`)
  }
})
