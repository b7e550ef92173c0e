import type { Clock } from '../base/clock.ts'
import type { AccountId, PaymentId } from '../base/identifiers.ts'
import { createBatcher } from '../db/batch.ts'
import type { AsTenant } from '../db/tenant.ts'
import type { Evidence } from '../payment/evidence.ts'
import { findEvidence } from '../payment/evidence-store.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { type Challenge, findChallenge } from './challenge-store.ts'
import { type EnrolledKind, findKindsOfAccounts } from './factor-store.ts'

/** Who must prove that a payment is theirs, and what with: for whoever asks before and after; door 1 decides by itself. */
export type Payers = {
  /** The factors of the customer whose account this is; undefined when the hub asks nobody for factors of its payments. */
  readonly factorsOf: (tenantId: number, from: AccountId) => Promise<readonly EnrolledKind[] | undefined>
  /** What a payment of a tenant has, and what was asked for. */
  readonly stateOf: (payment: Pick<StoredPayment, 'id' | 'tenantId' | 'accountId'>) => Promise<AuthenticationState>
}

export type AuthenticationState = {
  readonly factors: readonly EnrolledKind[]
  /** What can still be met; also when its time is over. */
  readonly challenge: Challenge | undefined
  readonly evidence: Evidence | undefined
}

/** How old it may be who asks a tenant's customers: most tenants have none, and their payments must not pay for those that do. */
const FRESH_MS = 1_000
/** Payments whose payers are looked up together, at most. */
const BATCH = 128
/** Lookups under way at once; one tenant's are in one of them. */
const PARTITIONS = 4

type Question = { readonly tenantId: number; readonly from: AccountId }
type Kinds = readonly EnrolledKind[] | undefined

export function createPayers({ clock, asTenant }: { readonly clock: Clock; readonly asTenant: AsTenant }): Payers {
  const known = new Map<number, { readonly asks: Promise<boolean>; readonly at: number }>()
  const asks = (tenantId: number): Promise<boolean> => {
    const now = clock.now()
    const kept = known.get(tenantId)
    if (kept !== undefined && kept.at + FRESH_MS > now && kept.at <= now) return kept.asks
    const found = asTenant(tenantId, async (tx) => {
      const [row] = await tx<{ hub: boolean }[]>`
        select customer_authentication = 'hub' as hub from tenant where tenant_id = ${tenantId}`
      return row?.hub ?? false
    })
    known.set(tenantId, { asks: found, at: now })
    found.catch(() => known.delete(tenantId))
    return found
  }
  const kinds = createBatcher<Question, Kinds>({
    clock,
    maxItems: BATCH,
    partitions: PARTITIONS,
    partitionOf: ({ tenantId }) => tenantId % PARTITIONS,
    async run(asked) {
      const answers: Kinds[] = []
      const places = asked.map((one, place) => ({ ...one, place }))
      for (const [tenantId, mine] of Map.groupBy(places, (one) => one.tenantId)) {
        const accounts = mine.map((one) => one.from)
        const found = await asTenant(tenantId, (tx) => findKindsOfAccounts(tx, tenantId, accounts))
        mine.forEach(({ place }, i) => {
          answers[place] = found[i]
        })
      }
      return answers
    },
  })
  return {
    async factorsOf(tenantId, from) {
      if (!(await asks(tenantId))) return undefined
      return kinds.submit({ tenantId, from })
    },
    stateOf: ({ id, tenantId, accountId }) =>
      asTenant(tenantId, async (tx) => {
        const [kinds, challenge, evidence] = await Promise.all([
          findKindsOfAccounts(tx, tenantId, accountId === null ? [] : [accountId]),
          findChallenge(tx, tenantId, id),
          findEvidence(tx, [id]) satisfies Promise<ReadonlyMap<PaymentId, Evidence>>,
        ])
        return { factors: kinds[0] ?? [], challenge, evidence: evidence.get(id) }
      }),
  }
}
