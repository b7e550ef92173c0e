import { nextDay1730Ist, toRfc3339 } from '../base/clock.ts'
import type { Beneficiary } from '../base/party.ts'
import { describeResponseCode, type ResponseCodeOverride } from '../imps/response-codes.ts'
import { awaitedBy, type PublicStatus, publicStatusOf, type StateKind, waitsOf } from '../payment/payment.ts'
import type { PaymentEvent, StoredPayment } from '../payment/stored.ts'
import { stayedWithin } from '../payment/within-bank.ts'

/** One step of a payment's history. `at` is epoch milliseconds. */
export type Step = Pick<PaymentEvent, 'at' | 'state' | 'responseCode'>

/** What the view needs to know about this hub. */
export type ViewSettings = {
  /** How long a payment may wait in `held`, and how long an answer is awaited before the switch is asked; milliseconds. */
  readonly heldMs: number
  /** How long a payment may wait for approval; milliseconds. */
  readonly approvalMs: number
  /** How long it may wait for its customer's factors; milliseconds. */
  readonly authenticationMs: number
  /** On the link that carried it: the wires wait differently. */
  readonly answerMs: (link: string | null) => number
  /** The response codes that the wire profile reads differently. */
  readonly overrides: readonly ResponseCodeOverride[]
  /** What a bank answers when a mobile number has several accounts and none of them is the default. */
  readonly severalAccountsCode: string
}

type Reason = {
  readonly code: string
  readonly source: 'hub' | 'remitter_bank' | 'npci' | 'beneficiary_bank'
  readonly message: string
  readonly retryable: boolean
  readonly raw: string | null
}

/** The hub's own reasons. While an outcome is open, trying again with a new key could pay twice: never `retryable`. */
export const hubReasons: Readonly<Record<string, readonly [message: string, retryable: boolean]>> = {
  no_answer: ['No answer yet. The money is safe; the switch is being asked, and nothing is sent twice.', false],
  unclear_answer: ['The answer did not decide it. The money is safe; the switch is being asked again.', false],
  cancelled: ['Cancelled before anything was sent.', true],
  not_taken: ['NPCI did not take the payment and never passed it on. The money is back.', true],
  reversed_by_npci: ['NPCI had the payment given back. The money is back in the account.', false],
  returned_by_beneficiary_bank: ['The beneficiary bank returned the payment. The money is back in the account.', false],
  waited_too_long: ['No link to the switch became usable, or nobody approved it, in time. Nothing was sent.', true],
  not_approved: ['Somebody who was asked for approval said no. Nothing was sent.', false],
  found_paid: ['Two people found, with evidence, that the beneficiary has the money.', false],
  found_unpaid: ['Two people found, with evidence, that the beneficiary was not paid. The money is back.', true],
  found_returned: ['Two people found, with evidence, that the money was returned. It is back in the account.', false],
  found_settled: ['Two people found, with evidence, that NPCI settled it. It counts as paid.', false],
  found_unsettled: [
    'Two people found, with evidence, that NPCI never settled it. The money is back where it was.',
    false,
  ],
  declined_in_settlement: ['NPCI settled the payment as declined. The money is back in the account.', true],
  absent_from_settlement: ['NPCI settled no such payment in three cycles. The money is back in the account.', true],
  refunded_by_beneficiary_bank: ['The beneficiary bank gave the money back. It is back in the account.', false],
  dispute_won: ['A dispute was decided for the account. The money is back in it.', false],
  awaiting_authentication: ['Waits for the two factors of the customer. Nothing is sent yet.', false],
  awaiting_approval: ['Waits for approval. Nothing is sent yet, and nobody need pay again.', false],
  awaiting_restored: [
    'The hub was restored from a backup, and people find out whether this payment had left by then. Nobody need pay again.',
    false,
  ],
  awaiting_lag: ['Waits for the end of the time in which it can be taken back. Nothing is sent yet.', false],
  not_authenticated: ['The customer did not prove who they are in time. Nothing was sent.', true],
  authentication_failed: ['The customer could not prove who they are. Nothing was sent.', true],
  approval_void: ['What was to be approved had changed. Nothing was sent.', true],
  account_frozen: ['The account was frozen before anything was sent.', false],
  account_closed: ['The account was closed before anything was sent.', false],
  stopped: ['Payments were stopped before anything was sent.', true],
  customer_stopped: ['Payments of this customer were stopped before anything was sent.', true],
  beneficiary_blocked: ['The beneficiary was blocked before anything was sent.', false],
  remitter_blocked: ['The account was blocked before anything was sent.', false],
}

