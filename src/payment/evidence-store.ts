import { type PaymentId, paymentIdOf, paymentKey } from '../base/identifiers.ts'
import { numbers, texts, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import type { Evidence } from './evidence.ts'

/** Writes evidence, never to be changed. One statement. @throws when a payment has its evidence already: it has one */
export const insertEvidence = (tx: Tx, rows: readonly Evidence[]): Promise<unknown> =>
  tx`
    insert into evidence (payment_id, tenant_id, customer_id, source, factors, digest, nonce, expires_at, reference,
                          proved_at, recorded_at, recorded_by, policy_version)
    select payment_id, tenant_id, customer_id, source, string_to_array(factors, ' '), decode(digest, 'hex'), decode(nonce, 'hex'),
           to_timestamp(expires_at / 1000.0), reference, to_timestamp(proved_at / 1000.0), to_timestamp(recorded_at / 1000.0),
           recorded_by, policy_version
    from unnest(
      ${words(rows, (row) => paymentKey(row.paymentId))}::uuid[], ${numbers(rows, (row) => row.tenantId)}::integer[],
      ${numbers(rows, (row) => row.customerId)}::bigint[], ${words(rows, (row) => row.source)}::text[],
      ${texts(rows, (row) => row.factors.join(' '))}::text[], ${words(rows, (row) => row.digest)}::text[],
      ${words(rows, (row) => row.nonce)}::text[], ${numbers(rows, (row) => row.expiresAt)}::bigint[],
      ${texts(rows, (row) => row.reference)}::text[], ${numbers(rows, (row) => row.provedAt)}::bigint[],
      ${numbers(rows, (row) => row.recordedAt)}::bigint[], ${texts(rows, (row) => row.recordedBy)}::text[],
      ${numbers(rows, (row) => row.policyVersion)}::integer[])
      as s (payment_id, tenant_id, customer_id, source, factors, digest, nonce, expires_at, reference, proved_at, recorded_at,
            recorded_by, policy_version)`.execute()

type EvidenceRow = {
  payment_id: string
  tenant_id: number
  customer_id: bigint | null
  source: Evidence['source']
  factors: string[]
  digest: Uint8Array | null
  nonce: Uint8Array | null
  expires_at: number | null
  reference: string | null
  proved_at: number
  recorded_at: number
  recorded_by: string
  policy_version: number
}

const hexOf = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString('hex'))

/** The evidence of payments, where there is some. */
export async function findEvidence(db: Db | Tx, ids: readonly PaymentId[]): Promise<Map<PaymentId, Evidence>> {
  if (ids.length === 0) return new Map()
  const rows = await db<EvidenceRow[]>`select * from evidence where payment_id = any(${words(ids, paymentKey)}::uuid[])`
  return new Map(
    rows.map((row) => [
      paymentIdOf(row.payment_id),
      {
        paymentId: paymentIdOf(row.payment_id),
        tenantId: row.tenant_id,
        customerId: row.customer_id,
        source: row.source,
        factors: row.factors,
        digest: hexOf(row.digest),
        nonce: hexOf(row.nonce),
        expiresAt: row.expires_at,
        reference: row.reference,
        provedAt: row.proved_at,
        recordedAt: row.recorded_at,
        recordedBy: row.recorded_by,
        policyVersion: row.policy_version,
      },
    ]),
  )
}
