import { list, matching, type Read, section } from './settings-reader.ts'

/**
 * An account of a bank of ours elsewhere: its settlement account at the Reserve Bank, or one at a sponsor. Statements of other accounts are
 * refused. A CSV does not name its account, so it is told by what the file is called (`{DDMMYY}` and the like, as in layouts).
 */
export type StatementAccount = {
  readonly number: string
  /** `profile`: whose columns it has, one that ships or one of the bank's own layouts. */
  readonly csv?: { readonly profile: string; readonly fileName: string }
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
      profile: inside.need('profile', matching(/^[a-z][a-z0-9_]{0,39}$/, 'the name of a profile of statements')),
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
