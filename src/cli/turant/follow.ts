import { isFinal, type Payment, type Turant } from '@turant/sdk'
import { exitCodes } from '../hub.ts'
import { dayAndTime, paint, stepLine } from '../show.ts'

/** A payment step by step, in words, and what a script is told in the end. */

/** Only where it says more than the state itself. */
const reasonOf = ({ reason, state }: Payment): string | undefined =>
  reason === null || state === 'unconfirmed' || state === 'cancelled' ? undefined : reason.message

/** Follows from behind the steps that were told already, until the payment is final, waits for somebody, is as far as is wanted, or the time is over. */
export async function follow(
  turant: Turant,
  start: Payment,
  told: number,
  seconds: number,
  onStep: (payment: Payment) => void,
  isFarEnough: (payment: Payment) => boolean = ({ status }) => status.startsWith('requires_'),
): Promise<Payment> {
  let last = start
  const signal = AbortSignal.timeout(Math.max(1, seconds * 1000))
  for await (const payment of turant.payments.follow(start.id, { after: told, signal })) {
    last = payment
    onStep(payment)
    if (isFarEnough(payment)) break
  }
  return last
}

/** The newest step, as a line. */
export function lineOf(payment: Payment): string | undefined {
  const step = payment.timeline.at(-1)
  if (step === undefined) return undefined
  if (payment.status.startsWith('requires_')) return stepLine({ at: step.at, state: payment.status }, undefined)
  return stepLine(step, step.state === payment.state ? reasonOf(payment) : undefined)
}

/** What is said of how it ended. @param seconds  how long it was followed, if until the time was over */
export function ending(payment: Payment, seconds?: number): readonly string[] {
  const { to, status, resolvesBy, id } = payment
  const owner = to.registeredName === null ? [] : [`  the account belongs to ${paint('bold', to.registeredName)}`]
  if (status === 'requires_approval') return [...owner, `  to let it go: POST /v1/approvals/${id}/approve`]
  if (status === 'requires_authentication')
    return [...owner, `  its customer is asked by: POST /v1/payments/${id}/authenticate`]
  if (isFinal(payment)) return owner
  const until = resolvesBy === null ? 'itself' : `${dayAndTime(resolvesBy)} IST`
  const after = seconds === undefined ? '' : ` after ${seconds} s`
  return [...owner, `  still open${after}; it will be known by ${until}`]
}

/** Paid, not paid, or not known. */
export const exitCodeOf = (payment: Payment): number =>
  !isFinal(payment)
    ? exitCodes.open
    : payment.status === 'succeeded' || payment.status === 'deemed'
      ? exitCodes.done
      : exitCodes.failed
