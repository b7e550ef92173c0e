import { toRfc3339 } from '../base/clock.ts'
import { type PaymentId, parsePaymentId, parsePaymentLinkId } from '../base/identifiers.ts'
import type { PaymentEvent, StoredPayment } from '../payment/stored.ts'
import type { LinkEvent, LinkEventRef } from '../payment-link/events.ts'
import { type EventType, eventIdOf, linkEvent, typeOfStep } from '../webhook/catalogue.ts'
import type { Message } from '../webhook/deliver.ts'
import type { Describe, EventRef } from '../webhook/room.ts'
import type { SettlementEvent } from '../webhook/settlement-events.ts'
import { maskDetails } from './masking.ts'
import { linkView } from './payment-link-view.ts'
import { asOf, paymentView, type ViewSettings } from './view.ts'

/** One event as it is told: its type, when the step was made, and the payment as the API shows it, as it stood after that step. */
export type ToldEvent = Message & { readonly id: string; readonly type: EventType }

/**
 * A step as it is told; undefined when it is none. What is told is masked, whoever it is told to: a URL is not somebody with a right.
 * @param events  all steps of the payment, oldest first
 */
export function eventView(
  payment: StoredPayment,
  events: readonly PaymentEvent[],
  sequence: number,
  view: ViewSettings,
): ToldEvent | undefined {
  const event = events.find((one) => one.sequence === sequence)
  if (event === undefined) return undefined
  const type = typeOfStep(
    events.find((one) => one.sequence === sequence - 1),
    event,
  )
  if (type === undefined) return undefined
  const upTo = events.filter((one) => one.sequence <= sequence)
  return {
    id: eventIdOf(payment.id, sequence),
    type,
    timestamp: toRfc3339(event.at),
    data: maskDetails(paymentView(asOf(payment, event), upTo, view)),
  }
}

/** What became of a link, as it is told. */
const linkMessage = ({ type, at, link }: LinkEvent, origin: string | undefined): Message => ({
  type: linkEvent(type),
  timestamp: toRfc3339(at),
  data: maskDetails(linkView(link, at, origin)),
})

/** What webhooks and streams are told: of payments and links from what they are now, of settlement as it was written. */
export const createDescribe =
  (deps: {
    readonly findPayments: (ids: readonly PaymentId[]) => Promise<readonly StoredPayment[]>
    readonly findEvents: (ids: readonly PaymentId[]) => Promise<readonly PaymentEvent[]>
    readonly findLinkEvents: (refs: readonly LinkEventRef[]) => Promise<readonly LinkEvent[]>
    readonly findSettlementEvents: (refs: readonly EventRef[]) => Promise<readonly SettlementEvent[]>
    readonly view: ViewSettings
    /** What the hub is called from outside: where the pages of links are. */
    readonly origin: () => string | undefined
  }): Describe =>
  async (refs) => {
    const ids = [...new Set(refs.flatMap(({ subject }) => parsePaymentId(subject) ?? []))]
    const ofLinks = refs.flatMap(({ subject, sequence }) => {
      const id = parsePaymentLinkId(subject)
      return id === undefined ? [] : [{ id, sequence }]
    })
    const [payments, events, linkEvents, settlementEvents] = await Promise.all([
      deps.findPayments(ids),
      deps.findEvents(ids),
      deps.findLinkEvents(ofLinks),
      deps.findSettlementEvents(refs),
    ])
    const byId = new Map(payments.map((payment) => [payment.id, payment]))
    const steps = Map.groupBy(events, ({ paymentId }) => paymentId)
    const links = new Map(linkEvents.map((event) => [eventIdOf(event.id, event.sequence), event]))
    const settlement = new Map(settlementEvents.map((event) => [eventIdOf(event.subject, event.sequence), event]))
    const told = new Map<string, Message>()
    for (const { tenantId, subject, sequence } of refs) {
      const ofLink = links.get(eventIdOf(subject, sequence))
      if (ofLink?.link.tenantId === tenantId) told.set(eventIdOf(subject, sequence), linkMessage(ofLink, deps.origin()))
      const ofSettlement = settlement.get(eventIdOf(subject, sequence))
      if (ofSettlement?.tenantId === tenantId) {
        const { type, at, data } = ofSettlement
        told.set(eventIdOf(subject, sequence), { type, timestamp: toRfc3339(at), data })
      }
      const paymentId = parsePaymentId(subject)
      const payment = paymentId && byId.get(paymentId)
      if (payment === undefined || payment.tenantId !== tenantId) continue
      const event = eventView(payment, steps.get(payment.id) ?? [], sequence, deps.view)
      if (event === undefined) continue
      const { id, ...message } = event
      told.set(id, message)
    }
    return told
  }
