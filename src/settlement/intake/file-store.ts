import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  openSealedPieces,
  readSealedFile,
  type SealedContent,
  type SealedPieces,
  type Written,
  writeSealedFile,
} from '../../base/sealed-file.ts'

/** Where what came is kept, encrypted: one file per arrival, named by its id. All processes of a hub share one folder. */
export interface FileStore {
  /** Writes what arrives, encrypted from its first byte on. Not kept yet: a stop now leaves something that `sweep` removes. */
  receive(
    id: string,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    maxBytes: number,
  ): Promise<Written | 'too_large'>
  /** What is being received, as it lies there. */
  readReceived(id: string, key: Uint8Array): AsyncIterable<Uint8Array>
  /** Makes it the file of its id, or of another, for good: before its row commits. */
  keep(id: string, as?: string): Promise<void>
  /** Lets go of what was received and not kept. */
  dropReceived(id: string): Promise<void>
  /** Lets go of what was kept. */
  drop(id: string): Promise<void>
  read(id: string, key: Uint8Array): AsyncIterable<Uint8Array>
  /** The same, for single pieces. */
  open(id: string, key: Uint8Array): Promise<SealedPieces>
  /** Where the content lies, sealed. */
  locate(id: string, key: Uint8Array): SealedContent
  /** The same of what is being received. */
  locateReceived(id: string, key: Uint8Array): SealedContent
  /** A folder that only this hub's user can enter, for pipes; emptied when a hub of this name starts. */
  readonly work: string
  /** Ids that are here, and how long since they were written, milliseconds by the clock of the disk. */
  stored(): Promise<readonly { readonly id: string; readonly kept: boolean; readonly ageMs: number }[]>
}

const ID = /^fil_[0-9a-f]{32}$/

/**
 * Opens the folder, and removes what the last run of this hub left in its folder of work when it was stopped.
 * @param holder  this hub's name: processes that share the folder leave one another's files alone
 */
export function openFileStore(folder: string, holder: string): FileStore {
  const work = join(folder, 'plain', holder.replace(/[^A-Za-z0-9_-]/g, '_'))
  rmSync(work, { recursive: true, force: true })
  for (const one of [folder, work]) mkdirSync(one, { recursive: true, mode: 0o700 })
  chmodSync(work, 0o700) // whoever may have made it
  const at = (id: string, ending: 'part' | 'sealed'): string => {
    if (!ID.test(id)) throw new Error('not the id of a file')
    return join(folder, `${id}.${ending}`)
  }
  return {
    receive: (id, chunks, maxBytes) => writeSealedFile(at(id, 'part'), chunks, maxBytes),
    readReceived: (id, key) => readSealedFile(at(id, 'part'), key),
    async keep(id, as = id) {
      await rename(at(id, 'part'), at(as, 'sealed'))
      await syncFolder(folder)
    },
    dropReceived: (id) => rm(at(id, 'part'), { force: true }),
    drop: (id) => rm(at(id, 'sealed'), { force: true }),
    read: (id, key) => readSealedFile(at(id, 'sealed'), key),
    open: (id, key) => openSealedPieces(at(id, 'sealed'), key),
    locate: (id, key) => ({ path: at(id, 'sealed'), key }),
    locateReceived: (id, key) => ({ path: at(id, 'part'), key }),
    work,
    async stored() {
      const probe = join(work, 'now')
      await writeFile(probe, '')
      const { mtimeMs: now } = await stat(probe)
      await rm(probe, { force: true })
      const found: { id: string; kept: boolean; ageMs: number }[] = []
      for (const name of await readdir(folder)) {
        const [, id = '', ending] = /^(fil_[0-9a-f]{32})\.(part|sealed)$/.exec(name) ?? []
        if (id === '') continue
        const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: now }))
        found.push({ id, kept: ending === 'sealed', ageMs: now - mtimeMs })
      }
      return found
    },
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
