import type { Clock } from '../base/clock.ts'
import type { Vault } from '../base/vault.ts'
import type { Tx } from '../db/pool.ts'
import type { AsTenant } from '../db/tenant.ts'
import {
  type Approval,
  type ApprovalRule,
  insertApprovals,
  listRules,
  type NewApproval,
  type SubjectKind,
} from './approval-store.ts'
import { type ApprovalStep, digestOf } from './four-eyes.ts'

/**
 * Changes that need more than one person: asked for by one, made when others agree, word for word as they were asked for. And the
 * rules that say which need it.
 */

/** What is to be changed. The content is JSON, kept sealed until it is decided. */
export type Change = {
  readonly tenantId: number
  readonly kind: Exclude<SubjectKind, 'payment'>
  /** What it is about, in the API's words: `cli_…`, `ben_…`, `pay_…`. */
  readonly subjectId: string
  readonly content: object
  readonly maker: string
  readonly makerSame: readonly string[]
}

/** Makes a change that was agreed, in the transaction of the last vote. @throws to leave everything as it was */
export type MakeChange = (tx: Tx, tenantId: number, subjectId: string, content: object) => Promise<void>

/** What follows when people do not agree to a change, in the transaction of the vote. @param by  who said no */
export type TurnDown = (tx: Tx, subjectId: string, approvalId: string, by: string) => Promise<void>

export type ChangesDeps = {
  readonly clock: Clock
  readonly vault: Vault
  readonly asTenant: AsTenant
  readonly newId: () => string // 32 hex digits that sort by time
  readonly approvalMs: number
  readonly make: Readonly<Partial<Record<SubjectKind, MakeChange>>>
  /** Where a no is more than nothing. */
  readonly turnDown?: Readonly<Partial<Record<SubjectKind, TurnDown>>>
}

export type Changes = {
  /** The rule for this kind of thing now; for a payment the strictest over its amount: all their steps. Undefined: nobody need agree. */
  readonly stepsFor: (
    tenantId: number,
    kind: SubjectKind,
    amountPaise?: bigint,
  ) => Promise<readonly ApprovalStep[] | undefined>
  /**
   * Puts a change before people if a rule says so.
   * @param otherwise  who must agree where no rule says it
   * @returns undefined when nobody must: then make it now
   */
  readonly propose: {
    (tx: Tx, change: Change, otherwise: readonly ApprovalStep[]): Promise<NewApproval>
    (tx: Tx, change: Change): Promise<NewApproval | undefined>
  }
  /** What was asked for, opened; undefined when its key was destroyed. @throws when it was altered */
  readonly read: (approval: Approval) => Promise<object | undefined>
  readonly intact: (approval: Approval) => Promise<boolean>
  readonly apply: (tx: Tx, approval: Approval) => Promise<void>
  readonly turnDown: (tx: Tx, approval: Approval, by: string) => Promise<void>
  /** An id that sorts by time, 32 hex digits. */
  readonly newId: () => string
  /** Rules changed: read them again. */
  readonly forget: (tenantId: number) => void
}

const PLACE = 'approval_request.content'
/** How old rules may be that another process has changed. */
const RULES_MS = 1_000

const changeDigest = (
  { tenantId, kind, subjectId }: Pick<Change, 'tenantId' | 'kind' | 'subjectId'>,
  text: string,
): string => digestOf(['change', tenantId, kind, subjectId, text])

export function createChanges(deps: ChangesDeps): Changes {
  const { clock, vault, make } = deps
  const known = new Map<number, { readonly rules: Promise<readonly ApprovalRule[]>; readonly at: number }>()

  const rulesOf = (tenantId: number): Promise<readonly ApprovalRule[]> => {
    const now = clock.now()
    const kept = known.get(tenantId)
    if (kept !== undefined && kept.at + RULES_MS > now && kept.at <= now) return kept.rules
    const rules = deps.asTenant(tenantId, (tx) => listRules(tx, tenantId, now))
    known.set(tenantId, { rules, at: now })
    rules.catch(() => known.delete(tenantId))
    return rules
  }
  const stepsFor: Changes['stepsFor'] = async (tenantId, kind, amountPaise = 0n) =>
    strictest(await rulesOf(tenantId), clock.now(), kind, amountPaise)
  const textOf = async (approval: Approval): Promise<string | undefined> => {
    if (approval.content === null) return undefined
    await vault.load([approval.content])
    return vault.open(PLACE, approval.tenantId, approval.id, approval.content)
  }
  const read: Changes['read'] = async (approval) => {
    const text = await textOf(approval)
    const value: unknown = text === undefined ? undefined : JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  }

  async function propose(tx: Tx, change: Change, otherwise: readonly ApprovalStep[]): Promise<NewApproval>
  async function propose(tx: Tx, change: Change): Promise<NewApproval | undefined>
  async function propose(
    tx: Tx,
    change: Change,
    otherwise?: readonly ApprovalStep[],
  ): Promise<NewApproval | undefined> {
    const now = clock.now()
    // On the connection that is here: who waits for a second one while all are taken by others that do the same waits for ever.
    const steps = strictest(await listRules(tx, change.tenantId, now), now, change.kind, 0n) ?? otherwise
    if (steps === undefined) return undefined
    await vault.prepare([change.tenantId], now)
    const id = deps.newId()
    const text = JSON.stringify(change.content)
    const approval: NewApproval = {
      id,
      tenantId: change.tenantId,
      subject: { kind: change.kind, id: change.subjectId },
      reason: 'rule',
      digest: changeDigest(change, text),
      content: vault.seal(PLACE, change.tenantId, id, text),
      steps,
      maker: change.maker,
      makerSame: change.makerSame,
      enquiryId: null,
      createdAt: now,
      expiresAt: now + deps.approvalMs,
    }
    await insertApprovals(tx, [approval])
    return approval
  }

  return {
    stepsFor,
    read,
    propose,
    async intact(approval) {
      const text = await textOf(approval)
      const { kind, id } = approval.subject
      if (text === undefined || kind === 'payment') return false
      return changeDigest({ tenantId: approval.tenantId, kind, subjectId: id }, text) === approval.digest
    },
    async apply(tx, approval) {
      const content = await read(approval)
      const change = make[approval.subject.kind]
      if (content === undefined || change === undefined)
        throw new Error(`no way to make a change of ${approval.subject.kind}`)
      await change(tx, approval.tenantId, approval.subject.id, content)
    },
    async turnDown(tx, { id, subject }, by) {
      await deps.turnDown?.[subject.kind]?.(tx, subject.id, id, by)
    },
    newId: deps.newId,
    forget: (tenantId) => known.delete(tenantId),
  }
}

/** The steps of the rule that holds for such a thing now; of several the one that asks for most people: it is the stricter. */
const strictest = (
  rules: readonly ApprovalRule[],
  now: number,
  kind: SubjectKind,
  amountPaise: bigint,
): readonly ApprovalStep[] | undefined =>
  rules
    .filter(
      (rule) =>
        rule.subjectKind === kind && rule.validFrom <= now && (rule.validUntil ?? Number.POSITIVE_INFINITY) > now,
    )
    .filter((rule) => rule.overPaise === null || amountPaise > rule.overPaise)
    .map((rule) => rule.steps)
    .sort((a, b) => people(b) - people(a))[0]

/** The fewest people who can pass all steps. */
const people = (steps: readonly ApprovalStep[]): number =>
  steps.reduce((sum, { anyOf }) => sum + Math.min(...anyOf.map(({ count }) => count)), 0)
