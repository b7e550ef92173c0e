/**
 * NPCI's matrix of adjustments, by the switch's own table: the hub keeps another, so that a mistake in either shows. One row per flag.
 * @source settlement.md §4.1: NPCI OC 28, 45, 124, 127, 129, 133
 */

export type Raiser = 'remitter' | 'beneficiary' | 'npci'
/** Whose money moves to whom when it is settled. */
export type Funds = 'B>R' | 'R>B' | 'none'

/** What must be true of a payment before its first adjustment of a kind. */
export type Ground =
  | 'deemed' //      raw 08, and neither confirmed nor returned
  | 'confirmed' //   raw 08, and a TCC is there
  | 'settled' //     raw 00 or 08, and not returned
  | 'approved' //    raw 00

export type Rule = {
  /** As the statement writes it. */
  readonly name: string
  readonly by: Raiser
  /** What starts a dispute stands on a ground; what answers comes after one of these flags. */
  readonly on: { readonly ground: Ground } | { readonly after: readonly string[] }
  readonly reasons: readonly string[]
  /** Calendar days from the payment, or from what is answered. */
  readonly withinDays: number
  readonly funds: Funds
  /** What NPCI does itself when so many days have passed without an answer. */
  readonly otherwise?: { readonly days: number; readonly flag: string; readonly reason: string }
}

const rem = 'remitter'
const ben = 'beneficiary'
const on = (ground: Ground) => ({ ground })
const after = (...flags: readonly string[]) => ({ after: flags })
const range = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index))
const numbered = (name: string, most: number): readonly string[] =>
  Array.from({ length: most }, (_, index) => `${name}${index + 1}`)
const lapse = (days: number, flag: string, reason: string) => ({ otherwise: { days, flag, reason } })

