import { dayOf } from '../../imps/cycles.ts'
import { isOf, readFile } from '../../imps/files/read.ts'
import type { FileRefusal } from '../../imps/files/refusal.ts'
import type { ClassicUploadRow, GoodFaithUploadRow } from '../../imps/files/rows.ts'
import type { BankNumbers } from '../bank-numbers.ts'
import { rules } from './adjustment-rules.ts'
import type { Case, Refusal } from './cases.ts'
import type { Settlement } from './settlement.ts'

/** What members tell NPCI in files: each row waits for the next cut, and is taken into its files or refused with a reason. */

export type RowState = {
  readonly line: number
  /** The bank's own. */
  readonly reference: string
  readonly rrn: string
  readonly flag: string
  state: 'waiting' | 'taken' | 'refused'
  refusal: Refusal | 'unknown_payment' | undefined
}

export type Upload = { readonly name: string; readonly rows: readonly RowState[] }

export type UploadRefusal =
  | { readonly kind: 'name_seen' } // @source NPCI OC 129: a name is refused outright the second time
  | { readonly kind: 'not_an_upload' }
  | { readonly kind: 'bad_file'; readonly refusal: FileRefusal }

export interface Uploads {
  take(name: string, bytes: Uint8Array): Promise<Upload | UploadRefusal>
  /** The newest first. */
  list(): readonly Upload[]
  /** What earlier runs have seen. */
  names(): readonly string[]
}

export type UploadOptions = {
  readonly settlement: Settlement
  readonly numbers: BankNumbers
  readonly isOurs: (nbin: string) => boolean
  readonly names?: readonly string[]
}

const MOST_KEPT = 1_000

export function createUploads({ settlement, numbers, isOurs, names = [] }: UploadOptions): Uploads {
  const seen = new Set(names)
  let kept: Upload[] = []

  /** The payment that a row is about, where the bank that may raise this is one of the hub's. */
  const find = (row: ClassicUploadRow | GoodFaithUploadRow): Case | undefined =>
    settlement.find(row.rrn).find(({ payment }) => {
      const by = rules[row.flag]?.by
      const raiser = by === 'remitter' ? payment.remitterBank : payment.beneficiaryBank
      if (by !== undefined && !isOurs(raiser)) return false
      if (dayOf(payment.at) !== row.txnDate) return false
      if ('card' in row) return [payment.beneficiaryBank, payment.remitterBank].includes(row.card.slice(0, 4))
      return (
        row.remitterBank === numbers.code(payment.remitterBank) &&
        row.beneficiaryBank === numbers.code(payment.beneficiaryBank)
      )
    })

  const queue = (row: ClassicUploadRow | GoodFaithUploadRow): RowState => {
    const { line, rrn, flag, reasonCode: reason, bankRef } = row
    const state: RowState = { line, reference: bankRef, rrn, flag, state: 'waiting', refusal: undefined }
    const refuse = (refusal: RowState['refusal']) => {
      state.state = 'refused'
      state.refusal = refusal
      return state
    }
    const rule = rules[flag]
    if (rule === undefined) return refuse('unknown_flag')
    const one = find(row)
    if (one === undefined) return refuse('unknown_payment')
    const amountPaise = 'card' in row ? row.adjAmountPaise : row.amountPaise
    settlement.ask(one, { flag, reason, by: rule.by, amountPaise, bankRef, channel: 'File' }, (refusal) => {
      if (refusal === undefined) state.state = 'taken'
      else refuse(refusal)
    })
    return state
  }

  return {
    async take(name, bytes) {
      if (seen.has(name)) return { kind: 'name_seen' }
      const found = await readFile(name, bytes)
      if (found.kind === 'refused') return { kind: 'bad_file', refusal: found.refusal }
      const { read } = found
      if (read.of === 'ntsl') return { kind: 'not_an_upload' }
      const rows = isOf(read, 'upload_classic') ? read.rows : isOf(read, 'upload_good_faith') ? read.rows : undefined
      if (rows === undefined) return { kind: 'not_an_upload' }
      if (seen.has(name)) return { kind: 'name_seen' }
      seen.add(name)
      const upload: Upload = { name, rows: rows.map(queue) }
      kept = [upload, ...kept].slice(0, MOST_KEPT)
      return upload
    },
    list: () => kept,
    names: () => [...seen],
  }
}
