import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OwnKey } from './imps/files/pgp.ts'

/**
 * The folder of OpenPGP keys, armored, as an operator lays it out: `own.asc` ours, and while it is rotated `own-2.asc` and so on, the one in
 * use first · `from/*.asc` the public keys of the other side.
 */
export type PgpFolder = { readonly keys: readonly OwnKey[]; readonly from: readonly string[] }

/** @throws {Error} in one line that names the file; it never quotes what is in it */
export function loadPgpKeys(folder: string, passphrase?: string): PgpFolder {
  const own = list(folder).filter((name) => /^own(-[0-9]{1,4})?\.asc$/.test(name))
  if (own.length === 0) throw new Error(`OpenPGP keys: ${join(folder, 'own.asc')} is missing`)
  const from = list(join(folder, 'from')).filter((name) => name.endsWith('.asc'))
  if (from.length === 0) throw new Error(`OpenPGP keys: ${join(folder, 'from')} has no .asc file`)
  return {
    keys: own.map((name) => ({
      armored: read(join(folder, name)),
      ...(passphrase === undefined ? {} : { passphrase }),
    })),
    from: from.map((name) => read(join(folder, 'from', name))),
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    throw new Error(`OpenPGP keys: ${folder} cannot be read: ${codeOf(error)}`)
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(`OpenPGP keys: ${path} cannot be read: ${codeOf(error)}`)
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
