import { createSecretKey, randomBytes } from 'node:crypto'
import { type Act, writeActs } from '../audit/acts.ts'
import type { ActName } from '../base/act-names.ts'
import { type Clock, sleep, toRfc3339 } from '../base/clock.ts'
import { words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import type { KeyStore } from './key-store.ts'
import { KEK_LOCK, type KeyRow, keyOf } from './key-table.ts'
import { type IndexPlace, indexPlaces, nameOf } from './places.ts'
import { contextOf, indexUnder, monthOf } from './vault.ts'

/** Who gives a command, and when: for the audit chain. */
export type Operator = { readonly id: string; readonly clock: Clock }

export const actOfOperator = (
  { id, clock }: Operator,
  tenantId: number,
  action: ActName,
  subject: string,
  detail: Act['detail'],
): Act => ({
  tenantId,
  at: clock.now(),
  actor: { kind: 'operator', id },
  action,
  subject,
  outcome: 'done',
  detail,
  requestId: null,
  address: null,
})

/** Tells running hubs to look at their keys. In the transaction of the change. */
export const raiseKeyVersion = (tx: Tx): Promise<unknown> => tx`update key_version set version = version + 1`.execute()

const lockKeks = (tx: Tx): Promise<unknown> =>
  tx`select pg_advisory_xact_lock(hashtextextended(${KEK_LOCK}, 0))`.execute()

/**
 * Wraps every data key under the newest key-encryption key, a new one unless a rotation was broken off before its end. Data keys
 * stay as they are, so hubs notice nothing; the next data key that one of them makes is wrapped by the new key.
 * @returns the new key, and how many data keys were wrapped again
 */
export async function rotateKek(
  db: Db,
  keys: KeyStore,
  operator: Operator,
): Promise<{ readonly kek: string; readonly wrapped: number }> {
  const newest = await keys.current()
  const [behind] = await db`select from data_key where kek <> ${newest} and wrapped is not null limit 1`
  const kek = behind === undefined ? await keys.rotate() : newest
  let wrapped = 0
  for (;;) {
    const done = await inTransaction(db, async (tx) => {
      // Whoever made a data key under the key of before has written it down by now; whoever makes one from now on finds the new one.
      await lockKeks(tx)
      const rows = await tx<KeyRow[]>`
        select kid, tenant_id, month, kek, wrapped, retired_at from data_key where kek <> ${kek} and wrapped is not null
        order by kid limit 100 for update`
      for (const key of rows.map(keyOf)) {
        const plain = await keys.unwrap(key.kek, key.wrapped ?? new Uint8Array(), contextOf(key))
        const again = await keys.wrap(kek, plain, contextOf(key))
        await tx`update data_key set kek = ${kek}, wrapped = ${again} where kid = ${key.kid}`
      }
      wrapped += rows.length
      if (rows.length > 0) return false
      await writeActs(tx, [actOfOperator(operator, 0, 'kek.rotated', kek, { dataKeys: wrapped })])
      return true
    })
    if (done) return { kek, wrapped }
  }
}

/** Destroys a key-encryption key that wraps nothing any more: backups from when it did cannot be opened then. @throws when it does */
export async function destroyKek(db: Db, keys: KeyStore, kek: string, operator: Operator): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockKeks(tx)
    const [used] = await tx<
      { keys: bigint }[]
    >`select count(*) as keys from data_key where kek = ${kek} and wrapped is not null`
    if (used !== undefined && used.keys > 0n)
      throw new Error(`${kek} still wraps ${used.keys} data keys: npm run keys -- rotate`)
    await writeActs(tx, [actOfOperator(operator, 0, 'kek.destroyed', kek, {})])
    await keys.destroy(kek)
  })
}

/** Retires the data key that a tenant uses this month; hubs take a new one within a second. @returns the retired ones */
export async function renewKey(db: Db, tenantId: number, operator: Operator): Promise<readonly number[]> {
  const month = monthOf(operator.clock.now())
  return inTransaction(db, async (tx) => {
    const rows = await tx<{ kid: number }[]>`
      update data_key set retired_at = ${toRfc3339(operator.clock.now())}::timestamptz
      where tenant_id = ${tenantId} and month = ${month} and retired_at is null and shredded_at is null returning kid`
    if (rows.length === 0) return []
    await raiseKeyVersion(tx)
    const kids = rows.map(({ kid }) => kid)
    await writeActs(tx, [actOfOperator(operator, tenantId, 'data_key.retired', month, { keys: kids.join(' ') })])
    return kids
  })
}

/** Sessions of hubs, by the names that they give them. */
async function hubsConnected(db: Db): Promise<number> {
  const [row] = await db<{ hubs: bigint }[]>`
    select count(*) as hubs from pg_stat_activity
    where datname = current_database() and application_name in ('turant doors', 'turant reads', 'turant rail')`
  return Number(row?.hubs ?? 0n)
}

/** Rows whose indexes are put through the new key in one transaction. */
const INDEX_BATCH = 1_000

/**
 * Gives the blind indexes a new key: every stored one is put through it once more, so that no plain value is needed and those of
 * before tell nothing to whoever has the key of before. Hubs must be stopped, for they would look for what is not there any more, and do
 * not start until it is through. Broken off, it goes on where it was.
 * @throws while a hub is connected
 */
