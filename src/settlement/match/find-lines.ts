import { join } from 'node:path'
import { openSealedPieces } from '../../base/sealed-file.ts'
import type { Vault } from '../../base/vault.ts'
import type { Db } from '../../db/pool.ts'
import { type CycleGrid, cycleAt, formatCycle, nextCycle } from '../../imps/cycles.ts'
import { readRawLine } from '../../imps/files/read-line.ts'
import type { FileCycle, RawRow } from '../../imps/files/rows.ts'
import type { AcceptedFiles } from '../intake/accepted.ts'
import type { SettlementFile } from '../intake/file.ts'
import { findFile } from '../intake/store.ts'
import type { FindFileLines } from '../reports/explain.ts'
import { piece } from '../reports/story-words.ts'
import { locate, readLine } from './archive.ts'
import { findArchives } from './archive-store.ts'
import { CARRY_CYCLES } from './match.ts'
import type { Direction } from './rows.ts'

export type FindLinesDeps = {
  readonly db: Db
  readonly vault: Vault
  readonly cycles: readonly CycleGrid[]
  readonly accepted: AcceptedFiles
  /** The folder of archives. */
  readonly archives: string
}

/** A row of a raw file, with the file it is in. */
export type FoundLine = { readonly file: SettlementFile; readonly cycle: FileCycle; readonly row: RawRow }

/**
 * The rows of raw files about one payment: of the cycle it was made in and of those that follow, as long as it would be waited for.
 * Read by their place, from the files as they came.
 */
export async function findRawLines(
  { db, vault, cycles, accepted, archives }: FindLinesDeps,
  of: { readonly institution: string; readonly direction: Direction; readonly rrn: string; readonly at: number },
): Promise<readonly FoundLine[]> {
  const own = cycleAt(cycles, of.at)
  const near = [own]
  for (let more = 0; more <= CARRY_CYCLES; more += 1) near.push(nextCycle(cycles, near.at(-1) ?? own))
  const found: FoundLine[] = []
  for (const { archive, cycle, secret } of await findArchives(db, vault, of.institution, near)) {
    const pieces = await openSealedPieces(join(archives, archive), Buffer.from(secret.key, 'base64'))
    const located = await locate(secret, pieces, of.direction, of.rrn).finally(() => pieces.close())
    for (const { file, line } of located) {
      const stored = await findFile(db, file.fileId)
      if (stored === undefined) continue
      const opened = await accepted.open(stored)
      const text = await readLine(opened.pieces, file, line).finally(() => opened.pieces.close())
      found.push({ file: stored, cycle, row: readRawLine(opened.layout, stored.name, text, line) })
    }
  }
  return found
}

/** What raw files say about a payment, for its story. */
export const rawStory =
  (deps: FindLinesDeps): FindFileLines =>
  async ({ institution, direction, rrn, transmittedAt, createdAt, remitterBank }) => {
    const found = await findRawLines(deps, { institution, direction, rrn, at: transmittedAt ?? createdAt })
    // Another bank may have given the same RRN; its number begins the one the wire has, or the wire has letters.
    const own = found.filter(({ row }) => direction === 'outward' || isOf(remitterBank, row.remitterBank))
    return own.map(({ file, cycle, row }) => ({
      at: file.receivedAt,
      kind: 'file',
      parts: [
        piece('line_of_cycle', { file: file.name, cycle: formatCycle(cycle), line: row.line }),
        piece('row', { what: row.responseCode, amount: String(row.amountPaise) }),
      ],
      ...(row.responseCode === '00' || row.responseCode === '08' ? { settledIn: cycle } : {}),
    }))
  }

/** `600001` on the wire is 6001 in the files. */
const isOf = (remitterBank: string, nbin: string): boolean =>
  !/^[0-9]+$/.test(remitterBank) ||
  remitterBank === nbin ||
  `${remitterBank.slice(0, 1)}${remitterBank.slice(-3)}` === nbin
