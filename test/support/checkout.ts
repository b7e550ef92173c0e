import { must, parseAccountId, parsePaymentId, paymentLinkIdFrom } from '../../src/base/identifiers.ts'
import { createFeed } from '../../src/http/feed.ts'
import type { LinkFeed } from '../../src/http/payment-links.ts'
import { createServer } from '../../src/http/server.ts'
import type { PayerLink } from '../../src/payer-page/link.ts'
import type { PaymentLink } from '../../src/payment-link/link.ts'
import type { PayableLink } from '../../src/payment-link/store.ts'
import { createFakeHub } from './http.ts'
import { NOW } from './payer-link.ts'

const number = (n: number): string => n.toString(16).padStart(32, '0')

/** The link of the domain that a payer sees so. `status` must be what its own clock makes of it. */
function payableOf(id: number, version: number, shown: PayerLink): PayableLink {
  const { amountPaise, status, receivedPaise, reference, description, returnUrl, token } = shown
  const credits = shown.credits.map(({ isLate, ...credit }, index) => ({
    ...credit,
    outcome: isLate ? ('late' as const) : ('part' as const),
    paymentId: must(parsePaymentId(`pay_${number(index + 1)}`), 'id'),
    refundedPaise: 0n,
  }))
  return {
    payee: shown.merchant,
    credits: [...credits].reverse(),
    link: {
      id: paymentLinkIdFrom(number(id)),
      tenantId: 1,
      accountId: must(parseAccountId('acc_1'), 'id'),
      amountPaise,
      partial: shown.takesParts,
      uses: shown.isForMany ? 'many' : 'once',
      state: status === 'expired' ? 'open' : status,
      receivedPaise,
      version,
      reference,
      description,
      returnUrl,
      token,
      virtualAccount: shown.account,
      expiresAt: status === 'expired' ? NOW - 1 : shown.expiresAt,
      createdAt: NOW - 60_000,
      updatedAt: NOW,
      lastCredit: credits.at(-1) ?? null,
    },
  }
}

/** A hub whose payment links are in memory: what is on a page is for its tests to say. For its pages it is always `NOW`. */
export async function createCheckout() {
  const hub = createFakeHub()
  const links = new Map<string, PayableLink>()
  const numbers = new Map<string, number>()
  const state: { failWith: Error | undefined; reads: number } = { failWith: undefined, reads: 0 }
  const clock = { ...hub.deps.clock, now: () => NOW }
  const linkFeed: LinkFeed = createFeed(clock, async (): Promise<PaymentLink[]> => [])
  const server = await createServer({
    ...hub.deps,
    clock,
    linkFeed,
    walletPath: '/wallet',
    async findPayableLink(token) {
      state.reads += 1
      if (state.failWith !== undefined) throw state.failWith
      return links.get(token)
    },
  })
  let version = 0
  /** The link is there, or has become so; whoever follows it is told. */
  const put = (shown: PayerLink): void => {
    version += 1
    const id = numbers.get(shown.token) ?? numbers.size + 1
    numbers.set(shown.token, id)
    const payable = payableOf(id, version, shown)
    links.set(shown.token, payable)
    linkFeed.moved(payable.link)
  }
  return { server, linkFeed, state, put }
}
