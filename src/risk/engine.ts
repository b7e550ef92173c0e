import type { Clock } from '../base/clock.ts'
import { type AccountId, paymentKey } from '../base/identifiers.ts'
import type { Log } from '../base/log.ts'
import type { Vault } from '../base/vault.ts'
import { createBatcher } from '../db/batch.ts'
import type { Db } from '../db/pool.ts'
import type { NewFlag } from '../payment/initiate-assessed.ts'
import { beneficiaryIndex, findBlocked, isBlocked } from '../payment/policy-store.ts'
import type { RiskPort, RiskQuestion, RiskVerdict } from '../payment/risk.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { BLOCKED_REMITTER, type Facts, judgeRules } from './rules.ts'
import { type DatedRules, findFirstPaid, findPasts, listRuleSets, rulesAt, writeFlags } from './store.ts'

/** The rules of this hub behind the port of risk, and the look at credits. */
export type RuleEngine = {
  readonly port: RiskPort
  /** Looks at a payment that was committed; only credits from other banks are looked at. Never throws, never waits. */
  readonly watch: (payment: StoredPayment) => void
  /** Keeps a flag for people. Never throws. */
  readonly flag: (flag: NewFlag) => Promise<void>
  /** Rules or blocks of a tenant changed: read them again. */
  readonly forget: (tenantId: number) => void
  /** Reads the rules of all tenants once. Never throws: whoever is not read now is read when asked about. */
  readonly warm: () => Promise<void>
  /** Resolves when nothing is being looked at. */
  readonly idle: () => Promise<void>
}

export type RuleEngineDeps = {
  readonly clock: Clock
  readonly log: Pick<Log, 'warn'>
  readonly vault: Vault
  /** The doors' pool: index look-ups only, and no page of history is before them. */
  readonly db: Db
}

/** After which rules are read again, for another process may have changed them; and how old they may be while that is under way. */
const RULES_MS = 1_000
const STALE_MS = 5_000
/** Tenants whose rules are read at the start: nobody's first payment waits for that. */
const MAX_WARMED = 1_000
/** Questions that share one look at the database, and credits that wait to be looked at. */
const BATCH = 64
const MAX_WATCHED = 5_000

type Known = { readonly sets: readonly DatedRules[]; readonly blocked: ReadonlySet<string> }
/** `ready` is what `known` has come to. */
type Kept = { readonly known: Promise<Known>; readonly ready: Known | undefined; readonly at: number }
type Asked = {
  readonly accountId: AccountId
  readonly beneficiary: string
  readonly facts: Pick<Facts, 'direction' | 'amountPaise' | 'at' | 'other'>
  /** A payment that is in the past by now, and is not its own. */
  readonly itself: string | null
}

