import type { DateMask } from './layout.ts'
import type { Day } from './rows.ts'

/**
 * How a bank's statement in CSV lies: there is no standard, so there is a profile for each bank. Each row's balance is the one before it and
 * its movement, which proves more than the two ends. A member bank writes its own beside its layouts. @source settlement.md §7.6
 */
export type CsvProfile = {
  /** As the accounts of the wire profile name it. */
  readonly profile: string
  /** The first day, by the date in a file's name, that it is used for. A name without a date takes the newest. */
  readonly from: Day
  /** `,` when it is left out. */
  readonly delimiter?: ',' | ';' | '|' | '\t'
  readonly heads: readonly string[]
  readonly date: string
  readonly valueDate: string
  readonly dates: DateMask
  readonly narration: string
  readonly reference: string
  readonly balance: string
  /** Two columns, or one with a mark beside it. */
  readonly money:
    | { readonly withdrawal: string; readonly deposit: string }
    | { readonly amount: string; readonly mark: string }
  /** What the narration of a row says that carries a balance and moves nothing. */
  readonly balances?: readonly [opening: string, closing: string]
  /** The newest row first. */
  readonly backwards?: boolean
}

const FROM = '2000-01-01'

export const defaultCsvProfiles: readonly CsvProfile[] = [
  {
    profile: 'rbi',
    from: FROM,
    heads: ['Value Date', 'Reference', 'Narration', 'Debit', 'Credit', 'Balance'],
    date: 'Value Date',
    valueDate: 'Value Date',
    dates: 'YYYY-MM-DD',
    narration: 'Narration',
    reference: 'Reference',
    balance: 'Balance',
    money: { withdrawal: 'Debit', deposit: 'Credit' },
    balances: ['Opening Balance', 'Closing Balance'],
  },
  {
    profile: 'hdfc',
    from: FROM,
    heads: ['Date', 'Narration', 'Chq./Ref.No.', 'Value Dt', 'Withdrawal Amt.', 'Deposit Amt.', 'Closing Balance'],
    date: 'Date',
    valueDate: 'Value Dt',
    dates: 'DD/MM/YYYY',
    narration: 'Narration',
    reference: 'Chq./Ref.No.',
    balance: 'Closing Balance',
    money: { withdrawal: 'Withdrawal Amt.', deposit: 'Deposit Amt.' },
  },
  {
    profile: 'icici_savings',
    from: FROM,
    heads: [
      'S No.',
      'Value Date',
      'Transaction Date',
      'Cheque Number',
      'Transaction Remarks',
      'Withdrawal Amount(INR)',
      'Deposit Amount(INR)',
      'Balance(INR)',
    ],
    date: 'Transaction Date',
    valueDate: 'Value Date',
    dates: 'DD/MM/YYYY',
    narration: 'Transaction Remarks',
    reference: 'Cheque Number',
    balance: 'Balance(INR)',
    money: { withdrawal: 'Withdrawal Amount(INR)', deposit: 'Deposit Amount(INR)' },
  },
  {
    profile: 'icici_current',
    from: FROM,
    heads: [
      'Transaction ID',
      'Value Date',
      'Description',
      'Transaction Amount(INR)',
      'Cr/Dr',
      'Available Balance(INR)',
    ],
    date: 'Value Date',
    valueDate: 'Value Date',
    dates: 'DD/MM/YYYY',
    narration: 'Description',
    reference: 'Transaction ID',
    balance: 'Available Balance(INR)',
    money: { amount: 'Transaction Amount(INR)', mark: 'Cr/Dr' },
  },
]
