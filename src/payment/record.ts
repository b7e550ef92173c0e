import { toRfc3339 } from '../base/clock.ts'
import type { AccountId, PaymentId, Rrn } from '../base/identifiers.ts'
import { paymentIdOf, paymentKey } from '../base/identifiers.ts'
import type { Vault } from '../base/vault.ts'
import { bytes, numbers, texts, words } from '../db/arrays.ts'
import { type Db, isTransient, type Tx } from '../db/pool.ts'
import { runTransaction } from '../db/transaction.ts'
import { type ChartCode, hubAccount } from '../ledger/chart.ts'
import { lockAccounts, writeBooks } from '../ledger/store.ts'
import type { Books, EntryKind } from '../ledger/transfer.ts'
import { enter, locked, transfer } from '../ledger/transfer.ts'
import { type Decision, lockOpenApprovals, writeDecisions, writeResolutions, writeWaits } from './approval-store.ts'
import { findCredits, lockLiensFor, type NewCredit, releaseLiensFor, writeCredits } from './credit-once.ts'
import { type Customers, lockCustomers, provenCustomers, writeCustomers } from './customer-usage.ts'
import { type Evidence, proves } from './evidence.ts'
import { findEvidence, insertEvidence } from './evidence-store.ts'
import type { Fact, Finding, LedgerVerb, Step } from './payment.ts'
import { advance, advanceInward, awaitedBy, bringsBack, findings, isFinal, reasonOfWaits, waitsOf } from './payment.ts'
import {
  accountPayer,
  beneficiaryIndex,
  customerPayer,
  isBlocked,
  type TenantPolicy,
  takeBackSeen,
} from './policy-store.ts'
import type { PaymentRoom, UsableLink } from './room.ts'
import { findPayments, lockEpochs, lockPayments, type NewBreak, openBreaks, sealedName, stanOf } from './store.ts'
import type { StoredPayment } from './stored.ts'
import { readUsage, withoutPayment, writeUsage } from './usage.ts'
import {
  announceWithin,
  answerWithin,
  findPayees,
  lockWithin,
  passOn,
  payeeAccounts,
  stayedWithin,
  type Within,
  writeWithin,
} from './within-bank.ts'

/** What became of a fact. `payment` is as it stands after it. */
export type Recorded =
  | { readonly kind: 'moved' | 'repeated' | 'contradicted'; readonly payment: StoredPayment }
  /** Money would go to an account that is frozen or closed: nothing was written, and it waits where it is. */
  | { readonly kind: 'stuck'; readonly payment: StoredPayment }
  | { readonly kind: 'unknown' } //    there is no such payment

/** What a customer proved, kept in the commit of the step that it allows. */
export type Proof = {
  readonly evidence: Omit<Evidence, 'policyVersion'>
  /** Locks what it was proved with, behind all other locks of door 2. False: it cannot be used any more, and nothing is written. */
  readonly lock: (tx: Tx) => Promise<boolean>
  /** Uses it up, and writes it down. */
  readonly use: (tx: Tx) => readonly Promise<unknown>[]
}

export type RecordItem = { readonly payment: StoredPayment; readonly fact: Fact; readonly proof?: Proof }

/**
 * Door 2: records one fact about one payment: an answer, a lapse, a verification, a settlement line, a person's act.
 *
 * One commit: the payment's state, what the ledger does about it, and its event, or nothing. Safe to call again with the
 * same fact; the second call writes nothing. A fact that cannot be true opens a break and moves nothing.
 *
 * @param payment  the payment as the caller last saw it: only a hint; a row that moved meanwhile is locked, read and judged again
 * @throws when the database is away; the caller asks again
 * @source NPCI/IMPS/OC No 28/2013-14: RC 91 is deemed successful; OC 76: only a definite decline or M0 permits a reversal
 */
export function record(room: PaymentRoom, payment: StoredPayment, fact: Fact): Promise<Recorded> {
  return room.doors.record.submit({ payment, fact })
}

/** Door 2 for a caller who has only the id. */
export async function recordById(room: PaymentRoom, id: PaymentId, fact: Fact): Promise<Recorded> {
  const [payment] = await findPayments(room.db, room.vault, [id])
  return payment === undefined ? { kind: 'unknown' } : record(room, payment, fact)
}

/**
 * Door 2 for what a customer has just proved, who waits: evidence, release and, when nothing else must come first and a link is usable, the
 * sending, in one commit. It is nobody's batch and has connections of its own, and locks none of the hub's accounts, which batches of door 1
 * hold most of the time; only when the money must go back, or to a payee of the same bank, it does.
 *
 * @returns also the steps that were made, oldest first; `contradicted` when the payment does not wait for this, or what it was proved with
 *   cannot be used any more
 */
