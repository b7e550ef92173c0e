import type { Vault } from '../base/vault.ts'
import { bytes, words } from '../db/arrays.ts'
import type { Db } from '../db/pool.ts'

/** Rows that one statement seals. */
const CHUNK = 2_000

type Row = { id: string; tenant_id: number; created_at: number } & Record<string, unknown>

/**
 * Seals what was written before there was a vault: the step between the migrations 0007 and 0014. Goes on where it was when it was
 * broken off, and does nothing when nothing is left.
 * @param told  how many rows of a table are done so far
 */
export async function sealOldRows(db: Db, vault: Vault, told: (table: string, rows: number) => void): Promise<void> {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  const index = (kind: 'account' | 'mobile', value: unknown) =>
    typeof value === 'string' ? vault.index(kind, value) : null
  /** Sealed in the month of the row, so that what is destroyed by month takes the old rows too. */
  const prepared = async (rows: readonly Row[]): Promise<void> => {
    for (const row of rows) await vault.prepare([row.tenant_id], row.created_at)
  }
  const byMonth = (rows: readonly Row[]): Row[][] => [
    ...Map.groupBy(rows, (row) => `${row.tenant_id} ${new Date(row.created_at).toISOString().slice(0, 7)}`).values(),
  ]
  const all = async (
    table: string,
    read: () => Promise<readonly Row[]>,
    write: (rows: readonly Row[]) => Promise<unknown>,
  ) => {
    for (let done = 0; ; ) {
      const rows = await read()
      if (rows.length === 0) return
      for (const some of byMonth(rows)) {
        await prepared(some)
        await write(some)
      }
      done += rows.length
      told(table, done)
    }
  }

  await all(
    'account',
    () => db<Row[]>`
      select account_id::text as id, tenant_id, created_at, name, account_number, mobile from account
      where kind = 'customer' and sealed is null limit ${CHUNK}`,
    (rows) => db`
      update account a set sealed = s.sealed, number_index = s.number, mobile_index = s.mobile
      from unnest(${words(rows, (row) => row.id)}::bigint[],
        ${bytes(rows, (row) => vault.seal('account.sealed', row.tenant_id, row.id, JSON.stringify([row.name, row.account_number, row.mobile])))}::bytea[],
        ${words(rows, (row) => index('account', row.account_number))}::uuid[],
        ${words(rows, (row) => index('mobile', row.mobile))}::uuid[]) as s (id, sealed, number, mobile)
      where a.account_id = s.id and a.sealed is null`,
  )
  await all(
    'payment',
    () => db<Row[]>`
      select replace(payment_id::text, '-', '') as id, * from payment where sealed is null limit ${CHUNK}`,
    (rows) => db`
      update payment p set sealed = s.sealed, registered = s.registered, sealed_answer = s.answer, other_account = s.account,
        other_mobile = s.mobile
      from unnest(${words(rows, (row) => row.id)}::uuid[],
        ${bytes(rows, (row) => vault.seal('payment.sealed', row.tenant_id, row.id, JSON.stringify(details(row))))}::bytea[],
        ${bytes(rows, (row) => {
          const name = text(row.registered_name)
          return name === null ? null : vault.seal('payment.registered', row.tenant_id, row.id, name)
        })}::bytea[],
        ${bytes(rows, (row) =>
          row.answer instanceof Uint8Array
            ? vault.sealBytes('payment.sealed_answer', row.tenant_id, row.id, row.answer)
            : null,
        )}::bytea[],
        ${words(rows, (row) => index('account', row.direction === 'inward' ? row.remitter_account : row.beneficiary_account))}::uuid[],
        ${words(rows, (row) => index('mobile', row.direction === 'inward' ? row.remitter_mobile : row.beneficiary_mobile))}::uuid[])
        as s (id, sealed, registered, answer, account, mobile)
      where p.payment_id = s.id and p.sealed is null`,
  )
  await all(
    'name_enquiry',
    () => db<Row[]>`
      select replace(enquiry_id::text, '-', '') as id, * from name_enquiry where sealed is null limit ${CHUNK}`,
    (rows) => db`
      update name_enquiry e set sealed = s.sealed
      from unnest(${words(rows, (row) => row.id)}::uuid[],
        ${bytes(rows, (row) =>
          vault.seal(
            'name_enquiry.sealed',
            row.tenant_id,
            row.id,
            JSON.stringify([
              row.beneficiary_account,
              row.beneficiary_mobile,
              row.beneficiary_mmid,
              row.asked_name,
              row.registered_name,
            ]),
          ),
        )}::bytea[]) as s (id, sealed)
      where e.enquiry_id = s.id and e.sealed is null`,
  )
  await all(
    'unmatched_answer',
    () => db<Row[]>`
      select answer_id::text as id, 0 as tenant_id, received_at as created_at, frame from unmatched_answer
      where sealed is null limit ${CHUNK}`,
    (rows) => db`
      update unmatched_answer u set sealed = s.sealed
      from unnest(${words(rows, (row) => row.id)}::bigint[],
        ${bytes(rows, (row) =>
          vault.sealBytes(
            'unmatched_answer.sealed',
            0,
            row.id,
            row.frame instanceof Uint8Array ? row.frame : new Uint8Array(),
          ),
        )}::bytea[]) as s (id, sealed)
      where u.answer_id = s.id and u.sealed is null`,
  )
}

/** The personal fields of a row of `payment`, in the order of `store.ts`. */
const details = (row: Row): unknown[] => [
  row.remitter_name,
  row.remitter_account,
  row.remitter_mobile,
  row.remitter_mmid,
  row.beneficiary_name,
  row.beneficiary_account,
  row.beneficiary_mobile,
  row.beneficiary_mmid,
  row.remarks,
]
