import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'

/**
 * A file at rest, encrypted in pieces under a key that is its own and used for nothing else. Each piece is authenticated before a byte of
 * it is given out, and carries its number and whether it is the last, so that a file that was cut, or whose pieces were moved, does not open.
 * Every writing makes a new key: no two contents ever meet the same nonce.
 */

const MAGIC = Buffer.from('turant file 1\n')
const PIECE = 1_048_576
const TAG = 16
/** Pieces that go to the disk together: hundreds of megabytes at once would keep the database's commits waiting. */
const SYNCED = 8

/** What a writer learns about what it wrote; `sha256` and `bytes` are of the plain content. */
export type Written = { readonly key: Uint8Array; readonly sha256: string; readonly bytes: number }

/** Where sealed content is, and what opens it. */
export type SealedContent = { readonly path: string; readonly key: Uint8Array }

/** Thrown when a sealed file is not what was written: altered, cut short, or under another key. */
export class SealedFileError extends Error {
  override name = 'SealedFileError'
}

const nonceOf = (number: number, last: boolean): Buffer => {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(number, 5, 6)
  nonce[11] = last ? 1 : 0
  return nonce
}

/**
 * Writes a sealed file of mode 0600; it is on the disk when the promise resolves. What fails on the way leaves no file.
 * @param most  more plain bytes than these are refused: the answer is `too_large` and nothing is left
 */
export async function writeSealedFile(
  path: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  most: number,
): Promise<Written | 'too_large'> {
  const key = randomBytes(32)
  const hash = createHash('sha256')
  const file = await open(path, 'wx', 0o600)
  let bytes = 0
  let number = 0
  let held: Uint8Array[] = []
  let size = 0
  let whole = false
  const put = async (piece: Uint8Array, last: boolean): Promise<void> => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number, last))
    cipher.setAAD(MAGIC)
    const text = cipher.update(piece)
    cipher.final()
    await writeAll(file, Buffer.concat([text, cipher.getAuthTag()]))
    number += 1
    if (number % SYNCED === 0) await file.datasync()
  }
  try {
    await writeAll(file, MAGIC)
    for await (const chunk of chunks) {
      bytes += chunk.length
      if (bytes > most) return 'too_large'
      hash.update(chunk)
      held.push(chunk)
      size += chunk.length
      while (size > PIECE) {
        const all = Buffer.concat(held)
        await put(all.subarray(0, PIECE), false)
        held = [all.subarray(PIECE)]
        size -= PIECE
      }
    }
    await put(Buffer.concat(held), true)
    await file.sync()
    whole = true
    return { key, sha256: hash.digest('hex'), bytes }
  } finally {
    await file.close()
    if (!whole) await rm(path, { force: true })
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten
}

/**
 * The plain content of a sealed file, piece by piece.
 * @throws {SealedFileError} when it is not what was written; what came before was
 */
export async function* readSealedFile(path: string, key: Uint8Array): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const head = await readAll(file, MAGIC.length)
    if (!head.equals(MAGIC)) throw new SealedFileError('not a sealed file')
    let left = size - MAGIC.length
    for (let number = 0; ; number += 1) {
      const last = left <= PIECE + TAG
      const piece = await readAll(file, last ? left : PIECE + TAG)
      if (piece.length < TAG) throw new SealedFileError('cut short')
      left -= piece.length
      yield openPiece(piece, key, number, last)
      if (last) return
    }
  } finally {
    await file.close()
  }
}

async function readAll(file: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  let at = 0
  while (at < length) {
    const { bytesRead } = await file.read(bytes, at, length - at)
    if (bytesRead === 0) break
    at += bytesRead
  }
  return bytes.subarray(0, at)
}

/** A sealed file that is read here and there: plain bytes from `number` × 1 MiB on are piece `number`. */
export interface SealedPieces {
  /** Pieces it has; none is empty but that of an empty file. */
  readonly count: number
  /** @throws {SealedFileError} when the piece is not what was written */
  read(number: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** Plain bytes of each piece but the last. */
export const PIECE_BYTES = PIECE

/** Opens a sealed file for single pieces. That it was cut short is seen at its end only: whoever reads all of it uses `readSealedFile`. */
export async function openSealedPieces(path: string, key: Uint8Array): Promise<SealedPieces> {
  const file = await open(path, 'r')
  const { size } = await file.stat()
  const count = Math.max(1, Math.ceil((size - MAGIC.length) / (PIECE + TAG)))
  return {
    count,
    async read(number) {
      if (number < 0 || number >= count) throw new SealedFileError('no such piece')
      const at = MAGIC.length + number * (PIECE + TAG)
      const piece = Buffer.allocUnsafe(Math.min(PIECE + TAG, size - at))
      const { bytesRead } = await file.read(piece, 0, piece.length, at)
      if (bytesRead < piece.length || piece.length < TAG) throw new SealedFileError('cut short')
      return openPiece(piece, key, number, number === count - 1)
    },
    close: () => file.close(),
  }
}

function openPiece(piece: Buffer, key: Uint8Array, number: number, last: boolean): Uint8Array {
  const cipher = createDecipheriv('aes-256-gcm', key, nonceOf(number, last), { authTagLength: 16 })
  cipher.setAAD(MAGIC)
  cipher.setAuthTag(piece.subarray(piece.length - TAG))
  const text = cipher.update(piece.subarray(0, piece.length - TAG))
  try {
    cipher.final()
  } catch {
    throw new SealedFileError('altered, cut short, or under another key')
  }
  return text
}