export async function recordProved(
  room: PaymentRoom,
  payment: StoredPayment,
  proof: Proof,
): Promise<{ readonly recorded: Recorded; readonly steps: readonly StoredPayment[] }> {
  const released: RecordItem = { payment, fact: { kind: 'released', stage: 'authentication' }, proof }
  const isLast = waitsOf(payment).length <= 1
  const items = isLast ? [released, { payment, fact: { kind: 'dispatched' } } as const] : [released]
  const once = (how: Pick<How, 'light' | 'again'>) => moveLocked(room, items, { db: room.promptDb, ...how })
  const light = !isLast || !room.isOwnAddress(payment.institution, payment.beneficiary)
  const recorded = await once({ light, again: false }).catch((error: unknown) => {
    if (error instanceof NeedsBooks) return once({ light: false, again: false })
    // As a batch is: if the commit did happen, the second run finds its own work.
    if (isTransient(error)) return once({ light: false, again: true })
    throw error
  })
  const [first = { kind: 'unknown' } as const, second] = recorded
  const steps = recorded.flatMap((one) => (one.kind === 'moved' ? [one.payment] : []))
  return { recorded: first.kind === 'moved' && second?.kind === 'moved' ? second : first, steps }
}

/** What must be written touches accounts that were not locked. */
class NeedsBooks extends Error {}

/** `light`: no account of the hub is locked. `again`: what is proved may be kept already, by a commit of which nobody heard. */
type How = { readonly db: Db; readonly light: boolean; readonly again: boolean }

type Move = { readonly before: StoredPayment; readonly after: StoredPayment; readonly ledger: LedgerVerb }

/** One batch of door 2: first all that the hint makes certain, in one statement; then the rest, locked and judged again. */
export async function runRecord(room: PaymentRoom, items: readonly RecordItem[]): Promise<readonly Recorded[]> {
  // A registered name that an answer brings is sealed with the payment's tenant.
  await room.vault.prepare(
    items.map((item) => item.payment.tenantId),
    room.clock.now(),
  )
  const results: (Recorded | undefined)[] = new Array(items.length).fill(undefined)
  const optimistic = new Map<PaymentId, { readonly index: number; readonly move: Move }>()
  const now = room.clock.now()
  for (let index = 0; index < items.length; index += 1) {
    const { payment, fact } = items[index] as RecordItem
    if (payment.direction !== 'outward' || payment.state === 'held' || fact.kind === 'dispatched') continue
    if (isFound(fact)) continue // its approval ends in the same commit
    if (optimistic.has(payment.id)) continue
    const step = advance(payment.state, fact.kind)
    if (step.kind !== 'moved' || movesMoney(step.ledger)) continue
    optimistic.set(payment.id, {
      index,
      move: { before: payment, after: after(payment, step.to, fact, now), ledger: step.ledger },
    })
  }
  const moves = [...optimistic.values()]
  const moved = await moveUnlocked(
    room,
    moves.map((one) => one.move),
    now,
  )
  for (const { index, move } of moves) {
    if (moved.has(move.after.id)) results[index] = { kind: 'moved', payment: move.after }
  }
  const rest = items.flatMap((item, index) => (results[index] === undefined ? [{ ...item, index }] : []))
  if (rest.length > 0) {
    const recorded = await moveLocked(room, rest)
    for (let i = 0; i < rest.length; i += 1) results[rest[i]?.index as number] = recorded[i] as Recorded
  }
  return results as Recorded[]
}

/** The payment after a step. */
function after(before: StoredPayment, to: StoredPayment['state'], fact: Fact, now: number): StoredPayment {
  return {
    ...before,
    state: to,
    version: before.version + 1,
    responseCode: 'responseCode' in fact ? fact.responseCode : before.responseCode,
    registeredName:
      fact.kind === 'approved' || fact.kind === 'paid_within'
        ? (fact.registeredName ?? before.registeredName)
        : before.registeredName,
    reason: reasonOf(before, fact),
    updatedAt: now,
  }
}

function reasonOf(before: StoredPayment, fact: Fact): string | null {
  switch (fact.kind) {
    case 'refused':
    case 'rejected':
      return fact.reason
    case 'released':
      return reasonOfWaits(waitsOf(before).slice(1))
    case 'cancelled':
      return 'cancelled'
    case 'lapsed':
    case 'had_left':
      return 'no_answer'
    case 'unclear':
      return 'unclear_answer'
    case 'reversed':
      return 'reversed_by_npci'
    case 'returned':
      return 'returned_by_beneficiary_bank'
    case 'declined':
      return fact.notTaken === true ? 'not_taken' : null
    case 'found_paid':
    case 'found_unpaid':
    case 'found_returned':
    case 'found_settled':
    case 'found_unsettled':
    case 'dispute_won':
    case 'credited_late':
      return fact.kind
    case 'settled_declined':
      return 'declined_in_settlement'
    case 'settled_absent':
      return 'absent_from_settlement'
    case 'refunded':
      return 'refunded_by_beneficiary_bank'
    default:
      return before.state === 'unconfirmed' ? null : before.reason
  }
}