export async function rotateIndex(
  db: Db,
  keys: KeyStore,
  operator: Operator,
  told: (place: string, rows: number) => void,
  pauseMs = 0,
): Promise<number> {
  const kid = await beginIndex(db, keys)
  if ((await hubsConnected(db)) > 0) {
    await abandonUnbegun(db)
    throw new Error('a hub is connected: stop all hubs of this database, then run this again')
  }
  const [row] = await db<
    KeyRow[]
  >`select kid, tenant_id, month, kek, wrapped, retired_at from data_key where kid = ${kid}`
  if (row?.wrapped === undefined || row.wrapped === null) throw new Error(`the key ${kid} of the blind indexes is gone`)
  const key = createSecretKey(await keys.unwrap(row.kek, row.wrapped, contextOf(keyOf(row))))
  let total = 0
  for (const place of indexPlaces) {
    for (let more = true; more; ) {
      const { rows, ended } = await indexSome(db, place, (index) => indexUnder(key, index))
      more = !ended
      told(nameOf(place), rows)
      if (ended) total += rows
      await sleep(operator.clock, pauseMs)
    }
  }
  await inTransaction(db, async (tx) => {
    const now = toRfc3339(operator.clock.now())
    await tx`update data_key set retired_at = ${now}::timestamptz where month = 'index' and retired_at is null`
    await tx`update data_key set retired_at = null where kid = ${kid}`
    await tx`delete from index_rotation`
    await writeActs(tx, [actOfOperator(operator, 0, 'index_key.rotated', String(kid), { rows: total })])
  })
  return total
}

/** The new key: made now, or by a run that was broken off. It counts from the end on; until then its being there keeps hubs from starting. */
async function beginIndex(db: Db, keys: KeyStore): Promise<number> {
  return inTransaction(db, async (tx) => {
    await tx`select pg_advisory_xact_lock_shared(hashtextextended(${KEK_LOCK}, 0))`
    const [newest] = await tx<{ kid: number; retired: boolean }[]>`
      select kid, retired_at is not null as retired from data_key where month = 'index' order by kid desc limit 1 for update`
    if (newest === undefined) throw new Error('there are no blind indexes yet: start the hub once')
    if (newest.retired) return newest.kid
    const kek = await keys.current()
    const wrapped = await keys.wrap(kek, randomBytes(32), contextOf({ tenantId: 0, month: 'index' }))
    const [made] = await tx<{ kid: number }[]>`
      insert into data_key (tenant_id, month, kek, wrapped, retired_at) values (0, 'index', ${kek}, ${wrapped}, now()) returning kid`
    return made?.kid ?? 0
  })
}

/** Takes back a beginning with which nothing was done yet. */
const abandonUnbegun = (db: Db): Promise<unknown> =>
  db`
    delete from data_key d where month = 'index' and retired_at is not null and not exists (select from index_rotation)
      and kid > (select kid from data_key where month = 'index' and retired_at is null)`.execute()

async function indexSome(
  db: Db,
  { table, column, by }: IndexPlace,
  put: (index: string) => string,
): Promise<{ readonly rows: number; readonly ended: boolean }> {
  const name = nameOf({ table, column })
  return inTransaction(db, async (tx) => {
    const [at] = await tx<{ after: string; rows: bigint; done: boolean }[]>`
      select after, rows, done_at is not null as done from index_rotation where place = ${name} for update`
    if (at?.done) return { rows: Number(at.rows), ended: true }
    const beyond = at === undefined ? tx`` : tx`and ${tx(by)} > ${at.after}`
    // Whole groups of `by`, so that none is entered twice.
    const [end] = await tx<{ last: string }[]>`
      select last::text from (
        select distinct ${tx(by)} as last from ${tx(table)} where true ${beyond} order by 1 limit ${INDEX_BATCH}) page
      order by page.last desc limit 1`
    const last = end?.last ?? null
    if (last === null) {
      await tx`
        insert into index_rotation (place, after, done_at) values (${name}, '', now())
        on conflict (place) do update set done_at = now()`
      return { rows: Number(at?.rows ?? 0n), ended: true }
    }
    const found = await tx<{ index: string }[]>`
      select distinct ${tx(column)} as index from ${tx(table)}
      where ${tx(column)} is not null and ${tx(by)} <= ${last} ${beyond}`
    const changed = await tx`
      update ${tx(table)} t set ${tx(column)} = s.made
      from unnest(${words(found, ({ index }) => index)}::uuid[], ${words(found, ({ index }) => put(index))}::uuid[]) as s (index, made)
      where t.${tx(column)} = s.index and t.${tx(by)} <= ${last} ${at === undefined ? tx`` : tx`and t.${tx(by)} > ${at.after}`}`
    const rows = Number(at?.rows ?? 0n) + changed.count
    await tx`
      insert into index_rotation (place, after, rows) values (${name}, ${last}, ${rows})
      on conflict (place) do update set after = excluded.after, rows = excluded.rows`
    return { rows, ended: false }
  })
}
