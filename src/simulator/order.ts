import { must, parseAccountNumber, parseIfsc, parseMmid, parseMobile, parseRrn } from '../base/identifiers.ts'
import { type Paise, parsePaise } from '../base/money.ts'
import type { Beneficiary, Remitter } from '../base/party.ts'
import type { LinkRole } from '../imps/profile.ts'
import type { NetworkFunction } from '../imps/rail-message.ts'
import type { EnquiryOrder } from './enquiries.ts'
import type { InwardOrder } from './inward.ts'
import type { ReversalOrder } from './reversals.ts'

/** A field of a request that is not what it should be. `field` is its path. */
export class BadField extends Error {
  readonly field: string
  constructor(field: string, message: string) {
    super(`${field === '' ? 'the body' : field} ${message}`)
    this.field = field
  }
}

type Fields = Readonly<Record<string, unknown>>

/** @throws {BadField} when it is no object, or has a field that is not among `known` */
export function fieldsOf(value: unknown, path: string, known: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadField(path, 'must be an object')
  for (const name of Object.keys(value)) {
    if (!known.includes(name))
      throw new BadField(`${path === '' ? '' : `${path}.`}${name.slice(0, 60)}`, 'is not known here')
  }
  return { ...value }
}

const need = <T>(parse: (value: unknown) => T | undefined, value: unknown, path: string, what: string): T => {
  const parsed = parse(value)
  if (parsed === undefined) throw new BadField(path, `must be ${what}`)
  return parsed
}

const text =
  (most: number) =>
  (value: unknown): string | undefined =>
    typeof value === 'string' && value.trim() !== '' && value.length <= most ? value : undefined

const flag = (value: unknown): boolean | undefined =>
  value === undefined ? false : typeof value === 'boolean' ? value : undefined

const within =
  (least: number, most: number) =>
  (value: unknown): number | undefined =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : undefined

const MOBILE = 'ten digits, the first of them 6 to 9'
const MMID = 'seven digits'
const ACCOUNT = '1 to 28 letters and digits'

/** 28: DE 102 has room for no more. */
const accountNumber = (value: unknown) => {
  const parsed = parseAccountNumber(value)
  return parsed !== undefined && parsed.length <= 28 ? parsed : undefined
}

function beneficiaryOf(value: unknown, path: string): Beneficiary {
  const fields = fieldsOf(value, path, ['kind', 'ifsc', 'account', 'name', 'mobile', 'mmid'])
  const byMobile =
    fields.kind === undefined ? fields.mobile !== undefined || fields.mmid !== undefined : fields.kind === 'mmid'
  if (!byMobile && fields.kind !== undefined && fields.kind !== 'account') {
    throw new BadField(`${path}.kind`, 'must be account or mmid')
  }
  fieldsOf(value, path, byMobile ? ['kind', 'mobile', 'mmid'] : ['kind', 'ifsc', 'account', 'name'])
  if (byMobile) {
    return {
      kind: 'mmid',
      mobile: need(parseMobile, fields.mobile, `${path}.mobile`, MOBILE),
      mmid: need(parseMmid, fields.mmid, `${path}.mmid`, MMID),
    }
  }
  return {
    kind: 'account',
    ifsc: need(parseIfsc, fields.ifsc, `${path}.ifsc`, 'an IFSC of 11 characters'),
    account: need(accountNumber, fields.account, `${path}.account`, ACCOUNT),
    ...(fields.name === undefined ? {} : { name: need(text(100), fields.name, `${path}.name`, '1 to 100 characters') }),
  }
}

function remitterOf(value: unknown, path: string): Remitter {
  const { name, account, mobile, mmid } = fieldsOf(value, path, ['name', 'account', 'mobile', 'mmid'])
  return {
    ...(name === undefined ? {} : { name: need(text(100), name, `${path}.name`, '1 to 100 characters') }),
    ...(account === undefined ? {} : { account: need(accountNumber, account, `${path}.account`, ACCOUNT) }),
    ...(mobile === undefined ? {} : { mobile: need(parseMobile, mobile, `${path}.mobile`, MOBILE) }),
    ...(mmid === undefined ? {} : { mmid: need(parseMmid, mmid, `${path}.mmid`, MMID) }),
  }
}

const amount = (value: unknown): Paise =>
  need(parsePaise, value, 'amountPaise', 'a string of digits in paise, more than zero')

