import type { Result } from './rail-message.ts'
import { SettingError } from './settings-reader.ts'

/**
 * What a response code (DE 39, Ref@respCode) says about the money. Two tables, because the same two characters mean different things
 * in an answer to an original and in an answer to a verification. Classes and actions are this project's own reading of
 * public lists, so a bank may override each row, from a day on, in its wire profile. @source protocol.md §4, architecture.md 8
 */

export type Wire = 'original' | 'verification'

/** NPCI's own classes. `unknown` is what nobody has documented, and what does not decide. */
export type ResponseClass = 'success' | 'deemed' | 'businessDecline' | 'technicalDecline' | 'unknown'

/** What the remitter's side does with the debit: let it stand, give it back, or leave it and ask. */
export type ResponseAction = 'keep' | 'reverse' | 'ask'

/** Who said it, as far as the code tells. */
export type ResponseSource = 'npci' | 'beneficiary_bank' | 'remitter_bank'

/** Each class, its name in NPCI's reports, and what may be done about it. A class without a row does not compile. */
export const responseClasses = {
  success: { words: 'approved', actions: ['keep'] },
  deemed: { words: 'deemed approved', actions: ['keep'] },
  businessDecline: { words: 'business decline', actions: ['reverse', 'ask'] },
  technicalDecline: { words: 'technical decline', actions: ['reverse', 'ask'] },
  unknown: { words: 'unknown', actions: ['ask'] },
} as const satisfies Record<ResponseClass, { words: string; actions: readonly ResponseAction[] }>

export type ResponseRow = {
  readonly code: string
  /** What the public API calls it. */
  readonly name: string
  readonly meaning: string
  readonly class: ResponseClass
  readonly action: ResponseAction
  readonly source: ResponseSource
  /** True when a new payment with the same details may go through later. Never true while the outcome is open. */
  readonly retryable: boolean
  /** First day, in India, on which the row is in force (`2026-01-31`); absent: always. */
  readonly from?: string
}

const bank = 'beneficiary_bank'
const npci = 'npci'
const own = 'remitter_bank'

type Short = readonly [
  code: string,
  name: string,
  meaning: string,
  ResponseClass,
  ResponseAction,
  ResponseSource,
  'retry'?,
]

const rows = (short: readonly Short[]): readonly ResponseRow[] =>
  short.map(([code, name, meaning, responseClass, action, source, retry]) => ({
    code,
    name,
    meaning,
    class: responseClass,
    action,
    source,
    retryable: retry === 'retry',
  }))

/**
 * Answers to an original. `H` and `H then R` of the source are `ask`: a decline that may not be one is asked about first.
 * @source protocol.md §4
 */
