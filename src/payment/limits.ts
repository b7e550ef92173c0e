import type { Paise } from '../base/money.ts'
import type { Channel } from '../base/party.ts'

/** How much one payment may carry, in paise. The stricter of the two holds. */
export type Limits = {
  readonly perPaymentPaise: number
  readonly channelPaise: Partial<Readonly<Record<Channel, number>>>
}

/** ₹5 lakh a payment (NPCI OC 103); ₹5,000 over SMS, IVR and USSD. @source settlement.md R4 */
export const npciLimits: Limits = {
  perPaymentPaise: 50_000_000,
  channelPaise: { sms: 500_000, ivr: 500_000, ussd: 500_000 },
}

export type LimitRefusal = 'limit_exceeded' | 'channel_limit_exceeded'

/** The limit this amount is over, and that limit in paise; undefined when it is within all of them. Exactly at a limit is within it. */
export function overLimit(
  limits: Limits,
  channel: Channel,
  amountPaise: Paise,
): { readonly reason: LimitRefusal; readonly limitPaise: number } | undefined {
  if (amountPaise > limits.perPaymentPaise) return { reason: 'limit_exceeded', limitPaise: limits.perPaymentPaise }
  const ofChannel = limits.channelPaise[channel]
  if (ofChannel !== undefined && amountPaise > ofChannel) {
    return { reason: 'channel_limit_exceeded', limitPaise: ofChannel }
  }
  return undefined
}
