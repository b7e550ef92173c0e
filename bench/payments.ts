import type { Db } from '../src/db/pool.ts'
import type { Figure } from './support/figures.ts'
import { runLoad } from './support/http-load.ts'
import type { BenchAccount, BenchHub } from './support/hub.ts'
import { api } from './support/hub.ts'

const IFSCS = [
  'HDFC0000123',
  'SBIN0001234',
  'ICIC0000456',
  'UTIB0000789',
  'PUNB0123400',
  'KKBK0000958',
  'BARB0VJRAJE',
  'CNRB0000111',
]

let run = 0

/** A whole `POST /v1/payments`, waiting for the final state, with every field a real client sends. */
export function paymentRequest(hub: BenchHub, accounts: readonly BenchAccount[]): (n: number) => string {
  run += 1
  const prefix = `bench-${process.pid}-${run}-`
  const head = `POST /v1/payments HTTP/1.1\r\nHost: ${hub.host}\r\nAuthorization: Bearer ${hub.apiKey}\r\nContent-Type: application/json\r\nPrefer: wait=30\r\n`
  return (n) => {
    const from = accounts[n % accounts.length]?.id
    // Rupees that no row of the outcome table names, so that the simulated bank credits and approves.
    const amount = 20_000 + ((n * 7919) % 900_000)
    const body = `{"amount":"${amount % 100 === 0 ? amount + 1 : amount}","from":"${from}","to":{"kind":"account","ifsc":"${IFSCS[n % IFSCS.length]}","account":"${50_100_000_000_000 + ((n * 104_729) % 10_000_000)}","name":"Asha Devi"},"remarks":"invoice ${n}","reference":"INV-${prefix}${n}","channel":"internet"}`
    return `${head}Idempotency-Key: ${prefix}${n}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  }
}

/** Outward load on a running hub. @param perSecond  absent: each connection pays again as soon as it has its answer */
export const payOutward = (
  hub: BenchHub,
  accounts: readonly BenchAccount[],
  connections: number,
  durationMs: number,
  perSecond?: number,
) =>
  runLoad({
    host: hub.host,
    port: hub.port,
    connections,
    durationMs,
    ...(perSecond === undefined ? {} : { perSecond }),
    request: paymentRequest(hub, accounts),
    status: 201,
    contains: '"status":"succeeded"',
  })

/** Samples the hub's memory while `work` runs. */
export async function peakMemory<T>(hub: BenchHub, work: () => Promise<T>): Promise<{ result: T; peakMb: number }> {
  let peakMb = 0
  const sampler = setInterval(() => {
    peakMb = Math.max(peakMb, hub.memoryMb())
  }, 250)
  try {
    return { result: await work(), peakMb }
  } finally {
    clearInterval(sampler)
  }
}

/** After a run: all that was accepted is final, has its event, and the books balance. */
export async function proveAfter(db: Db): Promise<void> {
  const [wrong] = await db<{ balance: bigint; open: bigint; eventless: bigint }[]>`
    select (select coalesce(sum(balance), 0)::bigint from account) as balance,
           (select count(*) from hold) as open,
           (select count(*) from (select payment_id, version from payment order by payment_id desc limit 20000) p
             where not exists (select from event e where e.payment_id = p.payment_id and e.sequence = p.version)) as eventless`
  if (wrong === undefined || wrong.balance !== 0n || wrong.open !== 0n || wrong.eventless !== 0n) {
    throw new Error(
      `after the run: ${JSON.stringify(wrong, (_, value) => (typeof value === 'bigint' ? Number(value) : value))}`,
    )
  }
}

/** Inward load: the simulated switch sends originals over the beneficiary link and times the answers. */
export async function receiveInward(
  hub: BenchHub,
  accounts: readonly BenchAccount[],
  count: number,
): Promise<{ perSecond: number; p50: number; p99: number; failed: number }> {
  const response = await fetch(`${hub.simulator}/inward/load`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      count,
      concurrency: 256,
      to: accounts.slice(0, 1000).map((one) => ({ kind: 'account', ifsc: one.ifsc, account: one.accountNumber })),
    }),
  })
  if (!response.ok) throw new Error(`inward load: ${response.status} ${await response.text()}`)
  return (await response.json()) as { perSecond: number; p50: number; p99: number; failed: number }
}

/** Inward name enquiries at fixed times: the simulated switch asks and times the answers, which it does not wait for to ask on. */
export async function askNames(
  hub: BenchHub,
  accounts: readonly BenchAccount[],
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<{ sent: number; perSecond: number; p50: number; p99: number; max: number; failed: number }> {
  const response = await fetch(`${hub.simulator}/enquiry/load`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      count: perSecond * seconds,
      perSecond,
      concurrency: 10_000,
      to: accounts.slice(0, 1000).map((one) => ({ kind: 'account', ifsc: one.ifsc, account: one.accountNumber })),
    }),
  })
  if (!response.ok) throw new Error(`enquiry load: ${response.status} ${await response.text()}`)
  return (await response.json()) as Awaited<ReturnType<typeof askNames>>
}

/**
 * The yardstick: the plain ledger that everybody writes first. One transaction per transfer: lock the account, check, debit,
 * credit, two entries, the payment row, the event; then a second transaction for the answer. Same database, same fsync.
 */
export async function plainLedger(db: Db, connections: number, durationMs: number): Promise<number> {
  await db.unsafe(`
    create schema if not exists plain;
    create table if not exists plain.account (id int primary key, balance bigint not null check (balance >= 0)) with (fillfactor = 50);
    create table if not exists plain.transfer (id bigint generated always as identity primary key, key text unique not null,
      account int not null, amount bigint not null, state text not null, rrn text unique not null);
    create table if not exists plain.entry (id bigint generated always as identity primary key, transfer bigint not null, account int not null, amount bigint not null);
    create table if not exists plain.event (id bigint generated always as identity primary key, transfer bigint not null, state text not null);
    insert into plain.account select n, 100000000000 from generate_series(1, 2000) n on conflict do nothing`)
  let done = 0
  const until = performance.now() + durationMs
  const started = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async (_, worker) => {
      for (let n = 0; performance.now() < until; n += 1) {
        const account = 1 + ((worker * 131 + n * 17) % 2000)
        const key = `${started}-${worker}-${n}`
        const id = await db.begin(async (tx) => {
          const [row] = await tx`select balance from plain.account where id = ${account} for update`
          if (row === undefined) throw new Error('no account')
          await tx`update plain.account set balance = balance - 100 where id = ${account}`
          const [made] = await tx<{ id: bigint }[]>`
            insert into plain.transfer (key, account, amount, state, rrn) values (${key}, ${account}, 100, 'sent', ${key}) returning id`
          await tx`insert into plain.entry (transfer, account, amount) values (${made?.id ?? 0n}, ${account}, -100), (${made?.id ?? 0n}, 0, 100)`
          await tx`insert into plain.event (transfer, state) values (${made?.id ?? 0n}, 'sent')`
          return made?.id ?? 0n
        })
        await db.begin(async (tx) => {
          await tx`update plain.transfer set state = 'succeeded' where id = ${id}`
          await tx`insert into plain.event (transfer, state) values (${id}, 'succeeded')`
        })
        done += 1
      }
    }),
  )
  return done / ((performance.now() - started) / 1000)
}

/** The institutions that the sandbox's accounts can belong to, as the hub names them. */
export async function institutionsOf(hub: BenchHub): Promise<string[]> {
  const list = await api<{ data: { code: string; institution?: boolean }[] }>(hub, 'GET', '/v1/banks?limit=100')
  return list.data.map((bank) => bank.code)
}

export const outwardFigures = (
  name: string,
  load: Awaited<ReturnType<typeof runLoad>>,
  gates: { readonly perSecond?: number; readonly p99?: number },
): Figure[] => [
  {
    what: `${name}: payments/s`,
    value: load.perSecond,
    unit: '/s',
    ...(gates.perSecond === undefined ? {} : { gate: { kind: 'atLeast', value: gates.perSecond } }),
    note: `${load.done} payments, p50 ${load.p50.toFixed(1)} ms, max ${load.max.toFixed(0)} ms`,
  },
  {
    what: `${name}: p99`,
    value: load.p99,
    unit: 'ms',
    ...(gates.p99 === undefined ? {} : { gate: { kind: 'atMost', value: gates.p99 } }),
  },
  {
    what: `${name}: errors`,
    value: load.errors,
    unit: '',
    gate: { kind: 'atMost', value: 0 },
    ...(load.firstError === undefined ? {} : { note: load.firstError.slice(0, 120) }),
  },
]