/**
 * The optimistic path: one statement, one commit, no ledger legs (the debit was made at door 1 and stands). Each row names the version it
 * expects; those that moved meanwhile are not in the answer.
 */
async function moveUnlocked(room: PaymentRoom, moves: readonly Move[], now: number): Promise<ReadonlySet<PaymentId>> {
  if (moves.length === 0) return new Set()
  room.crashPoint('record:before-commit')
  const rows = await writeMoves(room.db, room.vault, moves, now)
  room.crashPoint('record:after-commit')
  const moved = new Set(rows.map((row) => paymentIdOf(row.payment_id)))
  for (const move of moves) if (moved.has(move.after.id)) announce(room, move)
  return moved
}

/** Locks, reads again, judges in order of arrival: for whatever gives money back, and for every surprise. */
async function moveLocked(
  room: PaymentRoom,
  items: readonly RecordItem[],
  { db, light, again }: How = { db: room.db, light: false, again: false },
): Promise<Recorded[]> {
  const leaving = items.flatMap(({ payment, fact }) => (fact.kind === 'dispatched' ? [payment] : []))
  const [{ links, rrns }, payees] = await Promise.all([prepareDispatch(room, items), findPayees(room, leaving)])
  const accounts = new Set<AccountId>(payeeAccounts(payees))
  for (const { payment, fact } of items) {
    if (payment.accountId === null) continue
    accounts.add(payment.accountId)
    if (!light) for (const code of touched(payment, fact)) accounts.add(hubAccount(code, payment.lane))
  }
  await room.directory.institutionsOf(items.flatMap(({ payment }) => payment.accountId ?? []))
  const customerOf = room.directory.customersOf(accounts)
  const proofs = items.flatMap(({ proof }) => proof ?? [])
  const { recorded, moves, within } = await runTransaction(
    db,
    async (tx) => {
      const [payments, within, customers, liens, books, epochs, policies, evidence, open, credits, usable] =
        await Promise.all([
          lockPayments(
            tx,
            room.vault,
            items.map((item) => item.payment.id),
          ),
          lockWithin(tx, room, payees),
          lockCustomers(tx, customerOf.values()),
          lockLiensFor(
            tx,
            items.flatMap(({ payment, fact }) => (fact.kind === 'found_unsettled' ? [payment.id] : [])),
          ),
          lockAccounts(tx, room.vault, accounts),
          lockEpochs(
            tx,
            [...links.values()].map((link) => link.link),
          ),
          findPolicies(room, tx, items),
          findEvidence(
            tx,
            items.flatMap(({ payment, fact }) => (isOfFactors(fact) ? [payment.id] : [])),
          ),
          lockOpenApprovals(
            tx,
            items.flatMap(({ fact }) => (isFound(fact) ? [fact.approvalId] : [])),
          ),
          findCredits(
            tx,
            items.map(({ payment }) => payment),
          ),
          Promise.all(proofs.map(async (proof) => ((await proof.lock(tx)) ? [proof] : []))),
        ])
      return {
        payments,
        within,
        customers: provenCustomers(room.directory, books, customers),
        books,
        epochs,
        policies,
        evidence,
        open,
        credits,
        liens,
        usable: new Set(usable.flat()),
      }
    },
    (tx, { payments, within, customers, books, epochs, policies, evidence, open, credits, liens, usable }) => {
      const now = room.clock.now()
      const moves: Move[] = []
      const breaks: NewBreak[] = []
      const resolutions: Resolution[] = []
      const credited: NewCredit[] = []
      const proved: (Proof & { readonly evidence: Evidence })[] = []
      const recorded = items.map(({ payment: hint, fact: told, proof }): Recorded => {
        const payment = payments.get(hint.id)
        if (payment === undefined) return { kind: 'unknown' }
        // Never without evidence of the two factors, over the payment as it stands under this lock.
        const kept = evidence.get(payment.id)
        if (proof !== undefined && (kept !== undefined || awaitedBy(payment) !== 'authentication'))
          return { kind: again && kept?.nonce === proof.evidence.nonce ? 'repeated' : 'contradicted', payment }
        const shown = proof !== undefined && usable.has(proof) ? versioned(proof, policies) : kept
        if (isOfFactors(told) && awaitedBy(payment) === 'authentication' && !proves(shown, payment))
          return { kind: 'contradicted', payment }
        const fact = answeredWithin(
          room,
          within,
          books,
          payment,
          lookedAtAgain(room, payment, told, books, customers, policies),
        )
        const step = judge(payment, fact)
        // Decided otherwise after the last vote was counted: somebody said no, or its time was over. Their word stands.
        if (isFound(fact) && step.kind === 'moved' && !open.has(fact.approvalId))
          return { kind: 'contradicted', payment }
        // Once in the life of a payment, whatever brings it. @source settlement.md I4
        const twice = step.kind === 'moved' && credits.has(payment.id) && isCredit(step.ledger)
        const refused = step.kind === 'contradicted' || twice
        const stuck = step.kind === 'moved' && !twice && waitsForAccount(fact, step.ledger) && !isOpen(books, payment)
        // What they agreed on waits with the money: the same vote again carries it out.
        if (isFound(fact) && !stuck)
          resolutions.push({ payment, finding: fact.kind, approvalId: fact.approvalId, made: !refused })
        if (step.kind === 'repeated') return { kind: 'repeated', payment }
        if (step.kind === 'contradicted' || twice) {
          if (!isIntention(fact)) breaks.push(contradiction(payment, fact))
          return { kind: 'contradicted', payment }
        }
        if (stuck) return { kind: 'stuck', payment }
        let next = after(payment, step.to, fact, now)
        if (fact.kind === 'dispatched') {
          const sent = dispatched(next, links, rrns, epochs, now)
          if (sent === undefined) return { kind: 'repeated', payment }
          next = sent
        }
        if (fact.kind === 'paid_within' || fact.kind === 'declined_within') {
          const rrn = rrns.get(payment.institution)?.pop()
          if (rrn === undefined) return { kind: 'repeated', payment }
          next = { ...next, rrn, stan: stanOf(rrn) }
        }
        if (fact.kind === 'had_left') {
          const carried = carriedBy(next, links, epochs)
          if (carried === undefined || carried.rrn === null) return { kind: 'repeated', payment }
          // When it left is not known; it was made before that.
          next = { ...carried, transmittedAt: carried.createdAt }
        }
        if (light && movesMoney(step.ledger)) throw new NeedsBooks()
        if (proof !== undefined && shown !== undefined) proved.push({ ...proof, evidence: shown })
        if (step.ledger === 'pass') passOn(room, within, books, next, now)
        else moveMoney(books, customers, payment, step.ledger, liens.get(payment.id)?.amountPaise ?? 0n, now)
        if (isCredit(step.ledger) && payment.rrn !== null) {
          credits.add(payment.id)
          credited.push({ payment, rrn: payment.rrn, by: fact.kind, ledger: creditWord(step.ledger) })
        }
        moves.push({ before: payment, after: next, ledger: step.ledger })
        payments.set(payment.id, next)
        return { kind: 'moved', payment: next }
      })
      const writes = [
        ...writeCustomers(tx, customers),
        ...writeBooks(tx, books),
        ...writeWithin(tx, room, within, now),
        ...(credited.length > 0 ? [writeCredits(tx, credited, now)] : []),
        ...releaseLiensFor(
          tx,
          moves.flatMap(({ before, ledger }) => (ledger === 'recover' ? (liens.get(before.id) ?? []) : [])),
          now,
        ),
        ...writeTakenBack(tx, room, moves, books),
        ...(proved.length > 0
          ? [
              insertEvidence(
                tx,
                proved.map((one) => one.evidence),
              ),
            ]
          : []), // before what waits for it
        ...writeAwaited(tx, room, moves, now), // before what leaves: nothing that awaits can
        ...writeDispatched(
          tx,
          moves.flatMap(({ before, after }) => (before.state === 'held' && after.rrn !== null ? [after] : [])),
        ),
        ...inRounds(moves).map((round) => writeMoves(tx, room.vault, round, now)),
        ...(breaks.length > 0 ? [openBreaks(tx, breaks, now)] : []),
        ...(resolutions.length > 0 ? writeResolutions(tx, resolutions, now) : []),
        ...proved.flatMap((one) => one.use(tx)),
      ]
      room.crashPoint('record:before-commit')
      return { result: { recorded, moves, within }, writes }
    },
  )
  room.crashPoint('record:after-commit')
  for (const [institution, unused] of rrns) room.serials.giveBack(institution, unused)
  for (const move of moves) announce(room, move)
  announceWithin(room, within)
  return recorded
}

