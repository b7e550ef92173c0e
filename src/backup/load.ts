import { pipeline } from 'node:stream/promises'
import type { Tx } from '../db/pool.ts'
import { BackupError } from './archive.ts'
import { END_OF_ROWS, type End, type Header, newlines, type Table, tablesOf } from './dump.ts'

/** Puts a dump into tables that migrations have just made. */

const NEWLINE = 10
const LONGEST_LINE = 1_000_000
const END = Buffer.from(`\n${END_OF_ROWS}`)

/** Reads lines, and rows up to their end, out of chunks that are cut anywhere. */
function createReader(chunks: AsyncIterable<Uint8Array>) {
  const source = chunks[Symbol.asyncIterator]()
  let kept: Buffer = Buffer.alloc(0)

  const more = async (): Promise<boolean> => {
    const { value, done } = await source.next()
    if (done === true) return false
    kept = kept.length === 0 ? Buffer.from(value) : Buffer.concat([kept, value])
    return true
  }

  return {
    /** The next line as JSON; undefined at the end. */
    async line(): Promise<unknown> {
      for (;;) {
        const at = kept.indexOf(NEWLINE)
        if (at >= 0) {
          const text = kept.toString('utf8', 0, at)
          kept = kept.subarray(at + 1)
          return JSON.parse(text)
        }
        if (kept.length > LONGEST_LINE) throw new BackupError('the backup is broken: a line has no end')
        if (!(await more())) {
          if (kept.length > 0) throw new BackupError('the backup is broken: cut short')
          return undefined
        }
      }
    },
    /** Rows up to the line that ends them, which is taken and not given. */
    async *rows(): AsyncGenerator<Uint8Array> {
      let atStart = true
      for (;;) {
        if (
          atStart &&
          kept.length >= END_OF_ROWS.length &&
          kept.toString('latin1', 0, END_OF_ROWS.length) === END_OF_ROWS
        ) {
          kept = kept.subarray(END_OF_ROWS.length)
          return
        }
        const end = kept.indexOf(END)
        if (end >= 0) {
          yield kept.subarray(0, end + 1)
          kept = kept.subarray(end + END.length)
          return
        }
        // Whole lines but the last, which may be the beginning of the end.
        const last = kept.lastIndexOf(NEWLINE, kept.length - END.length)
        if (last >= 0) {
          atStart = false
          yield kept.subarray(0, last)
          kept = kept.subarray(last)
        }
        if (!(await more())) throw new BackupError('the backup is broken: a table has no end')
      }
    },
  }
}

/**
 * Loads everything in the transaction of `tx`, in place of what migrations wrote, with the triggers of the tables off: what is loaded
 * was judged when it was written. Constraints and references are checked as ever.
 * @param onHeader  told first; may throw to refuse
 * @throws {BackupError} when the dump does not fit the tables, or is not whole
 */
export async function load(
  tx: Tx,
  chunks: AsyncIterable<Uint8Array>,
  told: { readonly onHeader: (header: Header) => void; readonly onTable: (table: string) => void },
): Promise<{ readonly header: Header; readonly end: End }> {
  const reader = createReader(chunks)
  const header = headerOf(await reader.line())
  told.onHeader(header)
  const tables = await tablesOf(tx)
  const names = tables.map(({ table }) => table)
  for (const table of names) await tx`alter table ${tx(table)} disable trigger user`
  await tx`truncate ${tx(names)}`
  const rows: Record<string, number> = {}
  let end: End | undefined
  while (end === undefined) {
    const next = await reader.line()
    if (!isTable(next)) {
      end = endOf(next)
      break
    }
    const { table, columns } = next
    if (!names.includes(table) || table in rows) throw new BackupError(`the backup is broken: it has a table ${table}`)
    told.onTable(table)
    let count = 0
    const counted = async function* () {
      for await (const chunk of reader.rows()) {
        count += newlines(chunk)
        yield chunk
      }
    }
    const copy = await tx`copy ${tx(table)} (${tx([...columns])}) from stdin`.writable()
    await pipeline(counted(), copy)
    rows[table] = count
  }
  const wrong = names.filter((table) => rows[table] !== end.rows[table])
  if (wrong.length > 0) throw new BackupError(`the backup is broken: rows of ${wrong.join(', ')} are missing`)
  for (const table of names) await tx`alter table ${tx(table)} enable trigger user`
  return { header, end }
}

function headerOf(read: unknown): Header {
  const { takenAt, migrations } = Object(read)
  if (Number.isSafeInteger(takenAt) && Array.isArray(migrations)) return { takenAt, migrations }
  throw new BackupError('the backup is broken: it has no beginning')
}

function isTable(read: unknown): read is Table {
  const { table, columns } = Object(read)
  return typeof table === 'string' && Array.isArray(columns)
}

function endOf(read: unknown): End {
  const { rows, sequences } = Object(read)
  if (typeof rows === 'object' && typeof sequences === 'object') return { rows, sequences }
  throw new BackupError('the backup is broken: it has no end')
}
