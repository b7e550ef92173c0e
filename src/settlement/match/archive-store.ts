import { toRfc3339 } from '../../base/clock.ts'
import type { Vault } from '../../base/vault.ts'
import type { Db, Tx } from '../../db/pool.ts'
import type { FileCycle } from '../../imps/files/rows.ts'
import type { ArchiveSecret } from './archive.ts'
import type { ReconRun } from './rows.ts'
import { runKey } from './run-store.ts'

/** Seals what opens an archive, for its row. Where the vault is. */
export type SealArchive = (tenantId: number, archiveId: string, text: string) => Promise<Uint8Array>

const PLACE = 'raw_archive.sealed'

export const sealArchive =
  (vault: Vault, now: () => number): SealArchive =>
  async (tenantId, archiveId, text) => {
    await vault.prepare([tenantId], now())
    return vault.seal(PLACE, tenantId, archiveId, text)
  }

/** An archive as it is written down. `archive` is the name of its file. */
export type NewArchive = {
  readonly archive: string
  readonly rows: number
  readonly sha256: string
  readonly sealed: Uint8Array
}

export const archiveName = (run: Pick<ReconRun, 'id'>): string => `${runKey(run.id)}.rows`

/** Writes it down in place of the one that the cycle had. @returns the name of that one's file */
export async function insertArchive(
  tx: Tx,
  run: ReconRun,
  { archive, rows, sha256, sealed }: NewArchive,
  now: number,
): Promise<string | undefined> {
  const [before] = await tx<{ archive: string }[]>`
    delete from raw_archive where institution = ${run.institution} and settled_on = ${run.settlementDate}::date and cycle = ${run.cycle}
    returning archive`
  await tx`
    insert into raw_archive (archive_id, tenant_id, institution, settled_on, cycle, archive, rows, sealed, sha256, made_at)
    values (${runKey(run.id)}::uuid, ${run.tenantId}, ${run.institution}, ${run.settlementDate}::date, ${run.cycle}, ${archive}, ${rows},
            ${sealed}, ${sha256}, ${toRfc3339(now)}::timestamptz)`
  return before?.archive
}

export type StoredArchive = { readonly archive: string; readonly cycle: FileCycle; readonly secret: ArchiveSecret }

/** The archives of cycles of an institution. Those whose keys were destroyed are not there. */
export async function findArchives(
  db: Db,
  vault: Vault,
  institution: string,
  cycles: readonly FileCycle[],
): Promise<readonly StoredArchive[]> {
  type Row = { archive_id: string; tenant_id: number; day: string; cycle: string; archive: string; sealed: Uint8Array }
  const rows = await db<Row[]>`
    select archive_id, tenant_id, settled_on::text as day, cycle, archive, sealed from raw_archive
    where institution = ${institution}
      and settled_on::text || '/' || cycle = any(${cycles.map((one) => `${one.settlementDate}/${one.number}`)}::text[])
    order by settled_on, cycle`
  await vault.load(rows.map(({ sealed }) => sealed))
  return rows.flatMap((row) => {
    const text = vault.open(PLACE, row.tenant_id, row.archive_id.replaceAll('-', ''), row.sealed)
    if (text === undefined) return []
    const secret: ArchiveSecret = JSON.parse(text)
    return [{ archive: row.archive, cycle: { settlementDate: row.day, number: row.cycle }, secret }]
  })
}
