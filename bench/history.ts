import { parseArgs } from 'node:util'
import { must, type PaymentId, parsePaymentId, paymentIdOf } from '../src/base/identifiers.ts'
import { createSeededRandom, fraction } from '../src/base/random.ts'
import { migrate } from '../src/db/migrate.ts'
import { createPool, type Db } from '../src/db/pool.ts'
import { type HistoryFilters, type HistoryPage, listPayments } from '../src/payment/history.ts'
import { findEvents } from '../src/payment/store.ts'
import { startPostgres } from './support/postgres.ts'

/**
 * `GET /v1/payments` at five million payments: p50 and p95 of every filter, on purpose with skewed data: half of all
 * payments from one account, a third to one branch, a fifth of one amount, and statuses that are rare and long ago.
 * The first page and a page deep inside count alike. `--url` keeps and uses a database that was seeded before.
 */
const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '5000000' },
    runs: { type: 'string', default: '60' },
    url: { type: 'string' },
    only: { type: 'string', default: '' },
  },
})
const ROWS = Number(options.rows)
const RUNS = Number(options.runs)
const TENANT = 1
const START_MS = Date.UTC(2026, 4, 1)
const STEP_MS = Math.max(1, Math.floor((180 * 86_400_000) / ROWS))

/** Fills the real tables as 180 days of payments would. Indexes are dropped before and made again after: minutes instead of hours. */
async function seed(db: Db): Promise<void> {
  const indexes = await db<{ name: string; definition: string }[]>`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
    where indrelid in ('payment'::regclass, 'event'::regclass) and not indisprimary`
  for (const { name } of indexes) await db.unsafe(`drop index ${name}`)
  const slice = 250_000
  for (let from = 0; from < ROWS; from += slice) {
    await db`
      insert into payment (lane, payment_id, tenant_id, direction, state, version, amount, channel, institution, account_id,
        remitter_name, remitter_account, remitter_mobile, beneficiary_kind, beneficiary_name, beneficiary_account, beneficiary_ifsc,
        beneficiary_mobile, beneficiary_mmid, remarks, reference, remitter_bank, rrn, link, epoch, transmitted_at, response_code,
        registered_name, created_at, updated_at)
      select account_id % 64,
        (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(i & 4095), 3, '0') || '8' || substr(md5(i::text), 1, 13) ||
         lpad(to_hex(account_id % 64), 2, '0'))::uuid,
        ${TENANT}, case when inward then 'inward' else 'outward' end,
        case when inward then 'succeeded' when i % 997 = 0 then 'declined' when i % 4999 = 0 then 'deemed'
             when i < ${ROWS} * 0.01 and i % 500 = 1 then 'returned' when i < ${ROWS} * 0.01 and i % 500 = 2 then 'cancelled'
             when i > ${ROWS} * 0.999 and i % 3 = 0 then 'unconfirmed' else 'succeeded' end,
        2, case when i % 5 = 0 then 100000 else 100 + ((i * 7919) % 5000000) end, 'internet', 'TRN', account_id,
        'Remitter ' || account_id, case when inward then '3' || lpad(((i * 31) % 400000)::text, 11, '0') else '7001' || lpad(account_id::text, 10, '0') end,
        case when inward and i % 4 = 0 then '98' || lpad(((i * 17) % 300000)::text, 8, '0') end,
        case when p2p then 'mmid' else 'account' end, case when not p2p then 'Asha ' || chr(65 + (i % 26)::int) || 'evi' end,
        case when not p2p then '5' || lpad(((i * 13) % 600000)::text, 13, '0') end,
        case when not p2p then case when i % 3 = 0 then 'HDFC0000123' else 'SBIN0' || lpad(((i * 3) % 5000)::text, 6, '0') end end,
        case when p2p then '97' || lpad(((i * 11) % 500000)::text, 8, '0') end, case when p2p then '9229000' end,
        'remarks ' || i, case when i % 10 < 6 then 'INV-' || i when i % 10 = 7 then 'SALARY' end, '700001',
        lpad(i::text, 12, '0'), 'npci-remitter', 1, at, '00', 'ASHA DEVI', at, at
      from (
        select i, ${START_MS}::bigint + i * ${STEP_MS}::bigint as ms, to_timestamp((${START_MS}::bigint + i * ${STEP_MS}::bigint) / 1000.0) as at,
          case when i % 2 = 0 then 100000 else 100001 + (i * 37) % 20000 end as account_id, i % 10 = 3 as inward, i % 10 <> 3 and i % 7 = 1 as p2p
        from generate_series(${from}::bigint, ${Math.min(from + slice, ROWS) - 1}::bigint) as i) seeded`
    await db`
      insert into event (lane, payment_id, sequence, tenant_id, state, response_code, at)
      select lane, payment_id, step, tenant_id, case when step = 1 then 'sent' else state end, response_code, created_at
      from payment, generate_series(case when direction = 'inward' then 2 else 1 end, 2) as step
      where created_at >= to_timestamp((${START_MS}::bigint + ${from}::bigint * ${STEP_MS}::bigint) / 1000.0)`
    process.stdout.write(`\rseeded ${Math.min(from + slice, ROWS)} of ${ROWS}`)
  }
  await db`
    insert into hold (lane, account_id, payment_id, tenant_id, amount, link, epoch, sent_at)
    select lane, account_id, payment_id, tenant_id, amount, link, epoch, transmitted_at from payment
    where state = 'unconfirmed' and created_at >= to_timestamp((${START_MS}::bigint + (${ROWS} * 0.99)::bigint * ${STEP_MS}::bigint) / 1000.0)`
  process.stdout.write('\nindexes\n')
  for (const { definition } of indexes) await db.unsafe(definition)
  await db`vacuum analyze payment`
  await db`vacuum analyze event`
}

