import type { Refusal } from '../payment/initiate.ts'
import type { Said } from '../settlement/said.ts'

/** Problems that the front door finds by itself, before or beside the domain. */
type OwnProblem =
  | 'invalid_request'
  | 'invalid_json'
  | 'duplicate_field'
  | 'json_too_deep'
  | 'idempotency_key_missing'
  | 'idempotency_key_invalid'
  | 'invalid_cursor'
  | 'bad_http'
  | 'unauthorized'
  | 'forbidden'
  | 'reauthentication_required'
  | 'two_identities'
  | 'csrf_refused'
  | 'sign_in_refused'
  | 'too_many_tries'
  | 'invitation_invalid'
  | 'passkeys_not_available'
  | 'login_taken'
  | 'has_factors'
  | 'last_factor'
  | 'last_administrator'
  | 'too_many_passkeys'
  | 'not_found'
  | 'method_not_allowed'
  | 'not_acceptable'
  | 'request_timeout'
  | 'mobile_taken'
  | 'default_taken'
  | 'not_cancellable'
  | 'not_awaiting_approval'
  | 'own_work'
  | 'signature_required'
  | 'signature_invalid'
  | 'too_many_keys'
  | 'reference_taken'
  | 'factor_taken'
  | 'stopped_by_operations'
  | 'too_many_factors'
  | 'too_many_rules'
  | 'too_many_endpoints'
  | 'too_many_views'
  | 'factor_not_begun'
  | 'factor_not_proved'
  | 'factors_missing'
  | 'two_factors_required'
  | 'not_awaiting_authentication'
  | 'authentication_not_begun'
  | 'authentication_changed'
  | 'authentication_failed'
  | 'authentication_locked'
  | 'too_many_challenges'
  | 'too_many_messages'
  | 'message_not_sent'
  | 'wrong_role'
  | 'approval_changed'
  | 'not_resolvable'
  | 'account_takes_no_money'
  | 'beneficiary_exists'
  | 'not_approved'
  | 'already_collected'
  | 'beneficiary_not_found'
  | 'resolution_pending'
  | 'name_enquiry_not_available'
  | 'name_enquiry_unanswered'
  | 'name_mismatch'
  | 'beneficiary_not_verified'
  | 'nothing_to_verify'
  | 'too_early_to_verify'
  | 'body_too_large'
  | 'uri_too_long'
  | 'unsupported_media_type'
  | 'expectation_failed'
  | 'not_available'
  | 'bank_not_reachable'
  | 'verification_budget_spent'
  | 'headers_too_large'
  | 'rate_limited'
  | 'too_many_at_once'
  | 'too_many_failures'
  | 'internal_error'
  | 'link_down'
  | 'database_unavailable'
  | 'simulator_unavailable'
  | 'simulator_refused'
  | 'settlement_file_refused'
  | 'upload_not_waiting'
  | 'compensation_not_waiting'
  | 'fee_rates_set'
  | 'cycle_not_over'
  | 'cycle_not_failing'
  | 'run_not_rolled_back'
  | 'break_settled'
  | 'break_pending'
  | 'break_not_forced'
  | 'draining'
  | 'dispute_refused'
  | 'not_a_paper'
  | 'link_not_open'
  | 'refund_to_unknown'

