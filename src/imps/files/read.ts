import { type Layouts, recognise, shippedLayouts, signatureOf } from './detect.ts'
import type { Layout, TableKind } from './layout.ts'
import type { Identity } from './line-reader.ts'
import { type Chunks, chunksOf } from './lines.ts'
import { readStatement } from './read-statement.ts'
import { rawLimits, readRows, type TableLimits, type Totals, tableLimits } from './read-table.ts'
import { FileError, type OrRefusal, refusing } from './refusal.ts'
import type { Ntsl, RowOf } from './rows.ts'
import type { StatementLayout } from './statement-layout.ts'

/** A whole file of rows, read and proved. */
export type ReadTable<K extends TableKind = TableKind> = {
  readonly of: K
  readonly identity: Identity
  readonly layout: Layout
  readonly rows: readonly RowOf[K][]
  readonly totals: Totals
}

export type ReadStatement = {
  readonly of: 'ntsl'
  readonly identity: Identity
  readonly layout: StatementLayout
  readonly ntsl: Ntsl
}

export type ReadOptions = { readonly layouts?: Layouts; readonly limits?: TableLimits }

/** Whether a file that was read is of a kind: its rows are then that kind's. */
export const isOf = <K extends TableKind>(file: ReadTable | ReadStatement, kind: K): file is ReadTable<K> =>
  file.of === kind

/**
 * Reads one file whole, recognised by its name and its content, which must agree; every total it has is proved.
 * For raw files of millions of rows see `streamRows`.
 *
 * @param file   its name, without folders; of a decrypted file the name inside
 * @param bytes  what it holds
 * @returns a refusal naming file, sheet, row and column at the first thing that is wrong; a stranger's bytes throw nothing
 */
export async function readFile(
  file: string,
  bytes: Uint8Array,
  options: ReadOptions = {},
): Promise<OrRefusal<{ readonly read: ReadTable | ReadStatement }>> {
  return refusing(async () => {
    const known = recognise(file, options.layouts)
    if (known.kind === 'ntsl') {
      const { identity, layout } = known
      return { read: { of: 'ntsl', identity, layout, ntsl: await readStatement(layout, file, identity, bytes) } }
    }
    const rows: RowOf[TableKind][] = []
    const stream = streamRows(known.kind, file, chunksOf(bytes), options)
    for (;;) {
      const next = await stream.next()
      if (next.done === true)
        return { read: { of: known.kind, identity: known.identity, layout: known.layout, rows, totals: next.value } }
      rows.push(...next.value)
    }
  })
}

/**
 * Reads a file of one kind as a stream, in constant memory, and returns its totals once they are proved.
 *
 * Rows come before the end has been seen: nothing may be done with them that cannot be undone before the generator returns.
 * @throws {FileError} at the first thing that is wrong
 */
export async function* streamRows<K extends TableKind>(
  kind: K,
  file: string,
  chunks: Chunks,
  { layouts = shippedLayouts, limits }: ReadOptions = {},
): AsyncGenerator<readonly RowOf[K][], Totals> {
  const known = recognise(file, layouts)
  if (known.kind !== kind) throw new FileError({ fault: 'name_mismatch', file, expected: kind, found: known.kind })
  const { layout, identity } = known
  const isRaw = kind === 'raw_remitter' || kind === 'raw_beneficiary'
  const head = { bytes: new Uint8Array() }
  try {
    return yield* readRows(
      kind,
      layout,
      file,
      identity,
      peeked(chunks, head),
      limits ?? (isRaw ? rawLimits : tableLimits),
    )
  } catch (error) {
    if (!(error instanceof FileError) || error.refusal.row !== 1) throw error
    const looks = signatureOf(head.bytes, layouts)
    if (looks === undefined || looks === layout.id) throw error
    throw new FileError({
      ...error.refusal,
      fault: 'layout_mismatch',
      expected: `a file laid out as ${layout.id}`,
      found: looks,
    })
  }
}

/** Keeps the first bytes, for what they look like when they are not what the name says. */
async function* peeked(chunks: Chunks, head: { bytes: Uint8Array }): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    if (head.bytes.length === 0) head.bytes = chunk.slice(0, 4_096)
    yield chunk
  }
}
