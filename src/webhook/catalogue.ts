import { type PaymentId, parsePaymentId } from '../base/identifiers.ts'
import { type PublicStatus, publicStatusOf, type StateKind } from '../payment/payment.ts'

/**
 * webhook: whoever wants to know is told what became of payments. It promises that every public event reaches every endpoint that asked
 * for its type at least once, each payment's in their order; that no door waits for it or writes a row for it; that an endpoint which is
 * slow or dead delays nobody else's; and that nothing is given up but after three days, where it can be seen and told again.
 */

/** Every type of event, and when it is told. The table is docs/reference/events.md too. */
export const eventTypes = {
  'payment.requires_authentication': 'The payment waits for the two factors of its customer. Nothing is sent yet.',
  'payment.requires_approval': 'The payment waits for people to agree. Nothing is sent yet.',
  'payment.processing':
    'The payment is on its way, or will be as soon as a link to the switch is up. The outcome is open.',
  'payment.deemed':
    'The beneficiary bank did not answer NPCI in time: NPCI counts the payment as made, and the debit stands. `payment.succeeded` or ' +
    '`payment.returned` may follow with settlement.',
  'payment.succeeded': 'The beneficiary has the money; of an inward payment: the account on this hub has it.',
  'payment.failed': 'A definite no. The money is where it was.',
  'payment.returned': 'The money came back after it had left.',
  'payment.cancelled': 'Taken back before anything was sent.',
} as const satisfies Readonly<Record<`payment.${PublicStatus}`, string>>
export type EventType = keyof typeof eventTypes
export const eventTypeNames: readonly EventType[] = Object.freeze([
  'payment.requires_authentication',
  'payment.requires_approval',
  'payment.processing',
  'payment.deemed',
  'payment.succeeded',
  'payment.failed',
  'payment.returned',
  'payment.cancelled',
])
export const parseEventType = (text: string): EventType | undefined => eventTypeNames.find((type) => type === text)

/** A payment at one step, as far as its public status goes. */
export type At = { readonly state: StateKind; readonly reason: string | null }

/** The type of the event that a step is, if it is one: it changed what the API calls the payment's status. @param before  absent: the first step */
export function typeOfStep(before: At | undefined, after: At): EventType | undefined {
  const status = publicStatusOf(after)
  return before !== undefined && publicStatusOf(before) === status ? undefined : `payment.${status}`
}

/** `evt_`, the 32 hex digits of the payment, and the number of the step in four: the same event has the same id for ever. */
const form = /^evt_([0-9a-f]{32})([0-9a-f]{4})$/
/** Steps of one payment that can be events. */
const MAX_SEQUENCE = 0xffff

export const eventIdOf = (paymentId: PaymentId, sequence: number): string =>
  `evt_${paymentId.slice(4)}${Math.min(sequence, MAX_SEQUENCE).toString(16).padStart(4, '0')}`

export function readEventId(text: string): { readonly paymentId: PaymentId; readonly sequence: number } | undefined {
  const [, payment = '', sequence = ''] = form.exec(text) ?? []
  const paymentId = parsePaymentId(`pay_${payment}`)
  return paymentId === undefined ? undefined : { paymentId, sequence: Number.parseInt(sequence, 16) }
}

/** `docs/reference/events.md`. */
export function eventsDocument(): string {
  const rows = eventTypeNames.map((type) => `| \`${type}\` | ${eventTypes[type]} |`)
  return `${HEAD}\n\n| Type | Told when |\n|---|---|\n${rows.join('\n')}\n`
}

const HEAD = `# Events

Printed by \`npm run events -- --write\` from \`src/webhook/catalogue.ts\`.

Webhooks, streams and \`GET /v1/events\` tell the same events: one each time that the public \`status\` of a payment changes. Steps that change only
its \`state\` (\`held\`, \`sent\`, \`unconfirmed\`) are none. \`timestamp\` is when the step was made, \`data\` the payment as \`GET /v1/payments/{id}\` shows it,
as it stood after that step, with account numbers, mobile numbers and names masked. The id is \`evt_\`, the payment's own digits and the number of
the step: of one payment the greater id is the later event.`
