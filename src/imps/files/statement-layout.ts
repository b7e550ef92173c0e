import type { Day, NtslTotals } from './rows.ts'

/**
 * How the settlement statement (NTSL, the daily settlement statement of one cycle) lies in its workbook: titles, a block of lines with
 * totals, and a block of disputes. Which line says what is data, because circulars rename lines. @source settlement.md §2.3
 */
export type StatementLayout = {
  readonly id: string
  readonly from: Day
  readonly fileName: string
  /** Templates, one per row from the first on. */
  readonly titles: readonly string[]
  readonly heads: readonly [description: string, count: string, debit: string, credit: string]
  /** How a line of each side begins. */
  readonly sides: { readonly remitter: string; readonly beneficiary: string }
  /** What the rows that are totals are called. */
  readonly totals: Readonly<Record<keyof NtslTotals, string>>
  readonly disputes: {
    readonly title: string
    readonly heads: readonly [description: string, reference: string, debit: string, credit: string]
    /** Before and after the adjustment's name in the row that adds them up. */
    readonly total: readonly [before: string, after: string]
  }
}

/** The totals that are not there are zero; without these two it is no statement. */
export const neededTotals: readonly (keyof NtslTotals)[] = ['settlementPaise', 'finalPaise']

/** What Final Settlement Amount is the sum of. */
export const finalParts = [
  'settlementPaise',
  'adjustedPaise',
  'adjustedFeePaise',
  'adjustmentSwitchingFeePaise',
  'penaltyPaise',
  'compensationPaise',
] as const satisfies readonly (keyof NtslTotals)[]

export const defaultStatements: readonly StatementLayout[] = [
  {
    id: 'ntsl/xlsx/1',
    from: '2000-01-01',
    fileName: 'IMPSNTSL{BANK}{DDMMYY}_{CYCLE}.xlsx',
    titles: [
      'National Payments Corporation of India',
      'Immediate Payment Service',
      'Daily Settlement Statement for {BANK} as on {DD-MM-YYYY} ({CYCLE} {FROM} To {TO})',
    ],
    heads: ['Description', 'No of Txns', 'Debit', 'Credit'],
    sides: { remitter: 'Remitter ', beneficiary: 'Beneficiary ' },
    totals: {
      remitterPaise: 'Remitter Sub Totals',
      beneficiaryPaise: 'Beneficiary Sub Totals',
      settlementPaise: 'Settlement Amount',
      adjustedPaise: 'Net Adjusted Amount',
      adjustedFeePaise: 'Net Adjusted Fee with Tax',
      adjustmentSwitchingFeePaise: 'Net Debit Adjustment Switching Fee with Tax',
      penaltyPaise: 'Net Non Compliance Penalty',
      compensationPaise: 'Customer compensation for Non-Compliance',
      finalPaise: 'Final Settlement Amount',
    },
    disputes: {
      title: 'Dispute Adjustments',
      heads: ['Description', 'Ref. No / RRN / Date', 'Debit', 'Credit'],
      total: ['Total ', ' Amount'],
    },
  },
]
