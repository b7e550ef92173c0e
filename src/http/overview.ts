import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import type { AsTenant } from '../db/tenant.ts'
import type { BankDirectory } from '../imps/banks.ts'
import { findUnconfirmed } from '../payment/figures-store.ts'
import { findStopped } from '../payment/policy-store.ts'
import type { Today } from '../payment/today.ts'
import { type LinkStatus, linkFields } from './operations.ts'
import { OverviewFigures, type OverviewView, overviewView } from './overview-view.ts'
import { needs } from './policy.ts'
import { answers, InstantWord, nullable, strict } from './schemas.ts'
import { type PositionDeps, PositionDocument, positionsOf } from './settlement-positions.ts'
import type { ViewSettings } from './view.ts'

/** A link to the switch, and how it is. */
export type LinkHealth = LinkStatus & {
  /** Since when it is in this state, epoch milliseconds. */
  readonly since: number
  /** When the switch last answered an echo or heartbeat; null before the first. */
  readonly lastEchoAt: number | null
}

export type OverviewDeps = Pick<PositionDeps, 'db' | 'institutions' | 'sandbox'> & {
  readonly clock: Clock
  readonly asTenant: AsTenant
  readonly today: Today
  readonly directory: BankDirectory
  readonly view: Pick<ViewSettings, 'overrides'>
  readonly linkHealth: () => readonly LinkHealth[]
}

export const LinkHealthDocument = strict({
  ...linkFields,
  since: InstantWord,
  lastAnswerAt: nullable(InstantWord),
})
const Overview = strict({
  ...OverviewFigures,
  stoppedAt: nullable(
    Type.String({ format: 'date-time', description: 'since when the kill switch stops all payments; null: they go' }),
  ),
  links: Type.Array(LinkHealthDocument),
  positions: Type.Union([Type.Array(PositionDocument), Type.Null()], {
    description: 'how much of its net debit cap each bank has used; null without the right settlement:read',
  }),
})

/** What everybody of a tenant sees. */
type TenantView = OverviewView & { readonly stoppedAt: string | null }

/** Whoever looks again within a second sees the same: any number of open pages cost one answer. */
const KEPT_MS = 1_000
/** Tenants whose answer is kept at most. */
const MOST_KEPT = 1_000

/** `GET /v1/overview`: how the day goes, on one page. */
export function overviewRoutes(app: FastifyInstance, deps: OverviewDeps): void {
  const kept = new Map<number, { readonly until: number; readonly view: Promise<TenantView> }>()

  const make = async (tenantId: number): Promise<TenantView> => {
    const [unconfirmed, stoppedAt] = await deps.asTenant(tenantId, (tx) =>
      Promise.all([findUnconfirmed(tx, tenantId), findStopped(tx, tenantId)]),
    )
    const settings = { directory: deps.directory, overrides: deps.view.overrides }
    return {
      ...overviewView(deps.today.read(tenantId), unconfirmed, settings, deps.clock.now()),
      stoppedAt: stoppedAt === null ? null : toRfc3339(stoppedAt),
    }
  }
  const figuresOf = (tenantId: number): Promise<TenantView> => {
    const now = deps.clock.monotonicMs()
    const earlier = kept.get(tenantId)
    if (earlier !== undefined && earlier.until > now) return earlier.view
    if (kept.size >= MOST_KEPT) kept.clear()
    const view = make(tenantId)
    kept.set(tenantId, { until: now + KEPT_MS, view })
    view.catch(() => kept.delete(tenantId))
    return view
  }

  app.get(
    '/v1/overview',
    {
      config: needs('payments:read'),
      schema: {
        tags: ['Payments'],
        summary: 'How the day goes',
        description:
          'Payments made since midnight in India, and what became of them so far: sums, rates, times; what is unconfirmed, whenever it was ' +
          'made; links, net debit caps, and banks to which payments go wrong now: of at least ten in ten minutes a fifth declined for a ' +
          'technical reason, unconfirmed or deemed; whether the kill switch stops all. `out` is approved and deemed, `in` is credited. Counted every two to five seconds, ' +
          'beside the payments and not in their way; ask as often as you like.',
        response: answers(200, Overview, ['unauthorized', 'database_unavailable']),
      },
    },
    async ({ caller }) => {
      const [figures, positions] = await Promise.all([
        figuresOf(caller.tenantId),
        caller.rights.has('settlement:read') ? positionsOf(deps, caller) : null,
      ])
      return { ...figures, links: deps.linkHealth().map(linkHealthView), positions }
    },
  )
}

export const linkHealthView = ({ since, lastEchoAt, ...link }: LinkHealth) => ({
  ...link,
  since: toRfc3339(since),
  lastAnswerAt: lastEchoAt === null ? null : toRfc3339(lastEchoAt),
})
