import type { Db } from '../db/pool.ts'
import { detailText, FIRST, hashOfAct } from './acts.ts'
import { findLedgerFaults, readChain, readEnds } from './store.ts'

/** What the audit chain turned out to be. */
export type Verdict = {
  readonly chains: number
  readonly acts: number
  /** In plain words, with where it is; empty when all is as it was written. */
  readonly faults: readonly string[]
}

/** Faults that are told at most: after these nobody reads on. */
const MAX_FAULTS = 100
const PAGE = 2_000

/**
 * Reads every chain from its first act to its last and proves each against the one before it; then the ledger's arithmetic.
 * @param tenantId  only this tenant's chain; all of them when absent
 * @param told  how many acts have been read so far
 */
export async function verifyAudit(
  db: Db,
  tenantId: number | undefined,
  told: (acts: number) => void,
): Promise<Verdict> {
  const ends = (await readEnds(db)).filter((end) => tenantId === undefined || end.tenantId === tenantId)
  const faults: string[] = []
  let acts = 0
  for (const end of ends) {
    let previous = FIRST
    let sequence = 0n
    for (;;) {
      const page = await readChain(db, end.tenantId, sequence, PAGE)
      for (const { row, act } of page) {
        const where = `tenant ${end.tenantId}, act ${row.sequence}`
        sequence += 1n
        acts += 1
        if (row.sequence !== sequence) {
          faults.push(`${where}: act ${sequence} is missing`)
          sequence = row.sequence
        }
        if (row.previous !== previous) faults.push(`${where}: it does not follow the act before it`)
        const same =
          act !== undefined &&
          detailText(act.detail) === row.detail &&
          hashOfAct(row.previous, row.sequence, act) === row.hash
        if (!same) faults.push(`${where}: it is not what was written`)
        previous = row.hash
        if (faults.length >= MAX_FAULTS) return { chains: ends.length, acts, faults }
      }
      told(acts)
      if (page.length < PAGE) break
    }
    if (sequence !== end.sequence)
      faults.push(`tenant ${end.tenantId}: the chain ends at act ${sequence}, and ${end.sequence} were written`)
    else if (previous !== end.hash)
      faults.push(`tenant ${end.tenantId}: the last act is not the one that was written last`)
  }
  if (tenantId === undefined) faults.push(...(await findLedgerFaults(db)).map((fault) => `ledger: ${fault}`))
  return { chains: ends.length, acts, faults }
}