/** What it means that a default MMID was turned down with the profile's code for it. @source NPCI OC 119 */
export const severalAccounts =
  'The beneficiary has several accounts behind this mobile number and has not told the bank which one is the default. ' +
  'Pay to the account number and IFSC, or to its MMID.'

/** Who sent the money back. */
const sourceOf: Readonly<Record<string, Reason['source']>> = {
  reversed_by_npci: 'npci',
  returned_by_beneficiary_bank: 'beneficiary_bank',
  refunded_by_beneficiary_bank: 'beneficiary_bank',
  declined_in_settlement: 'npci',
  absent_from_settlement: 'npci',
  dispute_won: 'npci',
}

const hubReason = (code: string): Reason => {
  const [message, retryable] = hubReasons[code] ?? ['Given up by the hub before anything was sent.', true]
  return { code, source: 'hub', message, retryable, raw: null }
}

/**
 * A definite no in plain words. A default MMID turned down with the profile's code for it means several accounts without
 * consent, which no other MMID can be turned down for. @source NPCI OC 119
 */
export function reasonOfCode(
  responseCode: string,
  beneficiary: Beneficiary,
  at: number,
  { overrides, severalAccountsCode }: Pick<ViewSettings, 'overrides' | 'severalAccountsCode'>,
): Reason {
  if (responseCode === severalAccountsCode && beneficiary.kind === 'mmid' && beneficiary.mmid.endsWith('000')) {
    return {
      code: 'several_accounts',
      source: 'beneficiary_bank',
      message: severalAccounts,
      retryable: false,
      raw: responseCode,
    }
  }
  return describeResponseCode(responseCode, 'original', at, overrides)
}

function reasonOf(payment: StoredPayment, settings: ViewSettings): Reason | null {
  switch (payment.state) {
    case 'succeeded':
    case 'sent':
      return null
    case 'held':
      return payment.reason === null ? null : hubReason(heldReason(payment))
    case 'unconfirmed': {
      const reason = hubReason(payment.reason ?? 'no_answer')
      return payment.responseCode === null ? reason : { ...reason, raw: payment.responseCode }
    }
    case 'cancelled':
    case 'refused':
      return hubReason(payment.reason ?? payment.state)
    case 'returned':
      return payment.reason === null
        ? null
        : { ...hubReason(payment.reason), source: sourceOf[payment.reason] ?? 'hub' }
    case 'declined':
      if (payment.reason === 'not_taken') {
        return { ...hubReason(payment.reason), source: 'npci', raw: payment.responseCode }
      }
      if (payment.reason === 'declined_in_settlement' || payment.reason === 'absent_from_settlement') {
        return { ...hubReason(payment.reason), source: 'npci', raw: payment.responseCode }
      }
      return payment.reason === 'found_unpaid' || payment.reason === 'found_unsettled'
        ? hubReason(payment.reason)
        : reasonOfAnswer(payment, settings)
    case 'deemed':
      return reasonOfAnswer(payment, settings)
  }
}

const reasonOfAnswer = (payment: StoredPayment, settings: ViewSettings): Reason | null =>
  payment.responseCode === null
    ? null
    : reasonOfCode(payment.responseCode, payment.beneficiary, payment.updatedAt, settings)

/** What a payment in `held` waits for first. */
const heldReason = (payment: StoredPayment): string => {
  const awaited = awaitedBy(payment)
  return awaited === undefined ? (payment.reason ?? '') : `awaiting_${awaited}`
}

