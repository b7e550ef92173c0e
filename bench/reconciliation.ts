import { createReadStream, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/base/clock.ts'
import { must } from '../src/base/identifiers.ts'
import { openSealedPieces, PIECE_BYTES, type SealedContent, writeSealedFile } from '../src/base/sealed-file.ts'
import { migrate } from '../src/db/migrate.ts'
import type { Db } from '../src/db/pool.ts'
import { inTransaction } from '../src/db/transaction.ts'
import { defaultCycles, findCycle } from '../src/imps/cycles.ts'
import { locate, readLine } from '../src/settlement/match/archive.ts'
import { findArchives, sealArchive } from '../src/settlement/match/archive-store.ts'
import { ruleVersion } from '../src/settlement/match/break-types.ts'
import { exportRun } from '../src/settlement/match/export-run.ts'
import { rollBackRun } from '../src/settlement/match/roll-back.ts'
import { createRunProcesses } from '../src/settlement/match/run-process.ts'
import { claimRun, findRun } from '../src/settlement/match/run-store.ts'
import { runJobOf } from '../test/support/run-job.ts'
import { keyOf, type ThreeBooks, writeThreeBooks } from '../test/support/three-books.ts'
import { testVault } from '../test/support/vault.ts'
import { payOutward } from './payments.ts'
import type { Figure } from './support/figures.ts'
import type { BenchAccount, BenchHub } from './support/hub.ts'
import { startPostgres } from './support/postgres.ts'

/** Of each kind of difference, in three million rows or in fifteen. */
const EACH = 50
const CYCLE = must(findCycle(defaultCycles, { settlementDate: '2026-11-27', number: '5' }), 'cycle')
const THREADS = 2
const MEMORY_MB = 2048

/** NPCI's files as they lie in the hub: sealed, opened on their way into the engine. */
type SealedBooks = ThreeBooks & { readonly sealed: readonly SealedContent[] }

type Ran = { readonly seconds: number; readonly runId: string; readonly rows: number }

/** Runs three books of files through the engine into a database, in a process of its own, as the hub does. */
function createBench(db: Db, url: string) {
  const folder = mkdtempSync(join(tmpdir(), 'turant-bench-match-'))
  const runs = createRunProcesses(url, sealArchive(testVault, systemClock.now))
  let made = 0
  return {
    async books(rows: number, seed: number): Promise<SealedBooks> {
      const own = join(folder, `books-${rows}-${seed}`)
      mkdirSync(own)
      const books = await writeThreeBooks(own, { rows, each: EACH, seed })
      const sealed: SealedContent[] = []
      for (const from of [books.rawRemitter, books.rawBeneficiary]) {
        const path = `${from}.sealed`
        const written = await writeSealedFile(path, createReadStream(from, { highWaterMark: PIECE_BYTES }), 1e11)
        if (written === 'too_large') throw new Error('too large')
        sealed.push({ path, key: written.key })
      }
      // They lie there before the run begins, and are not still on their way to the disk while it reads them.
      for (const name of readdirSync(own)) await syncFile(join(own, name))
      return { ...books, sealed }
    },
    folder,
    forget: (books: ThreeBooks): void => rmSync(join(books.core, '..'), { recursive: true, force: true }),
    async run(books: SealedBooks, institution: string): Promise<Ran> {
      made += 1
      const claimed = await claimRun(
        db,
        {
          id: `run_019b${String(made).padStart(28, '0')}`,
          tenantId: 1,
          institution,
          cycle: CYCLE,
          ruleVersion,
          startedBy: 'bench',
        },
        systemClock.now(),
      )
      const job = runJobOf(claimed.run, books, {
        archives: join(folder, 'archives'),
        limits: { threads: THREADS, memoryMb: MEMORY_MB, folder: join(folder, 'work'), unmatched: 200_000 },
      })
      const begun = performance.now()
      const raw = job.raw.map((one, index) => ({ ...one, content: books.sealed[index] ?? one.content }))
      await runs.execute({ ...job, raw })
      return {
        seconds: (performance.now() - begun) / 1000,
        runId: claimed.run.id,
        rows: books.rows.core + books.rows.hub + books.rows.raw,
      }
    },
    async stop(): Promise<void> {
      await runs.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Resident memory of this process and all it started, in MB, what is shared counted once: the most of it, sampled. */
async function peakOfTree<T>(work: () => Promise<T>): Promise<{ result: T; peakMb: number }> {
  let peakMb = 0
  const sampler = setInterval(() => {
    peakMb = Math.max(peakMb, treeMb(process.pid))
  }, 500)
  try {
    return { result: await work(), peakMb }
  } finally {
    clearInterval(sampler)
  }
}

function treeMb(root: number): number {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^[0-9]+$/.test(name)) continue
    const stat = read(`/proc/${name}/stat`)
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid === root || (pid !== undefined && pid > 1 && isOurs(parents.get(pid)))
  let kb = 0
  for (const pid of parents.keys())
    if (isOurs(pid)) kb += Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)
  return kb / 1024
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // it has ended
  }
}

/** How many breaks of each type were missed, or invented. */
async function wrongIn(db: Db, { runId }: Ran, books: ThreeBooks): Promise<{ missed: string[]; invented: string[] }> {
  const rows = await db<{ type: string; direction: string; rrn: string; nbin: string }[]>`
    select type, direction, coalesce(rrn, '') as rrn, coalesce(nbin, '') as nbin from break where run_id = ${runId.slice(4)}::uuid`
  const [found, expected] = [rows.map(keyOf), books.expected.map(keyOf)]
  const [inFound, inExpected] = [new Set(found), new Set(expected)]
  return { missed: expected.filter((one) => !inFound.has(one)), invented: found.filter((one) => !inExpected.has(one)) }
}

/** The three-way match, from files to breaks in PostgreSQL. */
export async function benchReconciliation(): Promise<Figure[]> {
  const postgres = await startPostgres()
  await migrate(postgres.url)
  const { db } = postgres
  const bench = createBench(db, postgres.url)
  try {
    const figures: Figure[] = []
    const seconds = new Map<number, number>()
    for (const [rows, gate] of [
      [500_000, undefined],
      [1_000_000, 8],
      [5_000_000, 30],
    ] as const) {
      const books = await bench.books(rows, rows % 97)
      const { result: ran, peakMb } = await peakOfTree(() => bench.run(books, `B${rows}`))
      seconds.set(rows, ran.seconds)
      const { missed, invented } = await wrongIn(db, ran, books)
      const types = new Set(books.expected.map(({ type }) => type)).size
      const what = `three books of ${rows.toLocaleString('en-IN')} rows`
      figures.push(
        {
          what: `${what}: from files to breaks in PostgreSQL`,
          value: ran.seconds,
          unit: 's',
          ...(gate === undefined ? {} : { gate: { kind: 'atMost', value: gate } }),
          note: `${(ran.rows / ran.seconds / 1e6).toFixed(2)} M rows/s, at most ${THREADS} threads`,
        },
        {
          what: `${what}: memory of all processes, PostgreSQL's and this one's too`,
          value: peakMb,
          unit: 'MB',
          gate: { kind: 'atMost', value: 4096 },
        },
        {
          what: `${what}: breaks missed or invented, of ${types} types`,
          value: missed.length + invented.length,
          unit: '',
          gate: { kind: 'atMost', value: 0 },
          note: `${books.expected.length.toLocaleString('en-IN')} injected; ${[...missed, ...invented].slice(0, 3).join('; ')}`,
        },
      )
      if (rows === 5_000_000) figures.push(await findRows(db, bench.folder, books, `B${rows}`))
      if (rows === 500_000) figures.push(await againAfterRollBack(db, bench, books, ran, `B${rows}`))
      bench.forget(books)
    }
    const ratio = (seconds.get(5_000_000) ?? Number.POSITIVE_INFINITY) / (seconds.get(500_000) ?? 1)
    figures.push({
      what: 'ten times the rows: times the time',
      value: ratio,
      unit: '×',
      gate: { kind: 'atMost', value: 11 },
    })
    return figures
  } finally {
    await bench.stop()
    await postgres.stop()
  }
}

const LOOKED_UP = 400

/** One raw row of millions by its RRN: from the archive to the line of the sealed file, each time opened anew. */
async function findRows(db: Db, folder: string, books: ThreeBooks, institution: string): Promise<Figure> {
  const [archive] = await findArchives(db, testVault, institution, [CYCLE])
  if (archive === undefined) throw new Error('no archive')
  const at = join(folder, 'raw')
  const kept = await writeSealedFile(at, createReadStream(books.rawRemitter), 1e10)
  if (kept === 'too_large') throw new Error('too large')
  const times: number[] = []
  for (let n = 0; n < LOOKED_UP; n += 1) {
    const rrn = String(633_100_000_000 + ((n * 6_007 + 13) % 2_400_000))
    const begun = performance.now()
    const rows = await openSealedPieces(
      join(folder, 'archives', archive.archive),
      Buffer.from(archive.secret.key, 'base64'),
    )
    const [found] = await locate(archive.secret, rows, 'outward', rrn)
    await rows.close()
    if (found === undefined) throw new Error(`${rrn} is not in the archive`)
    const file = await openSealedPieces(at, kept.key)
    const line = await readLine(file, found.file, found.line)
    await file.close()
    times.push(performance.now() - begun)
    if (!line.includes(rrn)) throw new Error(`line ${found.line} is not ${rrn}`)
  }
  times.sort((a, b) => a - b)
  return {
    what: 'one raw row of 50,00,000 by its RRN, from sealed files: p99',
    value: times[Math.ceil(LOOKED_UP * 0.99) - 1] ?? Number.POSITIVE_INFINITY,
    unit: 'ms',
    gate: { kind: 'atMost', value: 200 },
    note: `p50 ${times[LOOKED_UP / 2]?.toFixed(1)} ms`,
  }
}

async function againAfterRollBack(
  db: Db,
  bench: ReturnType<typeof createBench>,
  books: SealedBooks,
  first: Ran,
  institution: string,
): Promise<Figure> {
  const said = await exportRun(db, first.runId)
  await inTransaction(db, (tx) => rollBackRun(tx, [institution], first.runId, 'bench', systemClock.now()))
  const again = await bench.run(books, institution)
  const same = (await exportRun(db, again.runId)) === said
  return {
    what: 'rolled back and run again: bytes that differ',
    value: same ? 0 : 1,
    unit: '',
    gate: { kind: 'atMost', value: 0 },
    note: `${said.length.toLocaleString('en-IN')} bytes of breaks, items, sums and marks`,
  }
}

/** Payments over HTTP while runs of a million rows go on, one after the other, on the same machine and database. */
export async function benchPaymentsDuringRuns(
  hub: BenchHub,
  postgres: { readonly url: string; readonly db: Db },
  accounts: readonly BenchAccount[],
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<Figure[]> {
  const bench = createBench(postgres.db, postgres.url)
  try {
    const books = await bench.books(1_000_000, 11)
    const before = await payOutward(hub, accounts, connections, seconds * 500)
    let over = false
    const took: number[] = []
    const running = (async () => {
      while (!over) {
        const ran = await bench.run(books, 'BNCH')
        took.push(ran.seconds)
        const run = await findRun(postgres.db, ran.runId)
        if (run?.state !== 'matched') throw new Error(`the run is ${run?.state}`)
        await inTransaction(postgres.db, (tx) => rollBackRun(tx, ['BNCH'], ran.runId, 'bench', systemClock.now()))
      }
    })()
    const during = await payOutward(hub, accounts, connections, seconds * 1000)
    over = true
    await running
    // Before and after, because what is stored grows meanwhile.
    const after = await payOutward(hub, accounts, connections, seconds * 500)
    const alone = (before.perSecond + after.perSecond) / 2
    return [
      {
        what: 'outward while runs of 1,000,000 rows go on, over the same alone',
        value: during.perSecond / alone,
        unit: '×',
        gate: { kind: 'atLeast', value: 0.8 },
        note: `${Math.round(before.perSecond)} and ${Math.round(after.perSecond)} /s alone, ${Math.round(during.perSecond)} /s, p99 ${during.p99.toFixed(0)} ms; a run took ${Math.max(...took).toFixed(0)} s`,
      },
    ]
  } finally {
    await bench.stop()
  }
}