const random = createSeededRandom(7)
const pick = (count: number): number => Math.floor(fraction(random) * count)
const digits = (value: number, width: number): string => String(value).padStart(width, '0')
/** An instant inside the seeded time. */
const moment = (part: number): number => START_MS + Math.floor(part * ROWS) * STEP_MS

/** What is asked, each with values that change from run to run. */
const cases: Record<string, () => HistoryFilters> = {
  'no filter': () => ({}),
  'status=processing': () => ({ status: 'processing' }),
  'status=succeeded': () => ({ status: 'succeeded' }),
  'status=failed': () => ({ status: 'failed' }),
  'status=deemed': () => ({ status: 'deemed' }),
  'status=returned (all long ago)': () => ({ status: 'returned' }),
  'status=cancelled (all long ago)': () => ({ status: 'cancelled' }),
  'direction=inward': () => ({ direction: 'inward' }),
  'direction=outward': () => ({ direction: 'outward' }),
  rrn: () => ({ rrn: digits(pick(ROWS), 12) }),
  'reference (one payment)': () => ({ reference: `INV-${pick(ROWS)}` }),
  'reference (a tenth of all)': () => ({ reference: 'SALARY' }),
  'account=acc_ (half of all)': () => ({ account: 'acc_100000' }),
  'account=acc_': () => ({ account: `acc_${100_001 + pick(20_000)}` }),
  'account=number': () => ({ account: `5${digits(pick(600_000), 13)}` }),
  'account=nobody': () => ({ account: '999999' }),
  'ifsc (a third of all)': () => ({ ifsc: 'HDFC0000123' }),
  ifsc: () => ({ ifsc: `SBIN0${digits(pick(5_000), 6)}` }),
  mobile: () => ({ mobile: `97${digits(pick(500_000), 8)}` }),
  'minAmount (nearly all)': () => ({ minAmount: 5_000n }),
  'minAmount (the top 0.1%)': () => ({ minAmount: 4_995_000n }),
  'minAmount (nobody)': () => ({ minAmount: 6_000_000n }),
  'maxAmount (the lowest 1%)': () => ({ maxAmount: 50_000n }),
  'minAmount=maxAmount (a fifth of all)': () => ({ minAmount: 100_000n, maxAmount: 100_000n }),
  'minAmount, maxAmount': () => {
    const low = BigInt(pick(4_000_000))
    return { minAmount: low, maxAmount: low + BigInt(pick(500_000)) }
  },
  'from, to (one day)': () => {
    const from = moment(fraction(random) * 0.99)
    return { from, to: from + 86_400_000 }
  },
  'to (long ago)': () => ({ to: moment(0.001 + fraction(random) * 0.01) }),
  'q=RRN': () => ({ q: digits(pick(ROWS), 12) }),
  'q=amount': () => ({ q: '1,000.00' }),
  'q=reference': () => ({ q: `INV-${pick(ROWS)}` }),
  'q=name': () => ({ q: 'Asha D' }),
  'q=name (nobody)': () => ({ q: 'Nobody At All' }),
  'account (half), status=failed': () => ({ account: 'acc_100000', status: 'failed' }),
  'account (half), status=returned': () => ({ account: 'acc_100000', status: 'returned' }),
  'account, status=failed, one week': () => {
    const from = moment(fraction(random) * 0.95)
    return { account: `acc_${100_001 + pick(20_000)}`, status: 'failed', from, to: from + 7 * 86_400_000 }
  },
  'ifsc (a third), amount (a fifth)': () => ({ ifsc: 'HDFC0000123', minAmount: 100_000n, maxAmount: 100_000n }),
  'ifsc (a third), direction=inward (none)': () => ({ ifsc: 'HDFC0000123', direction: 'inward' }),
  'account (half), inward, minAmount': () => ({ account: 'acc_100000', direction: 'inward', minAmount: 4_000_000n }),
}

