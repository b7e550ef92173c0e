import type { AccountNumber, Lane, PaymentId, PaymentLinkId, Rrn, Stan } from '../base/identifiers.ts'
import { laneOf, laneOfAccount, paymentKey } from '../base/identifiers.ts'
import type { Paise } from '../base/money.ts'
import type { Beneficiary, Channel, Remitter } from '../base/party.ts'
import type { Vault } from '../base/vault.ts'
import { texts, words } from '../db/arrays.ts'
import type { Tx } from '../db/pool.ts'
import { runTransaction } from '../db/transaction.ts'
import { hubAccount } from '../ledger/chart.ts'
import { lockAccounts, writeBooks } from '../ledger/store.ts'
import type { Books, LockedAccount } from '../ledger/transfer.ts'
import { locked, transfer } from '../ledger/transfer.ts'
import type { LinkChange } from '../payment-link/change.ts'
import { takeCredit, writeCredits as writeLinkCredits } from '../payment-link/credit.ts'
import type { PaymentLink } from '../payment-link/link.ts'
import { lockLinks } from '../payment-link/store.ts'
import { overLimit } from './limits.ts'
import type { PaymentRoom } from './room.ts'
import type { NewPayment, PaymentRow } from './store.ts'
import { insertPayments, lockEpochs, openAnswer, paymentOf } from './store.ts'
import type { StoredPayment } from './stored.ts'

/** An original from another bank. */
export type InwardRequest = {
  readonly rrn: Rrn
  readonly stan: Stan
  readonly remitterBank: string
  readonly amountPaise: Paise
  readonly transmittedAt: number
  readonly channel: Channel
  readonly remitter: Remitter
  readonly beneficiary: Beneficiary
  readonly remarks?: string
  readonly foreignRemittance?: true
}

/** What the hub decided about an original; the rail turns it into an answer of its dialect. */
export type InwardOutcome =
  | { readonly kind: 'credited'; readonly registeredName: string; readonly account: AccountNumber }
  | {
      readonly kind: 'declined'
      readonly reason: InwardDecline
      /** The switch asked before the original came and was told 91: the remitter bank counts it as paid, and no answer may take that back. */
      readonly afterVerification?: true
    }
export type InwardDecline =
  | 'account_not_found'
  | 'account_frozen'
  | 'account_closed'
  | 'limit_exceeded'
  | 'foreign_remittance_refused' // the bank takes no payments from abroad
  | 'several_accounts' // behind one mobile number, and its owner has said for none that it is the default. @source NPCI OC 119
  | 'duplicate' //        the same RRN and sending bank, but another payment

/** Writes the answer in the rail's own bytes. Called inside the batch, before the commit: the answer is part of it. */
export type EncodeAnswer = (outcome: InwardOutcome) => { readonly bytes: Uint8Array; readonly responseCode: string }

export type ReceiveResult = {
  /** What to answer: the first answer, byte for byte, when the original was seen before. */
  readonly answer: Uint8Array
  /** The link that the answer was written for; of one that is given again, the first. */
  readonly answeredOver: string
  readonly kind: 'credited' | 'declined' | 'repeated'
  readonly responseCode: string
}

export type ReceiveItem = {
  readonly request: InwardRequest
  readonly link: string
  readonly epoch: number
  readonly encodeAnswer: EncodeAnswer
  readonly partition: number
}

/**
 * Door 3: takes an original from another bank. One commit credits the beneficiary (debit inward clearing), writes the
 * payment with the very bytes of its answer, and its event. An original seen before (RRN + sending bank) gets the first answer again.
 *
 * @throws when the database is away or the link belongs to another process by now: whether the credit happened is then
 *   unknown here, and the caller must answer with silence, never with 91 or M0
 * @source protocol.md §5.2, settlement.md §6.3
 */
export function receive(
  room: PaymentRoom,
  request: InwardRequest,
  via: { readonly link: string; readonly epoch: number },
  encodeAnswer: EncodeAnswer,
): Promise<ReceiveResult> {
  return room.doors.receive.submit({
    request,
    ...via,
    encodeAnswer,
    // By the beneficiary's lane where it is known, so that batches do not wait for each other's clearing account; a duplicate
    // names the same beneficiary, so it waits for its original either way.
    partition: room.directory.laneOf(request.beneficiary) ?? room.virtualAccounts.laneOf(request.beneficiary) ?? 0,
  })
}

