// Made from the OpenAPI document of the hub by `npm run sdk`; a test says when it is not current.
/** Every type of event, as docs/reference/events.md has them. */
export const eventTypes = [
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
] as const
