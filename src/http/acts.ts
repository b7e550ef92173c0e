import type { Act } from '../audit/acts.ts'
import type { ActName } from '../base/act-names.ts'
import type { Tx } from '../db/pool.ts'
import type { Caller } from '../identity/caller.ts'
import type { TokenAct } from '../identity/tokens.ts'

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
  action: ActName,
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

/** What was done about a token, as the audit chain keeps it. What was refused nobody has proved to have asked. */
export const actOfToken = ({ action, client, detail, requestId, address }: TokenAct, at: number): Act => ({
  tenantId: client.tenantId,
  at,
  actor: action === 'assertion.refused' ? { kind: 'hub', id: 'hub' } : { kind: 'client', id: client.id },
  action,
  subject: client.id,
  outcome: action === 'assertion.refused' ? 'refused' : 'done',
  detail,
  requestId,
  address,
})
