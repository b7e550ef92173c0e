import { type Clock, sleep } from '../base/clock.ts'
import { bytes, texts } from '../db/arrays.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { nameOf, type SealedPlace, sealedPlaces } from './places.ts'
import type { OpenVault } from './vault.ts'

/** Rows that are looked at in one statement, and rows that are locked in one transaction: some milliseconds each. */
const WINDOW = 5_000
const BATCH = 250

/** A key whose rows are sealed again. */
export type DueKey = { readonly kid: number; readonly tenantId: number; readonly month: string }

export type ResealDeps = {
  readonly db: Db
  readonly vault: OpenVault
  readonly clock: Clock
  /** Between two transactions, so that payments go before. */
  readonly pauseMs: number
  /** How many rows of a place are done so far. */
  readonly told: (place: string, rows: number) => void
}

export type Resealed = {
  readonly rows: number
  /** `table.column row` of values that do not open: altered, or under a key that is gone. */
  readonly broken: readonly string[]
}

type Due = { readonly at: string; readonly tenant: number; readonly row: string; readonly sealed: Uint8Array }

/**
 * Seals again what is under some keys: what happened in a month under the key of that month which is in use now, lasting rows under this
 * month's. Hubs may run meanwhile: few rows are locked at a time, one that somebody else has is left for the next round, and a value
 * that changed since it was read is not overwritten. Broken off, it goes on with the rows that are left.
 */
export async function reseal(
  deps: ResealDeps,
  due: readonly DueKey[],
  places: readonly SealedPlace[] = sealedPlaces,
): Promise<Resealed> {
  const months = new Map(due.map(({ kid, month }) => [kid, month]))
  const broken = new Set<string>()
  let total = 0
  for (const place of due.length === 0 ? [] : places) {
    let rows = 0
    // Until a whole round finds nothing: in each, rows may have been locked, or have come to be under a key that was just retired.
    for (let left = true; left; ) {
      left = false
      for await (const found of windows(deps.db, place, [...months.keys()])) {
        for (let at = 0; at < found.length; at += BATCH) {
          const done = await resealSome(deps, place, found.slice(at, at + BATCH), months, broken)
          rows += done.sealed
          if (done.sealed > 0 || done.locked) left = true
          if (done.sealed > 0) deps.told(nameOf(place), rows)
          await sleep(deps.clock, deps.pauseMs)
        }
      }
    }
    total += rows
  }
  return { rows: total, broken: [...broken] }
}

/** Where rows under these keys are, a window of the table at a time. */
async function* windows(db: Db, place: SealedPlace, kids: readonly number[]): AsyncGenerator<readonly string[]> {
  const { table, column, key } = place
  const keys = kidBytes(kids)
  for (let after: readonly string[] | undefined; ; ) {
    const beyond = after === undefined ? db`` : db`where (${db([...key])}) > (${listOf(db, after)})`
    const rows = await db<Record<string, unknown>[]>`
      select ${db([...key])}, ctid::text as found_at, coalesce(substring(${db(column)} from 2 for 4) = any(${keys}::bytea[]), false) as is_due
      from ${db(table)} ${beyond} order by ${db([...key])} limit ${WINDOW}`
    const found = rows.filter((row) => row.is_due === true).map((row) => String(row.found_at))
    if (found.length > 0) yield found
    const last = rows.at(-1)
    if (last === undefined || rows.length < WINDOW) return
    after = key.map((name) => String(last[name]))
  }
}

const listOf = (db: Db, values: readonly string[]) =>
  values.map((value, i) => (i === 0 ? db`${value}` : db`, ${value}`))

