import type { Act } from '../audit/acts.ts'
import type { Tx } from '../db/pool.ts'
import type { Caller } from '../identity/caller.ts'

/** What routes need to write down what was done: into the audit chain, in the transaction of the change itself. */
export type Noting = { readonly note: (tx: Tx, act: Act) => Promise<void> }

/**
 * What somebody did, as the audit chain keeps it.
 * @param detail  never personal data: ids, numbers, words of ours
 */
export const actOf = (
  caller: Caller,
  requestId: string,
  at: number,
  action: string,
  subject: string | null,
  detail: Act['detail'],
  outcome: Act['outcome'] = 'done',
): Act => ({
  tenantId: caller.tenantId,
  at,
  actor: { kind: caller.actor.kind, id: caller.actor.id },
  action,
  subject,
  outcome,
  detail,
  requestId,
  address: caller.address,
})
