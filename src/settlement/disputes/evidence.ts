import { createHash } from 'node:crypto'
import { toRfc3339 } from '../../base/clock.ts'
import type { Vault } from '../../base/vault.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { note } from '../notes.ts'
import { MAX_EVIDENCE_BYTES, MAX_EVIDENCE_FILES, type MediaType, mediaTypeOf } from './media.ts'
import { addEvent, lockDispute } from './store.ts'

/** Papers for a dispute: sealed, of four kinds told by their bytes, each once, and what was handed in is what is given out. */

const NAME_PLACE = 'evidence_file.sealed'
const CONTENT_PLACE = 'evidence_file.content'

export type Evidence = {
  readonly id: string
  readonly name: string
  readonly mediaType: MediaType
  readonly bytes: number
  readonly sha256: string
  readonly addedBy: string
  readonly addedAt: number
}

export type NewEvidence = {
  readonly id: string
  readonly tenantId: number
  readonly disputeId: string
  readonly name: string
  readonly content: Uint8Array
  readonly by: string
  readonly at: number
}

export type Added =
  | { readonly kind: 'added' | 'repeated'; readonly id: string }
  | { readonly kind: 'unknown' } //        there is no such dispute
  | { readonly kind: 'over' } //           the dispute has ended: nobody reads it any more
  | { readonly kind: 'not_a_paper' } //    none of the four kinds
  | { readonly kind: 'too_large' | 'too_many' }

/** Whether there is any about a dispute. */
export async function hasPapers(tx: Tx, id: string): Promise<boolean> {
  const found = await tx`select from evidence_file where dispute_id = ${keyOf(id)}::uuid limit 1`
  return found.length > 0
}

/** Keeps a paper, in the caller's transaction. The same bytes for the same dispute are kept once. */
export async function addEvidence(tx: Tx, vault: Vault, paper: NewEvidence): Promise<Added> {
  const { content, tenantId, at } = paper
  if (content.length > MAX_EVIDENCE_BYTES) return { kind: 'too_large' }
  const mediaType = mediaTypeOf(content)
  if (mediaType === undefined) return { kind: 'not_a_paper' }
  const dispute = await lockDispute(tx, paper.disputeId)
  if (dispute === undefined || dispute.tenantId !== tenantId) return { kind: 'unknown' }
  if (dispute.closedAt !== null) return { kind: 'over' }
  const sha256 = createHash('sha256').update(content).digest('hex')
  const there = await tx<{ evidence_id: string; sha256: string }[]>`
    select evidence_id, sha256 from evidence_file where dispute_id = ${keyOf(dispute.id)}::uuid`
  const same = there.find((one) => one.sha256 === sha256)
  if (same !== undefined) return { kind: 'repeated', id: idOf(same.evidence_id) }
  if (there.length >= MAX_EVIDENCE_FILES) return { kind: 'too_many' }
  await vault.prepare([tenantId], at)
  const key = keyOf(paper.id)
  await tx`
    insert into evidence_file (evidence_id, tenant_id, dispute_id, media_type, bytes, sha256, sealed, content, added_by, added_at)
    values (${key}::uuid, ${tenantId}, ${keyOf(dispute.id)}::uuid, ${mediaType}, ${content.length}, ${sha256},
            ${vault.seal(NAME_PLACE, tenantId, key, paper.name)}::bytea,
            ${vault.sealBytes(CONTENT_PLACE, tenantId, key, content)}::bytea, ${paper.by}, ${toRfc3339(at)}::timestamptz)`
  await addEvent(tx, dispute, {
    at,
    kind: 'evidence',
    flag: null,
    reason: null,
    actor: paper.by,
    from: dispute.state,
    to: dispute.state,
    funds: 'none',
    amountPaise: 0n,
    source: null,
    rule: null,
    note: note('paper', { paper: paper.id, mediaType, bytes: String(content.length) }),
  })
  return { kind: 'added', id: paper.id }
}

type Row = {
  evidence_id: string
  media_type: MediaType
  bytes: number
  sha256: string
  sealed: Uint8Array
  added_by: string
  added_at: number
}

/** A dispute's papers, oldest first; without what is in them. */
export async function listEvidence(
  db: Db | Tx,
  vault: Vault,
  tenantId: number,
  disputeId: string,
): Promise<Evidence[]> {
  const rows = await db<Row[]>`
    select evidence_id, media_type, bytes, sha256, sealed, added_by, added_at from evidence_file
    where dispute_id = ${keyOf(disputeId)}::uuid and tenant_id = ${tenantId} order by evidence_id`
  await vault.load(rows.map(({ sealed }) => sealed))
  return rows.map((row) => evidenceOf(vault, tenantId, row))
}

/** One paper with its content; undefined when there is none, or its key was destroyed for good. */
export async function readEvidence(
  db: Db | Tx,
  vault: Vault,
  tenantId: number,
  disputeId: string,
  id: string,
): Promise<(Evidence & { readonly content: Uint8Array }) | undefined> {
  const [row] = await db<(Row & { content: Uint8Array })[]>`
    select evidence_id, media_type, bytes, sha256, sealed, content, added_by, added_at from evidence_file
    where evidence_id = ${keyOf(id)}::uuid and dispute_id = ${keyOf(disputeId)}::uuid and tenant_id = ${tenantId}`
  if (row === undefined) return undefined
  await vault.load([row.sealed, row.content])
  const content = vault.openBytes(CONTENT_PLACE, tenantId, keyOf(id), row.content)
  return content && { ...evidenceOf(vault, tenantId, row), content }
}

const evidenceOf = (vault: Vault, tenantId: number, row: Row): Evidence => ({
  id: idOf(row.evidence_id),
  name: vault.open(NAME_PLACE, tenantId, row.evidence_id.replaceAll('-', ''), row.sealed) ?? '',
  mediaType: row.media_type,
  bytes: row.bytes,
  sha256: row.sha256,
  addedBy: row.added_by,
  addedAt: row.added_at,
})

const idOf = (uuid: string): string => `evd_${uuid.replaceAll('-', '')}`
const keyOf = (id: string): string => id.slice(4)