/** RFC 9457 problems: the only place where a reason becomes a status. */
export const problems = {
  invalid_request: [400, 'The request is not one the hub understands.'],
  invalid_json: [400, 'The body is not the JSON that the hub accepts.'],
  duplicate_field: [400, 'A field is there twice.'],
  json_too_deep: [400, 'The body is nested too deeply.'],
  idempotency_key_missing: [400, 'A request that moves money needs an Idempotency-Key.'],
  idempotency_key_invalid: [400, 'The Idempotency-Key is not 1 to 255 printable ASCII characters.'],
  invalid_cursor: [400, 'The cursor is not one that the hub gave out.'],
  bad_http: [400, 'The request is not HTTP that the hub understands.'],
  unauthorized: [401, 'The request needs a valid API key, or a session that has not ended.'],
  two_identities: [400, 'A request says who asks once: by a session or by Authorization, not by both.'],
  sign_in_refused: [
    401,
    'This does not sign anybody in. After some failures a login must wait: up to 15 minutes, whoever failed.',
  ],
  csrf_refused: [403, 'The request did not come from a page of this hub, or without the CSRF token of its session.'],
  forbidden: [403, 'This is not allowed to whoever asks.'],
  signature_required: [401, 'This call must be signed.'],
  signature_invalid: [401, 'The signature of this call is not accepted.'],
  too_many_keys: [409, 'Two keys of this client work already: revoke one first.'],
  reference_taken: [409, 'Another customer has this reference.'],
  stopped_by_operations: [409, 'Operations stopped this customer, and only they can let payments go again.'],
  factor_taken: [409, 'A factor of this kind is enrolled: revoke it first.'],
  too_many_endpoints: [409, 'There are 100 endpoints already: end one first.'],
  too_many_views: [409, 'You have 50 views already: delete one first.'],
  too_many_rules: [409, 'There are 500 rules that have not ended: end one first.'],
  too_many_factors: [409, 'The customer has as many factors as one can have.'],
  factor_not_begun: [409, 'This factor does not wait to be proved: enrol it anew.'],
  factor_not_proved: [422, 'That does not prove the factor.'],
  factors_missing: [
    422,
    'The customer has not enrolled the factors that this needs: an MPIN and one of sms, totp, passkey.',
  ],
  two_factors_required: [422, 'This needs two factors of different kinds: mpin and one of sms, totp, passkey.'],
  not_awaiting_authentication: [409, 'The payment does not wait for the factors of its customer.'],
  authentication_not_begun: [409, 'The customer was not asked for this factor, or that is over: begin with send.'],
  authentication_changed: [409, 'The payment is not any more what its customer was asked about: begin anew with send.'],
  authentication_failed: [422, 'The factors are not right.'],
  authentication_locked: [429, 'Too many wrong tries: the customer can try again later.'],
  too_many_challenges: [429, 'The customer was asked about this payment as often as may be. Make another payment.'],
  too_many_messages: [429, 'Too many messages went to this number, its range, or from you.'],
  message_not_sent: [502, 'The message did not go out, and its code is void. Ask again, or for another factor.'],
  own_work: [403, 'Whoever made this cannot decide about it.'],
  wrong_role: [403, 'No step of this approval asks for a role that you have.'],
  reauthentication_required: [
    403,
    'This needs a fresh proof of who you are: POST /v1/sessions/current/reauthenticate, then ask again.',
  ],
  invitation_invalid: [404, 'There is no such invitation: it was used, replaced, or has ended.'],
  not_found: [404, 'There is nothing here.'],
  method_not_allowed: [405, 'This resource does not have that method.'],
  not_acceptable: [406, 'The hub cannot answer in a media type that the request accepts.'],
  request_timeout: [408, 'The request did not arrive in time.'],
  mobile_taken: [409, 'That mobile number has as many accounts at this institution as it can have.'],
  default_taken: [409, 'That mobile number already has its default account at this institution.'],
  link_not_open: [409, 'The payment link is not open any more.'],
  not_cancellable: [409, 'The payment can no longer be cancelled.'],
  not_awaiting_approval: [409, 'This does not wait for approval any more.'],
  approval_changed: [409, 'This is not any more what was put before you: read it again.'],
  not_approved: [409, 'People have not agreed to this, or it is not what they agreed to.'],
  already_collected: [409, 'This key was handed over already.'],
  beneficiary_exists: [409, 'This beneficiary is registered already.'],
  account_takes_no_money: [
    409,
    'It is agreed, and the account is frozen or closed: nothing was moved. The same vote again moves it when the account is open.',
  ],
  not_resolvable: [409, 'The outcome of this payment is not for people to find out now.'],
  resolution_pending: [409, 'People are asked already what became of this payment.'],
  dispute_refused: [409, 'The rules of NPCI do not allow this in the dispute as it stands.'],
  login_taken: [409, 'Somebody has that login.'],
  has_factors: [409, 'This person can sign in: to begin again, their factors must be reset.'],
  last_factor: [409, 'Without it you could not sign in any more.'],
  last_administrator: [409, 'Nobody else who can sign in is an administrator.'],
  too_many_passkeys: [409, 'There are as many passkeys as one person may have.'],
  nothing_to_verify: [409, 'The outcome of this payment is known.'],
  too_early_to_verify: [409, 'The payment is not one that can be asked about yet.'],
  body_too_large: [413, 'The body is larger than the hub accepts.'],
  uri_too_long: [414, 'A part of the address is longer than the hub accepts.'],
  unsupported_media_type: [415, 'The body must be application/json, not encoded.'],
  expectation_failed: [417, 'The hub expects nothing but 100-continue.'],
  not_a_paper: [422, 'A paper is a PDF, a PNG or JPEG picture, or a text in UTF-8; its bytes are none of these.'],
  refund_over_paid: [422, 'A refund gives back no more than came in and was not given back yet.'],
  refund_to_unknown: [422, 'The bank of the payer did not say which account the money came from: name it in `to`.'],
  key_reused: [422, 'This Idempotency-Key was used with a different body.'],
  account_not_found: [422, 'There is no such account.'],
  beneficiary_not_found: [422, 'There is no such beneficiary.'],
  beneficiary_not_registered: [422, 'Payments go to registered beneficiaries only.'],
  account_frozen: [422, 'The account is frozen.'],
  account_closed: [422, 'The account is closed.'],
  window_limit_exceeded: [422, 'The payment is over a limit of its day, week or month.'],
  velocity_exceeded: [422, 'There were too many payments in a short time.'],
  cooling_limit_exceeded: [422, 'The beneficiary is new, and gets no more than the smaller limit for now.'],
  stopped: [422, 'Payments are stopped.'],
  customer_stopped: [422, 'Payments of this customer are stopped.'],
  beneficiary_blocked: [422, 'Nothing is paid to this beneficiary.'],
  remitter_blocked: [422, 'Nothing is paid from this account.'],
  risk_refused: [422, 'The payment is not taken: what is known of it speaks against it.'],
  authentication_evidence_required: [
    422,
    'You authenticate your customers yourself: say in `authentication` how this payment was authenticated.',
  ],
  authentication_evidence_stale: [422, 'The authentication is not of the last 15 minutes.'],
  authentication_evidence_not_expected: [422, 'The hub does not take your word for how a customer was authenticated.'],
  insufficient_funds: [422, 'The account cannot cover this amount.'],
  limit_exceeded: [422, 'The amount is over the limit of one payment.'],
  channel_limit_exceeded: [422, 'The amount is over the limit of this channel.'],
  name_mismatch: [422, 'The account is registered under another name.'],
  beneficiary_not_verified: [422, 'The beneficiary bank would not take this payment.'],
  name_enquiry_not_available: [
    422,
    'Names cannot be asked for on the rail that this bank uses: IMPS over ISO 8583 has no name enquiry.',
  ],
  not_available: [422, 'This is not available on the rail that the hub uses.'],
  passkeys_not_available: [422, 'The hub is called by an address here. Passkeys belong to names: see TURANT_BASE_URL.'],
  bank_not_reachable: [422, 'The bank cannot be paid by mobile number.'],
  too_many_tries: [429, 'There were too many failures from this address.'],
  verification_budget_spent: [429, 'The switch has been asked as often as it may be for now.'],
  rate_limited: [429, 'This is asked more often than it may be.'],
  too_many_at_once: [429, 'There are as many requests under way as there may be.'],
  cycle_not_failing: [409, 'This cycle does not fail.'],
  cycle_not_over: [409, 'The cycle has not ended, so nobody has files of it.'],
  run_not_rolled_back: [409, 'The run cannot be taken back now.'],
  break_settled: [409, 'The break is settled, or nobody has to settle it.'],
  break_pending: [409, 'Somebody has said how this break is settled, and waits for others to agree.'],
  break_not_forced: [422, 'These breaks cannot be matched with each other by force.'],
  fee_rates_set: [409, 'There are rates for that day already, or it has come.'],
  compensation_not_waiting: [409, 'This compensation does not wait for an account that takes it.'],
  upload_not_waiting: [409, 'This file for NPCI has left already, or is not what it was.'],
  settlement_file_refused: [
    422,
    'The file cannot be used, and nothing of it was: row and column say where it is wrong.',
  ],
  too_many_failures: [429, 'There were too many wrong keys from this address.'],
  headers_too_large: [431, 'The headers are larger than the hub accepts.'],
  internal_error: [500, 'The hub has failed. The failure is in its log under the request id.'],
  net_debit_cap_used: [
    503,
    'The bank has used up what it may owe NPCI before the next settlement; nothing more leaves until then.',
  ],
  capacity_exhausted: [503, 'The institution has used up the reference numbers of this hour.'],
  risk_unavailable: [503, 'Nobody could judge the payment in time, and it is not taken unjudged. Ask again.'],
  too_busy: [503, 'The hub has as much work waiting as it accepts.'],
  link_down: [503, 'No link to the switch is usable now.'],
  database_unavailable: [503, 'The hub cannot reach its database. Ask again with the same Idempotency-Key.'],
  simulator_unavailable: [503, 'The simulator does not answer.'],
  simulator_refused: [400, 'The simulator did not accept the request.'],
  name_enquiry_unanswered: [504, 'The beneficiary bank did not tell the name in time. Nothing was paid; ask again.'],
  draining: [503, 'The hub is stopping and takes no new payments.'],
} as const satisfies Record<Refusal | OwnProblem, readonly [number, string]>