/** Evidence with the version of the policies that held when it was taken. */
const versioned = ({ evidence }: Proof, policies: ReadonlyMap<number, TenantPolicy>): Evidence => ({
  ...evidence,
  policyVersion: policies.get(evidence.tenantId)?.version ?? 0,
})

/** What people agreed on about a payment, and whether the payment could still be moved by it. */
type Resolution = Parameters<typeof writeResolutions>[1][number]

const isFound = (fact: Fact): fact is Extract<Fact, { readonly kind: Finding }> =>
  findings.some((finding) => finding === fact.kind)

/** After which of them a payment may be on its way. */
const letsGo = (fact: Fact): boolean => fact.kind === 'dispatched' || fact.kind === 'released'

const isOfFactors = (fact: Fact): boolean => fact.kind === 'released' && fact.stage === 'authentication'

/**
 * The last look before a payment that waited may leave: of an account frozen or closed meanwhile, of a tenant or a customer that was
 * stopped, from or to somebody who was blocked, the money goes back instead. Nothing was sent, so that is safe.
 */
function lookedAtAgain(
  room: PaymentRoom,
  payment: StoredPayment,
  fact: Fact,
  books: Books,
  customers: Customers,
  policies: ReadonlyMap<number, TenantPolicy>,
): Fact {
  const waits = waitsOf(payment)
  if (payment.state !== 'held' || !letsGo(fact) || waits.length > 1 || payment.accountId === null) return fact
  if (fact.kind === 'released' ? waits[0]?.stage !== fact.stage : waits.length > 0) return fact
  const { status, customerId } = locked(books, payment.accountId)
  const policy = policies.get(payment.tenantId)
  const blocked = policy?.blocked ?? nobody
  const reason =
    policy?.stopped === true
      ? 'stopped'
      : customerId !== null && customers.get(customerId)?.stopped === true
        ? 'customer_stopped'
        : status !== 'open'
          ? (`account_${status}` as const)
          : isBlocked(room.vault, blocked, payment.beneficiary)
            ? 'beneficiary_blocked'
            : isBlocked(room.vault, blocked, payment.remitter)
              ? 'remitter_blocked'
              : undefined
  if (reason === undefined) return fact
  if (waits.length === 0) return { kind: 'refused', reason }
  return { kind: 'rejected', reason, ...(fact.kind === 'released' ? { stage: fact.stage } : {}) }
}

