import { list, matching, oneOf, type Read, section } from './settings-reader.ts'

/** Whose columns a statement in CSV has. */
export const csvStatements = ['rbi', 'hdfc', 'icici_savings', 'icici_current'] as const
export type CsvStatement = (typeof csvStatements)[number]

/**
 * An account of a bank of ours elsewhere: its settlement account at the Reserve Bank, or one at a sponsor. Statements of other accounts are
 * refused. A CSV does not name its account, so it is told by what the file is called (`{DDMMYY}` and the like, as in layouts).
 */
export type StatementAccount = {
  readonly number: string
  readonly csv?: { readonly profile: CsvStatement; readonly fileName: string }
}

/** The sandbox's settlement account of an NBIN. */
export const sandboxAccount = (nbin: string, bank3: string): StatementAccount => ({
  number: `99${nbin}000001`,
  csv: { profile: 'rbi', fileName: `RBISTMT${bank3}{DDMMYY}_{CYCLE}.csv` },
})

const account: Read<StatementAccount> = section((at) => {
  const csv = at.maybe(
    'csv',
    section<NonNullable<StatementAccount['csv']>>((inside) => ({
      profile: inside.need('profile', oneOf(...csvStatements)),
      fileName: inside.need('fileName', matching(/^[\x21-\x7e]{5,100}$/, 'the name of a file')),
    })),
  )
  return {
    number: at.need('number', matching(/^[A-Za-z0-9]{4,34}$/, 'an account number of 4 to 34 letters and digits')),
    ...(csv !== undefined && { csv }),
  }
})

/** The accounts of one bank. */
export const readAccounts: Read<readonly StatementAccount[]> = list(account, 0, 50)
