import {
  laneOf,
  must,
  parseAccountNumber,
  parseIfsc,
  parseRrn,
  parseStan,
  paymentIdOf,
} from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import type { StoredPayment } from '../../src/payment/stored.ts'

/** An outward payment as door 1 would have stored it, state `sent`. */
export function aPayment(options: { readonly serial: number; readonly amountPaise?: bigint }): StoredPayment {
  const stan = String(options.serial).padStart(6, '0')
  return {
    id: paymentIdOf(`0190000000007000800000000${String(options.serial).padStart(7, '0')}`),
    lane: laneOf(0),
    tenantId: 1,
    direction: 'outward',
    state: 'sent',
    version: 1,
    amountPaise: paise(options.amountPaise ?? 150_000n),
    channel: 'internet',
    institution: 'TRN',
    accountId: null,
    remitter: { name: 'Ramesh Kumar', account: must(parseAccountNumber('100000'), 'account') },
    beneficiary: {
      kind: 'account',
      ifsc: must(parseIfsc('HDFC0000123'), 'IFSC'),
      account: must(parseAccountNumber('50100123456789'), 'account'),
      name: 'Asha Devi',
    },
    remarks: null,
    reference: null,
    remitterBank: '700001',
    rrn: must(parseRrn(`632612${stan}`), 'RRN'),
    stan: must(parseStan(stan), 'STAN'),
    link: 'npci-remitter',
    epoch: 1,
    transmittedAt: Date.UTC(2026, 10, 22, 6, 30),
    responseCode: null,
    registeredName: null,
    actor: null,
    reason: null,
    createdAt: Date.UTC(2026, 10, 22, 6, 30),
    updatedAt: Date.UTC(2026, 10, 22, 6, 30),
  }
}