export type ProblemCode = keyof typeof problems

/** Seconds after which it makes sense to ask again. */
const retryAfterSeconds: Partial<Record<ProblemCode, number>> = {
  too_busy: 1,
  risk_unavailable: 1,
  too_many_failures: 60,
  draining: 5,
  database_unavailable: 2,
  link_down: 10,
  name_enquiry_unanswered: 5,
  verification_budget_spent: 10,
  capacity_exhausted: 60,
  net_debit_cap_used: 60,
  too_early_to_verify: 60,
}

export type FieldError = { readonly field: string; readonly message: string }

/** The look-up that a payment was refused for. */
export type SeenEnquiry = {
  readonly id: string
  readonly registeredName: string | null
  readonly nameMatch: { readonly score: number; readonly verdict: string } | null
}

/** A request that ends here. Thrown by routes and hooks, and turned into a document by the one error handler. */
export class Problem extends Error {
  override name = 'Problem'
  readonly code: ProblemCode
  readonly errors: readonly FieldError[]
  readonly headers: Readonly<Record<string, string>>
  readonly nameEnquiry: SeenEnquiry | undefined
  /** Why a payment was refused for its risk. */
  readonly riskReasons: readonly string[] | undefined
  /** By which code the detail can be said in another language. */
  readonly said: Said | undefined

