import type { Cancel } from '../base/clock.ts'
import { parsePaymentId } from '../base/identifiers.ts'
import type { Tx } from '../db/pool.ts'
import type { AsTenant } from '../db/tenant.ts'
import {
  type Approval,
  decideApproval,
  findApproval,
  findLapsed,
  findVotes,
  insertVote,
  lapseChanges,
  lockApproval,
  paymentDigest,
} from './approval-store.ts'
import type { Changes } from './changes.ts'
import { barred, satisfied, type Vote } from './four-eyes.ts'
import { findings, type Stage, waitsOf } from './payment.ts'
import { type Recorded, record, recordById } from './record.ts'
import type { PaymentRoom } from './room.ts'
import { findPayment } from './store.ts'
import type { StoredPayment } from './stored.ts'

/** What became of a vote. */
export type Decided =
  /** It counts; more are needed. */
  | { readonly kind: 'counted'; readonly approval: Approval }
  /** It decided: the change is made, or the payment goes on or comes back. */
  | { readonly kind: 'done'; readonly approval: Approval; readonly payment?: StoredPayment }
  | { readonly kind: 'too_late'; readonly approval: Approval; readonly payment?: StoredPayment } // decided otherwise, cancelled, lapsed
  | { readonly kind: 'own_work' } //    who made it cannot decide about it
  | { readonly kind: 'wrong_role' } //  no step asks for a role that the voter has
  | { readonly kind: 'stuck' } //       agreed, and the account takes no money: the same vote again carries it out
  | { readonly kind: 'changed' } //     it is not any more what was put before the voter
  | { readonly kind: 'unknown' }

export type Ballot = {
  readonly tenantId: number
  /** 32 hex digits. */
  readonly id: string
  readonly verdict: 'approve' | 'reject'
  readonly vote: Vote
  /** What the voter saw, 64 hex digits; absent: whatever is asked now. */
  readonly digest?: string | undefined
  /** For the record. */
  readonly requestId: string | null
  readonly address: string | null
}

/** Makes the change that was approved, in the transaction of the decision. @throws to leave everything as it was */
export type Apply = (tx: Tx, approval: Approval) => Promise<void>

export type DecideDeps = {
  readonly room: PaymentRoom
  readonly asTenant: AsTenant
  /** Whether the content of a change is still what its digest says, and how it is made. */
  readonly changes: Pick<Changes, 'intact' | 'read' | 'turnDown'> & { readonly apply: Apply }
  /** Written down in the transaction of the vote. */
  readonly noted: (
    tx: Tx,
    ballot: Ballot,
    approval: Approval,
    outcome: 'counted' | 'approved' | 'rejected' | 'void',
  ) => Promise<void>
}

/**
 * Counts one vote and, when it decides, carries the decision out: a change in the same transaction, a payment by door 2 right after it.
 * Safe to call again: a vote that was counted is not counted twice, and a decision that was not carried out is then.
 * @throws when the database is away; the caller asks again
 */
export async function decide(deps: DecideDeps, ballot: Ballot): Promise<Decided> {
  const { room, asTenant } = deps
  const seen = await asTenant(ballot.tenantId, (tx) => findApproval(tx, ballot.tenantId, ballot.id))
  if (seen === undefined) return { kind: 'unknown' }
  if (seen.subject.kind === 'payment') return decidePayment(deps, ballot, seen)
  return seen.subject.kind === 'resolution'
    ? decideResolution(deps, ballot, seen)
    : decideChange(room.clock.now(), deps, ballot)
}

type Counted = { readonly approval: Approval; readonly outcome: 'counted' | 'approved' | 'rejected' | 'void' }