/** @throws {BadField} naming the first bad field */
export function readOrder(body: unknown): { readonly order: InwardOrder; readonly wait: boolean } {
  const known = ['amountPaise', 'to', 'from', 'remarks', 'duplicates', 'repeatAfterMs', 'verificationFirst', 'wait']
  const fields = fieldsOf(body, '', known)
  const { from, remarks, duplicates, repeatAfterMs } = fields
  return {
    order: {
      amountPaise: amount(fields.amountPaise),
      to: beneficiaryOf(fields.to, 'to'),
      ...(from === undefined ? {} : { from: remitterOf(from, 'from') }),
      ...(remarks === undefined ? {} : { remarks: need(text(50), remarks, 'remarks', '1 to 50 characters') }),
      ...(duplicates === undefined
        ? {}
        : { duplicates: need(within(0, 100), duplicates, 'duplicates', 'a whole number from 0 to 100') }),
      ...(repeatAfterMs === undefined
        ? {}
        : {
            repeatAfterMs: need(
              within(1, 3_600_000),
              repeatAfterMs,
              'repeatAfterMs',
              'a whole number from 1 to 3600000',
            ),
          }),
      verificationFirst: need(flag, fields.verificationFirst, 'verificationFirst', 'true or false'),
    },
    wait: need(flag, fields.wait, 'wait', 'true or false'),
  }
}

/** @throws {BadField} naming the first bad field */
export function readEnquiry(body: unknown): EnquiryOrder {
  const { to, from } = fieldsOf(body, '', ['to', 'from'])
  return { to: beneficiaryOf(to, 'to'), ...(from === undefined ? {} : { from: remitterOf(from, 'from') }) }
}

/** @throws {BadField} naming the first bad field */
export function readReversal(body: unknown): { readonly order: ReversalOrder; readonly wait: boolean } {
  const { rrn, amountPaise, duplicates, wait } = fieldsOf(body, '', ['rrn', 'amountPaise', 'duplicates', 'wait'])
  return {
    order: {
      rrn: need(parseRrn, rrn, 'rrn', '12 digits'),
      ...(amountPaise === undefined ? {} : { amountPaise: amount(amountPaise) }),
      ...(duplicates === undefined
        ? {}
        : { duplicates: need(within(0, 100), duplicates, 'duplicates', 'a whole number from 0 to 100') }),
    },
    wait: need(flag, wait, 'wait', 'true or false'),
  }
}

export type LoadOrder = {
  readonly count: number
  /** How many may be unanswered at once. */
  readonly concurrency: number
  /** Sent at this rate; as fast as they are answered when absent. */
  readonly perSecond?: number
  readonly amountPaise: Paise
  readonly to: readonly Beneficiary[]
}

const smallest = must(parsePaise('100'), 'amount')

/** @throws {BadField} naming the first bad field */
export function readLoad(body: unknown): LoadOrder {
  const fields = fieldsOf(body, '', ['count', 'concurrency', 'perSecond', 'amountPaise', 'to'])
  const { to, perSecond } = fields
  if (!Array.isArray(to) || to.length === 0) throw new BadField('to', 'must be a list of beneficiaries, not empty')
  return {
    count: need(within(1, 10_000_000), fields.count, 'count', 'a whole number from 1 to 10000000'),
    concurrency: need(within(1, 10_000), fields.concurrency, 'concurrency', 'a whole number from 1 to 10000'),
    ...(perSecond === undefined
      ? {}
      : { perSecond: need(within(1, 100_000), perSecond, 'perSecond', 'a whole number from 1 to 100000') }),
    amountPaise: fields.amountPaise === undefined ? smallest : amount(fields.amountPaise),
    to: to.map((one, at) => beneficiaryOf(one, `to[${at}]`)),
  }
}

const roles: readonly LinkRole[] = ['remitter', 'beneficiary']

export function readRole(body: unknown): LinkRole | undefined {
  const { role } = fieldsOf(body, '', ['role'])
  return role === undefined
    ? undefined
    : need((value) => roles.find((known) => known === value), role, 'role', 'remitter or beneficiary')
}

const functions: readonly NetworkFunction[] = ['logOn', 'logOff', 'echo', 'cutOver', 'keyExchange']

export function readFunction(body: unknown): NetworkFunction {
  const fields = fieldsOf(body, '', ['function'])
  return need((value) => functions.find((known) => known === value), fields.function, 'function', functions.join(', '))
}
