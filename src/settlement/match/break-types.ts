import { digestOf } from '../../payment/four-eyes.ts'

/**
 * The kinds of differences between the core, the hub and NPCI, and what is done about each: a table, from which the guide is printed. A
 * break's type never changes; another type is another break. @source settlement.md §7.3
 */

/** Until when something must be done; `deadline.ts` makes an instant of it. */
export type DeadlineRule =
  | 'two_cycles' //     the end of the second cycle after this one
  | 'two_hours' //      two hours after the file was matched, and T+1 17:30 IST at the latest. @source NPCI OC 28
  | 'next_day_1730' //  T+1 17:30 IST. @source NPCI OC 93
  | 'next_day' //       the end of T+1. @source RBI/2019-20/67
  | 'same_day' //       the end of the day it was found on
  | 'next_cycle' //     the end of the next cycle
  | 'half_hour' //      30 minutes after the cycle's end
  | 'month' //          the end of the month
  | 'clock' //          the dispute's own
  | 'lien' //           90 days after the lien. @source MHA/I4C SOP, 2 January 2026
  | 'ageing' //         the end of T+3; then at 7, 30 and 45 days it is told again
  | 'none'

/**
 * Who acts. `auto`: the books do, by a door or a balanced journal. `people`: two of them. `suggest`: the hub says what it takes it for, and
 * people decide. `alert`: people are told at once. A suggestion posts nothing.
 */
export type Handling = 'auto' | 'people' | 'suggest' | 'alert'

/** What comes of it, for the books to do or for people to decide on. */
export type BreakAction =
  | 'wait'
  | 'file_tcc_102'
  | 'credit_then_tcc_103'
  | 'file_ret'
  | 'refund_remitter'
  | 'recover_remitter'
  | 'recover_beneficiary'
  | 'update_switch'
  | 'reverse_duplicate'
  | 'dispute'
  | 'investigate'
  | 'raise_with_npci'
  | 'book_fee_difference'
  | 'pay_return'
  | 'consume_return'
  | 'recover_double'
  | 'credit_now'
  | 'answer_dispute'
  | 'hold_in_suspense'
  | 'ledger_fix'
  | 'reverse_failed_children'
  | 'release_lien'
  | 'get_file'

/** Who finds it: the match of rows, the totals of a cycle, what is known of adjustments and money, or clocks. */
export type FoundBy = 'rows' | 'totals' | 'adjustments' | 'clocks'

export type BreakTypeRow = {
  readonly name: string
  /** How it is known, for people. */
  readonly detect: string
  readonly by: FoundBy
  readonly handling: Handling
  readonly action: BreakAction
  /** The journal or the file that comes of it; a dash: none. */
  readonly output: string
  readonly deadline: DeadlineRule
}

const row = (
  name: string,
  by: FoundBy,
  detect: string,
  handling: Handling,
  action: BreakAction,
  output: string,
  deadline: DeadlineRule,
): BreakTypeRow => ({ name, by, detect, handling, action, output, deadline })

