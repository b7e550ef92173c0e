import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'

/** A data key as the database has it. `wrapped` null: destroyed. */
export type DataKey = {
  readonly kid: number
  readonly tenantId: number
  readonly month: string
  readonly kek: string
  readonly wrapped: Uint8Array | null
  /** Seals nothing new. */
  readonly retired: boolean
}

/** Where data keys are kept. */
export type KeyTable = {
  readonly find: (kids: readonly number[]) => Promise<readonly DataKey[]>
  /**
   * Hands out `uses` seals of the key of a tenant and month, of a new key when there is none that has as many left. Processes that ask
   * at the same time get the same key and seals of their own.
   * @param make  a fresh key, wrapped, and by which key
   */
  readonly reserve: (
    tenantId: number,
    month: string,
    uses: number,
    make: () => Promise<{ readonly kek: string; readonly wrapped: Uint8Array }>,
  ) => Promise<DataKey>
  /** Every key of the blind indexes, oldest first. */
  readonly indexKeys: () => Promise<readonly DataKey[]>
  /** Goes up when a key was retired or destroyed. */
  readonly version: () => Promise<bigint>
}

/** Held shared while a data key is being made, and alone by whoever changes what wraps data keys. */
export const KEK_LOCK = 'turant key-encryption keys'

export type KeyRow = {
  kid: number
  tenant_id: number
  month: string
  kek: string
  wrapped: Uint8Array | null
  retired_at: number | null
}
export const keyOf = (row: KeyRow): DataKey => ({
  kid: row.kid,
  tenantId: row.tenant_id,
  month: row.month,
  kek: row.kek,
  wrapped: row.wrapped,
  retired: row.retired_at !== null,
})

/** Seals of one key at most: beyond that random nonces of 96 bits could meet. @source NIST SP 800-38D §8.3 */
const MOST_USES = 2 ** 32

/** The keys of a database. @param db  a pool that serves nothing else: who asks for a key holds a connection, and maybe locks, already */
export const keyTable = (db: Db): KeyTable => ({
  async find(kids) {
    const rows = await db<KeyRow[]>`
      select kid, tenant_id, month, kek, wrapped, retired_at from data_key where kid = any(${[...kids]}::integer[])`
    return rows.map(keyOf)
  },
  reserve: (tenantId, month, uses, make) =>
    inTransaction(db, async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended(${`data key ${tenantId} ${month}`}, 0))`
      const [found] = await tx<KeyRow[]>`
        update data_key set uses = uses + ${uses}
        where kid = (select max(kid) from data_key
                     where tenant_id = ${tenantId} and month = ${month} and retired_at is null and shredded_at is null
                       and uses + ${uses} <= ${MOST_USES})
        returning kid, tenant_id, month, kek, wrapped, retired_at`
      if (found !== undefined) return keyOf(found)
      // What wraps it must still be there when it is written down.
      await tx`select pg_advisory_xact_lock_shared(hashtextextended(${KEK_LOCK}, 0))`
      const fresh = await make()
      const [made] = await tx<KeyRow[]>`
        insert into data_key (tenant_id, month, kek, wrapped, uses)
        values (${tenantId}, ${month}, ${fresh.kek}, ${fresh.wrapped}, ${uses})
        returning kid, tenant_id, month, kek, wrapped, retired_at`
      if (made === undefined) throw new Error('a data key that was just made cannot be read')
      return keyOf(made)
    }),
  async indexKeys() {
    const rows = await db<KeyRow[]>`
      select kid, tenant_id, month, kek, wrapped, retired_at from data_key where month = 'index' order by kid`
    return rows.map(keyOf)
  },
  async version() {
    const [row] = await db<{ version: bigint }[]>`select version from key_version`
    return row?.version ?? 0n
  },
})
