import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import { readSealedFile, SealedFileError, writeSealedFile } from '../base/sealed-file.ts'
import type { KeyStore } from '../secrecy/key-store.ts'

/**
 * backup: everything the hub knows, in a folder that tells nobody anything, and the way back. It promises that a backup is one instant of
 * the database; that what is restored is what was written, or nothing; and that after it nothing in doubt is called failed, nothing that
 * may have left is sent again, and no reference that the switch may have seen is used again (ADR 0070).
 */

/** Thrown when a backup cannot be taken or put back; the message is for the person who asked. */
export class BackupError extends Error {
  override name = 'BackupError'
}

const FORMAT = 'turant backup 1'
const MANIFEST = 'manifest.json'
const CONTENT = 'database.sealed'
/** Bound to the wrapped key: it opens backups and nothing else. */
const CONTEXT = FORMAT

/** What lies open beside the sealed content: enough to see whether it is whole and who can open it. What decides is inside. */
export type Manifest = {
  readonly format: typeof FORMAT
  /** RFC 3339; for people: the instant that counts is in the sealed content. */
  readonly takenAt: string
  readonly lastMigration: string
  /** Which key of the key store wraps the key of the content. */
  readonly kek: string
  readonly keyStore: string
  /** Base64. */
  readonly wrappedKey: string
  /** Of the content before it was sealed, 64 hex digits. */
  readonly sha256: string
  readonly bytes: number
  readonly rows: Readonly<Record<string, number>>
  /** Settlement files beside it, sealed as they lie in the hub's folder: SHA-256 by name. */
  readonly files: Readonly<Record<string, string>>
}

/** Writes the content of a backup, compressed and sealed under a key of its own, which only `keys` can open. The folder is there already. */
export async function writeArchive(
  folder: string,
  keys: KeyStore,
  content: AsyncIterable<Uint8Array>,
  rest: () => Pick<Manifest, 'takenAt' | 'lastMigration' | 'rows' | 'files'>,
): Promise<Manifest> {
  const zip = createZstdCompress()
  const packed = pipeline(Readable.from(content, { objectMode: false }), zip)
  const [written] = await Promise.all([writeSealedFile(join(folder, CONTENT), zip, Number.MAX_SAFE_INTEGER), packed])
  if (written === 'too_large') throw new BackupError('the content is larger than a file can be')
  const kek = await keys.current()
  const wrapped = await keys.wrap(kek, written.key, CONTEXT)
  const manifest: Manifest = {
    format: FORMAT,
    ...rest(),
    kek,
    keyStore: keys.name,
    wrappedKey: Buffer.from(wrapped).toString('base64'),
    sha256: written.sha256,
    bytes: written.bytes,
  }
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true })
  return manifest
}

/** @throws {BackupError} when the folder is no backup, or a later kind of one */
export async function readManifest(folder: string): Promise<Manifest> {
  let read: unknown
  try {
    read = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8'))
  } catch {
    throw new BackupError(`${folder} is no backup: its ${MANIFEST} cannot be read`)
  }
  if (!isManifest(read)) throw new BackupError(`${folder} is no backup that this release can read`)
  return read
}

const isText = (value: unknown): value is string => typeof value === 'string'

function isManifest(read: unknown): read is Manifest {
  const { format, takenAt, lastMigration, kek, keyStore, wrappedKey, sha256, bytes, rows, files } = Object(read)
  const texts = [takenAt, lastMigration, kek, keyStore, wrappedKey, sha256]
  return (
    format === FORMAT &&
    texts.every(isText) &&
    Number.isSafeInteger(bytes) &&
    Object.values(Object(rows)).every(Number.isSafeInteger) &&
    Object.entries(Object(files)).every(([name, hash]) => SEALED_NAME.test(name) && isText(hash))
  )
}

/** What the hub calls the files that it keeps (`settlement/intake/file-store.ts`); nothing else is taken in or put back. */
export const SEALED_NAME = /^fil_[0-9a-f]{32}\.sealed$/

/** @throws {BackupError} when the key store has not the key of this backup */
export async function openKey(manifest: Manifest, keys: KeyStore): Promise<Uint8Array> {
  try {
    return await keys.unwrap(manifest.kek, Buffer.from(manifest.wrappedKey, 'base64'), CONTEXT)
  } catch {
    throw new BackupError(
      `the key store (${keys.name}) does not open this backup: it needs the key ${manifest.kek}, which was in ${manifest.keyStore}`,
    )
  }
}

/** Reads a backup to its end and puts nothing anywhere. @throws {BackupError} when any byte is not what was written */
export async function proveArchive(folder: string, manifest: Manifest, key: Uint8Array): Promise<void> {
  const hash = createHash('sha256')
  let bytes = 0
  await soundly(async () => {
    for await (const piece of readSealedFile(join(folder, CONTENT), key)) {
      hash.update(piece)
      bytes += piece.length
    }
  })
  if (bytes !== manifest.bytes || hash.digest('hex') !== manifest.sha256)
    throw new BackupError('the backup is broken: its content is not what its manifest says')
}

/** The content, as it was before it was compressed. */
export async function* readArchive(folder: string, key: Uint8Array): AsyncGenerator<Uint8Array> {
  const unzip = createZstdDecompress()
  const read = pipeline(Readable.from(readSealedFile(join(folder, CONTENT), key), { objectMode: false }), unzip)
  // Heard in any case; what broke is thrown by the loop.
  read.catch(() => undefined)
  for await (const chunk of unzip) yield chunk
  await read
}

async function soundly(run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (error instanceof SealedFileError) throw new BackupError(`the backup is broken: ${error.message}`)
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new BackupError(`the backup is broken: ${CONTENT} is not there`)
    throw error
  }
}
