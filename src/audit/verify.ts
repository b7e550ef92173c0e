import type { Db } from '../db/pool.ts'
import { detailText, FIRST, hashOfAct } from './acts.ts'
import { digestOfRoot, type Head, isSigned, keyIdOf, type Root, readRoots } from './roots.ts'
import { countWritten, digestsOf, type SealedKind, type Window } from './seals.ts'
import { findHashes, findLedgerFaults, findStepFaults, readChain, readEnds } from './store.ts'

/** What the audit log turned out to be. */
export type Verdict = {
  readonly chains: number
  readonly acts: number
  /** Steps of payments and legs of the ledger that a sealed window proves. */
  readonly sealed: number
  readonly roots: number
  /** In plain words, with where it is; empty when all is as it was written. */
  readonly faults: readonly string[]
}

export type VerifyOptions = {
  /** Only this tenant's chain, and what it sealed; all of them, the ledger and the roots when absent. */
  readonly tenantId?: number | undefined
  /** The public audit key, SPKI in DER: without it signatures are not looked at. */
  readonly auditKey?: Uint8Array | undefined
  /** The copy of the roots that is kept elsewhere. */
  readonly copied?: readonly Root[] | undefined
  /** Told now and then how many acts have been read. */
  readonly told: (acts: number) => void
}

/** Faults that are told at most: after these nobody reads on. */
const MAX_FAULTS = 100
const PAGE = 2_000

type Found = {
  readonly faults: string[]
  acts: number
  sealed: number
  from: string | undefined
  until: string | undefined
}

const kindOf = (action: string): SealedKind | undefined =>
  action === 'payments.sealed' ? 'payments' : action === 'ledger.sealed' ? 'ledger' : undefined

/**
 * Reads every chain from its first act to its last and proves each against the one before it; every window that a chain sealed against
 * the rows that are there now; the signed roots against the chains; then the ledger's arithmetic.
 */
export async function verifyAudit(db: Db, options: VerifyOptions): Promise<Verdict> {
  const { tenantId, told } = options
  const ends = (await readEnds(db)).filter((end) => tenantId === undefined || end.tenantId === tenantId)
  const found: Found = { faults: [], acts: 0, sealed: 0, from: undefined, until: undefined }
  for (const end of ends) {
    await verifyChain(db, end, found, told)
    if (found.faults.length >= MAX_FAULTS) break
  }
  const { faults } = found
  const roots = tenantId === undefined && faults.length < MAX_FAULTS ? await verifyRoots(db, options, faults) : 0
  if (tenantId === undefined && found.from !== undefined && found.until !== undefined) {
    const stored = await countWritten(db, { from: found.from, until: found.until })
    if (stored !== found.sealed)
      faults.push(`the sealed windows have ${found.sealed} steps and legs, and ${stored} are there`)
  }
  if (tenantId === undefined) {
    faults.push(...(await findLedgerFaults(db)).map((fault) => `ledger: ${fault}`))
    faults.push(...(await findStepFaults(db)).map((fault) => `payments: ${fault}`))
  }
  return { chains: ends.length, acts: found.acts, sealed: found.sealed, roots, faults: faults.slice(0, MAX_FAULTS) }
}

async function verifyChain(
  db: Db,
  end: { readonly tenantId: number; readonly sequence: bigint; readonly hash: string },
  found: Found,
  told: (acts: number) => void,
): Promise<void> {
  const { faults } = found
  let previous = FIRST
  let sequence = 0n
  for (;;) {
    const page = await readChain(db, end.tenantId, sequence, PAGE)
    for (const { row, act } of page) {
      const where = `tenant ${end.tenantId}, act ${row.sequence}`
      sequence += 1n
      found.acts += 1
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
      const kind = kindOf(row.action)
      if (same && kind !== undefined) await verifyWindow(db, end.tenantId, kind, act.detail, found)
      previous = row.hash
      if (faults.length >= MAX_FAULTS) return
    }
    told(found.acts)
    if (page.length < PAGE) break
  }
  if (sequence !== end.sequence)
    faults.push(`tenant ${end.tenantId}: the chain ends at act ${sequence}, and ${end.sequence} were written`)
  else if (previous !== end.hash)
    faults.push(`tenant ${end.tenantId}: the last act is not the one that was written last`)
}