export const rules: Readonly<Record<string, Rule>> = {
  TCC: { name: 'TCC', by: ben, on: on('deemed'), reasons: ['102', '103'], withinDays: 45, funds: 'none' },
  RET: { name: 'RET', by: ben, on: on('deemed'), reasons: range(114, 120), withinDays: 45, funds: 'B>R' },
  C: {
    name: 'Credit Adjustment',
    by: ben,
    on: on('approved'),
    reasons: ['1084', '1090', '1091', '1092', '1094'],
    withinDays: 45,
    funds: 'B>R',
  },

  B: {
    name: 'Chargeback',
    by: rem,
    on: on('deemed'),
    reasons: ['108'],
    withinDays: 45,
    funds: 'B>R',
    ...lapse(3, 'A', '111'),
  },
  A: { name: 'Chargeback Acceptance', by: ben, on: after('B'), reasons: ['111'], withinDays: 3, funds: 'none' },
  R: { name: 'Re-presentment', by: ben, on: after('B'), reasons: ['208', '209'], withinDays: 3, funds: 'R>B' },
  P: {
    name: 'Pre-Arbitration',
    by: rem,
    on: after('R'),
    reasons: ['109'],
    withinDays: 30,
    funds: 'none',
    ...lapse(5, 'AP', '111'),
  },
  AP: { name: 'Pre-Arbitration Acceptance', by: ben, on: after('P'), reasons: ['111'], withinDays: 5, funds: 'B>R' },
  PR: {
    name: 'Pre-Arbitration Decline',
    by: ben,
    on: after('P'),
    reasons: ['112', '113'],
    withinDays: 5,
    funds: 'none',
  },
  AR: { name: 'Arbitration', by: rem, on: after('PR', 'FPR'), reasons: ['1100'], withinDays: 15, funds: 'none' },
  ACW: { name: 'Arbitration Withdrawal', by: rem, on: after('AR'), reasons: ['1103'], withinDays: 15, funds: 'none' },
  ACA: { name: 'Arbitration Acceptance', by: ben, on: after('AR'), reasons: ['1101'], withinDays: 15, funds: 'B>R' },
  ACC: { name: 'Arbitration Continuation', by: ben, on: after('AR'), reasons: ['1102'], withinDays: 15, funds: 'none' },
  ACV: { name: 'Arbitration Verdict', by: 'npci', on: after('ACC'), reasons: ['1104'], withinDays: 60, funds: 'B>R' },

  FB: {
    name: 'Deferred Chargeback',
    by: rem,
    on: on('confirmed'),
    reasons: ['121'],
    withinDays: 45,
    funds: 'none',
    ...lapse(4, 'FA', '122'),
  },
  FA: {
    name: 'Deferred Chargeback Acceptance',
    by: ben,
    on: after('FB'),
    reasons: ['122'],
    withinDays: 4,
    funds: 'B>R',
  },
  FR: { name: 'Deferred Re-presentment', by: ben, on: after('FB'), reasons: ['123'], withinDays: 4, funds: 'none' },
  FP: { name: 'Deferred Pre-Arbitration', by: rem, on: after('FR'), reasons: ['124'], withinDays: 15, funds: 'none' },
  FAP: {
    name: 'Deferred Pre-Arbitration Acceptance',
    by: ben,
    on: after('FP'),
    reasons: ['125'],
    withinDays: 5,
    funds: 'B>R',
  },
  FPR: {
    name: 'Deferred Pre-Arbitration Decline',
    by: ben,
    on: after('FP'),
    reasons: ['126'],
    withinDays: 5,
    funds: 'none',
  },
  FAR: { name: 'Deferred Arbitration', by: rem, on: after('FPR'), reasons: ['127'], withinDays: 15, funds: 'none' },

  FC: {
    name: 'Fraud Chargeback',
    by: rem,
    on: on('settled'),
    reasons: ['128'],
    withinDays: 45,
    funds: 'B>R',
    ...lapse(25, 'FCA', '133'),
  },
  FCA: {
    name: 'Fraud Chargeback Acceptance',
    by: ben,
    on: after('FC'),
    reasons: ['129', '133'],
    withinDays: 25,
    funds: 'none',
  },
  FCR: {
    name: 'Fraud Re-presentment',
    by: ben,
    on: after('FC'),
    reasons: range(130, 132),
    withinDays: 25,
    funds: 'R>B',
  },
  DFC: {
    name: 'Deferred Fraud Chargeback',
    by: rem,
    on: on('confirmed'),
    reasons: ['128'],
    withinDays: 45,
    funds: 'none',
    ...lapse(15, 'DFCA', '133'),
  },
  DFCA: {
    name: 'Deferred Fraud Acceptance',
    by: ben,
    on: after('DFC'),
    reasons: ['129', '133'],
    withinDays: 15,
    funds: 'B>R',
  },
  DFCR: {
    name: 'Deferred Fraud Re-presentment',
    by: ben,
    on: after('DFC'),
    reasons: range(130, 132),
    withinDays: 15,
    funds: 'none',
  },

  WP: {
    name: 'Wrong Payment',
    by: rem,
    on: on('settled'),
    reasons: ['WC1'],
    withinDays: 45,
    funds: 'B>R',
    ...lapse(25, 'WPD', 'WC5'),
  },
  WPA: { name: 'Wrong Payment Acceptance', by: ben, on: after('WP'), reasons: ['WC2'], withinDays: 25, funds: 'none' },
  WPR: {
    name: 'Wrong Payment Rejection',
    by: ben,
    on: after('WP'),
    reasons: ['WC3', 'WC4'],
    withinDays: 25,
    funds: 'R>B',
  },
  WPD: { name: 'Wrong Payment Deemed', by: 'npci', on: after('WP'), reasons: ['WC5'], withinDays: 60, funds: 'none' },
  DWC: {
    name: 'Deferred Wrong Payment',
    by: rem,
    on: on('confirmed'),
    reasons: ['DWC1'],
    withinDays: 45,
    funds: 'none',
    ...lapse(25, 'DWDA', 'DWC9'),
  },
  DWCA: {
    name: 'Deferred Wrong Payment Acceptance',
    by: ben,
    on: after('DWC'),
    reasons: ['DWC6'],
    withinDays: 25,
    funds: 'B>R',
  },
  DWCR: {
    name: 'Deferred Wrong Payment Rejection',
    by: ben,
    on: after('DWC'),
    reasons: ['DWC7', 'DWC8'],
    withinDays: 25,
    funds: 'none',
  },
  DWDA: {
    name: 'Deferred Wrong Payment Deemed',
    by: 'npci',
    on: after('DWC'),
    reasons: ['DWC9'],
    withinDays: 60,
    funds: 'B>R',
  },

  BGGC: {
    name: 'Beneficiary Good Faith Credit',
    by: ben,
    on: on('settled'),
    reasons: numbered('BGA', 5),
    withinDays: 190,
    funds: 'B>R',
    ...lapse(3, 'RGCD', 'RCA2'),
  },
  RGAC: { name: 'Good Faith Acceptance', by: rem, on: after('BGGC'), reasons: ['RCA1'], withinDays: 3, funds: 'none' },
  RGRC: {
    name: 'Good Faith Re-presentment',
    by: rem,
    on: after('BGGC'),
    reasons: numbered('RGR', 7),
    withinDays: 3,
    funds: 'R>B',
  },
  RGCD: { name: 'Good Faith Deemed', by: 'npci', on: after('BGGC'), reasons: ['RCA2'], withinDays: 60, funds: 'none' },
  RGGC: {
    name: 'Remitter Good Faith Credit',
    by: rem,
    on: on('settled'),
    reasons: numbered('RGA', 5),
    withinDays: 190,
    funds: 'R>B',
    ...lapse(3, 'BGCD', 'BCA2'),
  },
  BGAC: { name: 'Good Faith Acceptance', by: ben, on: after('RGGC'), reasons: ['BCA1'], withinDays: 3, funds: 'none' },
  BGRC: {
    name: 'Good Faith Re-presentment',
    by: ben,
    on: after('RGGC'),
    reasons: numbered('BGR', 7),
    withinDays: 3,
    funds: 'B>R',
  },
  BGCD: { name: 'Good Faith Deemed', by: 'npci', on: after('RGGC'), reasons: ['BCA2'], withinDays: 60, funds: 'none' },
}

/** A chargeback that a return or a confirmation in the next cycle answers by itself. @source NPCI OC 127 */
export const AUTO_ACCEPTED = { flag: 'IA', reason: '9886' } as const
export const AUTO_REPRESENTED = { flag: 'IA', reason: '9887' } as const

/** Before T+1 a chargeback is taken only for more than 25,000 rupees. @source NPCI OC 127 */
export const CHARGEBACK_AT_ONCE_PAISE = 2_500_000n
