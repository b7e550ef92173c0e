import type { SealedContent, SealedPieces } from '../../base/sealed-file.ts'
import type { Vault } from '../../base/vault.ts'
import type { Db } from '../../db/pool.ts'
import { type Layouts, shippedLayouts } from '../../imps/files/detect.ts'
import type { Layout } from '../../imps/files/layout.ts'
import type { FileCycle } from '../../imps/files/rows.ts'
import type { SettlementFile } from './file.ts'
import type { FileStore } from './file-store.ts'
import { filesInUse, openFileKey } from './store.ts'

/** What may be relied on of what came: whoever matches and books reads here, and nothing that was refused or replaced. */
export interface AcceptedFiles {
  /** The files in use of a cycle: one of each kind at most. Their rows, where they have any, are in `line-store.ts`. */
  ofCycle(institution: string, cycle: FileCycle): Promise<readonly SettlementFile[]>
  /** The content as it came, decrypted, in pieces. @throws when the keys of its tenant were destroyed */
  read(file: SettlementFile): Promise<AsyncIterable<Uint8Array>>
  /** The content in pieces of its own choice, with how it is laid out. */
  open(file: SettlementFile): Promise<{ readonly layout: Layout; readonly pieces: SealedPieces }>
  /** Where the content lies, sealed, and how it is laid out: for whoever reads it in a process of its own. */
  locate(file: SettlementFile): Promise<{ readonly layout: Layout; readonly content: SealedContent }>
}

export type AcceptedDeps = {
  readonly db: Db
  readonly vault: Vault
  readonly store: FileStore
  readonly layouts?: Layouts
}

export function openAccepted({ db, vault, store, layouts = shippedLayouts }: AcceptedDeps): AcceptedFiles {
  const layoutOf = ({ id, layout }: SettlementFile): Layout => {
    // What ships stays for files that came before a bank's own took its place.
    const found = [...layouts.tables, ...shippedLayouts.tables].find((one) => one.id === layout)
    if (found === undefined) throw new Error(`${id} is laid out as ${layout}, which this hub no longer has`)
    return found
  }
  return {
    ofCycle: (institution, cycle) => filesInUse(db, institution, cycle),
    read: async (file) => store.read(file.id, await openFileKey(db, vault, file)),
    open: async (file) => ({
      layout: layoutOf(file),
      pieces: await store.open(file.id, await openFileKey(db, vault, file)),
    }),
    locate: async (file) => ({
      layout: layoutOf(file),
      content: store.locate(file.id, await openFileKey(db, vault, file)),
    }),
  }
}