/** Proves that what a tenant wrote in a window is what it sealed. */
async function verifyWindow(
  db: Db,
  tenantId: number,
  kind: SealedKind,
  detail: Readonly<Record<string, unknown>>,
  found: Found,
): Promise<void> {
  const window: Window = { from: String(detail.from), until: String(detail.until) }
  if (!isInstant(window.from) || !isInstant(window.until)) {
    found.faults.push(`tenant ${tenantId}: an act seals ${kind}, and does not say of which time`)
    return
  }
  const [now] = await digestsOf(db, kind, window, tenantId)
  if (now === undefined || now.digest !== detail.digest || now.rows !== detail.rows) {
    const what = kind === 'payments' ? 'steps of payments' : 'legs of the ledger'
    found.faults.push(
      `tenant ${tenantId}: the ${what} written from ${window.from} until ${window.until} are not what was sealed (${now?.rows ?? 0} of ${String(detail.rows)})`,
    )
  }
  found.sealed += Number(detail.rows)
  if (found.from === undefined || window.from < found.from) found.from = window.from
  if (found.until === undefined || window.until > found.until) found.until = window.until
}

/** The ends of chains that a root names; undefined when that is not what its text is. */
function headsOf({ heads }: Root): readonly Head[] | undefined {
  let value: unknown
  try {
    value = JSON.parse(heads)
  } catch {
    return undefined
  }
  if (!Array.isArray(value)) return undefined
  const read = value.flatMap((one): Head[] => {
    const [tenantId, sequence, hash] = Array.isArray(one) ? one : []
    const right =
      Number.isInteger(tenantId) && /^[0-9]{1,18}$/.test(String(sequence)) && /^[0-9a-f]{64}$/.test(String(hash))
    return right ? [[Number(tenantId), String(sequence), String(hash)]] : []
  })
  return read.length === value.length ? read : undefined
}

const isInstant = (text: string): boolean => /^[0-9-]{10}T[0-9:]{8}Z$/.test(text) && !Number.isNaN(Date.parse(text))

/** Proves every root: its own hash, the one before it, its signature, the acts that it names, and the copy that is kept elsewhere. */
async function verifyRoots(db: Db, { auditKey, copied }: VerifyOptions, faults: string[]): Promise<number> {
  const keyId = auditKey === undefined ? undefined : keyIdOf(auditKey)
  const copies = new Map((copied ?? []).map((root) => [root.no, root]))
  let previous: { readonly no: number; readonly digest: string } = { no: 0, digest: FIRST }
  for (;;) {
    const page = await readRoots(db, previous.no, PAGE)
    for (const root of page) {
      const where = `root ${root.no}`
      if (root.no !== previous.no + 1) faults.push(`${where}: root ${previous.no + 1} is missing`)
      else if (root.previous !== previous.digest) faults.push(`${where}: it does not follow the root before it`)
      if (digestOfRoot(root) !== root.digest) faults.push(`${where}: it is not what was signed`)
      if (auditKey !== undefined) {
        if (root.key !== keyId) faults.push(`${where}: it was signed with another key (${root.key})`)
        else if (!isSigned(root, auditKey)) faults.push(`${where}: the signature is not the audit key's`)
      }
      const copy = copies.get(root.no)
      if (copy !== undefined && copy.digest !== root.digest) faults.push(`${where}: the copy says something else`)
      faults.push(...(await verifyHeads(db, root)))
      previous = root
      if (faults.length >= MAX_FAULTS) return root.no
    }
    if (page.length < PAGE) break
  }
  const last = (copied ?? []).at(-1)
  if (last !== undefined && last.no > previous.no)
    faults.push(
      `the copy has roots up to ${last.no}, and the database only up to ${previous.no}: it was cut off, or put back`,
    )
  return previous.no
}

/** The acts that a root names, as they are now. */
async function verifyHeads(db: Db, root: Root): Promise<string[]> {
  const heads = headsOf(root)
  if (heads === undefined) return [`root ${root.no}: it names no acts`]
  const hashes = await findHashes(db, heads)
  return heads.flatMap(([tenantId, sequence, hash]) =>
    hashes.get(`${tenantId}/${sequence}`) === hash
      ? []
      : [`root ${root.no}: act ${sequence} of tenant ${tenantId} is not the one that was signed`],
  )
}