/** A payment that would leave now, and whose payee is here: what the payee's side says to it. Nothing of it leaves. */
function answeredWithin(room: PaymentRoom, within: Within, books: Books, payment: StoredPayment, fact: Fact): Fact {
  const payee = within.payees.get(payment.id)
  const leaves = fact.kind === 'dispatched' && payment.state === 'held' && waitsOf(payment).length === 0
  return leaves && payee !== undefined ? answerWithin(room, payee, books, payment) : fact
}

const nobody: ReadonlySet<string> = new Set()
const nothing: ReadonlyMap<number, TenantPolicy> = new Map()

/** What the tenants have stopped and blocked by now, where something may leave. */
function findPolicies(
  room: PaymentRoom,
  tx: Tx,
  items: readonly RecordItem[],
): Promise<ReadonlyMap<number, TenantPolicy>> {
  const tenants = items.flatMap(({ payment, fact }) => (letsGo(fact) ? [payment.tenantId] : []))
  return tenants.length === 0 ? Promise.resolve(nothing) : room.policies.read(tx, tenants)
}

function judge(payment: StoredPayment, fact: Fact): Step {
  // What its own bank has decided, both sides at once, nobody else has anything to say about.
  if (isFinal(payment.state) && stayedWithin(payment)) return { kind: 'contradicted' }
  if (payment.direction === 'inward') return advanceInward(payment.state, fact.kind)
  const waits = waitsOf(payment).map(({ stage }) => stage)
  return advance(
    payment.state,
    fact.kind,
    waits,
    fact.kind === 'released' || fact.kind === 'rejected' ? fact.stage : undefined,
  )
}

const intentions: readonly Fact['kind'][] = [
  'dispatched',
  'had_left',
  'cancelled',
  'refused',
  'released',
  'rejected',
  ...findings,
]
/** What the hub or a person wanted, and came too late for: refused to whoever asked, and nothing for people to look into. */
const isIntention = (fact: Fact): boolean => intentions.includes(fact.kind)

const contradiction = (payment: StoredPayment, fact: Fact): NewBreak => ({
  payment,
  kind: isSecondCredit(payment, fact)
    ? 'double_credit'
    : isOfSettlement(fact)
      ? 'settlement_conflict'
      : 'contradiction',
  detail: `${payment.state} but ${fact.kind}${'responseCode' in fact ? ` ${fact.responseCode}` : ''}`,
})

