import { toRfc3339 } from '../base/clock.ts'
import type { Db } from '../db/pool.ts'

/**
 * How long what is kept, by class, and what is over. Money and acts are never deleted: after five years their personal part is destroyed
 * with its key, by month and tenant (docs/operating/secrecy.md).
 * @source CERT-In 28 April 2022: logs for 180 days; PMLA s.12 and its rules: records of transactions for five years
 */

type DataClass = {
  readonly name: string
  /** What is in it, for people. */
  readonly what: string
  /** Days that it is kept at least, and by default. */
  readonly days: number
  readonly law: string
  /** How it ends: rows go, a key is destroyed, or it ends by itself. */
  readonly ends: 'deleted' | 'key destroyed'
}

export const RECORD_DAYS = 5 * 366
export const LOG_DAYS = 180

export const dataClasses = {
  records: {
    name: 'records',
    what: 'payments, steps, legs of the ledger, accounts, approvals, evidence of authentication, name enquiries',
    days: RECORD_DAYS,
    law: 'PMLA s.12: five years',
    ends: 'key destroyed',
  },
  acts: {
    name: 'acts',
    what: 'the audit chains and their roots',
    days: RECORD_DAYS,
    law: 'PMLA s.12; CERT-In asks for 180 days',
    ends: 'key destroyed',
  },
  access: {
    name: 'access',
    what: 'sessions, attempts to sign in, tokens, challenges and messages to customers: what shows who was there',
    days: LOG_DAYS,
    law: 'CERT-In: 180 days',
    ends: 'deleted',
  },
  once: {
    name: 'once',
    what: 'nonces and codes that were used, until they have ended anyway',
    days: 1,
    law: 'none',
    ends: 'deleted',
  },
} as const satisfies Record<string, DataClass>
export type DataClassName = keyof typeof dataClasses

/** What is deleted once it is over: a table, the column that says since when, and its class. Of class `once` each room forgets its own. */
const due = [{ table: 'authentication', column: 'created_at', data: 'access' }] as const satisfies readonly {
  readonly table: string
  readonly column: string
  readonly data: DataClassName
}[]

type DueRows = {
  readonly table: string
  readonly data: DataClassName
  readonly rows: number
  readonly before: number
}

/** How many days classes are kept on this hub, where that is longer than the law asks. */
export type Longer = Partial<Readonly<Record<DataClassName, number>>>

const endOf = (data: DataClassName, now: number, longer: Longer): number =>
  now - Math.max(dataClasses[data].days, longer[data] ?? 0) * 86_400_000

/** What is over now, table by table. */
export async function findDue(db: Db, now: number, longer: Longer = {}): Promise<DueRows[]> {
  const found: DueRows[] = []
  for (const { table, column, data } of due) {
    const before = endOf(data, now, longer)
    const [row] = await db<{ n: number }[]>`
      select count(*)::integer as n from ${db(table)} where ${db(column)} < ${toRfc3339(before)}::timestamptz`
    found.push({ table, data, rows: row?.n ?? 0, before })
  }
  return found
}

/** Rows that one statement deletes. */
const CHUNK = 5_000

/** Deletes what is over, a few thousand rows at a time. @returns how many rows, by table */
export async function removeDue(db: Db, now: number, longer: Longer = {}): Promise<Readonly<Record<string, number>>> {
  const gone: Record<string, number> = {}
  for (const { table, column, data } of due) {
    const before = toRfc3339(endOf(data, now, longer))
    for (;;) {
      const removed = await db`
        delete from ${db(table)} where ctid = any(array(
          select ctid from ${db(table)} where ${db(column)} < ${before}::timestamptz limit ${CHUNK}))`
      gone[table] = (gone[table] ?? 0) + removed.count
      if (removed.count < CHUNK) break
    }
  }
  return gone
}