export const breakTypes = {
  B01: row(
    'TIMING_CUTOFF',
    'rows',
    'in core or hub, not in NPCI’s files, made within 30 minutes of the cut',
    'auto',
    'wait',
    '–',
    'two_cycles',
  ),
  B02: row(
    'TIMEOUT_CREDITED',
    'rows',
    'inward, raw 08, the core credited (cases 2, 5)',
    'auto',
    'file_tcc_102',
    'TCC 102',
    'next_day_1730',
  ),
  B03: row(
    'TIMEOUT_NOT_CREDITED',
    'rows',
    'inward, raw 08, the core did not credit (cases 8, 11)',
    'auto',
    'credit_then_tcc_103',
    'Dr IN-CLR Cr CUST; TCC 103',
    'two_hours',
  ),
  B04: row(
    'TIMEOUT_UNCREDITABLE',
    'rows',
    'as B03, and the account cannot be credited',
    'auto',
    'file_ret',
    'RET 114 to 120',
    'next_day_1730',
  ),
  B05: row(
    'DEBIT_NPCI_DECLINED',
    'rows',
    'outward, the core debited, raw declined or absent from three cycles (cases 3, 6)',
    'auto',
    'refund_remitter',
    'Dr OUT-CLR Cr CUST',
    'next_day',
  ),
  B06: row(
    'NPCI_OK_NO_DEBIT',
    'rows',
    'outward, raw 00, the core did not debit or gave back (cases 7, 10)',
    'people',
    'recover_remitter',
    'Dr CUST (lien) Cr OUT-CLR; short: Dr SUSP-OUT',
    'next_day',
  ),
  B07: row(
    'CREDIT_NPCI_DECLINED',
    'rows',
    'inward, the core credited, raw declined or absent from three cycles (cases 3, 6)',
    'people',
    'recover_beneficiary',
    'lien, then Dr CUST Cr IN-CLR',
    'same_day',
  ),
  B08: row(
    'SW_STATUS_STALE',
    'rows',
    'core and NPCI agree, the hub does not (cases 4, 9)',
    'auto',
    'update_switch',
    'the hub’s state',
    'same_day',
  ),
  B09: row(
    'DUPLICATE_CBS',
    'rows',
    'one payment twice in the core, same sign',
    'suggest',
    'reverse_duplicate',
    'a reversal',
    'same_day',
  ),
  B10: row(
    'DUPLICATE_NPCI',
    'rows',
    'one RRN of a bank twice in a raw file',
    'people',
    'dispute',
    'a dispute',
    'same_day',
  ),
  B11: row('AMOUNT_MISMATCH', 'rows', 'all but the amount is equal', 'people', 'investigate', '–', 'next_day'),
  B12: row(
    'BANK_MISMATCH',
    'rows',
    'all but the other bank, or the direction, is equal',
    'people',
    'investigate',
    '–',
    'next_day',
  ),
  B13: row(
    'RRN_TRUNCATED',
    'rows',
    'an RRN cut short, matched by its STAN, amount and day',
    'suggest',
    'investigate',
    '–',
    'next_day',
  ),
  B14: row(
    'MISSING_IN_SETTLEMENT',
    'totals',
    'count or amount of raw 00 or 08 is not the statement’s',
    'people',
    'raise_with_npci',
    'the difference in SUSP',
    'same_day',
  ),
  B15: row(
    'NTSL_FEE_DIFF',
    'totals',
    'a fee or tax computed by us is not the statement’s',
    'auto',
    'book_fee_difference',
    'ICH, SWF; over the tolerance SUSP',
    'month',
  ),
  B16: row(
    'RET_NOT_PAID',
    'adjustments',
    'a return was received, the customer not credited',
    'auto',
    'pay_return',
    'Dr RET-PAY Cr CUST, and compensation',
    'same_day',
  ),
  B17: row(
    'RET_AFTER_REVERSAL',
    'adjustments',
    'a return of a payment that was reversed after M0',
    'auto',
    'consume_return',
    'Dr RBI-STL Cr OUT-CLR',
    'none',
  ),
  B18: row(
    'DOUBLE_REFUND',
    'adjustments',
    'two of reversal, RET, UDIR, chargeback and manual credit',
    'alert',
    'recover_double',
    'the second is barred; recovery',
    'same_day',
  ),
  B19: row(
    'TCC_WITHOUT_CREDIT',
    'adjustments',
    'a TCC was filed, the core did not credit',
    'alert',
    'credit_now',
    'Dr IN-CLR Cr CUST',
    'same_day',
  ),
  B20: row(
    'CB_UNANSWERED',
    'clocks',
    'less than 24 hours to answer a dispute',
    'alert',
    'answer_dispute',
    '–',
    'clock',
  ),
  B21: row(
    'ADJ_ORPHAN',
    'adjustments',
    'an adjustment about a payment nobody knows',
    'people',
    'hold_in_suspense',
    'SUSP',
    'next_day',
  ),
  B22: row(
    'COMPENSATION_DIFF',
    'totals',
    'compensation computed by us is not what NPCI took or gave',
    'people',
    'investigate',
    'COMP-EXP, COMP-REC',
    'next_day',
  ),
  B23: row(
    'CASH_DIFF',
    'totals',
    'the settlement account moved by other than the Final Settlement Amount',
    'people',
    'hold_in_suspense',
    'SUSP',
    'next_cycle',
  ),
  B24: row(
    'GL_UNPROVED',
    'totals',
    'opening and movements are not the closing balance',
    'alert',
    'ledger_fix',
    '–',
    'same_day',
  ),
  B25: row(
    'LATE_RESPONSE_CONFLICT',
    'rows',
    'the answer online and the raw file contradict each other',
    'people',
    'ledger_fix',
    'the raw file holds for settlement',
    'same_day',
  ),
  B26: row(
    'BULK_PARENT_SUM',
    'rows',
    'the children of a bulk payment are not its debit',
    'auto',
    'reverse_failed_children',
    'Dr OUT-CLR Cr CUST',
    'same_day',
  ),
  B27: row('ON_US_LEAK', 'rows', 'one bank on both sides of a row of NPCI', 'people', 'investigate', '–', 'same_day'),
  B28: row(
    'STALE_LIEN',
    'clocks',
    'a lien of more than 90 days without an order',
    'alert',
    'release_lien',
    'the lien',
    'lien',
  ),
  B29: row(
    'FILE_GAP',
    'clocks',
    'an expected file is missing, broken or half',
    'alert',
    'get_file',
    'nothing is posted',
    'half_hour',
  ),
  B30: row('UNMATCHED_OTHER', 'rows', 'what is left', 'people', 'hold_in_suspense', 'SUSP', 'ageing'),
} as const satisfies Record<`B${string}`, BreakTypeRow>

