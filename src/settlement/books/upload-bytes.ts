import { parsePaise } from '../../base/money.ts'
import type { Vault } from '../../base/vault.ts'
import type { Tx } from '../../db/pool.ts'
import { type Layouts, layoutFor } from '../../imps/files/detect.ts'
import type { ClassicUploadRow, GoodFaithUploadRow } from '../../imps/files/rows.ts'
import { type NewRow, writeTable } from '../../imps/files/write-table.ts'
import type { JudgedRow } from './upload-judge.ts'
import { type Purpose, ROW_PLACE, type SealedRow } from './upload-rows.ts'

/** What a file for NPCI is written with. */
export type BytesDeps = {
  readonly vault: Vault
  /** The three letters of an institution, and those of a bank by its NBIN. */
  readonly codeOf: (institution: string) => string
  readonly codeOfNbin: (nbin: string) => string | undefined
  /** How files for NPCI are laid out; absent: as what ships. */
  readonly layouts?: Layouts
}

export type WaitingRow = JudgedRow & {
  readonly institution: string
  readonly purpose: Purpose
  readonly due_at: number | null
  readonly sealed: Uint8Array
}

/** The columns of a `WaitingRow`. */
export const rowColumns = (tx: Tx) => tx`
  row_id, tenant_id, institution, purpose, flag, rrn, nbin, direction, payment_id, amount, due_at, sealed`

/** The bytes of a file with these rows, under its name; their keys are loaded. */
export function uploadBytes(
  deps: BytesDeps,
  of: {
    readonly institution: string
    readonly kind: 'upload_classic' | 'upload_good_faith'
    readonly day: string
    readonly sequence: number
  },
  rows: readonly WaitingRow[],
): Promise<{ readonly file: string; readonly bytes: Buffer }> {
  const { kind, day, sequence } = of
  const identity = { bank: deps.codeOf(of.institution), day, serial: String(sequence).padStart(3, '0') }
  const layout = layoutFor(kind, day, 'csv', deps.layouts)
  return kind === 'upload_classic'
    ? writeTable(
        kind,
        layout,
        identity,
        rows.map((row) => classicRow(deps.vault, row)),
      )
    : writeTable(
        kind,
        layout,
        identity,
        rows.map((row) => goodFaithRow(deps, row, day)),
      )
}

/** What is sealed of a row. @throws when its key was destroyed */
export function openRow(vault: Vault, { row_id, tenant_id, sealed }: WaitingRow): SealedRow {
  const text = vault.open(ROW_PLACE, tenant_id, row_id.replaceAll('-', ''), sealed)
  if (text === undefined) throw new Error(`the key of upload row ${row_id} was destroyed`)
  return JSON.parse(text)
}

const paiseOf = (text: string) => {
  const amount = parsePaise(text)
  if (amount === undefined) throw new Error('an upload row has no amount')
  return amount
}

function classicRow(vault: Vault, row: WaitingRow): NewRow<'upload_classic'> {
  const { amount, ...fields } = openRow(vault, row)
  return { ...fields, bankRef: row.row_id.replaceAll('-', ''), adjAmountPaise: paiseOf(amount) } satisfies Omit<
    ClassicUploadRow,
    'line'
  >
}

/** Good faith names banks by their letters and the account by itself. @source NPCI OC 129 */
function goodFaithRow({ vault, codeOfNbin }: BytesDeps, row: WaitingRow, day: string): NewRow<'upload_good_faith'> {
  const { amount, card, txnDate, rrn, reasonCode, flag } = openRow(vault, row)
  const bank = (nbin: string): string => {
    const code = codeOfNbin(nbin)
    if (code === undefined) throw new Error(`no settlement code of NBIN ${nbin}`)
    return code
  }
  return {
    txnDate,
    amountPaise: paiseOf(amount),
    rrn,
    remitterBank: bank(row.nbin),
    beneficiaryBank: bank(card.slice(0, 4)),
    bankRef: row.row_id.replaceAll('-', ''),
    npciRef: 'NA',
    adjDate: day,
    reasonCode,
    flag,
    account: card.slice(4),
    subType: card.slice(4, 9) === '00000' ? 'FC' : 'F3',
  } satisfies Omit<GoodFaithUploadRow, 'line'>
}