/** By when the payment will have moved on, whatever happens; null when nothing is open. */
function resolvesBy(payment: StoredPayment, settings: ViewSettings): string | null {
  switch (payment.state) {
    case 'held':
      return toRfc3339(payment.updatedAt + waitMs(payment, settings))
    case 'sent':
      return toRfc3339((payment.transmittedAt ?? payment.createdAt) + settings.answerMs(payment.link))
    case 'unconfirmed':
    case 'deemed':
      return toRfc3339(nextDay1730Ist(payment.createdAt))
    default:
      return null
  }
}

function waitMs(payment: StoredPayment, settings: ViewSettings): number {
  const [wait] = waitsOf(payment)
  if (wait === undefined) return settings.heldMs
  if (wait.stage === 'lag') return wait.seconds * 1000
  return wait.stage === 'approval' ? settings.approvalMs : settings.authenticationMs
}

/** A step as JSON has it; `responseCode` only where the step brought one. */
const stepView = ({ state, responseCode }: Step, at: string) =>
  responseCode === null ? { at, state } : { at, state, responseCode }

/** Where the money goes, as it was asked for: the default MMID behind a mobile number and a bank is the rail's business. */
export function addressView(beneficiary: Beneficiary) {
  if (beneficiary.kind === 'account') {
    return { kind: beneficiary.kind, ifsc: beneficiary.ifsc, account: beneficiary.account }
  }
  const { mobile, mmid, bank } = beneficiary
  return bank === undefined ? { kind: beneficiary.kind, mobile, mmid } : { kind: 'mobile' as const, mobile, bank }
}

const toView = (beneficiary: Beneficiary, registeredName: string | null) =>
  beneficiary.kind === 'account'
    ? { ...addressView(beneficiary), name: beneficiary.name ?? null, registeredName }
    : { ...addressView(beneficiary), registeredName }

/** A payment as the API shows it. The order of the fields is the order of `api.md`. */
export function paymentView(payment: StoredPayment, steps: readonly Step[], settings: ViewSettings) {
  const { beneficiary, remitter } = payment
  const createdAt = toRfc3339(payment.createdAt)
  const written = (at: number): string => (at === payment.createdAt ? createdAt : toRfc3339(at))
  const outward = payment.direction === 'outward'
  return {
    id: payment.id,
    direction: payment.direction,
    amount: String(payment.amountPaise),
    currency: 'INR' as const,
    status: publicStatusOf(payment) satisfies PublicStatus,
    state: payment.state satisfies StateKind,
    rrn: payment.rrn,
    responseCode: payment.responseCode,
    reason: reasonOf(payment, settings),
    from: outward ? payment.accountId : null,
    to: toView(beneficiary, payment.registeredName),
    remitter: {
      name: remitter.name ?? null,
      account: remitter.account ?? null,
      ifsc: remitter.ifsc ?? null,
      mobile: remitter.mobile ?? null,
      mmid: remitter.mmid ?? null,
    },
    account: payment.accountId,
    remarks: payment.remarks,
    reference: payment.reference,
    channel: payment.channel,
    withinBank: stayedWithin(payment),
    createdAt,
    updatedAt: written(payment.updatedAt),
    resolvesBy: resolvesBy(payment, settings),
    timeline: steps.map((step) => stepView(step, written(step.at))),
  }
}

/** The payment as it stood after an earlier step. */
export const asOf = (payment: StoredPayment, event: PaymentEvent): StoredPayment =>
  event.sequence === payment.version
    ? payment
    : {
        ...payment,
        state: event.state,
        version: event.sequence,
        responseCode: event.responseCode,
        registeredName: null,
        reason: event.reason,
        updatedAt: event.at,
      }

/** The first step of a payment that has made only one. */
export const firstStep = (payment: StoredPayment): Step => ({
  at: payment.createdAt,
  state: payment.state,
  responseCode: payment.responseCode,
})
