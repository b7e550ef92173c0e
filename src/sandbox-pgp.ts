import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateKey } from 'openpgp'

/** The sandbox's OpenPGP keys, made once: each side has its own and the other's public one, as `loadPgpKeys` reads them. Not for production. */

export type PgpFolders = { readonly hub: string; readonly switch: string }

/** Makes both folders unless both are there. @param at  epoch milliseconds; the keys do not end */
export async function makeSandboxPgp({ hub, switch: other }: PgpFolders, at: number): Promise<void> {
  if (existsSync(hub) && existsSync(other)) return
  // A day back: the clocks of two sides need not agree to the second.
  const make = (name: string) =>
    generateKey({ userIDs: [{ name }], format: 'armored', date: new Date(at - 86_400_000) })
  const [ours, theirs] = [await make('Turant sandbox hub'), await make('Turant sandbox switch')]
  writeFolder(hub, ours.privateKey, theirs.publicKey)
  writeFolder(other, theirs.privateKey, ours.publicKey)
}

function writeFolder(folder: string, own: string, from: string): void {
  const draft = `${folder}.new`
  for (const one of [draft, folder]) rmSync(one, { recursive: true, force: true })
  mkdirSync(join(draft, 'from'), { recursive: true, mode: 0o700 })
  writeFileSync(join(draft, 'own.asc'), own, { mode: 0o600 })
  writeFileSync(join(draft, 'from', 'other.asc'), from, { mode: 0o600 })
  renameSync(draft, folder)
}
