import type { ReactNode } from 'react'
import type { Column } from './data-table.tsx'
import { Instant } from './instant.tsx'
import { MoneyOrNone, rupees } from './money.tsx'

/** Columns that most lists have: the same on the page and in the file. */

type More = { readonly hidden?: boolean }
const NONE = '—'

/** A word or a number; `show` where it is more than that on the page. */
export const wordColumn = <T,>(
  id: string,
  header: string,
  text: (row: T) => string | null | undefined,
  { show, ...more }: More & { readonly show?: (row: T) => ReactNode } = {},
): Column<T> => ({ id, header, cell: show ?? ((row) => text(row) || NONE), text: (row) => text(row) ?? '', ...more })

/** An amount of paise. */
export const amountColumn = <T,>(
  id: string,
  header: string,
  paise: (row: T) => string | null | undefined,
  more: More = {},
): Column<T> => ({
  id,
  header,
  align: 'end',
  cell: (row) => <MoneyOrNone paise={paise(row)} />,
  text: (row) => {
    const given = paise(row)
    return given === null || given === undefined ? '' : rupees(given)
  },
  ...more,
})

/** An instant in India's time; in the file as the API has it. */
export const instantColumn = <T,>(
  id: string,
  header: string,
  at: (row: T) => string | null | undefined,
  more: More = {},
): Column<T> => ({
  id,
  header,
  cell: (row) => <Instant at={at(row)} form="short" />,
  text: (row) => at(row) ?? '',
  ...more,
})
