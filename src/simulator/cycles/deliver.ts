import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { copyFile, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type OwnKey, sealPgp } from '../../imps/files/pgp.ts'
import type { OutFile } from './files.ts'

/**
 * Files into the inbox of the hub, in two steps: all of a cut are written into a folder of the office's own first, and when the office has
 * written down that they are cut they are moved. Each appears in the inbox whole or not at all, under a name that begins with a dot
 * until then; what a stop left between the two steps is moved at the next.
 */

const DRAFT = /^\.npci-.*\.part$/

export type PgpKeys = {
  /** The hub's, armored. */
  readonly to: readonly string[]
  /** NPCI's own. */
  readonly signWith?: OwnKey
}

export type Delivered = { readonly name: string; readonly kind: OutFile['kind']; readonly bytes: number }

export interface Outgoing {
  /** Writes a file. @param half  the first half and no more, as a line that broke would leave it */
  put(
    file: OutFile,
    options?: { readonly half?: boolean; readonly pgp?: PgpKeys; readonly at?: number },
  ): Promise<Delivered>
  /** The same bytes once more. */
  putBytes(name: string, bytes: Uint8Array): Promise<void>
  /** Moves these into the inbox, in this order; those that are there already are not here any more. */
  deliver(names: readonly string[]): Promise<void>
  /** Removes everything but these. */
  clear(but: readonly string[]): void
}

/** @param folder  the office's own · @param inbox  the hub's; both are made when they are not there */
export function openOutgoing(folder: string, inbox: string): Outgoing {
  for (const one of [folder, inbox]) mkdirSync(one, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(inbox)) if (DRAFT.test(name)) rmSync(join(inbox, name), { force: true })

  const write = async (name: string, chunks: Iterable<string | Uint8Array>): Promise<number> => {
    const file = await open(join(folder, name), 'w', 0o600)
    let bytes = 0
    try {
      for (const chunk of chunks) {
        const piece = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
        await file.writeFile(piece)
        bytes += piece.length
      }
      await file.sync()
    } finally {
      await file.close()
    }
    return bytes
  }

  return {
    async put({ name, kind, chunks }, { half = false, pgp, at = 0 } = {}) {
      if (pgp === undefined && !half) return { name, kind, bytes: await write(name, chunks()) }
      let bytes: Uint8Array = allOf(chunks())
      let called = name
      if (pgp !== undefined) {
        const sealed = await sealPgp(bytes, { ...pgp, at })
        if (sealed.kind === 'refused') throw new Error(`a file cannot be encrypted: ${sealed.fault}`)
        bytes = sealed.bytes
        called = `${name}.pgp`
      }
      const piece = half ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes
      return { name: called, kind, bytes: await write(called, [piece]) }
    },
    async putBytes(name, bytes) {
      await write(name, [bytes])
    },
    async deliver(names) {
      for (const name of names) {
        if (!existsSync(join(folder, name))) continue
        const draft = join(inbox, `.npci-${name}.part`)
        // The inbox may be on another disk.
        await copyFile(join(folder, name), draft)
        await rename(draft, join(inbox, name))
        await rm(join(folder, name))
      }
    },
    clear(but) {
      for (const name of readdirSync(folder)) if (!but.includes(name)) rmSync(join(folder, name), { force: true })
    },
  }
}

export const allOf = (chunks: Iterable<string | Uint8Array>): Buffer =>
  Buffer.concat([...chunks].map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)))