export const originals = rows([
  ['00', 'approved', 'Approved', 'success', 'keep', bank],
  ['91', 'deemed_approved', 'Response time-out, deemed approved', 'deemed', 'keep', npci],
  ['08', 'beneficiary_bank_offline', 'Beneficiary bank offline', 'technicalDecline', 'ask', npci],
  ['M0', 'credit_declined', 'Original credit declined', 'businessDecline', 'reverse', bank],
  ['M1', 'invalid_beneficiary', 'Invalid beneficiary details', 'businessDecline', 'reverse', bank],
  ['M2', 'beneficiary_limit_exceeded', 'Amount limit exceeded for the beneficiary', 'businessDecline', 'reverse', bank],
  ['M3', 'beneficiary_account_blocked', 'Beneficiary account blocked or frozen', 'businessDecline', 'reverse', bank],
  [
    'M4',
    'beneficiary_account_nre',
    'NRE account, or not enabled for foreign inward remittance',
    'businessDecline',
    'reverse',
    bank,
  ],
  ['M5', 'beneficiary_account_closed', 'Beneficiary account closed', 'businessDecline', 'reverse', bank],
  ['M6', 'member_limit_exceeded', 'Limit exceeded for the member bank', 'technicalDecline', 'reverse', npci, 'retry'],
  ['M8', 'otp_invalid', 'Invalid OTP', 'businessDecline', 'reverse', own],
  ['M9', 'otp_incorrect', 'Invalid or incorrect OTP', 'businessDecline', 'reverse', own],
  ['MA', 'merchant_error', 'Merchant error', 'businessDecline', 'reverse', bank],
  [
    'MC',
    'merchant_payments_not_offered',
    'Merchant payments not available through the payee bank',
    'businessDecline',
    'reverse',
    bank,
  ],
  ['MF', 'merchant_system_down', 'Merchant system not available', 'technicalDecline', 'reverse', bank, 'retry'],
  [
    'MG',
    'merchant_pull_not_offered',
    'Merchant pull payments not available through the issuing bank',
    'businessDecline',
    'reverse',
    own,
  ],
  ['MH', 'otp_limit_exceeded', 'OTP transaction limit exceeded', 'businessDecline', 'reverse', own],
  ['MJ', 'invalid_ifsc', 'Invalid IFSC', 'businessDecline', 'reverse', bank],
  ['MK', 'payee_not_a_merchant', 'Payee is an individual, not a merchant', 'businessDecline', 'reverse', bank],
  ['ML', 'payee_is_a_merchant', 'Payee is a merchant, not an individual', 'businessDecline', 'reverse', bank],
  [
    'MP',
    'beneficiary_bank_not_live',
    'Beneficiary bank not live on this transaction type',
    'technicalDecline',
    'reverse',
    npci,
  ],
  ['MT', 'not_allowed', 'Transaction not allowed', 'businessDecline', 'reverse', bank],
  ['MU', 'aadhaar_not_mapped', 'Aadhaar number not in the mapper', 'businessDecline', 'reverse', npci],
  [
    'MV',
    'aadhaar_not_offered',
    'Bank not enabled for payments to Aadhaar numbers',
    'technicalDecline',
    'reverse',
    npci,
  ],
  ['MZ', 'otp_expired', 'OTP expired', 'businessDecline', 'reverse', own],
  [
    'UB',
    'beneficiary_bank_unable',
    'Unable to process at the account system',
    'technicalDecline',
    'reverse',
    bank,
    'retry',
  ],
  ['01', 'reversal_not_processed', 'Unable to process reversal', 'technicalDecline', 'ask', npci],
  ['03', 'invalid_merchant', 'Invalid merchant', 'businessDecline', 'reverse', npci],
  ['04', 'do_not_honour', 'Do not honour', 'businessDecline', 'reverse', bank],
  ['05', 'do_not_honour', 'Do not honour', 'businessDecline', 'reverse', bank],
  ['10', 'pin_block_error', 'PIN block error', 'technicalDecline', 'reverse', npci],
  ['12', 'invalid_transaction', 'Invalid transaction', 'technicalDecline', 'reverse', npci],
  ['13', 'invalid_amount', 'Invalid amount', 'businessDecline', 'reverse', npci],
  ['14', 'invalid_account', 'Invalid card or account number', 'businessDecline', 'reverse', bank],
  ['17', 'customer_cancelled', 'Cancelled by the customer', 'businessDecline', 'reverse', own],
  ['20', 'invalid_response_code', 'Invalid response code', 'technicalDecline', 'ask', npci],
  ['21', 'no_action_taken', 'No action taken', 'technicalDecline', 'ask', npci],
  ['22', 'suspected_malfunction', 'Suspected malfunction', 'technicalDecline', 'ask', npci],
  ['30', 'invalid_format', 'Invalid message format', 'technicalDecline', 'reverse', npci],
  ['34', 'suspected_fraud', 'Suspected fraud', 'businessDecline', 'reverse', npci],
  ['36', 'restricted_card', 'Restricted card', 'businessDecline', 'reverse', bank],
  ['40', 'invalid_debit_account', 'Invalid debit account', 'businessDecline', 'reverse', own],
  ['43', 'lost_or_stolen', 'Lost or stolen account', 'businessDecline', 'reverse', bank],
  ['51', 'insufficient_funds', 'Insufficient funds', 'businessDecline', 'reverse', own],
  ['52', 'invalid_account', 'Invalid account', 'businessDecline', 'reverse', bank],
  ['54', 'expired_card', 'Expired card', 'businessDecline', 'reverse', bank],
  ['57', 'not_permitted_to_account', 'Not permitted to the account holder', 'businessDecline', 'reverse', bank],
  ['58', 'not_permitted_to_terminal', 'Not permitted to the terminal', 'businessDecline', 'reverse', npci],
  ['61', 'amount_limit_exceeded', 'Amount limit exceeded', 'businessDecline', 'reverse', bank],
  ['62', 'restricted_use', 'Restricted use', 'businessDecline', 'reverse', bank],
  ['63', 'security_violation', 'Security violation', 'technicalDecline', 'reverse', npci],
  ['65', 'frequency_limit_exceeded', 'Frequency limit exceeded', 'businessDecline', 'reverse', bank, 'retry'],
  ['68', 'response_too_late', 'Response received too late', 'unknown', 'ask', npci],
  ['75', 'pin_tries_exceeded', 'Too many PIN tries', 'businessDecline', 'reverse', own],
  ['90', 'cut_off_in_progress', 'Cut-off in progress', 'technicalDecline', 'reverse', npci, 'retry'],
  ['92', 'no_routing', 'Invalid NBIN, or no routing to the beneficiary bank', 'technicalDecline', 'reverse', npci],
  // Never reversed blindly: the first copy may have been credited.
  ['94', 'duplicate', 'Duplicate transaction', 'unknown', 'ask', bank],
  ['96', 'unable_to_process', 'Unable to process', 'technicalDecline', 'ask', npci],
  ['NA', 'pending_at_bank', 'Seen as pending at a bank; not documented', 'unknown', 'ask', npci],
  ['80', 'pending_at_bank', 'Seen as pending at a bank; not documented', 'unknown', 'ask', npci],
  ['0', 'pending_at_bank', 'Seen as pending at a bank; not documented', 'unknown', 'ask', npci],
  ['CE', 'connectivity', 'Seen as a connectivity error at a bank; not documented', 'unknown', 'ask', npci],
  ['02', 'pending_at_bank', 'Seen as pending at a bank; not documented', 'unknown', 'ask', npci],
  // Cousins from UPI, on the same platform. @source protocol.md §4 rule 5
  ['UT', 'issuer_time_out', 'Issuer time-out (UPI)', 'unknown', 'ask', npci],
  ['BT', 'acquirer_time_out', 'Acquirer time-out (UPI)', 'unknown', 'ask', npci],
  ['U01', 'duplicate', 'Duplicate request (UPI)', 'unknown', 'ask', npci],
  ['U02', 'amount_limit_exceeded', 'Amount cap exceeded (UPI)', 'unknown', 'ask', npci],
  ['U03', 'member_limit_exceeded', 'Net debit cap exceeded (UPI)', 'unknown', 'ask', npci],
  // They exist, and no public text says what they mean; a member bank loads them from its own NPCI file.
  ...(['MB', 'MD', 'ME', 'MI', 'MM', 'MN', 'MO', 'MQ', 'MR', 'MS', 'MW', 'MX', 'MY'] as const).map(
    (code): Short => [code, 'undocumented', 'No public meaning', 'unknown', 'ask', npci],
  ),
])

