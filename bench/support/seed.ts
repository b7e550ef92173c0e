import type { Db } from '../../src/db/pool.ts'

/**
 * Fills the real tables with settled payments of the past, as the doors would have left them: rows, entries and events, spread over
 * customer accounts of the sandbox. Runs in PostgreSQL, a chunk at a time; a chunk's journals balance, or the trigger refuses it.
 */
export async function seedPayments(db: Db, target: number, onProgress: (stored: number) => void): Promise<void> {
  const [{ stored } = { stored: 0 }] = await db<{ stored: number }[]>`select count(*)::integer as stored from payment`
  if (stored >= target) return
  // Secondary indexes are built once at the end, by sorting, instead of row by row.
  const indexes = await db<{ indexname: string; indexdef: string }[]>`
    select indexname, indexdef from pg_indexes
    where tablename in ('payment', 'event', 'idempotency_key') and indexname !~ '_pkey$'`
  for (const { indexname } of indexes) await db.unsafe(`drop index ${indexname}`)
  const chunk = 250_000
  for (let from = stored; from < target; from += chunk) {
    const count = Math.min(chunk, target - from)
    await seedChunk(db, from, count)
    onProgress(from + count)
  }
  await db.begin(async (tx) => {
    await tx.unsafe(`set local maintenance_work_mem = '1GB'`)
    for (const { indexdef } of indexes) await tx.unsafe(indexdef)
  })
  await db.unsafe('vacuum (analyze) payment, entry, event, idempotency_key, account')
  await db.unsafe('checkpoint')
}

async function seedChunk(db: Db, from: number, count: number): Promise<void> {
  await db.begin(async (tx) => {
    await tx.unsafe(`
      set local work_mem = '256MB';
      create temp table chunk on commit drop as
      with customer as (
        select account_id, lane, institution, account_number, ifsc, tenant_id, row_number() over (order by account_id) - 1 as n
        from account where kind = 'customer' and balance > 100000000000)
      select g.n, c.lane, c.account_id, c.tenant_id, c.institution, c.account_number, c.ifsc,
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

      insert into payment (lane, payment_id, tenant_id, direction, state, version, amount, channel, institution, account_id,
        remitter_name, remitter_account, remitter_ifsc, remitter_mobile, beneficiary_kind, beneficiary_name, beneficiary_account, beneficiary_ifsc,
        beneficiary_mobile, beneficiary_mmid, remarks, reference, remitter_bank, rrn, link, epoch, transmitted_at, response_code,
        registered_name, answer, created_at, updated_at)
      select lane, payment_id, tenant_id, direction, state, case direction when 'inward' then 1 else 2 end, amount, 'internet', institution, account_id,
        case direction when 'inward' then 'Sita Rao' else 'Ramesh Kumar' end,
        case direction when 'inward' then (60200000000000 + (n * 104729) % 10000000)::text else account_number end,
        case direction when 'outward' then ifsc end,
        case direction when 'inward' then (9000000000 + (n * 31) % 900000000)::text end,
        case when direction = 'outward' and n % 4 = 0 then 'mmid' else 'account' end,
        case when direction = 'outward' and n % 4 <> 0 then (array['Asha Devi','Mohan Lal','Fatima Sheikh','John Mathew'])[1 + n % 4] end,
        case when direction = 'inward' then account_number when n % 4 <> 0 then (50100000000000 + (n * 104729) % 10000000)::text end,
        case when direction = 'inward' then ifsc when n % 4 <> 0 then (array['HDFC','SBIN','ICIC','UTIB','PUNB','KKBK','BARB','CNRB'])[1 + n % 8] || '0' || lpad((n % 400)::text, 6, '0') end,
        case when direction = 'outward' and n % 4 = 0 then (8000000000 + (n * 31) % 900000000)::text end,
        case when direction = 'outward' and n % 4 = 0 then '9240' || lpad((n % 1000)::text, 3, '0') end,
        'invoice ' || n, case direction when 'outward' then 'INV-' || n end,
        case direction when 'inward' then '924000' else '7' || lpad((n % 40)::text, 5, '0') end,
        lpad((500000000000 + n)::text, 12, '0'), 'npci', 1, at,
        case state when 'declined' then (array['M1','M3','51'])[1 + n % 3] when 'deemed' then '91' else '00' end,
        case state when 'succeeded' then 'ASHA DEVI' end, case direction when 'inward' then decode(repeat('30', 225), 'hex') end, at, at + interval '20 ms'
      from chunk;

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
