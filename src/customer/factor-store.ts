import { randomBytes } from 'node:crypto'
import { toRfc3339 } from '../base/clock.ts'
import { type AccountId, accountKey, laneOfAccount, type PaymentId, paymentKey } from '../base/identifiers.ts'
import type { Vault } from '../base/vault.ts'
import { numbers, words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import type { Customer } from './customer-store.ts'

/** What a customer can prove who they are with. */
export const enrolledKinds = ['mpin', 'sms', 'totp', 'passkey'] as const
export type EnrolledKind = (typeof enrolledKinds)[number]

/** One factor. `secret` is opened: an MPIN's hash, a mobile, a TOTP secret in hex, a passkey as JSON. */
export type Factor = {
  /** 32 hex digits. */
  readonly id: string
  readonly customerKey: bigint
  readonly tenantId: number
  readonly kind: EnrolledKind
  readonly secret: string
  readonly counter: bigint
  /** Until it is proved: the HMAC of the code that was sent, how often it was tried, and until when. */
  readonly proof: string | null
  readonly proofTries: number
  readonly proofUntil: number | null
  readonly createdAt: number
  readonly enrolledAt: number | null
}

type FactorRow = {
  factor_id: string
  customer_id: bigint
  tenant_id: number
  kind: EnrolledKind
  sealed: Uint8Array
  counter: bigint
  proof: string | null
  proof_tries: number
  proof_until: number | null
  created_at: number
  enrolled_at: number | null
}

const PLACE = 'factor.sealed'
const plain = (uuid: string): string => uuid.replaceAll('-', '')

async function factorsOf(vault: Vault, rows: readonly FactorRow[]): Promise<Factor[]> {
  await vault.load(rows.map((row) => row.sealed))
  return rows.map((row) => ({
    id: plain(row.factor_id),
    customerKey: row.customer_id,
    tenantId: row.tenant_id,
    kind: row.kind,
    // One whose key was destroyed proves nothing: no code, hash or passkey is the empty text.
    secret: vault.open(PLACE, row.tenant_id, plain(row.factor_id), row.sealed) ?? '',
    counter: row.counter,
    proof: row.proof === null ? null : plain(row.proof),
    proofTries: row.proof_tries,
    proofUntil: row.proof_until,
    createdAt: row.created_at,
    enrolledAt: row.enrolled_at,
  }))
}

export const newFactorId = (): string => randomBytes(16).toString('hex')

/** What a new factor is kept with. `proofUntil` null: enrolled at once. */
export type NewFactor = Pick<Factor, 'id' | 'kind' | 'secret' | 'proof' | 'proofUntil'>

/** Writes a factor. The tenant's keys are ready. @throws {PostgresError} 23505 when one of its kind is enrolled */
export async function insertFactor(
  tx: Tx,
  vault: Vault,
  { key, tenantId }: Customer,
  { id, kind, secret, proof, proofUntil }: NewFactor,
  now: number,
): Promise<Factor> {
  const at = toRfc3339(now)
  const rows = await tx<FactorRow[]>`
    insert into factor (factor_id, customer_id, tenant_id, kind, sealed, proof, proof_until, created_at, enrolled_at)
    values (${id}::uuid, ${key}, ${tenantId}, ${kind}, ${vault.seal(PLACE, tenantId, id, secret)}::bytea, ${proof}::uuid,
            ${proofUntil === null ? null : toRfc3339(proofUntil)}::timestamptz, ${at}::timestamptz,
            ${proofUntil === null ? at : null}::timestamptz)
    returning *`
  const [made] = await factorsOf(vault, rows)
  if (made === undefined) throw new Error('a factor that was just made cannot be read')
  return made
}

/** The factors of a customer that were not revoked, in the order in which they were made. */
export async function listFactors(db: Db | Tx, vault: Vault, { key }: Pick<Customer, 'key'>): Promise<Factor[]> {
  const rows = await db<FactorRow[]>`
    select * from factor where customer_id = ${key} and revoked_at is null order by created_at, factor_id limit 100`
  return factorsOf(vault, rows)
}

/** The enrolled factors of the customer whose account a payment is from: in the same round trip as whatever else is read about it. */
export async function findFactorsOfPayer(tx: Tx, vault: Vault, tenantId: number, id: PaymentId): Promise<Factor[]> {
  const rows = await tx<FactorRow[]>`
    select f.* from payment p
    join account a on a.lane = p.lane and a.account_id = p.account_id
    join factor f on f.customer_id = a.customer_id and f.revoked_at is null and f.enrolled_at is not null
    where p.payment_id = ${paymentKey(id)}::uuid and p.tenant_id = ${tenantId}
    order by f.created_at, f.factor_id limit 100`
  return factorsOf(vault, rows)
}

/** The enrolled kinds of the customer of each account, in the order asked; undefined for an account that is nobody's. */
export async function findKindsOfAccounts(
  db: Db | Tx,
  tenantId: number,
  accounts: readonly AccountId[],
): Promise<(EnrolledKind[] | undefined)[]> {
  const rows = await db<{ place: number; kinds: EnrolledKind[] }[]>`
    select asked.place::integer as place, array_remove(array_agg(distinct f.kind), null) as kinds
    from unnest(${numbers(accounts, laneOfAccount)}::smallint[], ${numbers(accounts, (id) => BigInt(accountKey(id)))}::bigint[])
      with ordinality as asked (lane, account_id, place)
    join account a on a.lane = asked.lane and a.account_id = asked.account_id
      and a.tenant_id = ${tenantId} and a.customer_id is not null
    left join factor f on f.customer_id = a.customer_id and f.revoked_at is null and f.enrolled_at is not null
    group by asked.place`
  const found = new Map(rows.map(({ place, kinds }) => [place, new Set(kinds)]))
  return accounts.map((_, i) => {
    const kinds = found.get(i + 1)
    return kinds && enrolledKinds.filter((kind) => kinds.has(kind))
  })
}

/** Takes one of the three tries to prove a factor. @returns false when there is none left, or no time */
export async function claimProofTry(tx: Tx, id: string, now: number): Promise<boolean> {
  const rows = await tx`
    update factor set proof_tries = proof_tries + 1
    where factor_id = ${id}::uuid and enrolled_at is null and revoked_at is null and proof_tries < 3
      and proof_until > ${toRfc3339(now)}::timestamptz
    returning factor_id`
  return rows.length > 0
}

/** Enrols what was proved, once. @throws {PostgresError} 23505 when one of its kind is enrolled */
export async function enrolFactor(
  tx: Tx,
  vault: Vault,
  { id, tenantId, secret, counter }: Factor,
  now: number,
): Promise<boolean> {
  const rows = await tx`
    update factor set enrolled_at = ${toRfc3339(now)}::timestamptz, proof = null, proof_until = null, counter = ${counter},
      sealed = ${vault.seal(PLACE, tenantId, id, secret)}::bytea
    where factor_id = ${id}::uuid and enrolled_at is null and revoked_at is null returning factor_id`
  return rows.length > 0
}

/** Revokes factors of a customer: one, those of a kind, or all. @returns those that were not revoked before */
export async function revokeFactors(
  tx: Tx,
  { key }: Pick<Customer, 'key'>,
  which: { readonly id?: string; readonly kind?: EnrolledKind },
  now: number,
): Promise<{ readonly id: string; readonly kind: EnrolledKind }[]> {
  const { id = null, kind = null } = which
  const rows = await tx<{ factor_id: string; kind: EnrolledKind }[]>`
    update factor set revoked_at = ${toRfc3339(now)}::timestamptz
    where customer_id = ${key} and revoked_at is null and (${id}::uuid is null or factor_id = ${id}::uuid)
      and (${kind}::text is null or kind = ${kind})
    returning factor_id, kind`
  return rows.map((row) => ({ id: plain(row.factor_id), kind: row.kind }))
}

type UsedFactor = { readonly id: string; readonly counter: bigint }

/**
 * Whether factors can be used, in the commit of what they prove: none that was revoked meanwhile, and no counter twice. Locked until `tx` ends.
 * @returns false when one of them cannot
 */
export async function lockFactors(tx: Tx, used: readonly UsedFactor[]): Promise<boolean> {
  const rows = await tx<{ factor_id: string; counter: bigint }[]>`
    select factor_id, counter from factor
    where factor_id = any(${words(used, (one) => one.id)}::uuid[]) and revoked_at is null and enrolled_at is not null
    order by factor_id for no key update`
  const counters = new Map(rows.map((row) => [plain(row.factor_id), row.counter]))
  return used.every(({ id, counter }) => {
    const last = counters.get(id)
    return last !== undefined && (last < counter || (last === 0n && counter === 0n))
  })
}

/** Uses factors that are locked. */
export const useFactors = (tx: Tx, used: readonly UsedFactor[]): Promise<unknown> =>
  tx`
    update factor f set counter = s.counter
    from unnest(${words(used, (one) => one.id)}::uuid[], ${numbers(used, (one) => one.counter)}::bigint[]) as s (factor_id, counter)
    where f.factor_id = s.factor_id`.execute()
