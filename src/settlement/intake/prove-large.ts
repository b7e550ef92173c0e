import { stat } from 'node:fs/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { withPath } from '../../base/piped.ts'
import { openSealedPieces, readSealedFile, type SealedContent } from '../../base/sealed-file.ts'
import { type Layouts, type Recognised, signatureOf } from '../../imps/files/detect.ts'
import { layoutAsDuckdb, literal } from '../../imps/files/duckdb.ts'
import { streamRows } from '../../imps/files/read.ts'
import { rawLimits, type Totals } from '../../imps/files/read-table.ts'

/** What is proved. Plain data: it may be another process that does it. */
export type ProofJob = {
  readonly content: SealedContent
  readonly known: Recognised
  readonly layouts: Layouts
  /** Where a pipe may be. */
  readonly work: string
}

/**
 * Proves a raw file of any size. What DuckDB has a doubt about is read once more, line by line, by whoever can say what is wrong with it
 * and where.
 * @throws {FileError} at the first thing that is wrong
 */
export async function proveRaw(job: ProofJob): Promise<Totals> {
  const { content, known, layouts } = job
  const quick = await proveLarge(job)
  if (quick !== undefined) return quick
  if (known.kind !== 'raw_remitter' && known.kind !== 'raw_beneficiary') throw new Error(`${known.kind} is no raw file`)
  return provedBy(streamRows(known.kind, known.file, readSealedFile(content.path, content.key), { layouts }))
}

/** What a file comes to, read row by row to its end. @throws {FileError} at the first thing that is wrong */
export async function provedBy(rows: AsyncGenerator<unknown, Totals>): Promise<Totals> {
  for (;;) {
    const next = await rows.next()
    if (next.done === true) return next.value
  }
}

/**
 * Proves a raw file of millions of rows by DuckDB, on its own threads and in bounded memory: every field of every row, the bank and the day
 * in each, one trailer and at the end, and its count and sum. It only ever says yes: `undefined` is a doubt, and says nothing. Empty lines,
 * which hold nothing, are passed over, and an optional field at the end of a line may be left out with its comma.
 */
export async function proveLarge({ content, known, work }: Omit<ProofJob, 'layouts'>): Promise<Totals | undefined> {
  if (known.kind === 'ntsl' || known.layout.form.kind === 'xlsx') return undefined
  const { layout, identity } = known
  if (layout.trailer === undefined || !(await endsInTrailer(content, layout.trailer.mark, known))) return undefined
  const { source, isTrailer, columns, fault, trailer } = layoutAsDuckdb(layout)
  if (trailer === undefined) return undefined
  const same = (column: string | undefined, value: string | undefined): string =>
    column === undefined || value === undefined ? 'true' : `coalesce(${column} = ${literal(value)}, false)`
  const agrees = `${same(columns.bank, identity.bank)} and ${same(columns.settlementDate, identity.day)}`
  const { bank, settlementDate, cycle, count, sumPaise } = trailer.columns
  const says = [same(bank, identity.bank), same(settlementDate, identity.day), same(cycle, identity.cycle)].join(
    ' and ',
  )
  const sql = (path: string): string => `
    select
      count(*) filter (where not t) as rows,
      coalesce(sum(amount) filter (where not t), 0)::hugeint as amount,
      count(*) filter (where not t and not good) as bad,
      count(*) filter (where t) as trailers,
      count(*) filter (where t and trailer_good) as good_trailers,
      max(said_count) filter (where t) as said_count,
      max(said_sum) filter (where t) as said_sum
    from (
      select ${isTrailer} as t, ${columns.amountPaise} as amount, ((${fault}) is null and ${agrees}) as good,
        ((${trailer.fault}) is null and ${says}) as trailer_good, ${count ?? 'null'} as said_count, ${sumPaise ?? 'null'} as said_sum
      from ${source(literal(path))})`
  const { size } = await stat(content.path)
  const found = await withPath(content, work, (path) =>
    ask(sql(path), Math.min(MOST_THREADS, Math.ceil(size / PER_THREAD))),
  )
  if (found === undefined) return undefined
  const [rows, amount, bad, trailers, goodTrailers, saidCount, saidSum] = found
  if (bad !== 0n || trailers !== 1n || goodTrailers !== 1n || rows === undefined || amount === undefined) {
    return undefined
  }
  if (rows !== saidCount || amount !== saidSum || rows > BigInt(rawLimits.rows)) return undefined
  return { count: Number(rows), sumPaise: amount }
}

/** Bytes that are one thread's work: a proof that is quick anyhow leaves the other processors to those who pay. */
const PER_THREAD = 400_000_000
const MOST_THREADS = 2
const EDGE = 4_096

/** The first line is what the layout says, and the last one the trailer. */
async function endsInTrailer({ path, key }: SealedContent, mark: string, known: Recognised): Promise<boolean> {
  const pieces = await openSealedPieces(path, key)
  try {
    const head = await pieces.read(0)
    const end = Buffer.concat(
      await Promise.all([pieces.count - 2, pieces.count - 1].filter((at) => at >= 0).map((at) => pieces.read(at))),
    )
    const last = end.subarray(-EDGE).toString('latin1').trimEnd().split('\n').at(-1)
    const looks = signatureOf(head.subarray(0, EDGE), { tables: 'fields' in known.layout ? [known.layout] : [] })
    return looks === known.layout.id && last?.startsWith(mark) === true
  } finally {
    await pieces.close()
  }
}

/** The one row of an answer, in whole numbers; undefined when DuckDB does not read the file. */
async function ask(sql: string, threads: number): Promise<readonly (bigint | undefined)[] | undefined> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: '512MB',
    allow_community_extensions: 'false',
    autoload_known_extensions: 'false',
    autoinstall_known_extensions: 'false',
  })
  try {
    const connection = await instance.connect()
    try {
      const [row] = (await connection.runAndReadAll(sql)).getRows()
      return row?.map((value) => (typeof value === 'bigint' ? value : undefined))
    } catch {
      return undefined
    } finally {
      connection.closeSync()
    }
  } finally {
    instance.closeSync()
  }
}