const NO_LINK = '' as PaymentLinkId
/** The institution of an original for an account that no institution of the hub has. */
const NO_INSTITUTION = '-'

type Found = {
  readonly books: Books
  readonly earlier: EarlierOnes
  readonly askedBefore: ReadonlySet<string>
  readonly epochs: Map<string, number>
  readonly links: Map<PaymentLinkId, PaymentLink>
}
/** Inward payments with an RRN, of whichever sending bank. */
type EarlierOnes = Map<string, Earlier[]>
/** `answer` is null of one that a settlement file brought: nobody has been answered about it. */
type Earlier = { readonly payment: StoredPayment; readonly answer: Uint8Array | null }

const keyOf = (rrn: string, remitterBank: string): string => `${rrn}/${remitterBank}`

/** One batch of door 3. */
export async function runReceive(room: PaymentRoom, items: readonly ReceiveItem[]): Promise<readonly ReceiveResult[]> {
  const beneficiaries = items.map((item) => item.request.beneficiary)
  const [named, virtual] = await Promise.all([
    room.directory.resolve(beneficiaries),
    room.virtualAccounts.resolve(beneficiaries),
  ])
  const accounts = named.map((id, i) => virtual[i]?.accountId ?? id)
  // Whose account it is, is known only under its lock; tenants come and go slowly, and all of them are ready then.
  await room.vault.prepare(await room.directory.tenantsOf(accounts), room.clock.now())
  const { results, fresh, changes } = await runTransaction(
    room.db,
    async (tx): Promise<Found> => {
      const [links, books, earlier, askedBefore, epochs] = await Promise.all([
        lockLinks(
          tx,
          room.vault,
          virtual.flatMap((one) => (one === undefined ? [] : [one.linkId])),
        ),
        lockAccounts(
          tx,
          room.vault,
          accounts.flatMap((id) =>
            id === undefined || id === 'several_accounts' ? [] : [id, hubAccount('IN-CLR', laneOfAccount(id))],
          ),
        ),
        findEarlier(tx, room.vault, items),
        findAskedBefore(tx, items),
        lockEpochs(
          tx,
          items.map((item) => item.link),
        ),
      ])
      return { books, earlier, askedBefore, epochs, links }
    },
    (tx, found) => {
      for (const item of items) {
        if (found.epochs.get(item.link) !== item.epoch) throw new Error(`link ${item.link} belongs to another process`)
      }
      const now = room.clock.now()
      const fresh: NewPayment[] = []
      const changes: LinkChange[] = []
      const results = items.map((item, i): ReceiveResult => {
        const earlier = sameOriginal(item, found.earlier.get(item.request.rrn) ?? [])
        if (earlier !== undefined) return repeat(item, earlier)
        const id = accounts[i]
        const account = id === undefined || id === 'several_accounts' ? undefined : found.books.accounts.get(id)
        const lane = account?.lane ?? laneOf(Number(item.request.rrn.slice(-6)))
        const paymentId = room.paymentIds(lane)
        const decided: InwardOutcome =
          id === 'several_accounts'
            ? { kind: 'declined', reason: 'several_accounts' }
            : credit(room, item, account, found.books, paymentId, now)
        const late =
          decided.kind === 'declined' && found.askedBefore.has(keyOf(item.request.rrn, item.request.remitterBank))
        const outcome: InwardOutcome = late ? { ...decided, afterVerification: true } : decided
        const { bytes, responseCode } = item.encodeAnswer(outcome)
        const link = found.links.get(virtual[i]?.linkId ?? NO_LINK)
        const payment = inwardPayment(item, account, lane, paymentId, outcome, responseCode, now, link)
        if (link !== undefined && outcome.kind === 'credited') {
          const { rrn, amountPaise } = item.request
          for (const change of takeCredit(link, { paymentId, rrn, amountPaise }, now)) {
            changes.push(change)
            found.links.set(link.id, change.link)
          }
        }
        fresh.push({ payment, answer: bytes })
        found.earlier.set(item.request.rrn, [
          ...(found.earlier.get(item.request.rrn) ?? []),
          { payment, answer: bytes },
        ])
        return { kind: outcome.kind, answer: bytes, answeredOver: item.link, responseCode }
      })
      const writes =
        fresh.length === 0
          ? []
          : [
              ...writeBooks(tx, found.books),
              insertPayments(tx, room.vault, fresh, now),
              ...writeLinkCredits(tx, changes, now),
            ]
      room.crashPoint('receive:before-commit')
      return { result: { results, fresh, changes }, writes }
    },
  )
  room.crashPoint('receive:after-commit')
  for (const { payment } of fresh) {
    room.onMoved(payment, {
      paymentId: payment.id,
      sequence: 1,
      state: payment.state,
      responseCode: payment.responseCode,
      reason: payment.reason,
      at: payment.createdAt,
    })
  }
  for (const { link } of changes) room.onLinkMoved(link)
  return results
}

