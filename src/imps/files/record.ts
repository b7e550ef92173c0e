import { paise } from '../../base/money.ts'
import { dayOf, startOfDay } from '../cycles.ts'
import type { FieldType, TableKind } from './layout.ts'
import {
  type AdjustmentChannel,
  type AdjustmentRow,
  adjustmentChannels,
  type ClassicUploadRow,
  type Day,
  type GoodFaithUploadRow,
  type RawRow,
  type RowOf,
  type Side,
  type SubType,
  type TimeoutRow,
  type UdirFlag,
  type UdirRow,
  udirFlags,
} from './rows.ts'

/** One line of a file, field by field: texts, days and times as text (`HH:MM:SS`), money and counts as numbers. */
export type Values = Readonly<Record<string, string | bigint | undefined>>

/** What fields a kind of file can have, and what a value of each is. A layout has all that are not optional. */
export type Meaning = {
  readonly is: 'text' | 'paise' | 'count' | 'date' | 'time'
  readonly optional?: true
  readonly personal?: true
}

export const familyOf = ({ kind }: FieldType): Meaning['is'] =>
  kind === 'paise' || kind === 'count' || kind === 'date' || kind === 'time' ? kind : 'text'

const text: Meaning = { is: 'text' }
const maybeText: Meaning = { is: 'text', optional: true }
const account: Meaning = { is: 'text', personal: true }
const maybeAccount: Meaning = { is: 'text', optional: true, personal: true }
const money: Meaning = { is: 'paise' }
const maybeMoney: Meaning = { is: 'paise', optional: true }
const date: Meaning = { is: 'date' }
const time: Meaning = { is: 'time' }

const raw = {
  bank: maybeText, // three letters of whose file it is
  rrn: text,
  stan: text,
  responseCode: text,
  amountPaise: money,
  txnDate: date,
  txnTime: time,
  settlementDate: date,
  remitterBank: text,
  beneficiaryBank: text,
  remitterAccount: account,
  beneficiaryAccount: account,
  remitterMobile: maybeAccount,
  beneficiaryMobile: maybeAccount,
  subType: text,
  purposeCode: maybeText,
  parentRrn: maybeText,
} satisfies Record<string, Meaning>

/** The fields of each kind of file by the hub's names for them. */
export const meanings = {
  raw_remitter: raw,
  raw_beneficiary: raw,
  timeout: {
    txnUid: text,
    subType: text,
    txnDate: date,
    txnTime: time,
    settlementDate: date,
    responseCode: text,
    rrn: text,
    stan: text,
    remitterBank: text,
    beneficiaryBank: text,
    beneficiaryAccount: account,
    remitterMobile: maybeAccount,
    amountPaise: money,
  },
  adjustment: {
    txnUid: text,
    uid: maybeText,
    adjDate: date,
    flag: text,
    remitterBank: text,
    beneficiaryBank: text,
    responseCode: text,
    txnDate: date,
    txnTime: time,
    rrn: text,
    terminalId: maybeText,
    beneficiaryMobile: maybeAccount,
    remitterMobile: maybeAccount,
    chargebackDate: { is: 'date', optional: true },
    chargebackRef: maybeText,
    amountPaise: money,
    adjAmountPaise: money,
    remitterFeePaise: maybeMoney,
    beneficiaryFeePaise: maybeMoney,
    beneficiarySwitchingFeePaise: maybeMoney,
    adjFeePaise: maybeMoney,
    npciFeePaise: maybeMoney,
    remitterFeeTaxPaise: maybeMoney,
    beneficiaryFeeTaxPaise: maybeMoney,
    npciTaxPaise: maybeMoney,
    adjRef: text,
    bankRef: text,
    proof: maybeText,
    compensationPaise: maybeMoney,
    raisedTime: { is: 'time', optional: true },
    penaltyDays: { is: 'count', optional: true },
    subType: text,
    indicator: maybeText,
    beneficiaryAccount: maybeAccount,
    remitterAccount: maybeAccount,
    adjType: maybeText,
    reasonCode: text,
    mcc: maybeText,
    channel: text,
    settlementDate: date,
    purposeCode: maybeText,
    parentRrn: maybeText,
  },
  udir: {
    flag: text,
    reasonCode: text,
    rrn: text,
    adjRef: text,
    remitterBank: text,
    beneficiaryBank: text,
    responseCode: text,
    txnDate: date,
    adjDate: date,
    amountPaise: money,
    subType: text,
    channel: text,
  },
  upload_classic: {
    bankRef: text,
    flag: text,
    txnDate: date,
    adjAmountPaise: money,
    rrn: text,
    card: account,
    evidenceFile: maybeText,
    reasonCode: text,
    other: maybeText,
  },
  upload_good_faith: {
    txnDate: date,
    amountPaise: money,
    rrn: text,
    txnId: maybeText,
    remitterBank: text,
    beneficiaryBank: text,
    bankRef: text,
    npciRef: text,
    adjDate: date,
    reasonCode: text,
    flag: text,
    account,
    subType: text,
  },
} as const satisfies Record<TableKind, Record<string, Meaning>>

