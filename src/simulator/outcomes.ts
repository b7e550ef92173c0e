/**
 * simulator: NPCI's switch and the banks behind it, as the other side of every wire test. It promises to behave as
 * `api.md` §4 says by amount, to be as unkind as its fault dials ask, to count every original it is sent, and to
 * know nothing of the hub's payments, ledger or links: what it remembers is what it saw on the wire.
 *
 * This file: what the beneficiary side does, by amount. Times are protocol milliseconds, before the timer scale.
 */

/** What the beneficiary side does with the money, once it has decided. */
export type Ruling =
  | 'approved' // credited; a verification says 00
  | 'declined' // not credited; a verification says M0
  | 'deemed' //   the beneficiary bank did not answer in time; a verification says 91
  | 'silent' //   nothing will ever say what happened; the files will

export type Outcome = {
  /** What it is called in the journal. */
  readonly name: string
  readonly ruling: Ruling
  readonly credited: boolean
  /** DE 39 of the original's answer; absent where the original is swallowed. */
  readonly responseCode?: string
  /** How long the beneficiary side thinks; until then a verification finds the original in progress. */
  readonly afterMs: number
  /** How many times the answer is sent. */
  readonly times: number
  /** Closes the connection where the answer would be. */
  readonly hangUp?: true
}

/** NPCI's wait for a beneficiary bank. @source protocol.md §5.5, `[DK]` */
export const BENEFICIARY_WAIT_MS = 30_000
/** After the hub's 40 s response timeout and its first verification at 56 s, before the second at 66 s. */
const LATE_MS = 62_000

const approves = (name: string, more: Partial<Outcome> = {}): Outcome => ({
  name,
  ruling: 'approved',
  credited: true,
  responseCode: '00',
  afterMs: 0,
  times: 1,
  ...more,
})
const declines = (name: string, responseCode: string): Outcome => ({
  name,
  ruling: 'declined',
  credited: false,
  responseCode,
  afterMs: 0,
  times: 1,
})
const deems = (name: string, credited: boolean, afterMs = 0): Outcome => ({
  name,
  ruling: 'deemed',
  credited,
  responseCode: '91',
  afterMs,
  times: 1,
})
const swallows = (name: string, ruling: Ruling, credited: boolean): Outcome => ({
  name,
  ruling,
  credited,
  afterMs: 0,
  times: 0,
})

export const ordinary: Outcome = approves('approved')

/** By amount in paise, whatever the account. @source api.md §4 */
export const outcomesByPaise: ReadonlyMap<number, Outcome> = new Map<number, Outcome>([
  [10_191, deems('deemed, credited', true)],
  [10_291, deems('deemed, not credited', false)],
  [10_300, swallows('swallowed, verification says 00', 'approved', true)],
  [10_400, swallows('swallowed, verification says M0', 'declined', false)],
  [10_500, swallows('never answers, credited', 'silent', true)],
  [10_600, swallows('never answers, not credited', 'silent', false)],
  [10_700, approves('late 00', { afterMs: LATE_MS })],
  [10_800, approves('00 twice', { times: 2 })],
  [10_900, declines('invalid beneficiary', 'M1')],
  [11_000, declines('account frozen', 'M3')],
  [11_100, declines('account closed', 'M5')],
  [11_200, declines('beneficiary limit', 'M2')],
  [11_300, declines('insufficient funds', '51')],
  [11_400, declines('host offline', '08')],
  // Credited, so that a hub which takes an unknown code for a no gives the money away twice.
  [11_500, approves('undocumented code', { responseCode: 'ZZ' })],
  [11_600, approves('hangs up', { times: 0, hangUp: true })],
])

const businessDeclines = ['M1', 'M2', 'M3', 'M5', '51', '52', '57'].map((code) => declines('business decline', code))
/** 08 and 96 are among them on purpose: the hub may not take these for a no. */
const technicalDeclines = ['08', '92', '96', 'MP', 'UB'].map((code) => declines('technical decline', code))

/** What an ordinary amount meets when a dial turns it into something else; `pick` is any whole number. */
export const chosenOutcomes = {
  deemed: (pick: number): Outcome => deems('deemed by fault', pick % 2 === 0, BENEFICIARY_WAIT_MS),
  businessDecline: (pick: number): Outcome => businessDeclines[pick % businessDeclines.length]!,
  technicalDecline: (pick: number): Outcome => technicalDeclines[pick % technicalDeclines.length]!,
} as const

/** The hub's own institution is the beneficiary, and no link leads to it. */
export const noRoute: Outcome = declines('no route to the beneficiary bank', '92')

/** A mobile number with several accounts and no consent to any. @source NPCI OC 119 */
export const severalAccounts = (responseCode: string): Outcome => declines('several accounts', responseCode)

/** A verification was answered 91 first, so the remitter counts the payment as paid: what would be a no stays deemed. @source NPCI OC 74 */
export const afterVerification = (outcome: Outcome): Outcome =>
  outcome.ruling === 'declined' ? deems('deemed by verification first', false) : outcome
