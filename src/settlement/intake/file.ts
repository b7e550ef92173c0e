import type { FileFault } from '../../imps/files/refusal.ts'
import type { CycleNumber, Day, FileCycle, FileKind } from '../../imps/files/rows.ts'

/**
 * settlement/intake: from a file that arrives to rows that can be relied on. It promises that a file is taken whole or refused whole, that
 * its totals are proved before a line of it is used, that the same file changes nothing however often and by whichever way it comes, and
 * that what is kept of it is encrypted.
 */

/** Kinds of files that come to a bank. What it uploads itself comes from nobody. */
export type ArrivingKind = Exclude<FileKind, 'upload_classic' | 'upload_good_faith'> | 'bank_statement'
export const arrivingKinds = [
  'ntsl',
  'raw_remitter',
  'raw_beneficiary',
  'timeout',
  'adjustment',
  'udir',
  'bank_statement',
] as const satisfies readonly ArrivingKind[]

/** Why a file is not taken. Stable: API, reports and `.reason.txt` show it. What readers of files find is theirs (`FileFault`). */
export const intakeFaults = {
  bad_name: 'a name that no file of a bank or of NPCI has',
  not_a_file: 'a link or a folder, where a file should be',
  empty: 'a file without content',
  not_ours: 'a file of a bank that is not of this hub, or not whose you may hand in',
  not_expected: 'a kind of file that goes out and does not come in',
  other_content: 'another content than the file of this kind and cycle that is here: say that it replaces it',
  not_replaceable: 'a replacement of a file that is not the one in use',
  cycle_settled: 'a replacement in a cycle that is settled already',
  no_such_cycle: 'a cycle that the grid of its day does not have',
  no_key: 'an encrypted file, and this hub has no OpenPGP key',
  not_decrypted: 'an encrypted file that does not open',
  not_signed: 'an encrypted file without the signature of the other side',
  unknown_account: 'a statement of an account that nobody has told the hub of',
  balance_differs: 'a statement whose opening balance and movements do not make its closing balance',
  statement_known: 'a statement of this account and number that is here with other content',
} as const
export type IntakeFault = FileFault | keyof typeof intakeFaults

/** Where a file is wrong. `found` is clipped and masked: it can be shown. */
export type IntakeRefusal = {
  readonly fault: IntakeFault
  readonly sheet?: string
  readonly row?: number
  readonly column?: string
  readonly expected: string
  readonly found: string
}

export const fileStates = ['accepted', 'superseded', 'refused'] as const
export type FileState = (typeof fileStates)[number]

/** A file that came, as its row has it. Instants are epoch milliseconds, amounts paise. */
export type SettlementFile = {
  /** `fil_` and 32 hex digits that sort by time. */
  readonly id: string
  readonly tenantId: number
  readonly institution: string | null
  readonly kind: ArrivingKind | null
  readonly layout: string | null
  /** As NPCI names files; of any other file masked. */
  readonly name: string
  readonly settlementDate: Day | null
  readonly cycle: CycleNumber | null
  readonly serial: string
  readonly sha256: string
  readonly bytes: number
  readonly encrypted: boolean
  readonly signed: boolean
  readonly state: FileState
  readonly supersedes: string | null
  readonly rows: number | null
  readonly amountPaise: bigint | null
  readonly refusal: IntakeRefusal | null
  readonly kept: boolean
  readonly cameBy: 'inbox' | 'api'
  readonly receivedBy: string
  readonly receivedAt: number
}

/** The cycle of a file that has one. */
export const cycleOf = ({ settlementDate, cycle }: SettlementFile): FileCycle | undefined =>
  settlementDate === null || cycle === null ? undefined : { settlementDate, number: cycle }

/** A file as a person names it, with where it is wrong: `IMPSNTSL…xlsx, sheet 1, row 7, column Debit: expected …, found …`. */
export function describeRefused({ name, refusal }: Pick<SettlementFile, 'name' | 'refusal'>): string {
  if (refusal === null) return name
  const { sheet, row, column, expected, found } = refusal
  const place = [
    name,
    ...(sheet === undefined ? [] : [`sheet ${sheet}`]),
    ...(row === undefined ? [] : [`row ${row}`]),
    ...(column === undefined ? [] : [`column ${column}`]),
  ]
  return `${place.join(', ')}: expected ${expected}, found ${found}`
}

/** Thrown on the way in, caught where a file is taken: the file is refused with this. */
export class IntakeError extends Error {
  override name = 'IntakeError'
  readonly refusal: IntakeRefusal
  constructor(refusal: IntakeRefusal) {
    super(refusal.fault)
    this.refusal = refusal
  }
}
