import type { DuckDBConnection } from '@duckdb/node-api'
import { type Content, readContent } from '../../base/piped.ts'
import { PIECE_BYTES, type SealedPieces, writeSealedFile } from '../../base/sealed-file.ts'
import type { Direction } from './rows.ts'

/**
 * Where each row of a cycle's raw files is: sixteen bytes a row (RRN and direction, line, remitter bank) in the order of RRNs, in a sealed
 * file of its own. The rows themselves stay in the accepted files, sealed as they came: nothing personal is kept twice. One row is found
 * by reading one piece of the archive and one or two of the file.
 */

/** What is needed to find a row; sealed in the archive's row of the database. */
export type ArchiveSecret = {
  /** Base64. */
  readonly key: string
  /** The first key of each piece, as digits. */
  readonly firsts: readonly string[]
  readonly files: readonly ArchivedFile[]
}
export type ArchivedFile = {
  readonly fileId: string
  readonly direction: Direction
  /** The line that the first whole or begun line of each piece of the file is, 1-based: line ends before it, and one. */
  readonly lines: readonly number[]
}

/** A row of a raw file, as the archive has it. */
export type Located = { readonly file: ArchivedFile; readonly line: number; readonly remitterBank: string }

const RECORD = 16
const PER_PIECE = PIECE_BYTES / RECORD

export const archiveKey = (direction: Direction, rrn: string): bigint =>
  (BigInt(rrn) * 2n + (direction === 'outward' ? 0n : 1n)) * 16n + BigInt(rrn.length)

/** A raw file as it was loaded. `skipped`: lines before its first row. */
export type LoadedFile = {
  readonly content: Content
  readonly fileId: string
  readonly direction: Direction
  readonly rows: number
  readonly skipped: number
}

export type WrittenArchive = { readonly secret: ArchiveSecret; readonly rows: number; readonly sha256: string }

/** Writes the archive of what the engine has loaded from these files, in this order. @param most  bytes it may have */
export async function writeArchive(
  engine: DuckDBConnection,
  files: readonly LoadedFile[],
  path: string,
  most: number,
): Promise<WrittenArchive> {
  const rows = files.reduce((sum, one) => sum + one.rows, 0)
  const starts = files.map((_, index) => files.slice(0, index).reduce((sum, one) => sum + one.rows, 0))
  const lineOf = (place: number): number => {
    const index = starts.findLastIndex((start) => start <= place)
    return place - (starts[index] ?? 0) + (files[index]?.skipped ?? 0) + 1
  }
  const firsts: string[] = []
  const written = await writeSealedFile(path, recordsOf(engine, lineOf, firsts), most)
  if (written === 'too_large') throw new Error('the archive of a cycle is too large')
  const archived: ArchivedFile[] = []
  for (const { content, fileId, direction } of files)
    archived.push({ fileId, direction, lines: await lineStarts(content) })
  const secret = { key: Buffer.from(written.key).toString('base64'), firsts, files: archived }
  return { secret, rows, sha256: written.sha256 }
}

async function* recordsOf(
  engine: DuckDBConnection,
  lineOf: (place: number) => number,
  firsts: string[],
): AsyncGenerator<Uint8Array> {
  const result = await engine.stream('select k, rowid::bigint, coalesce(b // 10000, 0) from raw_row order by k, rowid')
  let count = 0
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) return
    const [keys, places, banks] = [0, 1, 2].map((column) => chunk.getColumnValues(column))
    const bytes = Buffer.allocUnsafe(chunk.rowCount * RECORD)
    for (let i = 0; i < chunk.rowCount; i += 1) {
      const key = keys?.[i]
      if (typeof key !== 'bigint') throw new Error('a row without an RRN')
      if (count % PER_PIECE === 0) firsts.push(String(key))
      bytes.writeBigInt64LE(key, i * RECORD)
      bytes.writeUInt32LE(lineOf(Number(places?.[i])), i * RECORD + 8)
      bytes.writeUInt32LE(Number(banks?.[i]), i * RECORD + 12)
      count += 1
    }
    yield bytes
  }
}

/** How many lines have ended before each piece of a file, and one. */
async function lineStarts(content: Content): Promise<number[]> {
  const starts: number[] = []
  let line = 1
  let at = 0
  for await (const read of readContent(content)) {
    for (let from = 0; from < read.length; ) {
      if (at % PIECE_BYTES === 0) starts.push(line)
      const part = read.subarray(from, from + PIECE_BYTES - (at % PIECE_BYTES))
      for (let end = part.indexOf(10); end !== -1; end = part.indexOf(10, end + 1)) line += 1
      from += part.length
      at += part.length
    }
  }
  return starts
}

/** The rows of an RRN and direction, in the order of their files. */
export async function locate(
  { firsts, files }: ArchiveSecret,
  pieces: SealedPieces,
  direction: Direction,
  rrn: string,
): Promise<readonly Located[]> {
  const wanted = archiveKey(direction, rrn)
  const file = files.find((one) => one.direction === direction)
  if (file === undefined || firsts.length === 0) return []
  const found: Located[] = []
  // The first piece that can have it is the one before the first that begins with it, or above it.
  const above = firsts.findIndex((first) => BigInt(first) >= wanted)
  for (let number = Math.max(0, (above === -1 ? firsts.length : above) - 1); number < firsts.length; number += 1) {
    if (BigInt(firsts[number] ?? '') > wanted) break
    const piece = Buffer.from(await pieces.read(number))
    let [low, high] = [0, piece.length / RECORD]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (piece.readBigInt64LE(middle * RECORD) < wanted) low = middle + 1
      else high = middle
    }
    for (let at = low * RECORD; at < piece.length && piece.readBigInt64LE(at) === wanted; at += RECORD) {
      const bank = String(piece.readUInt32LE(at + 12)).padStart(4, '0')
      found.push({ file, line: piece.readUInt32LE(at + 8), remitterBank: bank })
    }
  }
  return found
}

/** One line of a sealed file. */
export async function readLine(pieces: SealedPieces, { lines }: ArchivedFile, line: number): Promise<string> {
  const last = lines.findLastIndex((start) => start <= line)
  // A line that begins in one piece and ends in the next; of the pieces before it one may end with its beginning.
  let number = last
  while (number > 0 && lines[number] === line) number -= 1
  let text = Buffer.from(await pieces.read(Math.max(0, number)))
  let at = 0
  for (let skipped = lines[Math.max(0, number)] ?? 1; skipped < line; skipped += 1) at = text.indexOf(10, at) + 1
  let end = text.indexOf(10, at)
  while (end === -1 && number + 1 < pieces.count) {
    number += 1
    text = Buffer.concat([text.subarray(at), await pieces.read(number)])
    at = 0
    end = text.indexOf(10)
  }
  return text
    .subarray(at, end === -1 ? text.length : end)
    .toString('latin1')
    .replace(/\r$/, '')
}
