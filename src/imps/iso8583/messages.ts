import { as, binary, digits, message, minorUnits, text, tlv } from '@turant/iso8583'
import { parseAccountNumber, parseIfsc, parseRrn, parseStan } from '../../base/identifiers.ts'
import { paise } from '../../base/money.ts'

/**
 * The IMPS dialect of ISO 8583:1987 as tables. What is sent is strict and short; what is received may also hold the
 * elements of the family that IMPS has no use for, which are read and, in an answer, echoed. An element in no table is a
 * format error. @source protocol.md §1.4 and §1.5
 */

const freeText = (most: number) => text(most, 3, { min: 0 })

/** DE 120: what IMPS itself says, in tags. Tags not listed are kept and echoed untouched. @source protocol.md §1.5 */
export const impsTags = {
  type: { tag: '001', is: digits(2), mask: 'show' },
  remitterName: { tag: '045', is: freeText(50), optional: true },
  // Sent with 20 characters at most; read with more, so that a generous bank's answer still counts.
  beneficiaryName: { tag: '046', is: freeText(99), optional: true },
  // The last three digits of the MMID, whose first four are in DE 2; some send all seven.
  beneficiaryMmid: { tag: '049', is: digits(7, 3, { min: 3 }), optional: true },
  // MMID and mobile number; some put 91 before the number.
  remitterMobile: { tag: '050', is: digits(19, 3, { min: 17 }), optional: true, mask: 'last4' },
  remarks: { tag: '051', is: freeText(50), optional: true },
  beneficiaryIfsc: { tag: '059', is: as(text(11), parseIfsc), optional: true, mask: 'show' },
  beneficiaryAccount: { tag: '062', is: as(text(30, 3), parseAccountNumber), optional: true, mask: 'last4' },
} as const

const amountPaise = { de: 4, is: as(minorUnits(12), (units) => (units > 0n ? paise(units) : undefined)) } as const
const stan = { de: 11, is: as(digits(6), parseStan) } as const
const rrn = { de: 37, is: as(digits(12), parseRrn) } as const
const remitterBank = { de: 32, is: digits(11, 2) } as const
const imps = { de: 120, is: tlv(999, 3, impsTags) } as const
const transmittedAt = { de: 7, is: digits(10) } as const

/** What every original and every verification has. */
const asked = {
  primaryNumber: { de: 2, is: digits(19, 2), mask: 'last4' },
  processingCode: { de: 3, is: digits(6) },
  amountPaise,
  transmittedAt,
  stan,
  localTime: { de: 12, is: digits(6) },
  localDate: { de: 13, is: digits(4) },
  merchantType: { de: 18, is: digits(4) },
  entryMode: { de: 22, is: digits(3) },
  remitterBank,
  rrn,
  terminal: { de: 41, is: text(8), mask: 'last4' },
  acceptor: { de: 42, is: text(15), mask: 'last4' },
  acceptorLocation: { de: 43, is: text(40), mask: 'show' },
  currency: { de: 49, is: digits(3) },
  remitterAccount: { de: 102, is: as(text(28, 2), parseAccountNumber), optional: true, mask: 'last4' },
  imps,
} as const

/** Elements of the family without a use in IMPS: read, not understood. @source protocol.md §1.4 */
const tolerated = {
  expiry: { de: 14, is: digits(4), optional: true, mask: 'hide' },
  settlementDate: { de: 15, is: digits(4), optional: true },
  condition: { de: 25, is: digits(2), optional: true },
  track2: { de: 35, is: text(37, 2), optional: true, mask: 'hide' },
  serviceCode: { de: 40, is: text(3), optional: true },
  additional: { de: 48, is: text(999, 3), optional: true, mask: 'hide' },
  pinBlock: { de: 52, is: text(16, 0, { class: 'hex' }), optional: true, mask: 'hide' },
  additionalAmounts: { de: 54, is: text(120, 3), optional: true },
  chip: { de: 55, is: binary(255, 3), optional: true, mask: 'hide' },
  reserved56: { de: 56, is: text(999, 3), optional: true },
  reserved61: { de: 61, is: text(999, 3), optional: true },
  reserved62: { de: 62, is: text(999, 3), optional: true },
  reserved63: { de: 63, is: text(999, 3), optional: true },
  mac: { de: 64, is: binary(8), optional: true, mask: 'hide' },
  originalElements: { de: 90, is: digits(42), optional: true },
  beneficiaryAccount: { de: 103, is: text(28, 2), optional: true, mask: 'last4' },
  reserved121: { de: 121, is: text(999, 3), optional: true },
  reserved122: { de: 122, is: text(999, 3), optional: true },
  reserved123: { de: 123, is: text(999, 3), optional: true },
  reserved124: { de: 124, is: text(999, 3), optional: true },
  reserved125: { de: 125, is: text(999, 3), optional: true },
  reserved126: { de: 126, is: text(999, 3), optional: true },
  reserved127: { de: 127, is: text(999, 3), optional: true },
  mac2: { de: 128, is: binary(8), optional: true, mask: 'hide' },
} as const

/** 0200 as the hub sends it: an original or, by DE 120 tag 001, a verification. */
export const SentRequest = message('0200', asked)

/** 0200 as it may arrive. */
export const ReceivedRequest = message('0200', { ...asked, ...tolerated })

/**
 * 0210. Of the echoed elements only those that say which payment it is about are required: an answer that another bank
 * has shortened is still an answer.
 */
export const Response = message('0210', {
  ...tolerated,
  primaryNumber: { ...asked.primaryNumber, optional: true },
  processingCode: { ...asked.processingCode, optional: true },
  amountPaise,
  transmittedAt: { ...asked.transmittedAt, optional: true },
  stan,
  localTime: { ...asked.localTime, optional: true },
  localDate: { ...asked.localDate, optional: true },
  merchantType: { ...asked.merchantType, optional: true },
  entryMode: { ...asked.entryMode, optional: true },
  remitterBank,
  rrn,
  approvalCode: { de: 38, is: text(6), optional: true },
  responseCode: { de: 39, is: text(2) },
  terminal: { ...asked.terminal, optional: true },
  acceptor: { ...asked.acceptor, optional: true },
  acceptorLocation: { ...asked.acceptorLocation, optional: true },
  currency: { ...asked.currency, optional: true },
  remitterAccount: { ...asked.remitterAccount, is: text(28, 2) },
  imps,
})

const networkFunction = { de: 70, is: digits(3) } as const

/** A working key under the ZMK: 32 hex digits, then 6 to 16 of its check value. */
const keyMaterial = { de: 48, is: text(48, 3, { class: 'hex', min: 38 }), optional: true, mask: 'hide' } as const

/** 0800: log-on, log-off, echo, cut-over, key exchange. @source protocol.md §1.3 */
export const NetworkRequest = message('0800', { transmittedAt, stan, keyMaterial, networkFunction })

/** 0810. */
export const NetworkResponse = message('0810', {
  transmittedAt: { ...transmittedAt, optional: true },
  stan,
  responseCode: { de: 39, is: text(2) },
  keyMaterial,
  networkFunction,
})