/**
 * Answers to a verification. Only `M0` says that the original was declined; every other code says something about the
 * verification itself, so the payment stays as it is and is asked about again. @source protocol.md §5.3, NPCI OC 74 and 76
 */
export const verifications = rows([
  ['00', 'approved', 'Original approved', 'success', 'keep', bank],
  ['91', 'deemed_approved', 'Original deemed approved', 'deemed', 'keep', npci],
  ['M0', 'credit_declined', 'Verification successful, original credit declined', 'businessDecline', 'reverse', bank],
])

/** A bank's own reading of one code, from a day on. */
export type ResponseCodeOverride = Pick<ResponseRow, 'code' | 'class' | 'action'> &
  Partial<Pick<ResponseRow, 'name' | 'meaning' | 'source' | 'retryable' | 'from'>> & { readonly wire: Wire }

const byCode = (table: readonly ResponseRow[]) => new Map(table.map((row) => [row.code, row]))
const tables = { original: byCode(originals), verification: byCode(verifications) } satisfies Record<
  Wire,
  ReadonlyMap<string, ResponseRow>
>

const undocumented = (code: string): ResponseRow => ({
  code,
  name: 'undocumented',
  meaning: 'No documented meaning',
  class: 'unknown',
  action: 'ask',
  source: npci,
  retryable: false,
})

/** The instant a day begins in India. */
const startOfDayIst = (day: string): number => Date.parse(`${day}T00:00:00+05:30`)

/** The built-in row: of its own table, or, for a verification, the words of the other with nothing decided. */
function builtIn(wire: Wire, code: string): ResponseRow {
  const row = tables[wire].get(code)
  if (row !== undefined) return row
  const words = tables.original.get(code)
  return words === undefined ? undocumented(code) : { ...words, class: 'unknown', action: 'ask', retryable: false }
}

