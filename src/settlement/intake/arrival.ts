import type { Act } from '../../audit/acts.ts'
import type { Clock } from '../../base/clock.ts'
import { type Random, randomHex } from '../../base/random.ts'
import type { Vault } from '../../base/vault.ts'
import type { Db, Tx } from '../../db/pool.ts'
import type { CycleGrid } from '../../imps/cycles.ts'
import type { Layouts } from '../../imps/files/detect.ts'
import type { OwnKey } from '../../imps/files/pgp.ts'
import type { Totals } from '../../imps/files/read-table.ts'
import type { Institution } from '../../imps/profile.ts'
import type { SettlementFile } from './file.ts'
import type { FileStore } from './file-store.ts'
import type { ProofJob } from './prove-large.ts'

/** What intake needs of the hub. */
export type IntakeDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly random: Random
  readonly vault: Vault
  readonly store: FileStore
  readonly institutions: readonly Institution[]
  readonly cycles: readonly CycleGrid[]
  readonly note: (tx: Tx, act: Act) => Promise<void>
  readonly layouts?: Layouts
  /** Proves large raw files in another process; absent: in this one. */
  readonly proveRaw?: (job: ProofJob) => Promise<Totals>
  /** Absent: encrypted files are refused. */
  readonly pgp?: PgpKeys
  /** Where a crash test stops the process. */
  readonly crashPoint?: (name: IntakeCrashPoint) => void
}

/** Its totals are proved and nothing is written; its content has its place and its row is not committed; its row is, and it still lies in the inbox. */
export type IntakeCrashPoint = `intake:${'proved' | 'kept' | 'committed'}`

export type PgpKeys = {
  /** Ours; an older one stays until nothing encrypted for it is on its way. */
  readonly keys: readonly OwnKey[]
  /** NPCI's, armored: a file that none of them signed is refused. Empty: signatures are not looked at. */
  readonly from: readonly string[]
}

/** A file that comes in. */
export type Arrival = {
  /** As it came, without folders. */
  readonly name: string
  readonly chunks: AsyncIterable<Uint8Array>
  /** The same once more: what is refused is then kept as it came, sealed. Absent where whoever handed it in has it still. */
  readonly again?: () => AsyncIterable<Uint8Array>
  readonly cameBy: SettlementFile['cameBy']
  /** `inbox`, or who handed it in. */
  readonly receivedBy: string
  readonly actor: Act['actor']
  /** Whose refused files it is among when no bank is known; the hub's own when absent. */
  readonly tenantId?: number
  /** Codes of the banks whose files may be handed in so; all when absent. */
  readonly banks?: readonly string[]
  /** The file in use that this one takes the place of. */
  readonly replaces?: string
  readonly requestId?: string
  readonly address?: string | null
}

/** What became of it; `known`: it is here already, nothing was changed. */
export type Taken = { readonly kind: 'accepted' | 'known' | 'refused'; readonly file: SettlementFile }

/** A file's id: 12 hex digits of time, 20 of chance. */
export const newFileId = ({ clock, random }: Pick<IntakeDeps, 'clock' | 'random'>): string =>
  `fil_${clock.now().toString(16).padStart(12, '0')}${randomHex(random, 20)}`