async function findEarlier(tx: Tx, vault: Vault, items: readonly ReceiveItem[]): Promise<EarlierOnes> {
  const rrns = [...new Set(items.map((item) => item.request.rrn))]
  const rows = await tx<PaymentRow[]>`
    select p.* from unnest(${words(rrns, (rrn) => rrn)}::text[]) as s (rrn)
    join payment p on p.rrn = s.rrn and p.direction = ${'inward'}`
  const found: EarlierOnes = new Map()
  await vault.load(rows.flatMap((row) => [row.sealed, row.registered, row.sealed_answer]))
  for (const row of rows) {
    const payment = paymentOf(vault, row)
    const answer = row.sealed_answer === null ? null : openAnswer(vault, row)
    // Whose key was destroyed is years old: its RRN has come round again, and this original is another.
    if (answer === undefined) continue
    const rrn = payment.rrn ?? ''
    found.set(rrn, [...(found.get(rrn) ?? []), { payment, answer }])
  }
  return found
}

/**
 * The payment that an original is a copy of: RRN and sending bank are the same. Over another link the sending bank may be called
 * otherwise (DE 32 on one wire, the payer's IFSC on the other); then RRN, amount, beneficiary and remitter must all be the same.
 */
function sameOriginal({ request, link }: ReceiveItem, earlier: readonly Earlier[]): Earlier | undefined {
  return (
    earlier.find(({ payment }) => payment.remitterBank === request.remitterBank) ??
    earlier.find(
      ({ payment }) =>
        payment.link !== link &&
        payment.amountPaise === request.amountPaise &&
        sameBeneficiary(request.beneficiary, payment) &&
        sameRemitter(request.remitter, payment.remitter),
    )
  )
}

/** By what both name; when that is nothing, nobody can say. */
function sameRemitter(asked: Remitter, known: Remitter): boolean {
  if (asked.account !== undefined && known.account !== undefined) return asked.account === known.account
  return asked.mobile !== undefined && asked.mobile === known.mobile
}

/** Originals that the switch asked about before they came. @source NPCI OC 74 */
async function findAskedBefore(tx: Tx, items: readonly ReceiveItem[]): Promise<ReadonlySet<string>> {
  const rows = await tx<{ rrn: string; remitter_bank: string }[]>`
    select v.rrn, v.remitter_bank
    from unnest(${words(items, (item) => item.request.rrn)}::text[], ${texts(items, (item) => item.request.remitterBank)}::text[])
      as s (rrn, remitter_bank)
    join inward_verification v on v.rrn = s.rrn and v.remitter_bank = s.remitter_bank`
  return new Set(rows.map((row) => keyOf(row.rrn, row.remitter_bank)))
}

/** The first answer again; RC 94's meaning when the reference was used for another amount or beneficiary. */
function repeat(item: ReceiveItem, earlier: Earlier): ReceiveResult {
  const { request } = item
  if (request.amountPaise === earlier.payment.amountPaise && sameBeneficiary(request.beneficiary, earlier.payment)) {
    const { link, responseCode } = earlier.payment
    if (earlier.answer === null) return answerLate(item, earlier.payment)
    return {
      kind: 'repeated',
      answer: earlier.answer,
      answeredOver: link ?? item.link,
      responseCode: responseCode ?? '',
    }
  }
  const { bytes, responseCode } = item.encodeAnswer({ kind: 'declined', reason: 'duplicate' })
  return { kind: 'declined', answer: bytes, answeredOver: item.link, responseCode }
}

