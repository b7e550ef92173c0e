import { join } from 'node:path'
import { laneOf, paymentIdOf } from '../../base/identifiers.ts'
import { openSealedPieces, type SealedPieces } from '../../base/sealed-file.ts'
import type { Db } from '../../db/pool.ts'
import { readRawLine } from '../../imps/files/read-line.ts'
import type { RawRow, SubType } from '../../imps/files/rows.ts'
import type { FoundItem, ReadFindings, SettledSum } from '../books/findings.ts'
import { findFile } from '../intake/store.ts'
import { locate, readLine } from './archive.ts'
import { findArchives } from './archive-store.ts'
import type { FindLinesDeps } from './find-lines.ts'
import { findLiveRun, runKey } from './run-store.ts'

type SumRow = {
  side: SettledSum['side']
  status: SettledSum['status']
  sub_type: SubType
  lane: number | null
  over_amount: bigint
  count: bigint
  amount: bigint
}
type ItemRow = {
  direction: FoundItem['direction']
  rrn: string
  nbin: string
  beneficiary_bank: string
  payment_id: string | null
  amount: bigint
  at: number
  raw: FoundItem['raw']
  response_code: string | null
  sub_type: SubType
}

/**
 * What the run of a cycle tells the books; undefined while there is none, or the files and the statement do not agree. Fees were counted
 * by the slabs of the run's day. Accounts are read from the raw files, where the rows are.
 */
export const readFindings =
  (deps: FindLinesDeps): ReadFindings =>
  async ({ institution, settlementDate, number }) => {
    const { db } = deps
    const run = await findLiveRun(db, institution, { settlementDate, number })
    if (run === undefined || run.state !== 'matched') return undefined
    const sums = await db<SumRow[]>`
      select side, status, sub_type, lane, over_amount, count, amount from recon_settled where run_id = ${runKey(run.id)}::uuid
      order by side, status, sub_type, lane nulls first, over_amount`
    const items = await readItems(db, run.id)
    const rowOf = await openRows(deps, institution, { settlementDate, number })
    const found: FoundItem[] = []
    try {
      for (const item of items) found.push(itemOf(item, await rowOf.find(item)))
    } finally {
      await rowOf.close()
    }
    return {
      runId: run.id,
      settled: sums.map((sum) => ({
        side: sum.side,
        status: sum.status,
        subType: sum.sub_type,
        lane: sum.lane === null ? null : laneOf(sum.lane),
        overPaise: sum.over_amount,
        count: Number(sum.count),
        amountPaise: sum.amount,
      })),
      items: found,
    }
  }

const readItems = (db: Db, runId: string): Promise<ItemRow[]> =>
  db<ItemRow[]>`
    select direction, rrn, nbin, beneficiary_bank, payment_id, amount, transacted_at as at, raw, response_code, sub_type
    from recon_item where run_id = ${runKey(runId)}::uuid order by ordinal`

const itemOf = (item: ItemRow, row: RawRow | undefined): FoundItem => ({
  direction: item.direction,
  rrn: item.rrn,
  remitterBank: item.nbin,
  beneficiaryBank: item.beneficiary_bank,
  paymentId: item.payment_id === null ? null : paymentIdOf(item.payment_id),
  amountPaise: item.amount,
  at: item.at,
  raw: item.raw,
  responseCode: item.response_code,
  subType: item.sub_type,
  remitterAccount: row?.remitterAccount ?? '',
  beneficiaryAccount: row?.beneficiaryAccount ?? '',
  ...(row?.remitterMobile !== undefined && { remitterMobile: row.remitterMobile }),
  ...(row?.beneficiaryMobile !== undefined && { beneficiaryMobile: row.beneficiaryMobile }),
})

/** Rows that are asked for one after the other, in the order of RRNs: each piece is opened about once. */
async function openRows(deps: FindLinesDeps, institution: string, cycle: { settlementDate: string; number: string }) {
  const { db, vault, accepted, archives } = deps
  const [archive] = await findArchives(db, vault, institution, [cycle])
  if (archive === undefined) return { find: async () => undefined, close: async () => undefined }
  const pieces = remembering(
    await openSealedPieces(join(archives, archive.archive), Buffer.from(archive.secret.key, 'base64')),
  )
  const files = new Map<string, Awaited<ReturnType<typeof openOne>>>()
  const openOne = async (fileId: string) => {
    const stored = await findFile(db, fileId)
    if (stored === undefined) throw new Error(`${fileId} is gone`)
    const opened = await accepted.open(stored)
    return { name: stored.name, layout: opened.layout, pieces: remembering(opened.pieces) }
  }
  return {
    async find({ direction, rrn, nbin, raw }: ItemRow): Promise<RawRow | undefined> {
      if (raw === 'absent') return undefined
      const located = await locate(archive.secret, pieces, direction, rrn)
      const own = located.find(({ remitterBank }) => remitterBank === nbin) ?? located[0]
      if (own === undefined) return undefined
      const file = files.get(own.file.fileId) ?? (await openOne(own.file.fileId))
      files.set(own.file.fileId, file)
      return readRawLine(file.layout, file.name, await readLine(file.pieces, own.file, own.line), own.line)
    },
    async close(): Promise<void> {
      for (const one of [pieces, ...[...files.values()].map((file) => file.pieces)]) await one.close()
    },
  }
}

const REMEMBERED = 8

function remembering(pieces: SealedPieces): SealedPieces {
  const known = new Map<number, Uint8Array>()
  return {
    count: pieces.count,
    async read(number) {
      const piece = known.get(number) ?? (await pieces.read(number))
      known.delete(number)
      known.set(number, piece)
      for (const [oldest] of known) {
        if (known.size <= REMEMBERED) break
        known.delete(oldest)
      }
      return piece
    },
    close: () => pieces.close(),
  }
}
