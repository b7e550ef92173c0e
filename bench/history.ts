import { createSeededRandom, fraction } from '../src/base/random.ts'
import type { Vault } from '../src/base/vault.ts'
import type { Db } from '../src/db/pool.ts'
import { type PaymentRow, paymentsOf } from '../src/payment/store.ts'
import type { StoredPayment } from '../src/payment/stored.ts'
import { openFileStore } from '../src/secrecy/file-store.ts'
import { keyTable } from '../src/secrecy/key-table.ts'
import { openVault } from '../src/secrecy/vault.ts'
import type { Figure } from './support/figures.ts'
import { api, type BenchHub } from './support/hub.ts'
import type { BenchPostgres } from './support/postgres.ts'

/** What `GET /v1/payments` may take for any filter, 95 of 100 times, milliseconds. */
const GATE_MS = 30
/** Requests per filter: every second one for a page deep inside the history. */
const RUNS = 60
const WARM_UP = 6

/** A stored payment, by what one may know of it. */
export type Sample = {
  readonly id: string
  readonly account: string
  readonly rrn: string
  readonly reference: string | null
  readonly beneficiaryAccount: string | null
  readonly remitterAccount: string | null
  readonly ifsc: string | null
  readonly mobile: string | null
  readonly amount: string
  readonly at: number
}

type Query = Readonly<Record<string, string>>

const day = 86_400_000
const instant = (epochMs: number): string => new Date(epochMs).toISOString()
const plus = (amount: string, paise: number): string => String(BigInt(amount) + BigInt(paise))

/** What is asked, each time about another stored payment. */
const cases: Readonly<Record<string, (sample: Sample) => Query>> = {
  'no filter': () => ({}),
  'status=processing': () => ({ status: 'processing' }),
  'status=succeeded': () => ({ status: 'succeeded' }),
  'status=failed': () => ({ status: 'failed' }),
  'status=deemed': () => ({ status: 'deemed' }),
  'status=returned (none)': () => ({ status: 'returned' }),
  'direction=outward': () => ({ direction: 'outward' }),
  'direction=inward': () => ({ direction: 'inward' }),
  rrn: ({ rrn }) => ({ rrn }),
  reference: ({ reference }) => ({ reference: reference ?? 'nobody' }),
  'account, its id': ({ account }) => ({ account: `acc_${account}` }),
  "account, the beneficiary's number": ({ beneficiaryAccount }) => ({ account: beneficiaryAccount ?? '1' }),
  "account, the remitter's number": ({ remitterAccount }) => ({ account: remitterAccount ?? '1' }),
  ifsc: ({ ifsc }) => ({ ifsc: ifsc ?? 'HDFC0000123' }),
  mobile: ({ mobile }) => ({ mobile: mobile ?? '9876543210' }),
  'minAmount (most)': () => ({ minAmount: '30000' }),
  'minAmount (none)': () => ({ minAmount: '99000000' }),
  'maxAmount (few)': () => ({ maxAmount: '20500' }),
  'minAmount=maxAmount': ({ amount }) => ({ minAmount: amount, maxAmount: amount }),
  'minAmount, maxAmount (a narrow range)': ({ amount }) => ({ minAmount: amount, maxAmount: plus(amount, 2_000) }),
  'minAmount, maxAmount (a wide range)': ({ amount }) => ({ minAmount: amount, maxAmount: plus(amount, 200_000) }),
  'from, to (a day)': ({ at }) => ({ from: instant(at), to: instant(at + day) }),
  'to (long ago)': ({ at }) => ({ to: instant(at) }),
  'q, an RRN': ({ rrn }) => ({ q: rrn }),
  'q, an amount': ({ amount }) => ({ q: `${amount.slice(0, -2)}.${amount.slice(-2)}` }),
  'q, a name': () => ({ q: 'asha' }),
  'q, a name that nobody has': () => ({ q: 'nobody at all' }),
  'account and status=failed': ({ account }) => ({ account: `acc_${account}`, status: 'failed' }),
  'ifsc, direction and minAmount': ({ ifsc, amount }) => ({
    ifsc: ifsc ?? 'HDFC0000123',
    direction: 'outward',
    minAmount: amount,
  }),
  'status=failed in a day': ({ at }) => ({ status: 'failed', from: instant(at), to: instant(at + day) }),
  'account (a number) and reference': ({ remitterAccount, reference }) => ({
    account: remitterAccount ?? '1',
    reference: reference ?? 'nobody',
  }),
}

const sampleOf = ({
  id,
  accountId,
  rrn,
  reference,
  beneficiary,
  remitter,
  direction,
  amountPaise,
  createdAt,
}: StoredPayment): Sample => ({
  id: id.slice(4),
  account: accountId?.slice(4) ?? '',
  rrn: rrn ?? '',
  reference,
  beneficiaryAccount: beneficiary.kind === 'account' ? beneficiary.account : null,
  remitterAccount: remitter.account ?? null,
  ifsc: direction === 'outward' && beneficiary.kind === 'account' ? beneficiary.ifsc : null,
  mobile: beneficiary.kind === 'mmid' ? beneficiary.mobile : null,
  amount: String(amountPaise),
  at: createdAt,
})

/** Stored payments at random. */
export async function samplesOf(db: Db, vault: Vault, count: number): Promise<Sample[]> {
  const rows = await db<PaymentRow[]>`
    select * from payment tablesample system (0.5) where rrn is not null order by random() limit ${count}`
  return (await paymentsOf(vault, rows)).map(sampleOf)
}

/** `GET /v1/payments`, pages of 100, over HTTP, one client: p95 of every filter over what is stored. */
export async function benchHistory(hub: BenchHub, { db, keyFile }: BenchPostgres): Promise<Figure[]> {
  const vault = await openVault({ keys: openFileStore(keyFile, undefined), table: keyTable(db) })
  const samples = await samplesOf(db, vault, 200)
  const random = createSeededRandom(7)
  const figures: Figure[] = []
  for (const [name, make] of Object.entries(cases)) {
    const times: number[] = []
    for (let run = -WARM_UP; run < RUNS; run += 1) {
      const sample = samples[Math.floor(fraction(random) * samples.length)]
      if (sample === undefined) throw new Error('no payments are stored')
      const query = new URLSearchParams({ limit: '100', ...make(sample) })
      if (run % 2 !== 0) query.set('cursor', Buffer.from(sample.id, 'hex').toString('base64url'))
      const startedAt = performance.now()
      await api(hub, 'GET', `/v1/payments?${query}`)
      if (run >= 0) times.push(performance.now() - startedAt)
    }
    times.sort((a, b) => a - b)
    const p95 = times[Math.ceil(times.length * 0.95) - 1] ?? Number.POSITIVE_INFINITY
    figures.push({ what: `history: ${name}, p95`, value: p95, unit: 'ms', gate: { kind: 'atMost', value: GATE_MS } })
  }
  return figures
}
