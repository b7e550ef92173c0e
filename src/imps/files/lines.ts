import { FileError } from './refusal.ts'

/** The longest line of any layout is 700 characters; one without an end is no file of lines. */
const MAX_LINE = 8_192
const CHUNK = 262_144

/** A file as chunks of bytes: a stream, or what is in memory. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** What is in memory, in pieces that one turn of the event loop reads. */
export function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK)
}

/**
 * The lines of a file, many at a time, without their ends (LF or CRLF) and without a byte order mark. Bytes above 0x7f come as one
 * character each, which no field allows: nothing is decoded wrongly, and nothing is guessed.
 * @throws {FileError} when a line is too long, or the file larger than `maxBytes`
 */
export async function* linesOf(file: string, chunks: Chunks, maxBytes: number): AsyncGenerator<readonly string[]> {
  let rest = ''
  let line = 0
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > maxBytes)
      throw new FileError({ fault: 'too_large', file, expected: `at most ${maxBytes} bytes`, found: 'more' })
    let text = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1')
    if (line === 0 && text.startsWith('\xef\xbb\xbf')) text = text.slice(3)
    const lines = text.split('\n')
    rest = lines.pop() ?? ''
    if (lines.length > 0) {
      for (const [index, one] of lines.entries()) if (one.endsWith('\r')) lines[index] = one.slice(0, -1)
      const long = lines.findIndex(({ length }) => length > MAX_LINE)
      if (long !== -1) throw tooLong(file, line + long + 1)
      line += lines.length
      yield lines
    }
    if (rest.length > MAX_LINE + 3) throw tooLong(file, line + 1)
  }
  if (rest !== '') yield [rest.endsWith('\r') ? rest.slice(0, -1) : rest]
}

const tooLong = (file: string, row: number): FileError =>
  new FileError({
    fault: 'unreadable',
    file,
    row,
    expected: `a line of at most ${MAX_LINE} characters`,
    found: 'a longer one',
  })
