import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { defaultProfile } from '../src/imps/profile.ts'
import { BEFORE_XML, compareGuarded, compareOutward } from './against.ts'
import { askNames, outwardFigures, payOutward, peakMemory, plainLedger, proveAfter, receiveInward } from './payments.ts'
import { circumstances, type Figure, passes, table } from './support/figures.ts'
import { api, type BenchAccount, type BenchHub, openAccounts, startHub } from './support/hub.ts'
import { type BenchPostgres, startPostgres } from './support/postgres.ts'
import { seedPayments } from './support/seed.ts'

const HELP = `npm run bench -- [parts] [options]

Measures the hub, the simulator, PostgreSQL (fsync on) and this load generator together on this machine.

  parts             "npm run bench -- pages" is the same as --only pages
  --only a,b        of: start, outward, single, one-account, inward, plain, codec, stored, history, explain,
                    xml, enquiries, rails, guarded, signatures, macs, authentication, webhooks, told, traces, reconciliation, during-runs,
                    during-intake, pages, console
                    (default: all)
  --seconds N       length of the main load, in seconds (default 60); the others follow
  --stored N        payments already stored for "stored", "history", "explain" and "console" (default 5000000)
  --connections N   HTTP connections of the main load (default 256; "xml" has always 128)
  --against REF     the commit that "rails" compares with (default ${BEFORE_XML}, the last one without the XML wire)
  --write           write docs/benchmarks.md
  --help

Exits with 1 when a gate is not passed.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    stored: { type: 'string', default: '5000000' },
    connections: { type: 'string', default: '256' },
    against: { type: 'string', default: BEFORE_XML },
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

/** On one sandbox that speaks ISO 8583, one part after the other. */
const isoParts: Readonly<Record<string, Part>> = {
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
  async 'during-runs'({ postgres, hub, accounts, connections, seconds }) {
    const { benchPaymentsDuringRuns } = await import('./reconciliation.ts')
    return benchPaymentsDuringRuns(hub, postgres, accounts, { connections, seconds: Math.max(20, seconds / 2) })
  },
  async told({ hub, accounts, connections, seconds }) {
    const { benchPaymentsWithWebhooks } = await import('./webhooks.ts')
    const pair = Math.max(5, Math.round(seconds / 6))
    return benchPaymentsWithWebhooks(hub, accounts, { connections, seconds: pair, pairs: 3 })
  },
  async 'during-intake'({ hub, accounts, connections, seconds }) {
    const { benchPaymentsDuringIntake } = await import('./intake.ts')
    return benchPaymentsDuringIntake(hub, accounts, { connections, seconds: Math.max(20, seconds / 2) })
  },
  async authentication({ hub, accounts, connections, seconds }) {
    const { benchAuthentication } = await import('./authentication.ts')
    return benchAuthentication(hub, accounts, { connections, seconds })
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
  async explain(context) {
    await seed(context.postgres, context.stored)
    const { benchExplain } = await import('./explain.ts')
    return benchExplain(context.hub, context.postgres, context.stored)
  },
  async history(context) {
    await seed(context.postgres, context.stored)
    const { benchHistory } = await import('./history.ts')
    return benchHistory(context.hub, context.postgres)
  },
  async console(context) {
    await seed(context.postgres, context.stored)
    const { benchConsole } = await import('./console.ts')
    return benchConsole(context.hub, context.postgres, context.stored)
  },
}

/** In a closed loop latency is connections over throughput: 128 leave 400 payments/s a mean of 320 ms. */
const XML_CONNECTIONS = 128
const ENQUIRIES_PER_SECOND = 200

/** On a sandbox of its own that speaks NPCI's XML, with signatures on both sides. */
const xmlParts: Readonly<Record<string, Part>> = {
  async xml({ postgres, hub, accounts, seconds }) {
    await payOutward(hub, accounts, XML_CONNECTIONS, 5_000)
    const cpuBefore = hub.cpuSeconds()
    const { result, peakMb } = await peakMemory(hub, () => payOutward(hub, accounts, XML_CONNECTIONS, seconds * 1000))
    await proveAfter(postgres.db)
    return [
      ...outwardFigures(`outward over XML, ${XML_CONNECTIONS} connections, 40 institutions, ${seconds} s`, result, {
        perSecond: 400,
        p99: 500,
      }),
      { what: 'XML: hub memory under that load (resident, peak)', value: peakMb, unit: 'MB' },
      {
        what: 'XML: hub CPU for one payment',
        value: ((hub.cpuSeconds() - cpuBefore) / result.done) * 1e6,
        unit: 'µs',
      },
    ]
  },
  async enquiries({ hub, accounts, seconds }) {
    await askNames(hub, accounts, { perSecond: ENQUIRIES_PER_SECOND, seconds: 5 })
    const load = await askNames(hub, accounts, {
      perSecond: ENQUIRIES_PER_SECOND,
      seconds: Math.max(10, Math.round(seconds / 2)),
    })
    return [
      {
        what: `inward name enquiries, ${ENQUIRIES_PER_SECOND}/s whatever the answers do: p99`,
        value: load.p99,
        unit: 'ms',
        gate: { kind: 'atMost', value: 50 },
        note: `${load.sent} ReqValAdd, ${load.perSecond.toFixed(0)} /s, p50 ${load.p50.toFixed(1)} ms, max ${load.max.toFixed(0)} ms`,
      },
      {
        what: 'name enquiries: not answered with a name',
        value: load.failed,
        unit: '',
        gate: { kind: 'atMost', value: 0 },
      },
    ]
  },
}

/** By themselves, or with hubs of their own. */
const otherParts: Readonly<Record<string, () => Promise<Figure[]>>> = {
  start: startTimes,
  rails: () => compareOutward(values.against, Number(values.connections), Number(values.seconds)),
  guarded: () => compareGuarded(Number(values.connections), Number(values.seconds)),
  async traces() {
    const { benchTraces } = await import('./traces.ts')
    return benchTraces(Number(values.connections), Number(values.seconds))
  },
  async webhooks() {
    const { benchDelivery } = await import('./webhooks.ts')
    return benchDelivery()
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
  async reconciliation() {
    const { benchReconciliation } = await import('./reconciliation.ts')
    return benchReconciliation()
  },
  async macs() {
    const { benchMacs } = await import('./macs.ts')
    return benchMacs()
  },
  async pages() {
    const { benchPages } = await import('./pages.ts')
    return benchPages()
  },
  async signatures() {
    const { benchXml } = await import('./xml.ts')
    return benchXml()
  },
}

async function seed(postgres: BenchPostgres, stored: number): Promise<void> {
  await seedPayments(postgres.db, postgres.keyFile, stored, (done) =>
    process.stderr.write(`\rstored ${done.toLocaleString('en-IN')}  `),
  )
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

const ALL = [
  'start',
  'outward',
  'single',
  'one-account',
  'inward',
  'authentication',
  'told',
  'webhooks',
  'traces',
  'plain',
  'stored',
  'history',
  'explain',
  'console',
  'during-runs',
  'during-intake',
  'reconciliation',
  'xml',
  'enquiries',
  'rails',
  'guarded',
  'codec',
  'signatures',
  'macs',
  'pages',
]

/** The sandbox that the parts of one wire share, with a PostgreSQL of its own; at most one is open, so that each part has the machine. */
function createStage() {
  let open: { readonly rail: string; readonly context: Context } | undefined
  const leave = async (): Promise<void> => {
    const before = open
    open = undefined
    await before?.context.hub.stop()
    await before?.context.postgres.stop()
  }
  return {
    leave,
    async enter(rail: 'iso8583' | 'xml'): Promise<Context> {
      if (open?.rail === rail) return open.context
      await leave()
      const postgres = await startPostgres()
      try {
        const hub = await startHub({
          DATABASE_URL: postgres.url,
          TURANT_KEY_FILE: postgres.keyFile,
          TURANT_RAIL: rail,
          TURANT_MESSAGES_PER_DAY: '1000000',
        })
        const context: Context = {
          postgres,
          hub,
          accounts: await openAccounts(
            hub,
            4000,
            defaultProfile.institutions.map((one) => one.code),
          ),
          seconds: Number(values.seconds),
          connections: Number(values.connections),
          stored: Number(values.stored),
          spread: 0,
        }
        open = { rail, context }
        return context
      } catch (error) {
        await postgres.stop()
        throw error
      }
    },
  }
}

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(`${HELP}\n`)
    return 0
  }
  const named = [...positionals, ...(values.only?.split(',') ?? [])]
  const wanted = named.length === 0 ? ALL : named
  const unknown = wanted.filter((name) => !ALL.includes(name))
  if (unknown.length > 0) {
    process.stderr.write(`there is no ${unknown.join(', ')}; see --help\n`)
    return 2
  }
  const figures: Figure[] = []
  const add = (more: readonly Figure[]) => {
    figures.push(...more)
    process.stderr.write(`${table(more).split('\n').slice(2).join('\n')}\n`)
  }
  const stage = createStage()
  try {
    for (const name of wanted) {
      const onIso = isoParts[name]
      const onXml = xmlParts[name]
      if (onIso !== undefined) add(await onIso(await stage.enter('iso8583')))
      else if (onXml !== undefined) add(await onXml(await stage.enter('xml')))
      else {
        await stage.leave()
        add((await otherParts[name]?.()) ?? [])
      }
    }
  } finally {
    await stage.leave()
  }

  const text = `${circumstances()}\n\n${table(figures)}\n`
  process.stdout.write(`\n${text}`)
  if (values.write) writeFileSync(new URL('../docs/benchmarks.md', import.meta.url), document(text))
  return figures.every(passes) ? 0 : 1
}

const document = (text: string): string => `# Benchmarks

Printed by \`npm run bench -- --write\`. Load generator, hub, simulator and PostgreSQL (fsync and synchronous_commit on) share the
machine. An outward payment is a whole one: HTTP request, idempotency key, limits, hold, 0200 over TCP, the simulated bank's 0210,
final state, balanced entries, events, HTTP answer. Over XML it is four documents over HTTPS with mutual TLS, two signed and two
Acks: ReqPay and its Ack, RespPay and its Ack; hub and simulator each sign one and verify one. A closed loop waits as long as it has
connections over throughput, hence fewer there. Name enquiries leave at fixed times and are timed by who asks, from posting ReqValAdd
to RespValAdd.

${text}
The ratios compare loads of the same run; absolute figures belong to the machine named above.
`

process.exitCode = await main()
