import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureDatabase } from '../src/db/embedded.ts'
import { defaultProfile } from '../src/imps/profile.ts'
import { outwardFigures, payOutward } from './payments.ts'
import type { Figure } from './support/figures.ts'
import { api, type BenchAccount, type BenchHub, openAccounts, startHub } from './support/hub.ts'
import { startPostgres } from './support/postgres.ts'

/** The last commit without the XML wire. */
export const BEFORE_XML = 'd67f51b'
/** The last commit without tenants, rights, policies, sealed data and an audit log. */
const BEFORE_GUARDS = '8dbc186'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PAIRS = 9
/** Accounts on each side: so many that no account comes near the velocity of `turnOn`, which is the highest there is. */
const ACCOUNTS = 8_000
/** A hub's hot paths are compiled by then: in its first ten seconds the compiler takes twice as much of a payment as later. */
const WARM_UP_MS = 15_000

type Side = { readonly hub: BenchHub; readonly accounts: readonly BenchAccount[] }

type Comparison = {
  readonly ref: string
  readonly connections: number
  readonly seconds: number
  /** What this checkout is, in the table. */
  readonly now: string
  /** The least that this checkout may be of the other commit. */
  readonly atLeast: number
  /** Turns on what is to be measured. */
  readonly prepare?: (hub: BenchHub) => Promise<BenchHub>
  /** Measured on this checkout after the pairs, with what was turned on. */
  readonly after?: (now: Side) => Promise<Figure[]>
}

/** ISO 8583 outward of this checkout, nothing turned on, over that of another commit. */
export const compareOutward = (ref: string, connections: number, seconds: number): Promise<Figure[]> =>
  compare({ ref, connections, seconds, now: 'this commit', atLeast: 0.95 })

/**
 * The main job with all that guards it turned on, over the commit that had none of it: a key of the database with rights of its own, an
 * approval rule, a policy with every sum, count and velocity, sealed data, the limiters, and the audit log that seals as it goes.
 */
export const compareGuarded = (connections: number, seconds: number): Promise<Figure[]> =>
  compare({
    ref: BEFORE_GUARDS,
    connections,
    seconds,
    now: 'this commit, everything on',
    atLeast: 0.7,
    prepare: turnOn,
    async after({ hub, accounts }) {
      const load = await payOutward(hub, accounts, connections, seconds * 1000)
      return outwardFigures(`outward with everything on, ${connections} connections, ${seconds} s`, load, {
        perSecond: 4000,
      })
    },
  })

async function turnOn(hub: BenchHub): Promise<BenchHub> {
  const once = (name: string) => ({ 'idempotency-key': `bench-${name}` })
  const { id } = await api<{ id: string }>(hub, 'POST', '/v1/clients', {
    name: 'bench',
    rights: ['payments:create', 'payments:read', 'details:read'],
  })
  const { key } = await api<{ key: string }>(hub, 'POST', `/v1/clients/${id}/keys`, {})
  const steps = [{ anyOf: [{ role: 'checker', count: 1 }] }]
  await api(hub, 'POST', '/v1/approval-rules', { subject: 'payment', overAmount: '49999999', steps })
  const much = '99999999999'
  await api(
    hub,
    'POST',
    '/v1/limits',
    {
      rules: {
        perPayment: '49999999',
        day: much,
        dayCount: 1_000_000,
        week: much,
        weekCount: 1_000_000,
        month: much,
        monthCount: 1_000_000,
        velocity: { count: 60, minutes: 1 },
        reviewOver: '49999998',
        lag: { over: '49999998', seconds: 3600 },
      },
    },
    once('limits'),
  )
  return { ...hub, apiKey: key }
}

/**
 * ISO 8583 outward of this checkout over that of another commit, each with its own simulator, both on one PostgreSQL. The loads
 * take turns, and who begins changes with each pair, so that what else the machine does meets both alike.
 */
