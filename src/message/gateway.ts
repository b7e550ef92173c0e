import { type Outbound, OutboundFault, OutboundRefused } from '../base/outbound.ts'
import type { Language, Messenger } from './message.ts'

export type GatewayOptions = {
  /** By the guarded client only: the address is a setting, and so somebody else's word. */
  readonly outbound: Pick<Outbound, 'send'>
  readonly url: string
  /** What the gateway knows us by. */
  readonly token: string
  /** The header that a phone shows, and the DLT id of whoever sends. @source TRAI TCCCPR 2018 */
  readonly sender: string
  readonly entityId: string
  /** DLT template ids by `payment_code:en` and its like: a message without one is not delivered in India. */
  readonly templates: Readonly<Record<string, string>>
}

/** A code is worth three minutes: a gateway that takes longer than this to say yes is as good as none. */
const TIMEOUT_MS = 5_000

/** Messages over a gateway that takes JSON over HTTPS. One try: a second could be a second message, with a code that is void by then. */
export function createGateway(options: GatewayOptions): Messenger {
  const templateFor = (kind: string, language: Language): string | undefined => options.templates[`${kind}:${language}`]
  return {
    async send({ to, kind, language, text }) {
      const templateId = templateFor(kind, language)
      if (templateId === undefined) return { kind: 'failed', why: 'no_template' }
      try {
        const { status } = await options.outbound.send({
          method: 'POST',
          url: options.url,
          headers: { authorization: `Bearer ${options.token}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            to: `91${to}`,
            sender: options.sender,
            entityId: options.entityId,
            templateId,
            unicode: language !== 'en',
            text,
          }),
          timeoutMs: TIMEOUT_MS,
        })
        return status >= 200 && status < 300 ? { kind: 'sent' } : { kind: 'failed', why: `answered_${status}` }
      } catch (error) {
        // Words of ours only: what a gateway says may repeat the message.
        if (error instanceof OutboundRefused) return { kind: 'failed', why: `refused_${error.reason}` }
        return { kind: 'failed', why: error instanceof OutboundFault ? error.kind : 'broken' }
      }
    },
  }
}
