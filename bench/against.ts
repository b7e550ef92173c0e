import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureDatabase } from '../src/db/embedded.ts'
import { defaultProfile } from '../src/imps/profile.ts'
import { payOutward } from './payments.ts'
import type { Figure } from './support/figures.ts'
import { type BenchAccount, type BenchHub, openAccounts, startHub } from './support/hub.ts'
import { startPostgres } from './support/postgres.ts'

/** The last commit without the XML wire. */
export const BEFORE_XML = 'd67f51b'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PAIRS = 9
const WARM_UP_MS = 5_000

/**
 * ISO 8583 outward of this checkout over that of another commit, each with its own simulator, both on one PostgreSQL. The loads
 * take turns, and who begins changes with each pair, so that what else the machine does meets both alike.
 */
export async function compareOutward(ref: string, connections: number, seconds: number): Promise<Figure[]> {
  const other = checkOut(ref)
  const postgres = await startPostgres()
  const hubs: BenchHub[] = []
  try {
    const institutions = defaultProfile.institutions.map((one) => one.code)
    const side = async (root: string, database: string): Promise<{ hub: BenchHub; accounts: BenchAccount[] }> => {
      const hub = await startHub({ DATABASE_URL: await ensureDatabase(postgres.url, database) }, root)
      hubs.push(hub)
      return { hub, accounts: await openAccounts(hub, 4000, institutions) }
    }
    const before = await side(other, 'before')
    const now = await side(ROOT, 'now')
    const load = async ({ hub, accounts }: typeof now, ms: number): Promise<Load> => {
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
      figure('now', 'this commit'),
      {
        what: `this commit over ${ref}, same run`,
        value: ratioOf((load) => load.perSecond),
        unit: '×',
        gate: { kind: 'atLeast', value: 0.95 },
        note: `pair by pair: ${pairs.map((pair) => (pair.now.perSecond / pair.before.perSecond).toFixed(2)).join(', ')}`,
      },
    ]
  } finally {
    for (const hub of hubs) await hub.stop()
    await postgres.stop()
    rmSync(other, { recursive: true, force: true })
  }
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