const isSecondCredit = ({ direction, state }: StoredPayment, fact: Fact): boolean =>
  direction === 'outward' && bringsBack.has(fact.kind) && (state === 'declined' || state === 'returned')

/** Said by NPCI's files. */
const isOfSettlement = ({ kind }: Fact): boolean =>
  kind.startsWith('settled_') || ['confirmed', 'returned', 'refunded', 'dispute_won', 'credited_late'].includes(kind)

/** Which of the hub's own accounts of the payment's lane a fact may move. */
function touched({ direction }: StoredPayment, fact: Fact): readonly ChartCode[] {
  if (direction === 'inward') return fact.kind === 'found_unsettled' ? ['IN-CLR', 'SUSP-IN'] : ['IN-CLR']
  switch (fact.kind) {
    case 'returned':
    case 'reversed':
    case 'refunded':
    case 'found_returned':
      return ['OUT-CLR', 'RET-PAY']
    case 'dispute_won':
      return ['OUT-CLR', 'DSP-HELD']
    case 'found_settled':
      return ['OUT-CLR', 'SUSP-OUT']
    default:
      return ['OUT-CLR']
  }
}

/** Money that came with a cycle waits for an account that is frozen or closed; what was never anybody else's goes back at once. */
const waitsForAccount = ({ kind }: Fact, ledger: LedgerVerb): boolean =>
  ledger === 'award' || ledger === 'credit' || ledger === 'reverse' || (ledger === 'return' && kind !== 'reversed')

const isOpen = (books: Books, { accountId }: StoredPayment): boolean =>
  accountId !== null && locked(books, accountId).status === 'open'

/** From where a verb gives money to the customer, and what the entry is called. */
const sources = {
  void: ['OUT-CLR', 'void'],
  reverse: ['OUT-CLR', 'void'],
  return: ['RET-PAY', 'return'],
  award: ['DSP-HELD', 'award'],
  credit: ['IN-CLR', 'credit'],
} as const satisfies Partial<Record<LedgerVerb, readonly [ChartCode, EntryKind]>>
type CreditVerb = keyof typeof sources

const movesMoney = (ledger: LedgerVerb): ledger is Exclude<LedgerVerb, 'keep' | 'post'> =>
  ledger !== 'keep' && ledger !== 'post'

const isCredit = (ledger: LedgerVerb): ledger is CreditVerb => ledger in sources

/** The word of `credit_once`: a hold given back and a deemed payment given back are both out of clearing. */
const creditWord = (ledger: CreditVerb): NewCredit['ledger'] => (ledger === 'reverse' ? 'void' : ledger)

/** To what a verb takes money from the customer, where what the account lacks is looked for, and what the entry is called. */
const takes = {
  recover: ['IN-CLR', 'SUSP-IN', 'recovery'],
  charge: ['OUT-CLR', 'SUSP-OUT', 'charge'],
} as const satisfies Partial<Record<LedgerVerb, readonly [ChartCode, ChartCode, EntryKind]>>

/** What a step does to the books. @param lien  of this payment, in its account: it was kept for this */
function moveMoney(
  books: Books,
  customers: Customers,
  payment: StoredPayment,
  ledger: Exclude<LedgerVerb, 'pass'>,
  lien: bigint,
  now: number,
): void {
  if (ledger === 'keep' || ledger === 'post') return
  if (payment.accountId === null) throw new Error(`payment ${payment.id} has no account`)
  const account = locked(books, payment.accountId)
  const key = paymentKey(payment.id)
  if (!isCredit(ledger)) {
    const [to, suspense, kind] = takes[ledger]
    const spendable = account.balance - (account.floor ?? 0n) - account.lien + lien
    const there = spendable < 0n ? 0n : spendable < payment.amountPaise ? spendable : payment.amountPaise
    const clearing = locked(books, hubAccount(to, payment.lane))
    const short = locked(books, hubAccount(suspense, payment.lane))
    const together = Math.max(now, account.entryAt, clearing.entryAt, short.entryAt)
    enter(books, key, kind, clearing, payment.amountPaise, together)
    if (there > 0n) enter(books, key, kind, account, -there, together)
    if (there < payment.amountPaise) enter(books, key, kind, short, there - payment.amountPaise, together)
    return
  }
  const [from, kind] = sources[ledger]
  const refused = transfer(
    books,
    key,
    kind,
    locked(books, hubAccount(from, payment.lane)),
    account,
    payment.amountPaise,
    now,
  )
  if (refused !== undefined) throw new Error(`${from} cannot pay ${payment.id}: ${refused}`)
  if (ledger === 'credit') return
  // What came back counts no more in the limits of its own day, week and month.
  const uncounted = (usage: string): string =>
    writeUsage(withoutPayment(readUsage(usage, now), payment.channel, payment.amountPaise, payment.createdAt))
  account.usage = uncounted(account.usage)
  const customer = account.customerId === null ? undefined : customers.get(account.customerId)
  if (customer === undefined) return
  customer.usage = uncounted(customer.usage)
  customer.changed = true
}

