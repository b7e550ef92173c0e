import type { Branded } from './brand.ts'
import type { Clock } from './clock.ts'
import type { Random } from './random.ts'

/** `pay_` and 32 hex digits: a UUIDv7 whose last six bits are the lane. Time-ordered, so indexes grow at one end. */
export type PaymentId = Branded<string, 'PaymentId'>
/** `acc_` and a decimal number; the lane is that number modulo 64. */
export type AccountId = Branded<string, 'AccountId'>
/** `cus_` and 32 hex digits: a person whose money it is. */
export type CustomerId = Branded<string, 'CustomerId'>
/**
 * `lnk_` and 32 hex digits: what somebody asks to be paid. A UUIDv8 that sorts as the UUIDv7 of a payment does, so that the id of an event, which has
 * nothing but the digits, tells what it is an event of.
 */
export type PaymentLinkId = Branded<string, 'PaymentLinkId'>
/** `stl_` and 32 hex digits: a dispute, a break, or another thing of settlement, as its events are numbered by. A UUIDv3 of the id that the API calls it by. */
export type SettlementSubjectId = Branded<string, 'SettlementSubjectId'>
/** `enq_` and 32 hex digits: one look-up of a name. */
export type EnquiryId = Branded<string, 'EnquiryId'>
/** The row partition, 0 to 63, of a customer account and everything that belongs to it. */
export type Lane = Branded<number, 'Lane'>

/** DE 37, 12 digits: Y DDD HH NNNNNN in IST; the customer-visible reference. @source protocol.md §3.1 */
export type Rrn = Branded<string, 'Rrn'>
/** DE 11, 6 digits; the last six of the RRN. */
export type Stan = Branded<string, 'Stan'>
/** 11 characters: four letters of the bank, a zero, six of the branch. */
export type Ifsc = Branded<string, 'Ifsc'>
/** 7 digits: NBIN and three of the bank's choice. */
export type Mmid = Branded<string, 'Mmid'>
/** NPCI's 4-digit number of a bank. */
export type Nbin = Branded<string, 'Nbin'>
/** A mobile number in India: 10 digits, first 6 to 9. On the wire with 91 in front. */
export type Mobile = Branded<string, 'Mobile'>
/** A bank account number as banks write it: 1 to 30 letters and digits. */
export type AccountNumber = Branded<string, 'AccountNumber'>

export const LANES = 64

const earned =
  <T extends string>(pattern: RegExp) =>
  (value: unknown): T | undefined =>
    typeof value === 'string' && pattern.test(value) ? (value as T) : undefined

export const parsePaymentId = earned<PaymentId>(/^pay_[0-9a-f]{32}$/)
export const parsePaymentLinkId = earned<PaymentLinkId>(/^lnk_[0-9a-f]{12}8[0-9a-f]{19}$/)
export const parseSettlementSubjectId = earned<SettlementSubjectId>(/^stl_[0-9a-f]{12}3[0-9a-f]{19}$/)
export const parseEnquiryId = earned<EnquiryId>(/^enq_[0-9a-f]{32}$/)
export const parseAccountId = earned<AccountId>(/^acc_[1-9][0-9]{0,14}$/)
export const parseCustomerId = earned<CustomerId>(/^cus_[0-9a-f]{32}$/)
export const parseRrn = earned<Rrn>(/^[0-9]{12}$/)
export const parseStan = earned<Stan>(/^[0-9]{6}$/)
export const parseIfsc = earned<Ifsc>(/^[A-Z]{4}0[A-Z0-9]{6}$/)
export const parseMmid = earned<Mmid>(/^[0-9]{7}$/)
export const parseNbin = earned<Nbin>(/^[0-9]{4}$/)
export const parseMobile = earned<Mobile>(/^[6-9][0-9]{9}$/)
export const parseAccountNumber = earned<AccountNumber>(/^[A-Za-z0-9]{1,30}$/)

/** Asserts what a table or a constant promises; a `undefined` here is a bug or a bad setting, not input. */
export function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`not a valid ${what}`)
  return value
}

/** The number inside an account id, as SQL stores it. */
export const accountKey = (id: AccountId): string => id.slice(4)
export const accountIdOf = (key: bigint | number | string): AccountId => `acc_${key}` as AccountId
export const laneOfAccount = (id: AccountId): Lane => (Number(id.slice(4)) % LANES) as Lane

/** The UUID inside a payment id, as SQL stores it (32 hex digits; PostgreSQL accepts them without dashes). */
export const paymentKey = (id: PaymentId): string => id.slice(4)
export const paymentIdOf = (uuid: string): PaymentId => `pay_${uuid.replaceAll('-', '')}` as PaymentId
/** The UUID inside a payment link's id, as SQL stores it. */
export const paymentLinkKey = (id: PaymentLinkId): string => id.slice(4)
/** @param uuid7  32 hex digits that sort by time, of nothing else */
export const paymentLinkIdFrom = (uuid7: string): PaymentLinkId =>
  `lnk_${uuid7.slice(0, 12)}8${uuid7.slice(13)}` as PaymentLinkId
export const paymentLinkIdOf = (uuid: string): PaymentLinkId => `lnk_${uuid.replaceAll('-', '')}` as PaymentLinkId
/** What events are of. */
export type EventSubject = PaymentId | PaymentLinkId | SettlementSubjectId
/** The UUID inside, as SQL stores it; its version tells which of them it is of. */
export const eventSubjectKey = (subject: EventSubject): string => subject.slice(4)
export const eventSubjectOf = (uuid: string): EventSubject => {
  const digits = uuid.replaceAll('-', '')
  return parsePaymentLinkId(`lnk_${digits}`) ?? parseSettlementSubjectId(`stl_${digits}`) ?? paymentIdOf(digits)
}
/** The UUID inside an enquiry id, as SQL stores it. */
export const enquiryKey = (id: EnquiryId): string => id.slice(4)
export const enquiryIdOf = (uuid: string): EnquiryId => `enq_${uuid.replaceAll('-', '')}` as EnquiryId
/** The UUID inside a customer id, as SQL stores it. */
export const customerKey = (id: CustomerId): string => id.slice(4)
export const customerIdOf = (uuid: string): CustomerId => `cus_${uuid.replaceAll('-', '')}` as CustomerId
export const laneOfPayment = (id: PaymentId): Lane => (Number.parseInt(id.slice(-2), 16) % LANES) as Lane
export const laneOf = (value: number): Lane => (value % LANES) as Lane

export type PaymentIds = (lane: Lane) => PaymentId

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/** Makes payment ids that only go up within this process, whatever the clock does; 4,096 in a millisecond before the time part steps on. */
export function createPaymentIds(clock: Clock, random: Random): PaymentIds {
  let lastMs = 0
  let counter = 0
  return (lane) => {
    const now = clock.now()
    if (now > lastMs) {
      lastMs = now
      counter = 0
    } else if (++counter > 0xfff) {
      lastMs += 1
      counter = 0
    }
    const high = random.next32()
    const low = (random.next32() & ~0x3f) | lane
    const variant = 0x8000 | (high >>> 18)
    return `pay_${hex(lastMs, 12)}7${hex(counter, 3)}${hex(variant, 4)}${hex(high & 0xffff, 4)}${hex(low >>> 0, 8)}` as PaymentId
  }
}
