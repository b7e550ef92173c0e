import { type Paise, paise } from '../base/money.ts'
import type { Channel } from '../base/party.ts'

/** How much one payment may carry. The stricter of the two holds. */
export type Limits = {
  readonly perPaymentPaise: Paise
  readonly channelPaise: Partial<Readonly<Record<Channel, Paise>>>
}

/** ₹5 lakh a payment (NPCI OC 103); ₹5,000 over SMS, IVR and USSD. @source settlement.md R4 */
export const npciLimits: Limits = {
  perPaymentPaise: paise(50_000_000n),
  channelPaise: { sms: paise(500_000n), ivr: paise(500_000n), ussd: paise(500_000n) },
}

export type LimitRefusal = 'limit_exceeded' | 'channel_limit_exceeded'

/** The limit this amount is over, and that limit; undefined when it is within all of them. Exactly at a limit is within it. */
export function overLimit(
  limits: Limits,
  channel: Channel,
  amountPaise: Paise,
): { readonly reason: LimitRefusal; readonly limitPaise: Paise } | undefined {
  if (amountPaise > limits.perPaymentPaise) return { reason: 'limit_exceeded', limitPaise: limits.perPaymentPaise }
  const ofChannel = limits.channelPaise[channel]
  if (ofChannel !== undefined && amountPaise > ofChannel) {
    return { reason: 'channel_limit_exceeded', limitPaise: ofChannel }
  }
  return undefined
}
