import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Clock } from '../base/clock.ts'
import type { AsTenant } from '../db/tenant.ts'
import { actOf, type Noting } from './acts.ts'
import { seesDetails } from './masking.ts'
import { Problem } from './problems.ts'
import { strict } from './schemas.ts'

export type RevealDeps = Noting & { readonly clock: Clock; readonly asTenant: AsTenant }

export const Reveal = strict({
  reveal: Type.Optional(
    Type.Boolean({ description: 'true: account numbers, mobile numbers and names in full; the look is written down' }),
  ),
})

export const revealWords =
  'Without the right `details:read` account numbers, mobile numbers and names are masked. `reveal=true` shows them to whoever has ' +
  '`details:reveal`; each look goes into the audit log.'

/**
 * Lets this request's answer be in full, after writing down who looked at what.
 * @throws {Problem} `forbidden` without the right
 */
export async function reveal(deps: RevealDeps, request: FastifyRequest, subject: string): Promise<void> {
  const { caller } = request
  if (seesDetails(caller)) return
  if (!caller.rights.has('details:reveal'))
    throw new Problem('forbidden', { detail: 'This needs the right details:reveal.' })
  await deps.asTenant(caller.tenantId, (tx) =>
    deps.note(tx, actOf(caller, request.id, deps.clock.now(), 'details.revealed', subject, {})),
  )
  request.revealed = true
}
