import { writeActs } from '../../src/audit/acts.ts'
import type { AuthenticateDeps } from '../../src/customer/authenticate.ts'
import type { EnrolDeps } from '../../src/customer/enrol.ts'
import type { Db } from '../../src/db/pool.ts'
import { asTenant, asTenantAtOnce } from '../../src/db/tenant.ts'
import { relyingPartyOf } from '../../src/identity/passkeys.ts'
import { createHashing } from '../../src/identity/passwords.ts'
import { createMessageBox, type MessageBox } from '../../src/message/box.ts'
import { capsOf, createPumping } from '../../src/message/pumping.ts'
import type { PaymentRoom } from '../../src/payment/room.ts'
import { testVault } from './vault.ts'

/** Where test customers type their codes. */
export const CUSTOMER_ORIGIN = 'https://bank.example'

/** The customer room over a test room: messages stay in a box, hashes are cheap, everything else is real. */
export function customersOf(
  db: Db,
  room: PaymentRoom,
  more: Partial<AuthenticateDeps & EnrolDeps> = {},
): AuthenticateDeps & EnrolDeps & { readonly box: MessageBox } {
  const { clock } = room
  const box = createMessageBox(clock)
  return {
    room,
    clock,
    vault: testVault,
    asTenant: (tenantId, run) => asTenant(db, tenantId, run),
    asTenantAtOnce: (tenantId, run) => asTenantAtOnce(db, tenantId, run),
    hashing: createHashing({ cost: { memory: 8, passes: 1, parallelism: 1 }, maxWaiting: 1_000 }),
    relyingParty: () => relyingPartyOf([CUSTOMER_ORIGIN]),
    messenger: box,
    box,
    pumping: createPumping({ db, clock, vault: testVault, caps: capsOf(100_000, 100_000) }),
    codeOrigin: CUSTOMER_ORIGIN,
    issuer: 'Turant',
    unsent: () => undefined,
    noted: (tx, { tenantId, paymentId, actor, address, requestId }, { action, detail }) =>
      writeActs(tx, [
        {
          tenantId,
          at: clock.now(),
          actor,
          action,
          subject: paymentId,
          outcome: action === 'authentication.done' ? 'done' : 'refused',
          detail,
          requestId,
          address,
        },
      ]),
    ...more,
  }
}
