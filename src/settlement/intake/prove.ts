import type { Written } from '../../base/sealed-file.ts'
import { type Recognised, shippedLayouts } from '../../imps/files/detect.ts'
import { isOf, readFile, streamRows } from '../../imps/files/read.ts'
import { tableLimits } from '../../imps/files/read-table.ts'
import { FileError } from '../../imps/files/refusal.ts'
import type { AdjustmentRow, Ntsl, TimeoutRow, UdirRow } from '../../imps/files/rows.ts'
import type { IntakeDeps } from './arrival.ts'
import { provedBy, proveRaw as proveRawHere } from './prove-large.ts'

/** What a file holds, once it is proved; raw files are proved and read again by whoever matches. */
export type Content = { readonly rows: number; readonly amountPaise: bigint } & (
  | { readonly of: 'raw' }
  | { readonly of: 'ntsl'; readonly ntsl: Ntsl }
  | { readonly of: 'timeout'; readonly lines: readonly TimeoutRow[] }
  | { readonly of: 'adjustment'; readonly lines: readonly AdjustmentRow[] }
  | { readonly of: 'udir'; readonly lines: readonly UdirRow[] }
)

/** From here on DuckDB is faster, and payments do not wait for it. */
const LARGE_BYTES = 4_194_304

/** Reads what was received to its end, and every total it has. @throws {FileError} at the first thing that is wrong */
export async function prove(
  { store, layouts = shippedLayouts, proveRaw = proveRawHere }: Pick<IntakeDeps, 'store' | 'layouts' | 'proveRaw'>,
  id: string,
  { key, bytes }: Written,
  known: Recognised,
): Promise<Content> {
  const { kind, file } = known
  if ((kind === 'raw_remitter' || kind === 'raw_beneficiary') && bytes >= LARGE_BYTES) {
    const content = store.locateReceived(id, key)
    const { count, sumPaise } = await proveRaw({ content, known, layouts, work: store.work })
    return { of: 'raw', rows: count, amountPaise: sumPaise }
  }
  const chunks = store.readReceived(id, key)
  if (kind === 'raw_remitter' || kind === 'raw_beneficiary') {
    const { count, sumPaise } = await provedBy(streamRows(kind, file, chunks, { layouts }))
    return { of: 'raw', rows: count, amountPaise: sumPaise }
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
