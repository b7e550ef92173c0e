import { toRfc3339 } from '../base/clock.ts'
import type { Vault } from '../base/vault.ts'
import type { Db, Tx } from '../db/pool.ts'
import { ERASED } from '../ledger/store.ts'

/** Whom to pay, in the words of the API. */
export type Payee =
  | { readonly kind: 'account'; readonly ifsc: string; readonly account: string; readonly name?: string | undefined }
  | { readonly kind: 'mmid'; readonly mobile: string; readonly mmid: string; readonly name?: string | undefined }
  | { readonly kind: 'mobile'; readonly mobile: string; readonly bank: string; readonly name?: string | undefined }

/** A beneficiary that a tenant has registered: `ben_` and 32 hex digits. Instants are epoch milliseconds. */
export type RegisteredBeneficiary = {
  readonly id: string
  readonly tenantId: number
  readonly to: Payee
  readonly label: string | null
  /** Who registered it, under all its names. */
  readonly madeBy: readonly string[]
  readonly createdAt: number
}

type Row = {
  beneficiary_id: string
  tenant_id: number
  kind: Payee['kind']
  ifsc: string | null
  bank: string | null
  sealed: Uint8Array
  made_by: string[]
  created_at: number
}

/** What is personal about a beneficiary, in the order in which it is sealed. */
type Details = readonly [
  label: string | null,
  name: string | null,
  account: string | null,
  mobile: string | null,
  mmid: string | null,
]

const PLACE = 'beneficiary.sealed'
const erased: Details = [null, ERASED, null, null, null]

export const beneficiaryKey = (id: string): string => id.slice(4)

function payeeOf({ kind, ifsc, bank }: Row, [, name, account, mobile, mmid]: Details): Payee {
  const named = name === null ? {} : { name }
  switch (kind) {
    case 'account':
      return { kind, ifsc: ifsc ?? ERASED, account: account ?? ERASED, ...named }
    case 'mmid':
      return { kind, mobile: mobile ?? ERASED, mmid: mmid ?? ERASED, ...named }
    case 'mobile':
      return { kind, mobile: mobile ?? ERASED, bank: bank ?? ERASED, ...named }
  }
}

async function beneficiariesOf(vault: Vault, rows: readonly Row[]): Promise<RegisteredBeneficiary[]> {
  await vault.load(rows.map((row) => row.sealed))
  return rows.map((row) => {
    const key = row.beneficiary_id.replaceAll('-', '')
    const text = vault.open(PLACE, row.tenant_id, key, row.sealed)
    const details = text === undefined ? erased : (JSON.parse(text) as Details)
    return {
      id: `ben_${key}`,
      tenantId: row.tenant_id,
      to: payeeOf(row, details),
      label: details[0],
      madeBy: row.made_by,
      createdAt: row.created_at,
    }
  })
}

/** The same beneficiary is registered once, whatever its name and label. */
export const payeeIndex = (vault: Vault, to: Payee): string =>
  vault.index(
    'account',
    to.kind === 'account' ? `${to.ifsc}/${to.account}` : `${to.mobile}/${to.kind === 'mmid' ? to.mmid : to.bank}`,
  )

/**
 * Registers a beneficiary. The vault must be prepared for its tenant.
 * @returns false when the tenant has it already
 */
export async function insertBeneficiary(tx: Tx, vault: Vault, made: RegisteredBeneficiary): Promise<boolean> {
  const { to } = made
  const key = beneficiaryKey(made.id)
  const details: Details = [
    made.label,
    to.name ?? null,
    to.kind === 'account' ? to.account : null,
    to.kind === 'account' ? null : to.mobile,
    to.kind === 'mmid' ? to.mmid : null,
  ]
  const rows = await tx`
    insert into beneficiary (beneficiary_id, tenant_id, kind, ifsc, bank, sealed, what, made_by, created_at)
    values (${key}::uuid, ${made.tenantId}, ${to.kind}, ${to.kind === 'account' ? to.ifsc : null}, ${to.kind === 'mobile' ? to.bank : null},
            ${vault.seal(PLACE, made.tenantId, key, JSON.stringify(details))}, ${payeeIndex(vault, to)}::uuid,
            ${[...made.madeBy]}::text[], ${toRfc3339(made.createdAt)}::timestamptz)
    on conflict (tenant_id, what) where ended_at is null do nothing
    returning beneficiary_id`
  return rows.length > 0
}

/** A beneficiary that a tenant has now; undefined for one that has ended, or is another tenant's. */
export async function findBeneficiary(
  db: Db | Tx,
  vault: Vault,
  tenantId: number,
  id: string,
): Promise<RegisteredBeneficiary | undefined> {
  const rows = await db<Row[]>`
    select * from beneficiary
    where beneficiary_id = ${beneficiaryKey(id)}::uuid and tenant_id = ${tenantId} and ended_at is null`
  return (await beneficiariesOf(vault, rows))[0]
}

const ABOVE_ALL = 'ffffffffffffffffffffffffffffffff'

/** A tenant's beneficiaries, newest first. @param before  the 32 hex digits of the last one of the page before */
export async function listBeneficiaries(
  db: Db | Tx,
  vault: Vault,
  tenantId: number,
  before: string | undefined,
  limit: number,
): Promise<RegisteredBeneficiary[]> {
  const rows = await db<Row[]>`
    select * from beneficiary
    where tenant_id = ${tenantId} and ended_at is null and beneficiary_id < ${before ?? ABOVE_ALL}::uuid
    order by beneficiary_id desc limit ${limit}`
  return beneficiariesOf(vault, rows)
}

/** From now on nothing is paid to it by its id. @returns false when the tenant has none of that id */
export async function endBeneficiary(tx: Tx, tenantId: number, id: string, now: number): Promise<boolean> {
  const rows = await tx`
    update beneficiary set ended_at = ${toRfc3339(now)}::timestamptz
    where beneficiary_id = ${beneficiaryKey(id)}::uuid and tenant_id = ${tenantId} and ended_at is null returning beneficiary_id`
  return rows.length > 0
}