/** What a trailer can say. `sumPaise` is of the money that the kind is about. */
export const trailerMeanings = {
  bank: text,
  settlementDate: date,
  cycle: text,
  count: { is: 'count' },
  sumPaise: money,
} as const satisfies Record<string, Meaning>

/** The field a trailer's sum is of. */
export const summed = {
  raw_remitter: 'amountPaise',
  raw_beneficiary: 'amountPaise',
  timeout: 'amountPaise',
  adjustment: 'adjAmountPaise',
  udir: 'amountPaise',
  upload_classic: 'adjAmountPaise',
  upload_good_faith: 'amountPaise',
} as const satisfies Record<TableKind, string>

/** Codes that the hub gives a meaning to; a layout must not allow others. */
export const closedCodes: Readonly<Record<string, readonly string[]>> = {
  subType: ['F3', 'FC'],
  channel: adjustmentChannels,
}

// What a layout has read is of the family its meaning says: anything else here is a bug, not a bad file.
function textOf(values: Values, name: string): string {
  const value = values[name]
  if (typeof value !== 'string') throw new Error(`${name} was not read`)
  return value
}
const maybeTextOf = (values: Values, name: string): string | undefined => {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}
function paiseOf(values: Values, name: string) {
  const value = values[name]
  if (typeof value !== 'bigint') throw new Error(`${name} was not read`)
  return paise(value)
}
const maybePaiseOf = (values: Values, name: string) => {
  const value = values[name]
  return paise(typeof value === 'bigint' ? value : 0n)
}

const instantOf = (day: Day, clock: string): number =>
  startOfDay(day) + (Number(clock.slice(0, 2)) * 3600 + Number(clock.slice(3, 5)) * 60 + Number(clock.slice(6))) * 1000
const clockOf = (epochMs: number): string => new Date(epochMs - startOfDay(dayOf(epochMs))).toISOString().slice(11, 19)

const subTypeOf = (values: Values): SubType => (textOf(values, 'subType') === 'FC' ? 'FC' : 'F3')
const channelOf = (values: Values): AdjustmentChannel =>
  adjustmentChannels.find((channel) => channel === values.channel) ?? 'File'
const udirFlagOf = (values: Values): UdirFlag => {
  const found = udirFlags.find((flag) => flag === values.flag)
  if (found === undefined) throw new Error('flag was not read')
  return found
}

/** The named texts that are there: an optional field that a line leaves empty is no property of its row. */
function present<K extends string>(values: Values, ...names: readonly K[]): { [P in K]?: string } {
  const found: { [P in K]?: string } = {}
  for (const name of names) {
    const value = maybeTextOf(values, name)
    if (value !== undefined) found[name] = value
  }
  return found
}

const rawRow =
  (side: Side) =>
  (line: number, values: Values): RawRow => ({
    line,
    side,
    rrn: textOf(values, 'rrn'),
    stan: textOf(values, 'stan'),
    responseCode: textOf(values, 'responseCode'),
    amountPaise: paiseOf(values, 'amountPaise'),
    at: instantOf(textOf(values, 'txnDate'), textOf(values, 'txnTime')),
    settlementDate: textOf(values, 'settlementDate'),
    remitterBank: textOf(values, 'remitterBank'),
    beneficiaryBank: textOf(values, 'beneficiaryBank'),
    remitterAccount: textOf(values, 'remitterAccount'),
    beneficiaryAccount: textOf(values, 'beneficiaryAccount'),
    subType: subTypeOf(values),
    ...present(values, 'remitterMobile', 'beneficiaryMobile', 'purposeCode', 'parentRrn'),
  })

const timeoutRow = (line: number, values: Values): TimeoutRow => ({
  line,
  txnUid: textOf(values, 'txnUid'),
  subType: subTypeOf(values),
  at: instantOf(textOf(values, 'txnDate'), textOf(values, 'txnTime')),
  settlementDate: textOf(values, 'settlementDate'),
  responseCode: textOf(values, 'responseCode'),
  rrn: textOf(values, 'rrn'),
  stan: textOf(values, 'stan'),
  remitterBank: textOf(values, 'remitterBank'),
  beneficiaryBank: textOf(values, 'beneficiaryBank'),
  beneficiaryAccount: textOf(values, 'beneficiaryAccount'),
  amountPaise: paiseOf(values, 'amountPaise'),
  ...present(values, 'remitterMobile'),
})