  constructor(
    code: ProblemCode,
    more: {
      readonly detail?: string
      readonly errors?: readonly FieldError[]
      readonly headers?: Readonly<Record<string, string>>
      readonly nameEnquiry?: SeenEnquiry
      readonly riskReasons?: readonly string[]
      readonly said?: Said
    } = {},
  ) {
    super(more.detail ?? problems[code][1])
    this.code = code
    this.errors = more.errors ?? []
    this.nameEnquiry = more.nameEnquiry
    this.riskReasons = more.riskReasons
    this.said = more.said
    const retryAfter = retryAfterSeconds[code]
    this.headers = retryAfter === undefined ? (more.headers ?? {}) : { 'retry-after': `${retryAfter}`, ...more.headers }
  }
}

/** `to.ifsc` and its like, refused. */
export const invalidField = (field: string, message: string): Problem =>
  new Problem('invalid_request', { detail: `${field} ${message}`, errors: [{ field, message }] })

/** Why a step of a dispute is not taken. */
export const disputeRefused = (said: Said): Problem => new Problem('dispute_refused', { detail: `${said.text}.`, said })

export type ProblemDocument = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ProblemCode
  readonly detail: string
  readonly instance: string
  readonly errors: readonly FieldError[]
  readonly requestId: string
  readonly nameEnquiry?: SeenEnquiry
  readonly riskReasons?: readonly string[]
  readonly said?: Said
}

/** The document of RFC 9457. @param instance  the path that was asked for */
export function problemDocument(problem: Problem, instance: string, requestId: string): ProblemDocument {
  const [status, title] = problems[problem.code]
  return {
    type: `/problems/${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: problem.message,
    instance,
    errors: problem.errors,
    requestId,
    ...(problem.nameEnquiry === undefined ? {} : { nameEnquiry: problem.nameEnquiry }),
    ...(problem.riskReasons === undefined ? {} : { riskReasons: problem.riskReasons }),
    ...(problem.said === undefined ? {} : { said: problem.said }),
  }
}
