import type { Vault } from '../../src/base/vault.ts'
import { bytes, words } from '../../src/db/arrays.ts'
import type { Db, Tx } from '../../src/db/pool.ts'
import { openFileStore } from '../../src/secrecy/file-store.ts'
import { keyTable } from '../../src/secrecy/key-table.ts'
import { openVault } from '../../src/secrecy/vault.ts'

/**
 * Fills the real tables with settled payments of the past, as the doors would have left them: rows, entries and events, spread over
 * customer accounts of the sandbox. Runs in PostgreSQL, a chunk at a time, but for what is sealed; a chunk's journals balance, or the trigger
 * refuses it.
 */
export async function seedPayments(
  db: Db,
  keyFile: string,
  target: number,
  onProgress: (stored: number) => void,
): Promise<void> {
  const [{ stored } = { stored: 0 }] = await db<{ stored: number }[]>`select count(*)::integer as stored from payment`
  if (stored >= target) return
  // Secondary indexes are built once at the end, by sorting, instead of row by row.
  const indexes = await db<{ indexname: string; indexdef: string }[]>`
    select indexname, indexdef from pg_indexes
    where tablename in ('payment', 'event', 'idempotency_key') and indexname !~ '_pkey$'`
  for (const { indexname } of indexes) await db.unsafe(`drop index ${indexname}`)
  const chunk = 250_000
  const vault = await openVault({ keys: openFileStore(keyFile, undefined), table: keyTable(db) })
  for (let from = stored; from < target; from += chunk) {
    const count = Math.min(chunk, target - from)
    await seedChunk(db, vault, from, count)
    onProgress(from + count)
  }
  await db.begin(async (tx) => {
    await tx.unsafe(`set local maintenance_work_mem = '1GB'`)
    for (const { indexdef } of indexes) await tx.unsafe(indexdef)
  })
  await db.unsafe('vacuum (analyze) payment, entry, event, idempotency_key, account')
  await db.unsafe('checkpoint')
}

/** Payments that are sealed and written in one statement. */
const PAGE = 10_000

type Plain = {
  readonly n: bigint
  readonly payment_id: string
  readonly tenant_id: number
  readonly account_id: bigint
  readonly direction: string
  readonly state: string
}

const names = ['Asha Devi', 'Mohan Lal', 'Fatima Sheikh', 'John Mathew']

/** What is personal about a payment of the past, as a function of its number. */
function detailsOf({ n, account_id, direction }: Plain) {
  const i = Number(n)
  const own = `7001${String(account_id).padStart(10, '0')}`
  const inward = direction === 'inward'
  const number = String((inward ? 60_200_000_000_000 : 50_100_000_000_000) + ((i * 104_729) % 10_000_000))
  const mobile = String((inward ? 9_000_000_000 : 8_000_000_000) + ((i * 31) % 900_000_000))
  const toMobile = !inward && i % 4 === 0
  const remitter = inward ? ['Sita Rao', number, mobile, null] : ['Ramesh Kumar', own, null, null]
  const beneficiary = inward
    ? [null, own, null, null]
    : toMobile
      ? [null, null, mobile, `9240${String(i % 1_000).padStart(3, '0')}`]
      : [names[i % 4], number, null, null]
  return {
    sealed: JSON.stringify([...remitter, ...beneficiary, `invoice ${i}`]),
    otherAccount: toMobile ? null : number,
    otherMobile: inward || toMobile ? mobile : null,
  }
}

async function sealPage(tx: Tx, vault: Vault, from: number, to: number): Promise<void> {
  const rows = await tx<Plain[]>`
    select n::bigint as n, replace(payment_id::text, '-', '') as payment_id, tenant_id, account_id, direction, state from chunk
    where n >= ${from} and n < ${to} order by n`
  const made = rows.map((row) => ({ row, ...detailsOf(row) }))
  const answer = Buffer.alloc(225, 0x30)
  await tx`
    insert into payment (lane, payment_id, tenant_id, direction, state, version, amount, channel, institution, account_id,
      sealed, registered, sealed_answer, other_account, other_mobile, remitter_ifsc, beneficiary_kind, beneficiary_ifsc,
      reference, remitter_bank, rrn, link, epoch, transmitted_at, response_code, created_at, updated_at)
    select lane, payment_id, tenant_id, direction, state, case direction when 'inward' then 1 else 2 end, amount, 'internet', institution, account_id,
      s.sealed, s.registered, s.answer, s.account, s.mobile,
      case direction when 'outward' then ifsc end,
      case when direction = 'outward' and n % 4 = 0 then 'mmid' else 'account' end,
      case when direction = 'inward' then ifsc when n % 4 <> 0 then (array['HDFC','SBIN','ICIC','UTIB','PUNB','KKBK','BARB','CNRB'])[1 + n % 8] || '0' || lpad((n % 400)::text, 6, '0') end,
      case direction when 'outward' then 'INV-' || n end,
      case direction when 'inward' then '924000' else '7' || lpad((n % 40)::text, 5, '0') end,
      lpad((500000000000 + n)::text, 12, '0'), 'npci', 1, at,
      case state when 'declined' then (array['M1','M3','51'])[1 + n % 3] when 'deemed' then '91' else '00' end, at, at + interval '20 ms'
    from unnest(${words(made, (one) => one.row.payment_id)}::uuid[],
      ${bytes(made, (one) => vault.seal('payment.sealed', one.row.tenant_id, one.row.payment_id, one.sealed))}::bytea[],
      ${bytes(made, ({ row }) => (row.state === 'succeeded' ? vault.seal('payment.registered', row.tenant_id, row.payment_id, 'ASHA DEVI') : null))}::bytea[],
      ${bytes(made, ({ row }) => (row.direction === 'inward' ? vault.sealBytes('payment.sealed_answer', row.tenant_id, row.payment_id, answer) : null))}::bytea[],
      ${words(made, (one) => (one.otherAccount === null ? null : vault.index('account', one.otherAccount)))}::uuid[],
      ${words(made, (one) => (one.otherMobile === null ? null : vault.index('mobile', one.otherMobile)))}::uuid[])
      as s (id, sealed, registered, answer, account, mobile)
    join chunk on chunk.payment_id = s.id`
}