/** What came back to new beneficiaries counts no more, for the account and for its customer. */
function writeTakenBack(tx: Tx, { vault }: PaymentRoom, moves: readonly Move[], books: Books): Promise<unknown>[] {
  const rows = moves.flatMap(({ before: { accountId, amountPaise, beneficiary: to, createdAt }, ledger }) => {
    if (accountId === null || !isCredit(ledger) || ledger === 'credit') return []
    const { customerId } = locked(books, accountId)
    const payers = [accountPayer(accountId), ...(customerId === null ? [] : [customerPayer(customerId)])]
    const beneficiary = beneficiaryIndex(vault, to)
    return payers.map((payer) => ({ ...payer, beneficiary, paidPaise: amountPaise, madeAt: createdAt }))
  })
  return rows.length === 0 ? [] : [takeBackSeen(tx, rows)]
}

/** Steps of one payment that the same batch makes after another go into later statements. */
function inRounds(moves: readonly Move[]): Move[][] {
  const rounds: Move[][] = []
  const depth = new Map<PaymentId, number>()
  for (const move of moves) {
    const at = depth.get(move.after.id) ?? 0
    depth.set(move.after.id, at + 1)
    const round = rounds[at]
    if (round === undefined) rounds.push([move])
    else round.push(move)
  }
  return rounds
}

/** Links and RRNs for payments that leave `held`; those that stay within their bank need no link. */
async function prepareDispatch(
  room: PaymentRoom,
  items: readonly RecordItem[],
): Promise<{ links: Map<string, UsableLink>; rrns: Map<string, Rrn[]> }> {
  const links = new Map<string, UsableLink>()
  const rrns = new Map<string, Rrn[]>()
  const counts = new Map<string, number>()
  for (const { payment, fact } of items) {
    if (fact.kind !== 'dispatched' && fact.kind !== 'had_left') continue
    const { institution, beneficiary } = payment
    if (!links.has(institution)) {
      const link = room.linkFor(institution)
      if (link !== undefined) links.set(institution, link)
    }
    const needsRrn = links.has(institution) || room.isOwnAddress(institution, beneficiary)
    if (fact.kind === 'dispatched' && needsRrn) counts.set(institution, (counts.get(institution) ?? 0) + 1)
  }
  await Promise.all(
    [...counts].map(async ([institution, count]) =>
      rrns.set(institution, await room.serials.reserve(institution, count)),
    ),
  )
  return { links, rrns }
}

/** A held payment with all it needs to leave; undefined when it must go on waiting. */
function dispatched(
  payment: StoredPayment,
  links: ReadonlyMap<string, UsableLink>,
  rrns: ReadonlyMap<string, Rrn[]>,
  epochs: ReadonlyMap<string, number>,
  now: number,
): StoredPayment | undefined {
  const carried = carriedBy(payment, links, epochs)
  if (carried === undefined) return undefined
  const rrn = rrns.get(payment.institution)?.pop()
  if (rrn === undefined) return undefined
  return { ...carried, rrn, stan: stanOf(rrn), transmittedAt: now }
}

/** A held payment with the link that carries it from now on; undefined when none is usable. */
function carriedBy(
  payment: StoredPayment,
  links: ReadonlyMap<string, UsableLink>,
  epochs: ReadonlyMap<string, number>,
): StoredPayment | undefined {
  const link = links.get(payment.institution)
  if (link === undefined || epochs.get(link.link) !== link.epoch) return undefined
  return { ...payment, link: link.link, epoch: link.epoch, reason: null }
}

/**
 * Writes steps: the row if it still has the version it had, its hold, its event. Resolving a hold deletes it. The hold is named by
 * a list of ids and not by a join: it is the one table that is often empty, and a plan made then must not read it whole later.
 */