/** Locks, judges, counts. What is decided about a change is written here; a payment's decision is door 2's to write. */
async function count(
  deps: DecideDeps,
  ballot: Ballot,
  now: number,
  intact: (approval: Approval) => Promise<boolean>,
): Promise<Counted | Exclude<Decided, { kind: 'counted' | 'done' }>> {
  return deps.asTenant(ballot.tenantId, async (tx) => {
    const approval = await lockApproval(tx, ballot.tenantId, ballot.id)
    if (approval === undefined) return { kind: 'unknown' }
    if (approval.decision !== null || approval.expiresAt <= now) return { kind: 'too_late', approval }
    const why = barred(approval.steps, [approval.maker, ...approval.makerSame, ...gainers(approval)], ballot.vote)
    if (why !== undefined) return { kind: why }
    if (ballot.digest !== undefined && ballot.digest !== approval.digest) return { kind: 'changed' }
    const outcome = await outcomeOf(tx, ballot, approval, now, intact)
    if (outcome !== 'counted' && !isForDoor2(approval, outcome)) {
      await decideApproval(tx, approval.id, outcome, now)
      if (outcome === 'approved') await deps.changes.apply(tx, approval)
      if (outcome === 'rejected') await deps.changes.turnDown(tx, approval, ballot.vote.voter)
    }
    await deps.noted(tx, ballot, approval, outcome)
    return { approval, outcome }
  })
}

/** Whom a change is about: nobody decides what they may do themselves. */
const gainers = ({ subject }: Approval): readonly string[] =>
  subject.kind === 'person' || subject.kind === 'client' ? [subject.id] : []

/** What door 2 writes down in the commit of the payment's step: any word about a payment, and the agreement on what became of it. */
const isForDoor2 = ({ subject }: Approval, outcome: Counted['outcome']): boolean =>
  subject.kind === 'payment' || (subject.kind === 'resolution' && outcome === 'approved')

async function outcomeOf(
  tx: Tx,
  ballot: Ballot,
  approval: Approval,
  now: number,
  intact: (approval: Approval) => Promise<boolean>,
): Promise<Counted['outcome']> {
  if (!(await intact(approval))) return 'void'
  await insertVote(tx, approval, { ...ballot.vote, verdict: ballot.verdict, digest: approval.digest, at: now })
  if (ballot.verdict === 'reject') return 'rejected'
  const votes = await findVotes(tx, [approval.id])
  const against = votes.find((vote) => vote.verdict === 'reject')
  if (against !== undefined) return 'rejected'
  return satisfied(
    approval.steps,
    votes.filter((vote) => vote.digest === approval.digest),
  )
    ? 'approved'
    : 'counted'
}

async function decideChange(now: number, deps: DecideDeps, ballot: Ballot): Promise<Decided> {
  const counted = await count(deps, ballot, now, deps.changes.intact)
  if ('kind' in counted) return counted
  const { approval, outcome } = counted
  if (outcome === 'void') return { kind: 'changed' }
  if (outcome === 'counted') return { kind: 'counted', approval }
  return { kind: 'done', approval: { ...approval, decision: outcome, decidedAt: now } }
}

/** How a person's word is called once it is written down. */
const decisionOf = { approve: 'approved', reject: 'rejected' } as const

async function decidePayment(deps: DecideDeps, ballot: Ballot, seen: Approval): Promise<Decided> {
  const { room, asTenant } = deps
  const id = parsePaymentId(seen.subject.id)
  const read = () =>
    asTenant(ballot.tenantId, async (tx) =>
      id === undefined ? undefined : findPayment(tx, room.vault, ballot.tenantId, id),
    )
  const payment = await read()
  if (payment === undefined) return { kind: 'unknown' }
  if (seen.decision !== null) {
    const kind = seen.decision === decisionOf[ballot.verdict] ? 'done' : 'too_late'
    return { kind, approval: seen, payment }
  }
  const counted = await count(
    deps,
    ballot,
    room.clock.now(),
    async (approval) => paymentDigest(payment) === approval.digest,
  )
  if ('kind' in counted) {
    if (counted.kind !== 'too_late') return counted
    // Somebody was faster; with the same word it is the same answer.
    const kind = counted.approval.decision === decisionOf[ballot.verdict] ? 'done' : 'too_late'
    return { kind, approval: counted.approval, payment: (await read()) ?? payment }
  }
  const { approval, outcome } = counted
  if (outcome === 'counted') return { kind: 'counted', approval }
  const recorded = await carryOut(room, payment, outcome)
  if (recorded.kind === 'unknown') return recorded
  if (outcome === 'void') return { kind: 'changed' }
  const after = (await asTenant(ballot.tenantId, (tx) => findApproval(tx, ballot.tenantId, ballot.id))) ?? approval
  const done = after.decision === outcome
  return { kind: done ? 'done' : 'too_late', approval: after, payment: recorded.payment }
}

/**
 * Votes about what became of a payment; the last one moves it, by door 2. If the hub dies in between, the votes are there and
 * nothing is decided: the same vote again carries it out.
 */
