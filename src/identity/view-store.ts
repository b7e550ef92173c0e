import { toRfc3339 } from '../base/clock.ts'
import type { Vault } from '../base/vault.ts'
import type { Tx } from '../db/pool.ts'

/** What somebody narrows a list by: days are of India, amounts paise. Nothing that is absent narrows it. */
type ViewFilters = {
  readonly q?: string | undefined
  readonly inStatus?: string | undefined
  readonly direction?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly minAmount?: string | undefined
  readonly maxAmount?: string | undefined
}

/** A view that a person saved: `viw_` and 32 hex digits. Instants are epoch milliseconds. */
export type SavedView = {
  readonly id: string
  readonly name: string
  readonly filters: ViewFilters
  /** The columns that are shown, in their order; empty: those that a list begins with. */
  readonly columns: readonly string[]
  readonly createdAt: number
  readonly updatedAt: number
}

/** Whose views. */
type Owner = { readonly tenantId: number; readonly personId: string }

const PLACE = 'saved_view.sealed'
const viewKey = (id: string): string => id.slice(4)
const personKey = ({ personId }: Owner): string => personId.slice(4)

/** The oldest first; those whose key was destroyed are gone. */
export async function listViews(tx: Tx, vault: Vault, owner: Owner): Promise<SavedView[]> {
  const rows = await tx<{ view_id: string; sealed: Uint8Array; created_at: number; updated_at: number }[]>`
    select view_id, sealed, created_at, updated_at from saved_view
    where person_id = ${personKey(owner)}::uuid and tenant_id = ${owner.tenantId} order by view_id`
  await vault.load(rows.map(({ sealed }) => sealed))
  return rows.flatMap((row) => {
    const key = row.view_id.replaceAll('-', '')
    const text = vault.open(PLACE, owner.tenantId, key, row.sealed)
    if (text === undefined) return []
    const [name, filters, columns] = JSON.parse(text)
    return [{ id: `viw_${key}`, name, filters, columns, createdAt: row.created_at, updatedAt: row.updated_at }]
  })
}

/** Writes a view, a new one or what became of one. The vault must be prepared for its tenant. */
export async function saveView(tx: Tx, vault: Vault, owner: Owner, view: SavedView): Promise<void> {
  const key = viewKey(view.id)
  const sealed = vault.seal(PLACE, owner.tenantId, key, JSON.stringify([view.name, view.filters, view.columns]))
  await tx`
    insert into saved_view (view_id, tenant_id, person_id, list, sealed, created_at, updated_at)
    values (${key}::uuid, ${owner.tenantId}, ${personKey(owner)}::uuid, 'payments', ${sealed},
            ${toRfc3339(view.createdAt)}::timestamptz, ${toRfc3339(view.updatedAt)}::timestamptz)
    on conflict (view_id) do update set sealed = excluded.sealed, updated_at = excluded.updated_at`
}

/** @returns whether the owner had it */
export async function deleteView(tx: Tx, owner: Owner, id: string): Promise<boolean> {
  const rows = await tx`
    delete from saved_view
    where view_id = ${viewKey(id)}::uuid and person_id = ${personKey(owner)}::uuid and tenant_id = ${owner.tenantId} returning view_id`
  return rows.length > 0
}
