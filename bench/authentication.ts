import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { payOutward } from './payments.ts'
import { benchFlush } from './support/disk.ts'
import type { Figure } from './support/figures.ts'
import { api, type BenchAccount, type BenchHub } from './support/hub.ts'
import { callPaced } from './support/paced-calls.ts'

const MPIN = '395174'
/** As many authentications in a second; each makes one argon2id hash, some 40 ms of a core. */
const PER_SECOND = 5
/** Messages that one number may have in ten minutes. */
const PER_CUSTOMER = 4

type Ready = { readonly path: string; readonly sms: string }
/** Milliseconds: all but the hash, and the parts of it that the hub tells. */
type Timed = { readonly ms: number; readonly claim: number; readonly mpin: number; readonly door: number }

/** Customers with MPIN and SMS, as an institution makes them. */
async function makeCustomers(
  hub: BenchHub,
  count: number,
  run: number,
): Promise<{ mobile: string; account: string }[]> {
  const made = []
  for (let n = 0; n < count; n += 1) {
    const mobile = `9${String(run).padStart(2, '0')}${String(n * 10_000 + n).padStart(7, '0')}`
    const customer = await api<{ id: string }>(hub, 'POST', '/v1/customers', { name: 'Asha Devi', mobile })
    const factors = `/v1/customers/${customer.id}/factors`
    await api(hub, 'POST', factors, { kind: 'mpin', mpin: MPIN })
    const sms = await api<{ id: string }>(hub, 'POST', factors, { kind: 'sms' })
    await api(hub, 'POST', `${factors}/${sms.id}/prove`, { code: await codeOf(hub, mobile) })
    const body = { name: 'Asha Devi', customer: customer.id, openingBalance: '900000000' }
    made.push({ mobile, account: (await api<{ id: string }>(hub, 'POST', '/v1/accounts', body)).id })
  }
  return made
}

async function codeOf(hub: BenchHub, mobile: string): Promise<string> {
  const { data } = await api<{ data: { text: string }[] }>(hub, 'GET', `/sandbox/messages?limit=1&mobile=${mobile}`)
  return /[0-9]{6}/.exec(data[0]?.text ?? '')?.[0] ?? ''
}

/** Payments that wait, each with the code that its customer got: all that is left is to give the two factors. */
async function makeWaiting(
  hub: BenchHub,
  customers: readonly { mobile: string; account: string }[],
  count: number,
  run: number,
): Promise<Ready[]> {
  const ready: Ready[] = []
  for (let n = 0; n < count; n += 1) {
    const one = customers[n % customers.length]
    if (one === undefined) break
    const to = { kind: 'account', ifsc: 'HDFC0000123', account: String(50_100_000_000_000 + n), name: 'Asha Devi' }
    const body = { amount: '20001', from: one.account, to }
    const paid = await api<{ id: string }>(hub, 'POST', '/v1/payments', body, {
      'idempotency-key': `factors-${process.pid}-${run}-${n}`,
    })
    const path = `/v1/payments/${paid.id}/authenticate`
    await api(hub, 'POST', path, { send: 'sms' })
    ready.push({ path, sms: await codeOf(hub, one.mobile) })
  }
  return ready
}

/** Gives the factors at fixed times, whatever the answers do. */
async function authenticateAll(hub: BenchHub, ready: readonly Ready[]): Promise<Timed[]> {
  const calls = ready.map(({ path, sms }) => ({ path, body: JSON.stringify({ mpin: MPIN, sms }) }))
  const { host, port, apiKey } = hub
  const answers = await callPaced({ host, port, apiKey, perSecond: PER_SECOND, calls })
  return answers.map(({ status, ms, timing, text }) => {
    if (status !== 200) throw new Error(`authenticate: ${status} ${text}`)
    const part = (name: string) => Number(new RegExp(`${name};dur=([0-9.]+)`).exec(timing)?.[1] ?? 0)
    const mpin = part('mpin')
    return { ms: ms - mpin, claim: part('claim'), mpin, door: part('door') }
  })
}