/** The row in force at `atEpochMs`: the override with the latest `from` that has come, else the built-in row. */
function rowAt(wire: Wire, code: string, atEpochMs: number, overrides: readonly ResponseCodeOverride[]): ResponseRow {
  let found: ResponseCodeOverride | undefined
  for (const override of overrides) {
    if (override.wire !== wire || override.code !== code) continue
    if (override.from !== undefined && startOfDayIst(override.from) > atEpochMs) continue
    if (found === undefined || (override.from ?? '') >= (found.from ?? '')) found = override
  }
  const row = builtIn(wire, code)
  return found === undefined ? row : { ...row, ...found }
}

const noOverrides: readonly ResponseCodeOverride[] = []

/** What an answer says about the money. */
export type Reading = Pick<ResponseRow, 'class' | 'action' | 'meaning'>

const deemed: Reading = { class: 'deemed', action: 'keep', meaning: 'Deemed approved' }
const contradiction: Reading = {
  class: 'unknown',
  action: 'ask',
  meaning: 'Result and response code contradict each other',
}

/** The results that a class of codes agrees with; FAILURE with 91, which never declines, is among those that contradict. */
const agreeing: Readonly<Record<ResponseClass, readonly Result[]>> = {
  success: ['SUCCESS'],
  deemed: ['SUCCESS'],
  businessDecline: ['FAILURE'],
  technicalDecline: ['FAILURE'],
  unknown: ['SUCCESS', 'FAILURE'], // it is asked about anyway
}

/**
 * What a response code does to the money. A code that no table knows is `unknown` and is asked about: never reversed.
 *
 * On the XML wire a result comes with the code, and both must agree: DEEMED is deemed approved whatever the code (with M0, too),
 * SUCCESS with a decline and FAILURE with an approval are asked about.
 *
 * @param wire which question it answers
 * @param atEpochMs when the answer was given; chooses among dated rows
 * @param overrides the rows of the wire profile; a list, usually empty
 * @param result Resp@result; undefined on the ISO wire, where the code says everything
 * @source protocol.md §4 rules 1 to 3, §2.4
 */
export function classify(
  wire: Wire,
  responseCode: string,
  atEpochMs: number,
  overrides: readonly ResponseCodeOverride[] = noOverrides,
  result?: Result,
): Reading {
  if (result === 'DEEMED') return deemed
  const row = overrides.length === 0 ? builtIn(wire, responseCode) : rowAt(wire, responseCode, atEpochMs, overrides)
  return result === undefined || agreeing[row.class].includes(result) ? row : contradiction
}

/** Why a payment is where it is, for the public API. `raw` is the code as the wire had it. */
export type ResponseReason = {
  readonly code: string
  readonly source: ResponseSource
  readonly message: string
  readonly retryable: boolean
  readonly raw: string
}

/** The public words for a response code. */
export function describeResponseCode(
  responseCode: string,
  wire: Wire = 'original',
  atEpochMs = 0,
  overrides: readonly ResponseCodeOverride[] = noOverrides,
): ResponseReason {
  const row = rowAt(wire, responseCode, atEpochMs, overrides)
  return { code: row.name, source: row.source, message: row.meaning, retryable: row.retryable, raw: responseCode }
}

/**
 * Refuses overrides that would lose or double money: a class with an action it may not have, an approval that is no
 * approval, a reversal of 91, and a verification that declines by anything but M0.
 * @throws {SettingError} one line
 */
export function checkOverride(override: ResponseCodeOverride, path: string): void {
  const allowed: readonly ResponseAction[] = responseClasses[override.class].actions
  if (!allowed.includes(override.action)) {
    throw new SettingError(`${path}: class ${override.class} allows ${allowed.join(' or ')}, not ${override.action}`)
  }
  if (override.code === '00' && override.action !== 'keep') {
    throw new SettingError(`${path}: 00 is approved; the debit stands`)
  }
  if (override.action === 'reverse' && override.code === '91') {
    throw new SettingError(`${path}: 91 is deemed approved and never reverses`)
  }
  if (override.action === 'reverse' && override.wire === 'verification' && override.code !== 'M0') {
    throw new SettingError(`${path}: only M0 in answer to a verification says that the original was declined`)
  }
  if (override.retryable === true && override.action === 'ask') {
    throw new SettingError(`${path}: a payment whose outcome is open is not retryable`)
  }
}