async function decideResolution(deps: DecideDeps, ballot: Ballot, seen: Approval): Promise<Decided> {
  const { room, asTenant } = deps
  const id = parsePaymentId(seen.subject.id)
  const counted = await count(deps, ballot, room.clock.now(), deps.changes.intact)
  if ('kind' in counted) {
    if (counted.kind !== 'too_late' || counted.approval.decision !== decisionOf[ballot.verdict]) return counted
    return { kind: 'done', approval: counted.approval }
  }
  const { approval, outcome } = counted
  if (outcome === 'counted') return { kind: 'counted', approval }
  if (outcome === 'void') return { kind: 'changed' }
  if (outcome === 'approved') {
    const content = await deps.changes.read(approval)
    const finding = findings.find((one) => one === Object(content).finding)
    if (id === undefined || finding === undefined) throw new Error(`approval ${approval.id} finds nothing out`)
    const recorded = await recordById(room, id, { kind: finding, approvalId: approval.id })
    if (recorded.kind === 'unknown') return recorded
    if (recorded.kind === 'stuck') return { kind: 'stuck' }
  }
  const after = (await asTenant(ballot.tenantId, (tx) => findApproval(tx, ballot.tenantId, ballot.id))) ?? approval
  return { kind: after.decision === outcome ? 'done' : 'too_late', approval: after }
}

async function carryOut(
  room: PaymentRoom,
  payment: StoredPayment,
  outcome: 'approved' | 'rejected' | 'void',
): Promise<Recorded> {
  if (outcome === 'approved') return release(room, payment, 'approval')
  return record(room, payment, { kind: 'rejected', reason: outcome === 'void' ? 'approval_void' : 'not_approved' })
}

/**
 * Says by door 2 that what a payment waited for has come; when that was the last, it leaves at once if a link is usable. Safe to call again.
 * @throws when the database is away
 */
export async function release(room: PaymentRoom, payment: StoredPayment, stage: Stage): Promise<Recorded> {
  const released = await record(room, payment, { kind: 'released', stage })
  if (released.kind !== 'moved' || released.payment.state !== 'held' || waitsOf(released.payment).length > 0)
    return released
  // Not needed for the money: what is held is claimed by the rail in any case, some seconds later.
  const sent = await record(room, released.payment, { kind: 'dispatched' })
  return sent.kind === 'unknown' ? released : { kind: 'moved', payment: sent.payment }
}

/** Payments whose wait ends in one sweep at most; the rest has the next one. */
const MAX_LAPSED = 500

/** Ends the waits that are over: a lag lets go, everything else gives up. Nothing was sent, so giving up is safe. @returns how many gave up */
export async function lapse(room: PaymentRoom): Promise<number> {
  const now = room.clock.now()
  const over = await findLapsed(room.db, room.vault, now, MAX_LAPSED)
  let gaveUp = 0
  await Promise.all(
    over.map(async (payment) => {
      const [wait] = waitsOf(payment)
      if (wait === undefined) return
      if (wait.stage === 'lag') await release(room, payment, 'lag')
      // Due only when people have said what they found: with the RRN under which it had left, or that it never did.
      else if (wait.stage === 'restored' && payment.rrn !== null) await record(room, payment, { kind: 'had_left' })
      else if (wait.stage === 'restored') await release(room, payment, 'restored')
      else {
        const reason = wait.stage === 'authentication' ? 'not_authenticated' : 'waited_too_long'
        const ended = await record(room, payment, { kind: 'rejected', reason, stage: wait.stage })
        if (ended.kind === 'moved') gaveUp += 1
      }
    }),
  )
  await lapseChanges(room.db, now)
  return gaveUp
}

/**
 * Sweeps every `everyMs` until cancelled, and then does `also`. What a sweep throws is ignored: the database was away, and the next one comes.
 */
export function startLapsing(room: PaymentRoom, everyMs: number, also: () => Promise<unknown>): Cancel {
  let stop: Cancel = () => undefined
  let stopped = false
  const next = (): void => {
    stop = room.clock.after(everyMs, () => {
      lapse(room)
        .then(also)
        .catch(() => undefined)
        .finally(() => {
          if (!stopped) next()
        })
    })
  }
  next()
  return () => {
    stopped = true
    stop()
  }
}