/** The middle of the history as a cursor. */
async function middle(db: Db): Promise<PaymentId> {
  const [row] = await db<{ payment_id: string }[]>`
    select payment_id from payment where created_at >= to_timestamp(${moment(0.5)}::bigint / 1000.0) order by payment_id limit 1`
  return must(parsePaymentId(paymentIdOf(row?.payment_id ?? '')), 'payment id')
}

async function measure(db: Db): Promise<number> {
  const deep = await db<{ payment_id: string }[]>`
    select payment_id from payment order by payment_id desc offset ${Math.floor(ROWS / 2)} limit 1`
  const cursor = deep[0] === undefined ? await middle(db) : paymentIdOf(deep[0].payment_id)
  let worst = 0
  for (const [name, make] of Object.entries(cases)) {
    if (!name.includes(options.only)) continue
    const times: number[] = []
    let page: HistoryPage = { payments: [], next: undefined }
    let short = 0
    for (let run = -6; run < RUNS; run += 1) {
      const filters = make()
      const before = run % 2 === 0 ? undefined : cursor
      const startedAt = performance.now()
      page = await listPayments(db, TENANT, filters, before, 100)
      await findEvents(
        db,
        page.payments.map((payment) => payment.id),
      )
      if (run < 0) continue
      times.push(performance.now() - startedAt)
      if (page.payments.length < 100 && page.next !== undefined) short += 1
    }
    times.sort((a, b) => a - b)
    const at = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0
    worst = Math.max(worst, at(0.95))
    const figures = [at(0.5), at(0.95), times.at(-1) ?? 0].map((ms) => ms.toFixed(1).padStart(7)).join(' ')
    console.log(
      `${name.padEnd(42)} ${figures}  ${String(page.payments.length).padStart(3)} rows ${short === 0 ? '' : `${short} short`}`,
    )
  }
  return worst
}

async function main(url: string): Promise<void> {
  const db = createPool(url, { connections: 8, name: 'turant bench' })
  const [found] = await db<{ many: boolean }[]>`select exists (select from payment offset ${ROWS - 1}) as many`
  if (found?.many !== true) await seed(db)
  console.log(
    `${ROWS} payments; milliseconds per page of 100 with its timelines\n${'filter'.padEnd(42)}     p50     p95     max`,
  )
  const worst = await measure(db)
  console.log(`worst p95: ${worst.toFixed(1)} ms`)
  await db.end()
}

if (options.url !== undefined) {
  await main(options.url)
} else {
  const postgres = await startPostgres()
  try {
    await migrate(postgres.url)
    await main(postgres.url)
  } finally {
    await postgres.stop()
  }
}