async function compare({ ref, connections, seconds, ...what }: Comparison): Promise<Figure[]> {
  const other = checkOut(ref)
  const postgres = await startPostgres()
  const hubs: BenchHub[] = []
  try {
    const institutions = defaultProfile.institutions.map((one) => one.code)
    const side = async (root: string, database: string): Promise<Side> => {
      const url = await ensureDatabase(postgres.url, database)
      const hub = await startHub({ DATABASE_URL: root === ROOT ? url : overTcp(url) }, root)
      hubs.push(hub)
      return { hub, accounts: await openAccounts(hub, ACCOUNTS, institutions) }
    }
    const before = await side(other, 'before')
    const plain = await side(ROOT, 'now')
    const now = { ...plain, hub: (await what.prepare?.(plain.hub)) ?? plain.hub }
    const load = async ({ hub, accounts }: Side, ms: number): Promise<Load> => {
      const cpuBefore = hub.cpuSeconds()
      const { perSecond, done, errors, firstError } = await payOutward(hub, accounts, connections, ms)
      if (errors > 0) throw new Error(`${errors} errors: ${firstError}`)
      return { perSecond, cpuMicros: ((hub.cpuSeconds() - cpuBefore) / done) * 1e6 }
    }
    await load(before, WARM_UP_MS)
    await load(now, WARM_UP_MS)
    const lengthMs = Math.max(3, seconds / 10) * 1000
    const pairs: { before: Load; now: Load }[] = []
    while (pairs.length < PAIRS) {
      if (pairs.length % 2 === 0) pairs.push({ before: await load(before, lengthMs), now: await load(now, lengthMs) })
      else pairs.push({ now: await load(now, lengthMs), before: await load(before, lengthMs) })
    }
    const ratioOf = (of: (load: Load) => number) =>
      median(pairs.map((pair) => of(pair.now))) / median(pairs.map((pair) => of(pair.before)))
    const figure = (which: 'before' | 'now', commit: string): Figure => ({
      what: `outward over ISO 8583 at ${commit}, median of ${PAIRS}`,
      value: median(pairs.map((pair) => pair[which].perSecond)),
      unit: '/s',
      note: `hub CPU ${median(pairs.map((pair) => pair[which].cpuMicros)).toFixed(0)} µs a payment`,
    })
    return [
      figure('before', ref),
      figure('now', what.now),
      {
        what: `${what.now} over ${ref}, same run`,
        value: ratioOf((load) => load.perSecond),
        unit: '×',
        gate: { kind: 'atLeast', value: what.atLeast },
        note: `pair by pair: ${pairs.map((pair) => (pair.now.perSecond / pair.before.perSecond).toFixed(2)).join(', ')}`,
      },
      ...((await what.after?.(now)) ?? []),
    ]
  } finally {
    for (const hub of hubs) await hub.stop()
    await postgres.stop()
    rmSync(other, { recursive: true, force: true })
  }
}

/** Commits before decision 50 reach PostgreSQL by its port, and take no URL that names a socket's folder. */
function overTcp(url: string): string {
  const tcp = new URL(url)
  tcp.searchParams.delete('host')
  return tcp.href
}

type Load = { readonly perSecond: number; readonly cpuMicros: number }

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

/** The files of a commit in a folder of their own, with the packages of this checkout where those are the ones it asks for. */
function checkOut(ref: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'turant-bench-against-'))
  const tar = execFileSync('git', ['archive', '--format=tar', ref], { cwd: ROOT, maxBuffer: 2 ** 28 })
  execFileSync('tar', ['-x', '-C', folder], { input: tar })
  const wanted = dependenciesOf(folder)
  const here = dependenciesOf(ROOT)
  if (wanted.every(([name, version]) => here.some((one) => one[0] === name && one[1] === version))) {
    linkPackages(folder)
  } else execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  return folder
}

const dependenciesOf = (folder: string): [string, unknown][] =>
  Object.entries(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).dependencies)

/** Every package but the workspace's own, which belongs to the commit. */
function linkPackages(folder: string): void {
  mkdirSync(join(folder, 'node_modules', '@turant'), { recursive: true })
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@turant') symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name))
  }
  symlinkSync(join(folder, 'packages', 'iso8583'), join(folder, 'node_modules', '@turant', 'iso8583'))
}