function adjustmentRow(line: number, values: Values): AdjustmentRow {
  const [adjDate, raisedTime] = [textOf(values, 'adjDate'), maybeTextOf(values, 'raisedTime')]
  return {
    line,
    flag: textOf(values, 'flag'),
    reasonCode: textOf(values, 'reasonCode'),
    txnUid: textOf(values, 'txnUid'),
    rrn: textOf(values, 'rrn'),
    bankRef: textOf(values, 'bankRef'),
    adjRef: textOf(values, 'adjRef'),
    remitterBank: textOf(values, 'remitterBank'),
    beneficiaryBank: textOf(values, 'beneficiaryBank'),
    responseCode: textOf(values, 'responseCode'),
    txnDate: textOf(values, 'txnDate'),
    txnTime: textOf(values, 'txnTime'),
    adjDate,
    amountPaise: paiseOf(values, 'amountPaise'),
    adjAmountPaise: paiseOf(values, 'adjAmountPaise'),
    remitterFeePaise: maybePaiseOf(values, 'remitterFeePaise'),
    beneficiaryFeePaise: maybePaiseOf(values, 'beneficiaryFeePaise'),
    beneficiarySwitchingFeePaise: maybePaiseOf(values, 'beneficiarySwitchingFeePaise'),
    adjFeePaise: maybePaiseOf(values, 'adjFeePaise'),
    npciFeePaise: maybePaiseOf(values, 'npciFeePaise'),
    remitterFeeTaxPaise: maybePaiseOf(values, 'remitterFeeTaxPaise'),
    beneficiaryFeeTaxPaise: maybePaiseOf(values, 'beneficiaryFeeTaxPaise'),
    npciTaxPaise: maybePaiseOf(values, 'npciTaxPaise'),
    compensationPaise: maybePaiseOf(values, 'compensationPaise'),
    penaltyDays: Number(values.penaltyDays ?? 0n),
    subType: subTypeOf(values),
    channel: channelOf(values),
    settlementDate: textOf(values, 'settlementDate'),
    ...(raisedTime !== undefined && { raisedAt: instantOf(adjDate, raisedTime) }),
    ...present(
      values,
      'uid',
      'terminalId',
      'remitterMobile',
      'beneficiaryMobile',
      'remitterAccount',
      'beneficiaryAccount',
    ),
    ...present(values, 'chargebackDate', 'chargebackRef', 'proof', 'indicator', 'adjType', 'mcc'),
    ...present(values, 'purposeCode', 'parentRrn'),
  }
}

const udirRow = (line: number, values: Values): UdirRow => ({
  line,
  flag: udirFlagOf(values),
  reasonCode: textOf(values, 'reasonCode'),
  rrn: textOf(values, 'rrn'),
  adjRef: textOf(values, 'adjRef'),
  remitterBank: textOf(values, 'remitterBank'),
  beneficiaryBank: textOf(values, 'beneficiaryBank'),
  responseCode: textOf(values, 'responseCode'),
  txnDate: textOf(values, 'txnDate'),
  adjDate: textOf(values, 'adjDate'),
  amountPaise: paiseOf(values, 'amountPaise'),
  subType: subTypeOf(values),
  channel: channelOf(values),
})

const classicUploadRow = (line: number, values: Values): ClassicUploadRow => ({
  line,
  bankRef: textOf(values, 'bankRef'),
  flag: textOf(values, 'flag'),
  txnDate: textOf(values, 'txnDate'),
  adjAmountPaise: paiseOf(values, 'adjAmountPaise'),
  rrn: textOf(values, 'rrn'),
  card: textOf(values, 'card'),
  reasonCode: textOf(values, 'reasonCode'),
  ...present(values, 'evidenceFile', 'other'),
})

const goodFaithUploadRow = (line: number, values: Values): GoodFaithUploadRow => ({
  line,
  txnDate: textOf(values, 'txnDate'),
  amountPaise: paiseOf(values, 'amountPaise'),
  rrn: textOf(values, 'rrn'),
  remitterBank: textOf(values, 'remitterBank'),
  beneficiaryBank: textOf(values, 'beneficiaryBank'),
  bankRef: textOf(values, 'bankRef'),
  npciRef: textOf(values, 'npciRef'),
  adjDate: textOf(values, 'adjDate'),
  reasonCode: textOf(values, 'reasonCode'),
  flag: textOf(values, 'flag'),
  account: textOf(values, 'account'),
  subType: subTypeOf(values),
  ...present(values, 'txnId'),
})

/** Makes a row of what a line says. */
export const rowOf: { readonly [K in TableKind]: (line: number, values: Values) => RowOf[K] } = {
  raw_remitter: rawRow('remitter'),
  raw_beneficiary: rawRow('beneficiary'),
  timeout: timeoutRow,
  adjustment: adjustmentRow,
  udir: udirRow,
  upload_classic: classicUploadRow,
  upload_good_faith: goodFaithUploadRow,
}

/**
 * What the line of a row says. A row's instants become a date and a time of day; whatever else it has is called the same on both
 * sides. `bank` is the file's, where a layout repeats it in each line.
 */
export function valuesOf(row: object, bank: string | undefined): Values {
  const values: Record<string, string | bigint | undefined> = { bank }
  for (const [name, value] of Object.entries<unknown>({ ...row })) {
    if (typeof value === 'string' || typeof value === 'bigint') values[name] = value
    else if (typeof value !== 'number') continue
    else if (name === 'at') {
      values.txnDate = dayOf(value)
      values.txnTime = clockOf(value)
    } else if (name === 'raisedAt') values.raisedTime = clockOf(value)
    else values[name] = BigInt(value)
  }
  return values
}
