import { istParts } from '../../base/clock.ts'
import type { CustomerAccount, StatementLine } from '../../ledger/store.ts'
import type { Report } from '../../settlement/reports/report.ts'
import { maskNumber } from '../masking.ts'

/** Entries of one statement at most. */
export const MAX_STATEMENT_LINES = 1_000

const words: Readonly<Record<StatementLine['kind'], string>> = {
  opening: 'Opening balance',
  hold: 'Paid',
  void: 'Not paid: back in the account',
  credit: 'Received',
  return: 'Returned',
  received: 'Received',
  compensation: 'Compensation for a delay',
  recovery: 'Taken back',
  dispute: 'Dispute',
  award: 'Dispute decided for you',
  correction: 'Correction',
  charge: 'Charge',
  fees: 'Fees',
  penalty: 'Penalty',
  settlement: 'Settlement',
  suspense: 'Under inquiry',
}

/** A customer's statement as a report. The number is masked: a file that is passed on says no more than it must. @param now  epoch milliseconds */
export function statementOf(account: CustomerAccount, lines: readonly StatementLine[], now: number): Report {
  const { year, month, day } = istParts(now)
  const two = (value: number): string => String(value).padStart(2, '0')
  return {
    name: 'statement',
    title: `Statement of ${account.name}`,
    notes: [
      `Account ${maskNumber(account.accountNumber)}, IFSC ${account.ifsc}, INR; as of ${year}-${two(month)}-${two(day)} IST.`,
      'Newest first. The balance is what could be spent after the entry.',
    ],
    columns: [
      { title: 'When', kind: 'instant' },
      { title: 'What', kind: 'text' },
      { title: 'Amount', kind: 'paise' },
      { title: 'Balance', kind: 'paise' },
      { title: 'Payment', kind: 'text' },
    ],
    rows: lines.map(({ at, kind, amount, balanceAfter, journalId }) => [
      at,
      words[kind],
      amount,
      balanceAfter,
      kind === 'opening' ? null : `pay_${journalId}`,
    ]),
  }
}
