import { type EventSubject, eventSubjectKey, eventSubjectOf } from '../base/identifiers.ts'
import { type PublicStatus, publicStatusOf, type StateKind } from '../payment/payment.ts'
import type { LinkEventType } from '../payment-link/link.ts'
import { settlementEventNames, settlementEventTypes } from './settlement-events.ts'

/**
 * webhook: whoever wants to know is told what became of payments, links and settlement. It promises that every public event reaches every endpoint that asked
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
  'payment_link.paid':
    'As much came in as the link asks for, or more: deliver. Of a link for many payers it is told for each of them.',
  'payment_link.overpaid': 'More came in than was due; told beside `payment_link.paid`. A refund gives the rest back.',
  'payment_link.partially_paid': 'A part came in of a link that may be paid in parts; `amountRemaining` is still due.',
  'payment_link.underpaid':
    'Less came in than was due, and parts were not asked for. The money is on the account; the link stays open for `amountRemaining`.',
  'payment_link.late_credit':
    'Money came in after the link had expired or was cancelled. It is on the account: deliver, or give it back by a refund.',
  'payment_link.repeated_credit':
    'Money came in for a link that was paid already. It is on the account: give it back by a refund.',
  'payment_link.expired': 'The time of the link is over and it was not paid, or not all of it.',
  'payment_link.cancelled': 'The link was cancelled before it was paid.',
  ...settlementEventTypes,
} as const satisfies Readonly<Record<`payment.${PublicStatus}` | `payment_link.${LinkEventType}`, string>>
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
  'payment_link.paid',
  'payment_link.overpaid',
  'payment_link.partially_paid',
  'payment_link.underpaid',
  'payment_link.late_credit',
  'payment_link.repeated_credit',
  'payment_link.expired',
  'payment_link.cancelled',
  ...settlementEventNames,
])
export const parseEventType = (text: string): EventType | undefined => eventTypeNames.find((type) => type === text)

/** A payment at one step, as far as its public status goes. */
export type At = { readonly state: StateKind; readonly reason: string | null }

/** The type of the event that a step is, if it is one: it changed what the API calls the payment's status. @param before  absent: the first step */
export function typeOfStep(before: At | undefined, after: At): EventType | undefined {
  const status = publicStatusOf(after)
  return before !== undefined && publicStatusOf(before) === status ? undefined : `payment.${status}`
}

/** The type of what became of a payment link: all of it is told. */
export const linkEvent = (type: LinkEventType): EventType => `payment_link.${type}`

/** A row of the outbox: a step of a payment with the one before it, or, when `told` is there, an event of something else, by its type. */
export type OutboxRow = {
  readonly told: string | null
  readonly state: StateKind | null
  readonly reason: string | null
  readonly before_state: StateKind | null
  readonly before_reason: string | null
}

/** The type of the event that a row of the outbox is, if it is one. A type that this version does not know is none. */
export function typeOfRow(row: OutboxRow): EventType | undefined {
  if (row.told !== null) return parseEventType(row.told)
  if (row.state === null) return undefined
  const before = row.before_state === null ? undefined : { state: row.before_state, reason: row.before_reason }
  return typeOfStep(before, { state: row.state, reason: row.reason })
}

/** `evt_`, the 32 hex digits of what it is of, and the number of the step in four: the same event has the same id for ever. */
const form = /^evt_([0-9a-f]{32})([0-9a-f]{4})$/
/** Steps of one payment that can be events. */
export const MAX_SEQUENCE = 0xffff

export const eventIdOf = (subject: EventSubject, sequence: number): string =>
  `evt_${eventSubjectKey(subject)}${Math.min(sequence, MAX_SEQUENCE).toString(16).padStart(4, '0')}`

export function readEventId(text: string): { readonly subject: EventSubject; readonly sequence: number } | undefined {
  const [, subject, sequence = ''] = form.exec(text) ?? []
  return subject === undefined
    ? undefined
    : { subject: eventSubjectOf(subject), sequence: Number.parseInt(sequence, 16) }
}

/** `docs/reference/events.md`. */
export function eventsDocument(): string {
  const rows = eventTypeNames.map((type) => `| \`${type}\` | ${eventTypes[type]} |`)
  return `${HEAD}\n\n| Type | Told when |\n|---|---|\n${rows.join('\n')}\n`
}

const HEAD = `# Events

Printed by \`npm run events -- --write\` from \`src/webhook/catalogue.ts\`.

Webhooks, streams and \`GET /v1/events\` tell the same events: one each time that the public \`status\` of a payment changes, and one for everything
that becomes of a payment link, a dispute, a break, compensation, a settlement cycle and its files. Steps of a payment that change only
its \`state\` (\`held\`, \`sent\`, \`unconfirmed\`) are none. \`timestamp\` is when the step was made.

| Of | \`data\` is |
|---|---|
| \`payment.*\` | the payment as \`GET /v1/payments/{id}\` shows it, as it stood after that step, with account numbers, mobile numbers and names masked |
| \`payment_link.*\` | the link as \`GET /v1/payment-links/{id}\` shows it, with what came in as \`lastPayment\` |
| the others | \`id\`, \`state\`, \`institution\`, \`cycle\`, \`payment\`, \`rrn\`, \`direction\`, \`amount\`, \`reason\`, \`dueAt\`, as they stood then; what does not apply is null. The whole is at \`GET /v1/disputes/{id}\`, \`/v1/breaks/{id}\`, \`/v1/compensation/{id}\`, \`/v1/settlement-files/{id}\`, \`/v1/upload-files/{id}\` |

Those of settlement are told to the tenant whose institution it is; \`GET /v1/events\` shows them to whoever has \`settlement:read\`. The id of an event is
\`evt_\`, digits that are always the same for what it is of, and the number of the step: of one of them the greater id is the later event.`
