import type { Tx } from '../db/pool.ts'
import { lockCustomer, writeFailures } from './customer-store.ts'
import type { EnrolDeps, NoteEnrolment } from './enrol.ts'
import { insertFactor, listFactors, newFactorId, revokeFactors } from './factor-store.ts'
import { isTrivialMpin, pepperedMpin } from './proof.ts'
import { endWalletSessions, type WalletSession } from './session-store.ts'
import { claimMpinTry } from './sign-in-store.ts'

export type MpinChanged =
  | { readonly kind: 'done' }
  | { readonly kind: 'trivial' } //      one that everybody tries first, or the one before
  | { readonly kind: 'wrong' } //        the MPIN of before, or there is none
  | { readonly kind: 'locked' } //       too many wrong tries: none counts for a while

/**
 * Another MPIN in the place of the one before, which must be given too: whoever finds a wallet open does not know it. Its customer's other
 * sessions end.
 * @throws when the database is away, or {HashingBusy}
 */
export async function changeMpin(
  deps: EnrolDeps,
  session: WalletSession,
  given: { readonly mpin: string; readonly next: string },
  noted: NoteEnrolment,
): Promise<MpinChanged> {
  const { vault, hashing, clock } = deps
  const { tenantId, customerId, customerKey } = session
  if (isTrivialMpin(given.next) || given.next === given.mpin) return { kind: 'trivial' }
  const found = await deps.asTenant(tenantId, async (tx) => {
    const customer = await claimMpinTry(tx, vault, customerKey, clock.now())
    return customer && { customer, factors: await listFactors(tx, vault, customer) }
  })
  if (found === undefined) return { kind: 'locked' }
  const before = found.factors.find(({ kind }) => kind === 'mpin')
  const { right } = await hashing.verify(pepperedMpin(vault, found.customer, given.mpin), before?.secret || undefined)
  if (!right || before === undefined) {
    await deps.asTenant(tenantId, (tx) =>
      noted(tx, 'factor.refused', { id: before?.id ?? newFactorId(), kind: 'mpin' }),
    )
    return { kind: 'wrong' }
  }
  const secret = await hashing.hash(pepperedMpin(vault, found.customer, given.next))
  await vault.prepare([tenantId], clock.now())
  return deps.asTenant(tenantId, async (tx: Tx): Promise<MpinChanged> => {
    const now = clock.now()
    const customer = await lockCustomer(tx, vault, tenantId, customerId)
    if (customer === undefined) return { kind: 'wrong' }
    // Revoked or changed meanwhile: what was proved is not the MPIN any more.
    if ((await revokeFactors(tx, customer, { id: before.id }, now)).length === 0) return { kind: 'wrong' }
    const fresh = { id: newFactorId(), kind: 'mpin', secret, proof: null, proofUntil: null } as const
    const factor = await insertFactor(tx, vault, customer, fresh, now)
    await writeFailures(tx, customerKey, 0, null)
    await endWalletSessions(tx, customerKey, { except: session.id }, now)
    await noted(tx, 'factor.enrolled', factor)
    return { kind: 'done' }
  })
}