const spread = (timed: readonly Timed[], of: (one: Timed) => number) => {
  const sorted = timed.map(of).sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p99: at(0.99), text: `${at(0.5).toFixed(1)} / ${at(0.9).toFixed(1)} / ${at(0.99).toFixed(1)} ms` }
}

type Beside = {
  readonly what: string
  readonly gate?: number
  readonly load?: (durationMs: number) => ReturnType<typeof payOutward>
}

/** The rate that issue 4 asks of the hub with everything on. */
const FULL_PER_SECOND = 4_000
/** What a machine is run at that cannot do more than that: nearly all it can do. */
const FULL_SHARE = 0.9
/** Parts of the full load, so that it is seen where the figure ends. */
const PARTS = [0.25, 0.5]
/** Before it counts: whose statements are prepared on the connections that it is about. */
const WARMING = 20

/**
 * The customers of one tenant prove their payments: alone, then beside the readings of a full load of another tenant's (docs/adr/0049). What
 * the MPIN's hash costs is told apart.
 */
export async function benchAuthentication(
  hub: BenchHub,
  accounts: readonly BenchAccount[],
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<Figure[]> {
  await payOutward(hub, accounts, connections, 5_000)
  const most = await payOutward(hub, accounts, connections, Math.max(5, seconds / 4) * 1000)
  const rate = Math.min(FULL_PER_SECOND, most.perSecond * FULL_SHARE)
  const bank = { ...hub, apiKey: readFileSync(join(hub.dataDir, 'customers-key'), 'utf8').trim() }
  const length = Math.min(40, Math.max(20, seconds))
  const count = length * PER_SECOND
  const paced = (share: number): Beside => {
    const perSecond = Math.round(rate * share)
    return {
      what: `beside ${perSecond} payments/s at fixed times`,
      load: (durationMs) => payOutward(hub, accounts, connections * 4, durationMs, perSecond),
    }
  }
  const ways: readonly Beside[] = [
    { what: 'alone' },
    ...PARTS.map(paced),
    { ...paced(1), gate: 10 },
    {
      what: `beside ${connections} connections that each pay as fast as they can`,
      load: (durationMs) => payOutward(hub, accounts, connections, durationMs),
    },
  ]
  const figures: Figure[] = [benchFlush(hub.dataDir)]
  for (const [run, { what, gate, load }] of ways.entries()) {
    const customers = await makeCustomers(bank, Math.ceil((WARMING + count) / PER_CUSTOMER), run)
    const ready = await makeWaiting(bank, customers, WARMING + count, run)
    await authenticateAll(bank, ready.slice(0, WARMING))
    const under = load?.((length + 4) * 1000)
    if (under !== undefined) await wait(3_000)
    const timed = await authenticateAll(bank, ready.slice(WARMING))
    const loaded = await under
    const whole = spread(timed, (one) => one.ms)
    const parts = [
      `try ${spread(timed, (one) => one.claim).text}`,
      `door 2 ${spread(timed, (one) => one.door).text}`,
      `the rest ${spread(timed, (one) => one.ms - one.claim - one.door).text}`,
      `the hash ${spread(timed, (one) => one.mpin).text}`,
    ]
    const beside =
      loaded &&
      `${loaded.perSecond.toFixed(0)} payments/s, their p50 ${loaded.p50.toFixed(0)} ms, p99 ${loaded.p99.toFixed(0)} ms, ${loaded.errors} errors`
    figures.push({
      what: `one authentication ${what}, the MPIN's hash aside: p99`,
      value: whole.p99,
      unit: 'ms',
      ...(gate === undefined ? {} : { gate: { kind: 'atMost' as const, value: gate } }),
      note: [`${timed.length} at ${PER_SECOND}/s, p50 / p90 / p99: ${whole.text}`, ...parts, beside ?? []]
        .flat()
        .join('; '),
    })
  }
  return figures
}