export type BreakType = keyof typeof breakTypes

export const breakTypeNames: readonly BreakType[] = Object.freeze(Object.keys(breakTypes).filter(isBreakType))

export function isBreakType(text: string): text is BreakType {
  return Object.hasOwn(breakTypes, text)
}

/** One row of the truth table: what core, hub and NPCI say, and what follows for an outward and for an inward payment. */
export type Truth = {
  readonly case: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12
  readonly core: 'S' | 'F'
  readonly hub: 'S' | 'F'
  readonly raw: '00' | '08' | 'F'
  /** The break; null: nothing is open. */
  readonly outward: BreakType | null
  readonly inward: BreakType | null
  /** What the reference says is done. */
  readonly outwardAction: string
  readonly inwardAction: string
}

const truth = (
  number: Truth['case'],
  core: 'S' | 'F',
  hub: 'S' | 'F',
  raw: Truth['raw'],
  outward: BreakType | null,
  outwardAction: string,
  inward: BreakType | null,
  inwardAction: string,
): Truth => ({ case: number, core, hub, raw, outward, outwardAction, inward, inwardAction })

/**
 * The twelve cases. An outward 08 is no break by itself: the books wait for the other bank's TCC or RET and count the days. Where the
 * taxonomy has no type for a case (inward 7 and 10; outward 8 and 11, where the customer was not debited for what NPCI settles), the wire
 * and the file contradict each other: B25. @source settlement.md §7.2
 */
export const truthTable: readonly Truth[] = [
  truth(1, 'S', 'S', '00', null, 'matched', null, 'matched'),
  truth(2, 'S', 'S', '08', null, 'TCC: none; RET: refund the remitter', 'B02', 'file TCC 102'),
  truth(
    3,
    'S',
    'S',
    'F',
    'B05',
    'refund the remitter, correct the hub',
    'B07',
    'recover from the beneficiary, correct the hub',
  ),
  truth(4, 'S', 'F', '00', 'B08', 'correct the hub', 'B08', 'correct the hub'),
  truth(5, 'S', 'F', '08', null, 'TCC: none; RET: refund the remitter', 'B02', 'file TCC 102, correct the hub'),
  truth(6, 'S', 'F', 'F', 'B05', 'refund the remitter', 'B07', 'recover from the beneficiary'),
  truth(7, 'F', 'S', '00', 'B06', 'recover from the remitter', 'B25', 'credit the beneficiary'),
  truth(
    8,
    'F',
    'S',
    '08',
    'B25',
    'TCC: recover from the remitter; RET: none',
    'B03',
    'credit and file TCC 103, else RET',
  ),
  truth(9, 'F', 'S', 'F', 'B08', 'correct the hub', 'B08', 'correct the hub'),
  truth(
    10,
    'F',
    'F',
    '00',
    'B06',
    'recover from the remitter, correct the hub',
    'B25',
    'credit the beneficiary, correct the hub',
  ),
  truth(
    11,
    'F',
    'F',
    '08',
    'B25',
    'TCC: recover from the remitter; RET: none',
    'B03',
    'credit and file TCC 103, else RET; correct the hub',
  ),
  truth(12, 'F', 'F', 'F', null, 'none', null, 'none'),
]

/** Changes when any of these tables does: a run says by which it was made. */
export const ruleVersion: string = digestOf([breakTypes, truthTable]).slice(0, 16)
