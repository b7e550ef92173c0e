import type { Act } from '../../audit/acts.ts'
import { inTransaction } from '../../db/transaction.ts'
import type { IntakeDeps } from './arrival.ts'
import type { SettlementFile } from './file.ts'
import { openFileSecret } from './store.ts'

/** A refused file as it came. */
export type GivenBack = { readonly name: string; readonly content: AsyncIterable<Uint8Array> }

/**
 * Gives a refused file back, as it came and under the name it came under, and writes down who has it.
 * @returns undefined when its content is not kept
 * @throws when its tenant's keys were destroyed
 */
export async function giveBack(
  { db, vault, store, note }: Pick<IntakeDeps, 'db' | 'vault' | 'store' | 'note'>,
  file: SettlementFile,
  act: Act,
): Promise<GivenBack | undefined> {
  if (file.state !== 'refused' || !file.kept) return undefined
  const { name, key } = await openFileSecret(db, vault, file)
  await inTransaction(db, (tx) => note(tx, act))
  return { name, content: store.read(file.id, key) }
}
