import assert from 'node:assert/strict'
import { type AccountNumber, type Ifsc, parseAccountNumber, parseIfsc } from '../base/identifiers.ts'
import { type Paise, parseRupees } from '../base/money.ts'

/**
 * Bharat QR as far as IMPS goes: EMVCo's merchant-presented code whose tag 08 is an account (IFSC and number). Each element is two digits of
 * tag, two of length in bytes, and the value; the last is the checksum over everything before it.
 *
 * @source EMVCo QR Code Specification for Payment Systems, Merchant-Presented Mode, 1.1, §4; protocol.md §7.3
 */
export type AccountQr = Readonly<{
  ifsc: Ifsc
  accountNumber: AccountNumber
  /** As the shop calls itself; what is not printable ASCII is left out, and 23 characters are kept. */
  merchantName: string
  /** Null: the payer types it. */
  amountPaise: Paise | null
  /** The shop's own reference, 25 characters; null when there is none. */
  reference: string | null
}>

const PAYLOAD_FORMAT = '01'
/** First digit: a QR code; second: for many payments, or for this one. */
const STATIC = '11'
const DYNAMIC = '12'
/** Tag 08 has 37 bytes at most, of which the IFSC takes eleven. */
export const MAX_QR_ACCOUNT = 26
const RUPEE = '356'
/** Merchants of no other category. The hub knows neither a merchant's category nor its city, and both must be there. */
const ANY_CATEGORY = '5999'
const COUNTRY = 'IN'
const CITY = 'INDIA'
const NAMELESS = 'MERCHANT'

/** CRC-16/CCITT-FALSE: polynomial 1021, starts at FFFF, nothing reflected. "123456789" gives 29B1. @source ISO/IEC 13239 */
export function qrChecksum(text: string): string {
  let crc = 0xffff
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff
  }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}

const element = (tag: string, value: string): string => {
  assert.ok(value.length > 0 && value.length <= 99, `QR element ${tag} has ${value.length} characters`)
  return `${tag}${`${value.length}`.padStart(2, '0')}${value}`
}

/** What every scanner can read: printable ASCII, one space at a time. */
const plain = (text: string, length: number): string =>
  [...text.normalize('NFKD')]
    .filter((letter) => letter >= ' ' && letter <= '~')
    .join('')
    .split(' ')
    .filter((word) => word !== '')
    .join(' ')
    .slice(0, length)
    .trim()

/** @returns undefined when the account is too long for tag 08 */
export function writeAccountQr(qr: AccountQr): string | undefined {
  if (qr.accountNumber.length > MAX_QR_ACCOUNT) return undefined
  const { amountPaise } = qr
  const reference = qr.reference === null ? '' : plain(qr.reference, 25)
  const body = [
    element('00', PAYLOAD_FORMAT),
    element('01', amountPaise === null ? STATIC : DYNAMIC),
    element('08', qr.ifsc + qr.accountNumber),
    element('52', ANY_CATEGORY),
    element('53', RUPEE),
    amountPaise === null ? '' : element('54', `${amountPaise / 100n}.${`${amountPaise % 100n}`.padStart(2, '0')}`),
    element('58', COUNTRY),
    element('59', plain(qr.merchantName, 23) || NAMELESS),
    element('60', CITY),
    reference === '' ? '' : element('62', element('05', reference)),
    '6304',
  ].join('')
  return body + qrChecksum(body)
}

/** Elements by tag; undefined when a length does not fit or a tag comes twice. */
function readElements(bytes: Buffer): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>()
  for (let at = 0; at < bytes.length; ) {
    const head = bytes.toString('latin1', at, at + 4)
    const end = at + 4 + Number(head.slice(2))
    const tag = head.slice(0, 2)
    if (!/^[0-9]{4}$/.test(head) || end > bytes.length || found.has(tag)) return undefined
    found.set(tag, bytes.toString('utf8', at + 4, end))
    at = end
  }
  return found
}

/**
 * The account in a scanned code. Its name is what whoever printed the code wrote: ask the bank for the name before paying.
 * @returns undefined when it is no such code, has no account in it, or its checksum is wrong
 */
export function readAccountQr(text: string): AccountQr | undefined {
  if (qrChecksum(text.slice(0, -4)) !== text.slice(-4)) return undefined
  const elements = readElements(Buffer.from(text))
  if (elements?.get('00') !== PAYLOAD_FORMAT || !text.slice(0, -4).endsWith('6304')) return undefined
  const account = elements.get('08') ?? ''
  const ifsc = parseIfsc(account.slice(0, 11))
  const accountNumber = parseAccountNumber(account.slice(11))
  const amount = elements.get('54')
  const amountPaise = amount === undefined ? null : parseRupees(amount)
  const more = readElements(Buffer.from(elements.get('62') ?? ''))
  if (ifsc === undefined || accountNumber === undefined || amountPaise === undefined || more === undefined)
    return undefined
  return {
    ifsc,
    accountNumber,
    merchantName: elements.get('59') ?? '',
    amountPaise,
    reference: more.get('05') ?? null,
  }
}
