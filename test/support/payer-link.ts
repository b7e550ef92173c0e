import { must, parseAccountNumber, parseIfsc, parseRrn } from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import type { LinkCredit, PageState, PayerLink } from '../../src/payer-page/link.ts'

/** 28 November 2026, 11:30 in India. */
export const NOW = Date.UTC(2026, 10, 28, 6, 0)

/** A credit to a link, a minute after `NOW`. */
export const aCredit = (amountPaise: bigint, more: Partial<LinkCredit> = {}): LinkCredit => ({
  amountPaise: paise(amountPaise),
  rrn: must(parseRrn('633211004217'), 'RRN'),
  at: NOW + 60_000,
  isLate: false,
  ...more,
})

/** A link of ₹1,23,456.00 that nobody has paid. */
export const aLink = (more: Partial<PayerLink> = {}): PayerLink => ({
  token: 'QkV4bXBsZVRva2VuT2ZBTGluaw',
  merchant: 'Asha & Daughters Sarees',
  description: 'Two sarees, and the sewing',
  reference: 'ORDER-2026-1017',
  amountPaise: paise(12_345_600n),
  takesParts: false,
  isForMany: false,
  status: 'open',
  receivedPaise: (more.credits ?? []).reduce((sum, { amountPaise }) => sum + amountPaise, 0n),
  credits: [],
  account: {
    ifsc: must(parseIfsc('TRNT0000001'), 'IFSC'),
    accountNumber: must(parseAccountNumber('99012345678901234'), 'account'),
    name: 'Asha & Daughters Sarees',
  },
  expiresAt: NOW + 900_000,
  returnUrl: 'https://sarees.example/orders/1017',
  ...more,
})

/** One link for each thing that a page can say. */
export const linkIn: Readonly<Record<PageState, PayerLink>> = {
  open: aLink(),
  partPaid: aLink({ takesParts: true, credits: [aCredit(5_000_000n)] }),
  paid: aLink({ status: 'paid', credits: [aCredit(12_345_600n)] }),
  overPaid: aLink({ status: 'paid', credits: [aCredit(12_400_000n)] }),
  late: aLink({ status: 'expired', credits: [aCredit(12_345_600n, { isLate: true })] }),
  expired: aLink({ status: 'expired' }),
  cancelled: aLink({ status: 'cancelled' }),
}
