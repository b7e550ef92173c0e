import { istParts } from '../../base/clock.ts'
import { paise } from '../../base/money.ts'
import { dayOf } from '../../imps/cycles.ts'
import type {
  AdjustmentRow,
  FileCycle,
  NtslDispute,
  RawRow,
  Side,
  TimeoutRow,
  UdirFlag,
  UdirRow,
} from '../../imps/files/rows.ts'
import type { BankNumbers } from '../bank-numbers.ts'
import { rules } from './adjustment-rules.ts'
import type { Case, Raised, SettledPayment } from './cases.ts'

/** What a payment, and what was raised about it, looks like in each file of a member. Writers number the lines. */

/** A payment of the journal in a cycle, declines included. */
export type CyclePayment = Omit<SettledPayment, 'responseCode' | 'cut'> & { readonly responseCode: string }

const two = (value: number): string => String(value).padStart(2, '0')

/** NPCI's own id of a payment in its reports. */
const uidOf = ({ at, remitterBank, rrn }: CyclePayment): string =>
  `${dayOf(at).replaceAll('-', '')}${remitterBank}${rrn}`

/** What stands where an account should and the wire named none: NBIN and mobile number. */
const standIn = (nbin: string, mobile: string): string => `${nbin}${mobile === '' ? '0000000000' : mobile}`

export const rawRow = (side: Side, payment: CyclePayment, line: number): RawRow => {
  const { settled, amountPaise, remitterMobile, beneficiaryMobile, ...same } = payment
  const { rrn, stan, responseCode, at, remitterBank, beneficiaryBank, subType } = same
  return {
    line,
    side,
    rrn,
    stan,
    responseCode,
    amountPaise: paise(amountPaise),
    at,
    settlementDate: settled.settlementDate,
    remitterBank,
    beneficiaryBank,
    remitterAccount: payment.remitterAccount || standIn(remitterBank, remitterMobile),
    beneficiaryAccount: payment.beneficiaryAccount || standIn(beneficiaryBank, beneficiaryMobile),
    ...(remitterMobile === '' ? {} : { remitterMobile }),
    ...(beneficiaryMobile === '' ? {} : { beneficiaryMobile }),
    subType,
  }
}

export const timeoutRow = (payment: SettledPayment, line: number): TimeoutRow => ({
  line,
  txnUid: uidOf(payment),
  subType: payment.subType,
  at: payment.at,
  settlementDate: payment.settled.settlementDate,
  responseCode: payment.responseCode,
  rrn: payment.rrn,
  stan: payment.stan,
  remitterBank: payment.remitterBank,
  beneficiaryBank: payment.beneficiaryBank,
  beneficiaryAccount:
    payment.beneficiaryAccount === ''
      ? `${payment.beneficiaryBank}${payment.beneficiaryMobile}`
      : payment.beneficiaryAccount,
  ...(payment.remitterMobile === '' ? {} : { remitterMobile: payment.remitterMobile }),
  amountPaise: paise(payment.amountPaise),
})

const nothing = paise(0n)

export function adjustmentRow(
  { payment }: Case,
  raised: Raised,
  context: {
    readonly numbers: BankNumbers
    readonly cycle: FileCycle
    readonly compensationPaise: bigint
    readonly line: number
  },
): AdjustmentRow {
  const { numbers, cycle, line } = context
  const { hour, minute, second } = istParts(payment.at)
  return {
    line,
    flag: raised.flag,
    reasonCode: raised.reason,
    txnUid: uidOf(payment),
    rrn: payment.rrn,
    bankRef: raised.bankRef,
    adjRef: raised.adjRef,
    remitterBank: numbers.code(payment.remitterBank),
    beneficiaryBank: numbers.code(payment.beneficiaryBank),
    responseCode: payment.responseCode,
    txnDate: dayOf(payment.at),
    txnTime: `${two(hour)}:${two(minute)}:${two(second)}`,
    adjDate: dayOf(raised.at),
    amountPaise: paise(payment.amountPaise),
    adjAmountPaise: paise(raised.amountPaise),
    ...(payment.remitterMobile === '' ? {} : { remitterMobile: payment.remitterMobile }),
    ...(payment.beneficiaryMobile === '' ? {} : { beneficiaryMobile: payment.beneficiaryMobile }),
    ...(payment.remitterAccount === '' ? {} : { remitterAccount: payment.remitterAccount }),
    ...(payment.beneficiaryAccount === '' ? {} : { beneficiaryAccount: payment.beneficiaryAccount }),
    remitterFeePaise: nothing,
    beneficiaryFeePaise: nothing,
    beneficiarySwitchingFeePaise: nothing,
    adjFeePaise: nothing,
    npciFeePaise: nothing,
    remitterFeeTaxPaise: nothing,
    beneficiaryFeeTaxPaise: nothing,
    npciTaxPaise: nothing,
    compensationPaise: paise(context.compensationPaise),
    raisedAt: raised.at,
    penaltyDays: raised.penaltyDays,
    subType: payment.subType,
    channel: raised.channel,
    settlementDate: cycle.settlementDate,
  }
}

/** @param nbin the bank whose statement it is */
export function ntslDispute(
  { payment }: Case,
  raised: Raised,
  context: { readonly numbers: BankNumbers; readonly nbin: string; readonly line: number },
): NtslDispute {
  const { numbers, nbin, line } = context
  const isRemitter = payment.remitterBank === nbin
  const toRemitter = raised.funds === 'B>R'
  const amount = paise(raised.amountPaise)
  return {
    line,
    adjustment: rules[raised.flag]?.name ?? raised.flag,
    direction: raised.by === (isRemitter ? 'remitter' : 'beneficiary') ? 'to' : 'from',
    bank: numbers.code(isRemitter ? payment.beneficiaryBank : payment.remitterBank),
    bankRef: raised.bankRef,
    rrn: payment.rrn,
    txnDate: dayOf(payment.at),
    subType: payment.subType,
    debitPaise: isRemitter === toRemitter ? nothing : amount,
    creditPaise: isRemitter === toRemitter ? amount : nothing,
  }
}

/** UDIR's own word about a payment that no money follows from. */
export const udirRow = (
  { payment }: Case,
  context: {
    readonly numbers: BankNumbers
    readonly flag: UdirFlag
    readonly asOf: number
    readonly adjRef: string
    readonly line: number
  },
): UdirRow => ({
  line: context.line,
  flag: context.flag,
  reasonCode: '91',
  rrn: payment.rrn,
  adjRef: context.adjRef,
  remitterBank: context.numbers.code(payment.remitterBank),
  beneficiaryBank: context.numbers.code(payment.beneficiaryBank),
  responseCode: payment.responseCode,
  txnDate: dayOf(payment.at),
  adjDate: dayOf(context.asOf),
  amountPaise: paise(payment.amountPaise),
  subType: payment.subType,
  channel: 'UDIR',
})
