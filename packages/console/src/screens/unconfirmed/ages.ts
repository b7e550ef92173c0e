/** How long an outcome has been open, in the steps that people act by: the switch's own answer, its verifications, a cycle, a day. */
export const ages = [
  { name: 'minutes', underMs: 5 * 60_000 },
  { name: 'hour', underMs: 60 * 60_000 },
  { name: 'day', underMs: 24 * 60 * 60_000 },
  { name: 'older', underMs: Number.POSITIVE_INFINITY },
] as const
export type Age = (typeof ages)[number]['name']

/** @param ms  since the payment was made */
export const ageOf = (ms: number): Age => ages.find(({ underMs }) => ms < underMs)?.name ?? 'older'

/** What people may say of a payment by its state; the hub judges it again. A deemed one counts as paid at NPCI: it never failed. */
export const outcomesOf = {
  unconfirmed: ['succeeded', 'failed', 'settled', 'not_settled'],
  deemed: ['succeeded', 'returned', 'settled', 'not_settled'],
} as const
export type OpenState = keyof typeof outcomesOf
export type Outcome = (typeof outcomesOf)[OpenState][number]

export const isOpen = (state: string): state is OpenState => Object.hasOwn(outcomesOf, state)
/** Of these NPCI's settlement file is the only evidence. */
export const isByFile = (outcome: Outcome): boolean => outcome === 'settled' || outcome === 'not_settled'