function writeMoves(
  db: PaymentRoom['db'] | Tx,
  vault: Vault,
  moves: readonly Move[],
  now: number,
): Promise<{ payment_id: string }[]> {
  const at = toRfc3339(now)
  return db<{ payment_id: string }[]>`
    with asked as materialized (
      select * from unnest(
        ${numbers(moves, (m) => m.after.lane)}::smallint[], ${words(moves, (m) => paymentKey(m.after.id))}::uuid[],
        ${numbers(moves, (m) => m.before.version)}::integer[], ${words(moves, (m) => m.after.state)}::text[],
        ${texts(moves, (m) => m.after.responseCode)}::text[], ${bytes(moves, (m) => (m.after.registeredName === m.before.registeredName ? null : sealedName(vault, m.after)))}::bytea[],
        ${texts(moves, (m) => m.after.reason)}::text[]
      ) as s (lane, payment_id, version, state, response_code, registered, reason)),
    moved as (
      update payment p set state = s.state, version = p.version + 1, response_code = s.response_code,
        registered = coalesce(s.registered, p.registered), reason = s.reason, updated_at = ${at}::timestamptz
      from asked s
      where p.payment_id = s.payment_id and p.lane = s.lane and p.version = s.version
      returning p.lane, p.payment_id, p.tenant_id, p.version, p.state, p.response_code, p.reason),
    resolved as (
      delete from hold where payment_id = any(array(
        select payment_id from moved where state not in ('held', 'sent', 'unconfirmed')))),
    asking as (
      update hold set due_at = ${at}::timestamptz where payment_id = any(array(
        select payment_id from moved where state = 'unconfirmed')))
    insert into event (lane, payment_id, sequence, tenant_id, state, response_code, reason, at)
    select lane, payment_id, version, tenant_id, state, response_code, reason, ${at}::timestamptz from moved
    returning payment_id`.execute()
}

/** Ends the waits of what is held: with the next wait, and with what was decided where people were asked. */
function writeAwaited(tx: Tx, room: PaymentRoom, moves: readonly Move[], now: number): Promise<unknown>[] {
  const ended = moves.filter((move) => waitsOf(move.before).length > 0)
  if (ended.length === 0) return []
  const waits = ended.flatMap(({ after }) => {
    if (after.state === 'unconfirmed') return [{ paymentId: after.id, awaiting: null, dueAt: now }]
    if (after.state !== 'held') return []
    const [next] = waitsOf(after)
    const dueAt = next === undefined ? now + room.heldMs : room.waitEnds(next, now)
    return [{ paymentId: after.id, awaiting: next?.stage ?? null, dueAt }]
  })
  const asksPeople = (payment: StoredPayment) => waitsOf(payment).some(({ stage }) => stage === 'approval')
  const decided = ended.filter(({ before, after }) => asksPeople(before) && !asksPeople(after))
  return [
    ...(waits.length > 0 ? [writeWaits(tx, waits)] : []),
    ...(decided.length > 0
      ? [
          writeDecisions(
            tx,
            decided.map(({ after }) => ({ payment: after, decision: decisionOf(after) })),
            now,
          ),
        ]
      : []),
  ]
}

function decisionOf(after: StoredPayment): Decision {
  if (after.state === 'held') return 'approved'
  if (after.state === 'cancelled') return 'cancelled'
  if (after.reason === 'approval_void') return 'void'
  const nobodySaid = after.reason === 'waited_too_long' || after.reason === 'not_authenticated'
  return nobodySaid || after.state === 'unconfirmed' ? 'lapsed' : 'rejected'
}

/** Writes what a payment got when it left `held`: its reference on the rail, and the link and epoch that carry it. */
function writeDispatched(tx: Tx, sent: readonly StoredPayment[]): Promise<unknown>[] {
  if (sent.length === 0) return []
  const ids = words(sent, (p) => paymentKey(p.id))
  const links = texts(sent, (p) => p.link)
  const epochs = numbers(sent, (p) => p.epoch)
  const at = numbers(sent, (p) => p.transmittedAt)
  return [
    tx`
      update payment p set rrn = s.rrn, link = s.link, epoch = s.epoch, transmitted_at = to_timestamp(s.at / 1000.0)
      from unnest(${ids}::uuid[], ${words(sent, (p) => p.rrn)}::text[], ${links}::text[], ${epochs}::bigint[], ${at}::bigint[])
        as s (payment_id, rrn, link, epoch, at)
      where p.payment_id = s.payment_id`.execute(),
    tx`
      update hold h set link = s.link, epoch = s.epoch, sent_at = to_timestamp(s.at / 1000.0), due_at = null
      from unnest(${ids}::uuid[], ${links}::text[], ${epochs}::bigint[], ${at}::bigint[]) as s (payment_id, link, epoch, at)
      where h.payment_id = s.payment_id`.execute(),
  ]
}

function announce(room: PaymentRoom, move: Move): void {
  const { after: payment } = move
  room.onMoved(payment, {
    paymentId: payment.id,
    sequence: payment.version,
    state: payment.state,
    responseCode: payment.responseCode,
    reason: payment.reason,
    at: payment.updatedAt,
  })
  if (payment.state === 'sent') room.onSent([payment])
}