export function createRuleEngine({ clock, log, vault, db }: RuleEngineDeps): RuleEngine {
  const kept = new Map<number, Kept>()
  const read = async (tenantId: number): Promise<Known> => {
    const [sets, blocked] = await Promise.all([listRuleSets(db, tenantId), findBlocked(db, [tenantId])])
    return { sets, blocked: blocked.get(tenantId) ?? new Set() }
  }
  /** What is known of a tenant: of more than a second ago while it is read again, and never of more than five. */
  const knownOf = (tenantId: number): Promise<Known> => {
    const now = clock.now()
    const before = kept.get(tenantId)
    const age = before === undefined ? STALE_MS : Math.abs(now - before.at)
    if (before !== undefined && age < RULES_MS) return before.known
    const known = read(tenantId)
    const reading: Kept =
      before !== undefined && age < STALE_MS ? { ...before, at: now } : { known, ready: undefined, at: now }
    kept.set(tenantId, reading)
    known.then(
      (fresh) => {
        if (kept.get(tenantId) === reading) kept.set(tenantId, { known: Promise.resolve(fresh), ready: fresh, at: now })
      },
      () => {
        if (kept.get(tenantId) === reading) kept.delete(tenantId)
      },
    )
    return reading.known
  }

  const looks = createBatcher<Asked, Facts>({
    clock,
    maxItems: BATCH,
    partitions: 2,
    partitionOf: ({ accountId }) => Number(accountId.slice(4)),
    async run(asked) {
      const accounts = [...new Set(asked.map((one) => one.accountId))]
      const [pasts, first] = await Promise.all([findPasts(db, accounts), findFirstPaid(db, asked)])
      return asked.map(({ accountId, facts, itself }, i): Facts => {
        const { openedAt, past } = pasts.get(accountId) ?? { openedAt: facts.at, past: [] }
        return {
          ...facts,
          openedAt,
          past: itself === null ? past : past.filter((one) => one.id < itself),
          firstPaidAt: first[i] ?? null,
        }
      })
    },
  })
  const flags = createBatcher<NewFlag, true>({
    clock,
    maxItems: BATCH,
    partitions: 1,
    partitionOf: () => 0,
    async run(some) {
      await writeFlags(db, some, clock.now())
      return some.map(() => true)
    },
  })
  const flag = async (one: NewFlag): Promise<void> => {
    try {
      await flags.submit(one)
    } catch (error) {
      log.warn({ err: error, tenant: one.tenantId }, 'a flag of risk is lost')
    }
  }

  const othersOf = ({ account, mobile }: { readonly account?: string; readonly mobile?: string }): string[] => [
    ...(account === undefined ? [] : [vault.index('account', account)]),
    ...(mobile === undefined ? [] : [vault.index('mobile', mobile)]),
  ]
  const nameOf = (set: DatedRules): string => `rules/${set.version}`

  async function assess({ tenantId, accountId, to, amountPaise }: RiskQuestion): Promise<RiskVerdict | undefined> {
    const set = rulesAt((await knownOf(tenantId)).sets, clock.now())
    if (set === undefined || Object.keys(set.rules).length === 0) return undefined
    const facts = await looks.submit({
      accountId,
      beneficiary: beneficiaryIndex(vault, to),
      facts: { direction: 'outward', amountPaise, at: clock.now(), other: othersOf(to) },
      itself: null,
    })
    return { ...judgeRules(set.rules, facts), ruleSet: nameOf(set) }
  }

  /** Where rules are not known, or not fresh, the answer is no: `assess` then reads them. */
  function hasNothing(tenantId: number): boolean {
    const now = clock.now()
    const { ready, at } = kept.get(tenantId) ?? { ready: undefined, at: 0 }
    if (ready === undefined || Math.abs(now - at) >= RULES_MS) return false
    const set = rulesAt(ready.sets, now)
    return set === undefined || Object.keys(set.rules).length === 0
  }

  async function look(payment: StoredPayment, accountId: AccountId): Promise<void> {
    const { tenantId, amountPaise, remitter, createdAt } = payment
    const { sets, blocked } = await knownOf(tenantId)
    const set = rulesAt(sets, clock.now())
    const reasons = isBlocked(vault, blocked, remitter) ? [BLOCKED_REMITTER] : []
    if (set !== undefined && Object.keys(set.rules).length > 0) {
      const facts = await looks.submit({
        accountId,
        beneficiary: beneficiaryIndex(vault, payment.beneficiary),
        facts: { direction: 'inward', amountPaise, at: createdAt, other: othersOf(remitter) },
        itself: paymentKey(payment.id),
      })
      reasons.push(...judgeRules(set.rules, facts).reasons)
    }
    if (reasons.length === 0) return
    const found = {
      tenantId,
      accountId,
      reasons,
      ruleSet: set === undefined ? 'blocks' : nameOf(set),
      paymentId: payment.id,
      amountPaise,
    }
    await flag({ ...found, direction: 'inward', verdict: 'flag' })
  }

  let watched = 0
  const idleWaiters: (() => void)[] = []
  return {
    port: { assess, hasNothing },
    watch(payment) {
      const { direction, state, accountId } = payment
      if (direction !== 'inward' || state !== 'succeeded' || accountId === null || watched >= MAX_WATCHED) return
      watched += 1
      look(payment, accountId)
        .catch((error: unknown) => log.warn({ err: error, payment: payment.id }, 'a credit was not looked at'))
        .finally(() => {
          watched -= 1
          if (watched === 0) for (const wake of idleWaiters.splice(0)) wake()
        })
    },
    flag,
    forget: (tenantId) => {
      kept.delete(tenantId)
    },
    async warm() {
      try {
        const rows = await db<
          { tenant_id: number }[]
        >`select tenant_id from tenant order by tenant_id limit ${MAX_WARMED}`
        await Promise.all([...rows.map((row) => knownOf(row.tenant_id)), findPasts(db, [])])
      } catch (error) {
        log.warn({ err: error }, 'rules of risk are not read yet')
      }
    },
    async idle() {
      if (watched > 0) await new Promise<void>((resolve) => idleWaiters.push(resolve))
      await Promise.all([looks.idle(), flags.idle()])
    },
  }
}
