import { open } from 'node:fs/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { type Recognised, signatureOf } from '../../imps/files/detect.ts'
import { layoutAsDuckdb, literal } from '../../imps/files/duckdb.ts'
import { rawLimits, type Totals } from '../../imps/files/read-table.ts'

/**
 * Proves a raw file of millions of rows by DuckDB, on its own threads and in bounded memory: every field of every row, the bank and the day
 * in each, one trailer and at the end, and its count and sum. It only ever says yes: `undefined` is a doubt, and says nothing. Empty lines,
 * which hold nothing, are passed over, and an optional field at the end of a line may be left out with its comma.
 */
export async function proveLarge(path: string, known: Recognised): Promise<Totals | undefined> {
  if (known.kind === 'ntsl' || known.layout.form.kind === 'xlsx') return undefined
  const { layout, identity } = known
  if (layout.trailer === undefined || !(await endsInTrailer(path, layout.trailer.mark, known))) return undefined
  const { source, isTrailer, columns, fault, trailer } = layoutAsDuckdb(layout)
  if (trailer === undefined) return undefined
  const same = (column: string | undefined, value: string | undefined): string =>
    column === undefined || value === undefined ? 'true' : `coalesce(${column} = ${literal(value)}, false)`
  const agrees = `${same(columns.bank, identity.bank)} and ${same(columns.settlementDate, identity.day)}`
  const { bank, settlementDate, cycle, count, sumPaise } = trailer.columns
  const says = [same(bank, identity.bank), same(settlementDate, identity.day), same(cycle, identity.cycle)].join(
    ' and ',
  )
  const sql = `
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
  const found = await ask(sql)
  if (found === undefined) return undefined
  const [rows, amount, bad, trailers, goodTrailers, saidCount, saidSum] = found
  if (bad !== 0n || trailers !== 1n || goodTrailers !== 1n || rows === undefined || amount === undefined) {
    return undefined
  }
  if (rows !== saidCount || amount !== saidSum || rows > BigInt(rawLimits.rows)) return undefined
  return { count: Number(rows), sumPaise: amount }
}

/** The first line is what the layout says, and the last one the trailer. */
async function endsInTrailer(path: string, mark: string, known: Recognised): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const edge = Math.min(size, 4_096)
    const head = await file.read(Buffer.alloc(edge), 0, edge, 0)
    const tail = await file.read(Buffer.alloc(edge), 0, edge, size - edge)
    const last = tail.buffer.toString('latin1').trimEnd().split('\n').at(-1)
    return (
      signatureOf(head.buffer, { tables: 'fields' in known.layout ? [known.layout] : [] }) === known.layout.id &&
      last?.startsWith(mark) === true
    )
  } finally {
    await file.close()
  }
}

/** The one row of an answer, in whole numbers; undefined when DuckDB does not read the file. */
async function ask(sql: string): Promise<readonly (bigint | undefined)[] | undefined> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
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
