import type { Written } from '../../base/sealed-file.ts'
import { type Recognised, shippedLayouts } from '../../imps/files/detect.ts'
import { isOf, readFile, streamRows } from '../../imps/files/read.ts'
import { tableLimits } from '../../imps/files/read-table.ts'
import { FileError } from '../../imps/files/refusal.ts'
import type { AdjustmentRow, Ntsl, TimeoutRow, UdirRow } from '../../imps/files/rows.ts'
import type { IntakeDeps } from './arrival.ts'
import { proveLarge } from './prove-large.ts'

/** What a file holds, once it is proved; raw files are proved and read again by whoever matches. */
export type Content = { readonly rows: number; readonly amountPaise: bigint } & (
  | { readonly of: 'raw' }
  | { readonly of: 'ntsl'; readonly ntsl: Ntsl }
  | { readonly of: 'timeout'; readonly lines: readonly TimeoutRow[] }
  | { readonly of: 'adjustment'; readonly lines: readonly AdjustmentRow[] }
  | { readonly of: 'udir'; readonly lines: readonly UdirRow[] }
)

/** From here on DuckDB is faster, and leaves the event loop to payments. */
const LARGE_BYTES = 4_194_304

/** Reads what was received to its end, and every total it has. @throws {FileError} at the first thing that is wrong */
export async function prove(
  { store, layouts = shippedLayouts }: Pick<IntakeDeps, 'store' | 'layouts'>,
  id: string,
  { key, bytes }: Written,
  known: Recognised,
): Promise<Content> {
  const { kind, file } = known
  if (kind === 'raw_remitter' || kind === 'raw_beneficiary') {
    // What DuckDB has a doubt about is read once more, line by line, by whoever can say what is wrong with it and where.
    const quick =
      bytes < LARGE_BYTES ? undefined : await store.withPlainReceived(id, key, (path) => proveLarge(path, known))
    if (quick !== undefined) return { of: 'raw', rows: quick.count, amountPaise: quick.sumPaise }
  }
  const chunks = store.readReceived(id, key)
  if (kind === 'raw_remitter' || kind === 'raw_beneficiary') {
    const stream = streamRows(kind, file, chunks, { layouts })
    for (;;) {
      const next = await stream.next()
      if (next.done === true) return { of: 'raw', rows: next.value.count, amountPaise: next.value.sumPaise }
    }
  }
  if (bytes > tableLimits.bytes) {
    const expected = `at most ${tableLimits.bytes} bytes`
    throw new FileError({ fault: 'too_large', file, expected, found: `${bytes} bytes` })
  }
  const held: Uint8Array[] = []
  for await (const chunk of chunks) held.push(chunk)
  const found = await readFile(file, Buffer.concat(held), { layouts })
  if (found.kind === 'refused') throw new FileError(found.refusal)
  const { read } = found
  if (read.of === 'ntsl') {
    const { ntsl } = read
    return { of: 'ntsl', ntsl, rows: ntsl.rows.length + ntsl.disputes.length, amountPaise: ntsl.totals.finalPaise }
  }
  const { count: rows, sumPaise: amountPaise } = read.totals
  if (isOf(read, 'timeout')) return { of: 'timeout', lines: read.rows, rows, amountPaise }
  if (isOf(read, 'adjustment')) return { of: 'adjustment', lines: read.rows, rows, amountPaise }
  if (isOf(read, 'udir')) return { of: 'udir', lines: read.rows, rows, amountPaise }
  throw new Error(`${read.of} is no file that arrives`)
}