async function resealSome(
  deps: ResealDeps,
  place: SealedPlace,
  at: readonly string[],
  months: ReadonlyMap<number, string>,
  broken: Set<string>,
): Promise<{ readonly sealed: number; readonly locked: boolean }> {
  const { table, column, row } = place
  const { vault, clock } = deps
  return inTransaction(deps.db, async (tx) => {
    const rows = await tx<Due[]>`
      select ctid::text as at, ${place.tenantless ? tx`0` : tx`tenant_id`} as tenant, ${tx(row)}::text as row, ${tx(column)} as sealed
      from ${tx(table)}
      where ctid = any(${texts(at, (one) => one)}::tid[]) and substring(${tx(column)} from 2 for 4) = any(${kidBytes([...months.keys()])}::bytea[])
      for update skip locked`
    const opened: (Due & { readonly plain: Uint8Array; readonly month: string })[] = []
    await vault.load(rows.map(({ sealed }) => sealed))
    for (const one of rows) {
      const named = `${nameOf(place)} ${one.row}`
      if (broken.has(named)) continue
      try {
        const plain = vault.openBytes(nameOf(place), one.tenant, one.row.replaceAll('-', ''), one.sealed)
        const month = months.get(Buffer.from(one.sealed).readUInt32BE(1)) ?? ''
        if (plain === undefined) broken.add(named)
        else opened.push({ ...one, plain, month })
      } catch {
        broken.add(named)
      }
    }
    const now = clock.now()
    for (const some of Map.groupBy(opened, ({ tenant, month }) => `${tenant} ${month}`).values()) {
      const [first] = some
      if (first === undefined) continue
      await vault.prepare([first.tenant], place.lasting ? now : middleOf(first.month))
      const again = (one: (typeof some)[number]) =>
        vault.sealBytes(nameOf(place), one.tenant, one.row.replaceAll('-', ''), one.plain)
      await tx`
        update ${tx(table)} t set ${tx(column)} = s.sealed
        from unnest(${texts(some, (one) => one.at)}::tid[], ${bytes(some, again)}::bytea[]) as s (at, sealed)
        where t.ctid = s.at`
    }
    return { sealed: opened.length, locked: rows.length < at.length }
  })
}

/** The four bytes with which values begin that these keys sealed, after the version. */
function kidBytes(kids: readonly number[]): string {
  return bytes(kids, (kid) => {
    const name = Buffer.alloc(4)
    name.writeUInt32BE(kid)
    return name
  })
}

/** An instant that is in a month wherever it is looked at from. */
const middleOf = (month: string): number => Date.parse(`${month}-15T00:00:00Z`)

/** How many values each key sealed, by reading every row. */
export async function countByKey(db: Db): Promise<Map<number, number>> {
  const counts = new Map<number, number>()
  for (const { table, column } of sealedPlaces) {
    const rows = await db<{ kid: string; rows: bigint }[]>`
      select encode(substring(${db(column)} from 2 for 4), 'hex') as kid, count(*) as rows from ${db(table)}
      where ${db(column)} is not null group by 1`
    for (const { kid, rows: more } of rows) {
      const number = Number.parseInt(kid, 16)
      counts.set(number, (counts.get(number) ?? 0) + Number(more))
    }
  }
  return counts
}

/** Removes the blind indexes of payments whose key is to be destroyed, in bounded batches. @returns how many rows had one */
export async function clearIndexes(
  deps: Pick<ResealDeps, 'db' | 'clock' | 'pauseMs' | 'told'>,
  kids: readonly number[],
): Promise<number> {
  const place = { table: 'payment', column: 'sealed', key: ['payment_id'], row: 'payment_id' } as const
  let cleared = 0
  for (let left = true; left; ) {
    left = false
    for await (const found of windows(deps.db, place, kids)) {
      for (let at = 0; at < found.length; at += BATCH) {
        const some = found.slice(at, at + BATCH)
        const rows = await inTransaction(
          deps.db,
          (tx) => tx<{ was_locked: boolean }[]>`
            with free as (
              select ctid from payment where ctid = any(${texts(some, (one) => one)}::tid[])
                and substring(sealed from 2 for 4) = any(${kidBytes(kids)}::bytea[])
                and (other_account is not null or other_mobile is not null) for update skip locked)
            update payment p set other_account = null, other_mobile = null from free where p.ctid = free.ctid returning true as was_locked`,
        )
        cleared += rows.length
        if (rows.length > 0) left = true
        deps.told('payment.other_account', cleared)
        await sleep(deps.clock, deps.pauseMs)
      }
    }
  }
  return cleared
}
