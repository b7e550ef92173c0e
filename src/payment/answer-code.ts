import type { InwardDecline, InwardOutcome } from './receive.ts'

/** Why the hub declines, in the words of the wire. All are definite: the remitter bank may give the money back. @source protocol.md §4 */
const declineCodes = {
  account_not_found: 'M1',
  account_frozen: 'M3',
  account_closed: 'M5',
  limit_exceeded: 'M2',
  duplicate: '94',
  foreign_remittance_refused: 'M4',
} as const satisfies Record<Exclude<InwardDecline, 'several_accounts'>, string>

export const PROCESSED = '00'
export const NOT_SEEN = '91'

/**
 * The response code of what the hub decided about a credit, whether its answer goes to the switch or stays in the house. A no that comes after
 * the 91 to an early verification is 91 too: the money goes back with RET, not by an answer. @source NPCI OC 74
 * @param severalAccounts  the code for a mobile number with several accounts and no default, which is not public
 */
export function answerCode(outcome: InwardOutcome, severalAccounts: string): string {
  if (outcome.kind === 'credited') return PROCESSED
  if (outcome.afterVerification === true) return NOT_SEEN
  return outcome.reason === 'several_accounts' ? severalAccounts : declineCodes[outcome.reason]
}
