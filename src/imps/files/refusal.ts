import { formatRupees } from '../../base/money.ts'

/** Why a file is refused. Stable: API and reports show it. */
export const fileFaults = [
  'name_unknown', //       no layout has names of this kind
  'name_mismatch', //      the content says another bank, date or cycle than the name
  'layout_mismatch', //    the content is not laid out as files of this name and date are
  'too_large',
  'unreadable', //         not text, not a workbook, broken in the middle
  'bad_value', //          one field is not what its layout says
  'cut_short', //          rows or the trailer are missing
  'totals_differ', //      the file does not add up
  'too_many_rows',
] as const
export type FileFault = (typeof fileFaults)[number]

/** Where a file is wrong, what stood to be there and what was found: `found` is clipped and masked, and can be shown. */
export type FileRefusal = {
  readonly fault: FileFault
  readonly file: string
  readonly sheet?: string
  /** 1-based, as a person counts the rows of the file. */
  readonly row?: number
  readonly column?: string
  readonly expected: string
  readonly found: string
}

/** Thrown while a file is read, caught where reading began: nobody outside this folder but who streams rows meets it. */
export class FileError extends Error {
  override name = 'FileError'
  readonly refusal: FileRefusal
  constructor(refusal: FileRefusal) {
    super(describeRefusal(refusal))
    this.refusal = refusal
  }
}

const CLIP = 40

/** A sum in a refusal, as people read sums: `₹1,23,456.00`. Sums of files are nobody's personal data. */
export const shownRupees = (paise: bigint): string =>
  `${paise < 0n ? '-' : ''}₹${formatRupees(paise < 0n ? -paise : paise)}`

/**
 * What may be shown of something found in a file. A digit in a word of six characters or more is masked but in the last four: whatever
 * column it stood in, it may be an account or a mobile number. What stands in a column of personal data is not shown at all.
 */
export function shownOf(text: string, personal = false): string {
  if (text === '') return 'nothing'
  if (personal) return `${text.length} characters`
  const printable = Array.from(text.slice(0, 4 * CLIP), (one) => (one >= ' ' && one <= '~' ? one : '?')).join('')
  const masked = printable.replace(/[A-Za-z0-9@._-]+/g, (word) =>
    word.length < 6 || !/[0-9]/.test(word)
      ? word
      : `${word.slice(0, -4).replace(/[A-Za-z0-9]/g, '*')}${word.slice(-4)}`,
  )
  return masked.length > CLIP || text.length > 4 * CLIP ? `${masked.slice(0, CLIP)}...` : masked
}

/** One line for people: `IMPSNTSLEQT010919_1C.xlsx, sheet 1, row 7, column Debit: expected …, found …`. */
export function describeRefusal({ file, sheet, row, column, expected, found }: FileRefusal): string {
  const place = [
    file,
    ...(sheet === undefined ? [] : [`sheet ${sheet}`]),
    ...(row === undefined ? [] : [`row ${row}`]),
    ...(column === undefined ? [] : [`column ${column}`]),
  ]
  return `${place.join(', ')}: expected ${expected}, found ${found}`
}

/** A value, or why there is none. */
export type OrRefusal<T> = ({ readonly kind: 'read' } & T) | { readonly kind: 'refused'; readonly refusal: FileRefusal }

/** Runs a reader; what it refuses becomes a value. */
export async function refusing<T>(read: () => Promise<T>): Promise<OrRefusal<T>> {
  try {
    return { kind: 'read', ...(await read()) }
  } catch (error) {
    if (error instanceof FileError) return { kind: 'refused', refusal: error.refusal }
    throw error
  }
}