/** The original of a payment that came with a settlement file first: what was done then is the answer now. */
function answerLate(item: ReceiveItem, { state, reason, beneficiary, registeredName }: StoredPayment): ReceiveResult {
  const outcome: InwardOutcome =
    state === 'succeeded' && beneficiary.kind === 'account'
      ? { kind: 'credited', registeredName: registeredName ?? '', account: beneficiary.account }
      : { kind: 'declined', reason: lateReasons.find((one) => one === reason) ?? 'account_not_found' }
  const { bytes, responseCode } = item.encodeAnswer(outcome)
  return { kind: 'repeated', answer: bytes, answeredOver: item.link, responseCode }
}

const lateReasons = ['account_not_found', 'account_frozen', 'account_closed', 'several_accounts'] as const

function sameBeneficiary(asked: Beneficiary, { beneficiary }: StoredPayment): boolean {
  if (asked.kind === 'account') {
    return beneficiary.kind === 'account' && asked.account === beneficiary.account && asked.ifsc === beneficiary.ifsc
  }
  return beneficiary.kind === 'mmid' && asked.mobile === beneficiary.mobile && asked.mmid === beneficiary.mmid
}

function credit(
  room: PaymentRoom,
  item: ReceiveItem,
  account: LockedAccount | undefined,
  books: Books,
  paymentId: PaymentId,
  now: number,
): InwardOutcome {
  const { request } = item
  if (account?.status === 'open') {
    if (request.foreignRemittance === true && !room.takesForeign(account.institution ?? '')) {
      return { kind: 'declined', reason: 'foreign_remittance_refused' }
    }
    if (overLimit(room.limits, request.channel, request.amountPaise) !== undefined) {
      return { kind: 'declined', reason: 'limit_exceeded' }
    }
  }
  const reason = creditAccount(account, books, paymentId, request.amountPaise, now)
  if (reason !== undefined || account === undefined) return { kind: 'declined', reason: reason ?? 'account_not_found' }
  // The number that was asked for: whose a virtual account is, its payer reads from the name and not from another number.
  const { beneficiary } = request
  const number = beneficiary.kind === 'account' ? beneficiary.account : (account.accountNumber as AccountNumber)
  return { kind: 'credited', registeredName: account.name, account: number }
}

/** Why an account is not one that can be credited; undefined when it is. */
export function uncreditable(account: LockedAccount | undefined): InwardDecline | undefined {
  if (account === undefined) return 'account_not_found'
  if (account.status === 'frozen') return 'account_frozen'
  return account.status === 'closed' ? 'account_closed' : undefined
}

/** Dr IN-CLR Cr CUST. @returns why not, when the account is not one that can be credited; nothing is entered then */
export function creditAccount(
  account: LockedAccount | undefined,
  books: Books,
  paymentId: PaymentId,
  amountPaise: Paise,
  now: number,
): InwardDecline | undefined {
  const reason = uncreditable(account)
  if (reason !== undefined || account === undefined) return reason
  const clearing = locked(books, hubAccount('IN-CLR', account.lane))
  const refused = transfer(books, paymentKey(paymentId), 'credit', clearing, account, amountPaise, now)
  if (refused !== undefined) throw new Error(`inward clearing refuses ${paymentId}: ${refused}`)
  return undefined
}

function inwardPayment(
  item: ReceiveItem,
  account: LockedAccount | undefined,
  lane: Lane,
  paymentId: PaymentId,
  outcome: InwardOutcome,
  responseCode: string,
  now: number,
  link: PaymentLink | undefined,
): StoredPayment {
  const { request } = item
  return {
    id: paymentId,
    lane,
    tenantId: account?.tenantId ?? 0,
    direction: 'inward',
    state: outcome.kind === 'credited' ? 'succeeded' : 'declined',
    version: 1,
    amountPaise: request.amountPaise,
    channel: request.channel,
    institution: account?.institution ?? NO_INSTITUTION,
    accountId: account?.id ?? null,
    remitter: request.remitter,
    beneficiary: request.beneficiary,
    remarks: request.remarks ?? null,
    reference: link?.id ?? null,
    remitterBank: request.remitterBank,
    rrn: request.rrn,
    stan: request.stan,
    link: item.link,
    epoch: item.epoch,
    transmittedAt: request.transmittedAt,
    responseCode,
    actor: null,
    registeredName: outcome.kind === 'credited' ? outcome.registeredName : null,
    reason: outcome.kind === 'declined' ? outcome.reason : null,
    createdAt: now,
    updatedAt: now,
  }
}
