import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { defaultProfile } from '../src/imps/profile.ts'
import { outwardFigures, payOutward, peakMemory, plainLedger, proveAfter, receiveInward } from './payments.ts'
import { circumstances, type Figure, passes, table } from './support/figures.ts'
import { api, type BenchAccount, type BenchHub, openAccounts, startHub } from './support/hub.ts'
import { type BenchPostgres, startPostgres } from './support/postgres.ts'
import { seedPayments } from './support/seed.ts'

const HELP = `npm run bench -- [options]

Measures the hub, the simulator, PostgreSQL (fsync on) and this load generator together on this machine.

  --only a,b        of: start, outward, single, one-account, inward, plain, codec, stored, history   (default: all)
  --seconds N       length of the main load, in seconds (default 60); the others follow
  --stored N        payments already stored for "stored" and "history" (default 5000000)
  --connections N   HTTP connections of the main load (default 256)
  --write           write docs/benchmarks.md
  --help

Exits with 1 when a gate is not passed.`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    stored: { type: 'string', default: '5000000' },
    connections: { type: 'string', default: '256' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

type Context = {
  readonly postgres: BenchPostgres
  readonly hub: BenchHub
  readonly accounts: readonly BenchAccount[]
  readonly seconds: number
  readonly connections: number
  readonly stored: number
  /** Payments/s of the main load, for the ratios. */
  spread: number
}

type Part = (context: Context) => Promise<Figure[]>

const parts: Readonly<Record<string, Part>> = {
  async outward(context) {
    const { hub, accounts, connections, seconds } = context
    await payOutward(hub, accounts, connections, 5_000)
    const cpuBefore = hub.cpuSeconds()
    const { result, peakMb } = await peakMemory(hub, () => payOutward(hub, accounts, connections, seconds * 1000))
    context.spread = result.perSecond
    await proveAfter(context.postgres.db)
    return [
      ...outwardFigures(`outward, end to end, ${connections} connections, 40 institutions, ${seconds} s`, result, {
        perSecond: 5000,
        p99: 150,
      }),
      {
        what: 'hub memory under full load (resident, peak)',
        value: peakMb,
        unit: 'MB',
        gate: { kind: 'atMost', value: 400 },
      },
      { what: 'hub CPU for one payment', value: ((hub.cpuSeconds() - cpuBefore) / result.done) * 1e6, unit: 'µs' },
    ]
  },
  async plain({ postgres, connections, seconds, hub, accounts }) {
    const { createPool } = await import('../src/db/pool.ts')
    const db = createPool(postgres.url, { connections: 16, name: 'turant bench plain' })
    const length = Math.max(5, seconds / 4) * 1000
    await plainLedger(db, 16, 2_000)
    const plain = await plainLedger(db, 16, length)
    await db.end()
    const load = await payOutward(hub, accounts, connections, length)
    return [
      { what: 'plain ledger, one transaction per transfer, 16 connections', value: plain, unit: '/s' },
      {
        what: 'outward over the plain ledger, same database, same run',
        value: load.perSecond / plain,
        unit: '×',
        gate: { kind: 'atLeast', value: 2 },
      },
    ]
  },
  async single({ hub, accounts, seconds }) {
    const load = await payOutward(hub, accounts, 1, Math.max(5, seconds / 4) * 1000)
    return [
      { what: 'one connection: p50', value: load.p50, unit: 'ms', gate: { kind: 'atMost', value: 5 } },
      {
        what: 'one connection: p99',
        value: load.p99,
        unit: 'ms',
        note: `${load.done} payments, ${load.errors} errors`,
      },
    ]
  },
  async 'one-account'(context) {
    const { hub, accounts, connections, seconds } = context
    const length = Math.max(5, seconds / 2) * 1000
    const spread = await payOutward(hub, accounts, connections, length)
    const one = await payOutward(hub, accounts.slice(0, 1), connections, length)
    return [
      ...outwardFigures('every payment from one remitter account', one, {}),
      {
        what: 'one account over spread, same run',
        value: one.perSecond / spread.perSecond,
        unit: '×',
        gate: { kind: 'atLeast', value: 0.7 },
      },
    ]
  },
  async inward({ hub, accounts, seconds }) {
    await receiveInward(hub, accounts, 10_000)
    const load = await receiveInward(hub, accounts, Math.round(5000 * seconds))
    return [
      {
        what: 'inward: 0200 in, credited, 0210 out',
        value: load.perSecond,
        unit: '/s',
        gate: { kind: 'atLeast', value: 5000 },
        note: `p50 ${load.p50.toFixed(1)} ms, p99 ${load.p99.toFixed(0)} ms`,
      },
      { what: 'inward: failures', value: load.failed, unit: '', gate: { kind: 'atMost', value: 0 } },
    ]
  },
  async codec() {
    const { benchCodec } = await import('./codec.ts')
    return benchCodec().map((row) => ({
      what: row.what,
      value: row.value,
      unit: row.unit,
      ...(row.gate === undefined ? {} : { gate: { kind: 'atMost' as const, value: row.gate } }),
    }))
  },
  async stored(context) {
    const { postgres, hub, accounts, connections, seconds, stored } = context
    const length = Math.max(5, seconds / 2) * 1000
    const empty = context.spread > 0 ? context.spread : (await payOutward(hub, accounts, connections, length)).perSecond
    await seed(postgres, stored)
    await payOutward(hub, accounts, connections, 5_000)
    const load = await payOutward(hub, accounts, connections, length)
    return [
      ...outwardFigures(`outward with ${stored.toLocaleString('en-IN')} payments stored`, load, {}),
      {
        what: 'the same over empty',
        value: load.perSecond / empty,
        unit: '×',
        gate: { kind: 'atLeast', value: 0.85 },
      },
    ]
  },
  async history(context) {
    await seed(context.postgres, context.stored)
    const { benchHistory } = await import('./history.ts')
    return benchHistory(context.hub, context.postgres.db)
  },
}

async function seed(postgres: BenchPostgres, stored: number): Promise<void> {
  await seedPayments(postgres.db, stored, (done) => process.stderr.write(`\rstored ${done.toLocaleString('en-IN')}  `))
  process.stderr.write('\n')
}

/** `npm start` to ready, with everything installed: a new data folder each time, its own PostgreSQL. */
async function startTimes(): Promise<Figure[]> {
  const times: number[] = []
  let first = 0
  for (let i = 0; i < 3; i += 1) {
    const hub = await startHub()
    times.push(hub.readyMs / 1000)
    const begun = performance.now()
    await api(
      hub,
      'POST',
      '/v1/payments',
      {
        amount: '150000',
        from: hub.accounts.remitter,
        to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' },
      },
      { 'idempotency-key': 'first', prefer: 'wait=10' },
    )
    first = (hub.readyMs + performance.now() - begun) / 1000
    await hub.stop()
  }
  times.sort((a, b) => a - b)
  return [
    {
      what: 'start to ready, installed, new data folder',
      value: times[1] ?? 0,
      unit: 's',
      gate: { kind: 'atMost', value: 10 },
    },
    { what: 'first payment after that start', value: first, unit: 's', gate: { kind: 'atMost', value: 60 } },
  ]
}

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(`${HELP}\n`)
    return 0
  }
  const wanted = values.only?.split(',') ?? [
    'start',
    'outward',
    'single',
    'one-account',
    'inward',
    'plain',
    'codec',
    'stored',
    'history',
  ]
  const unknown = wanted.filter((name) => name !== 'start' && !(name in parts))
  if (unknown.length > 0) {
    process.stderr.write(`--only: there is no ${unknown.join(', ')}; see --help\n`)
    return 2
  }
  const figures: Figure[] = []
  const add = (more: readonly Figure[]) => {
    figures.push(...more)
    process.stderr.write(`${table(more).split('\n').slice(2).join('\n')}\n`)
  }
  if (wanted.includes('start')) add(await startTimes())
  const rest = wanted.filter((name) => name !== 'start')
  if (rest.some((name) => name !== 'codec')) {
    const postgres = await startPostgres()
    const hub = await startHub({ DATABASE_URL: postgres.url })
    try {
      const institutions = defaultProfile.institutions.map((one) => one.code)
      const context: Context = {
        postgres,
        hub,
        accounts: await openAccounts(hub, 4000, institutions),
        seconds: Number(values.seconds),
        connections: Number(values.connections),
        stored: Number(values.stored),
        spread: 0,
      }
      for (const name of rest) add((await parts[name]?.(context)) ?? [])
    } finally {
      await hub.stop()
      await postgres.stop()
    }
  } else for (const name of rest) add((await parts[name]?.({} as Context)) ?? [])

  const text = `${circumstances()}\n\n${table(figures)}\n`
  process.stdout.write(`\n${text}`)
  if (values.write) writeFileSync(new URL('../docs/benchmarks.md', import.meta.url), document(text))
  return figures.every(passes) ? 0 : 1
}

const document = (text: string): string => `# Benchmarks

Printed by \`npm run bench -- --write\`. Load generator, hub, simulator and PostgreSQL (fsync and synchronous_commit on) share the
machine. An outward payment is a whole one: HTTP request, idempotency key, limits, hold, 0200 over TCP, the simulated bank's 0210,
final state, balanced entries, events, HTTP answer.

${text}
The ratios compare loads of the same run; absolute figures belong to the machine named above.
`

process.exitCode = await main()