async function seedChunk(db: Db, vault: Vault, from: number, count: number): Promise<void> {
  await vault.prepare([1], Date.now())
  await db.begin(async (tx) => {
    await tx.unsafe(`
      set local work_mem = '256MB';
      create temp table chunk on commit drop as
      with customer as (
        select account_id, lane, institution, ifsc, tenant_id, row_number() over (order by account_id) - 1 as n
        from account where kind = 'customer' and balance > 100000000000)
      select g.n, c.lane, c.account_id, c.tenant_id, c.institution, c.ifsc,
             -- UUIDv7 of a time in the past twelve months, ascending with n; the last six bits are the lane
             (lpad(to_hex(1763800000000 + g.n::bigint * 6), 12, '0') || '7' || lpad(to_hex(g.n % 4096), 3, '0') || '8' ||
              lpad(to_hex(hashint8(g.n)::bigint & 268435455), 7, '0') || lpad(to_hex((hashint8(g.n * 7)::bigint & 67108863) * 64 + c.lane), 8, '0'))::uuid as payment_id,
             to_timestamp((1763800000000 + g.n::bigint * 6) / 1000.0) as at,
             case when g.n % 10 = 9 then 'inward' else 'outward' end as direction,
             case when g.n % 10 = 9 then 'succeeded' when g.n % 100 = 7 then 'declined' when g.n % 500 = 3 then 'deemed' else 'succeeded' end as state,
             20000 + (g.n * 7919) % 900000 as amount
      from generate_series(${from}::bigint, ${from + count - 1}::bigint) as g(n)
      join customer c on c.n = (g.n * 7919) % (select count(*) from customer);
      analyze chunk;

      create index on chunk (n)`)
    for (let at = from; at < from + count; at += PAGE)
      await sealPage(tx as unknown as Tx, vault, at, Math.min(at + PAGE, from + count))
    await tx.unsafe(`
      insert into event (lane, payment_id, sequence, tenant_id, state, response_code, at)
      select lane, payment_id, 1, tenant_id, case direction when 'inward' then state else 'sent' end, case direction when 'inward' then '00' end, at from chunk
      union all
      select lane, payment_id, 2, tenant_id, state, '00', at from chunk where direction = 'outward';

      insert into idempotency_key (tenant_id, key_hash, body_hash, payment_id)
      select tenant_id, md5('seed' || n)::uuid, md5('body' || n)::uuid, payment_id from chunk where direction = 'outward';

      create temp table leg on commit drop as
      select lane, account_id as account_id, payment_id, 'hold' as kind, -amount as amount, at, n * 4 as k from chunk where direction = 'outward'
      union all select lane, 64 + lane, payment_id, 'hold', amount, at, n * 4 + 1 from chunk where direction = 'outward'
      union all select lane, 64 + lane, payment_id, 'void', -amount, at, n * 4 + 2 from chunk where state = 'declined'
      union all select lane, account_id, payment_id, 'void', amount, at, n * 4 + 3 from chunk where state = 'declined'
      union all select lane, 128 + lane, payment_id, 'credit', -amount, at, n * 4 from chunk where direction = 'inward'
      union all select lane, account_id, payment_id, 'credit', amount, at, n * 4 + 1 from chunk where direction = 'inward';

      analyze leg;
      insert into entry (lane, account_id, entry_no, journal_id, kind, amount, balance_after, at)
      select l.lane, l.account_id, a.entry_no + row_number() over w, l.payment_id, l.kind, l.amount, a.balance + sum(l.amount) over w,
             greatest(a.entry_at, l.at)
      from leg l join account a on a.lane = l.lane and a.account_id = l.account_id
      window w as (partition by l.lane, l.account_id order by l.k rows unbounded preceding);

      update account a set balance = a.balance + t.amount, entry_no = a.entry_no + t.entries
      from (select lane, account_id, sum(amount) as amount, count(*) as entries from leg group by 1, 2) t
      where a.lane = t.lane and a.account_id = t.account_id;`)
  })
}
