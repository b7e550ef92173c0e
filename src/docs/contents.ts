/**
 * docs: the documents as pages that the hub serves. It promises that what is read in a browser is what lies in `docs/`, that nothing of it
 * runs but a search that comes from here, and that it can be read on a phone, on a desk, by night, and without any script.
 */

/** The order in which the documents are read. What lies in `docs/` and is not named here is served and found by search all the same. */
export const contents: readonly { readonly title: string; readonly pages: readonly string[] }[] = [
  { title: 'Begin', pages: ['index', 'quick-start'] },
  {
    title: 'Concepts',
    pages: [
      'concepts/unknown-outcome',
      'concepts/deemed',
      'concepts/settlement',
      'concepts/payment-links',
      'concepts/within-the-bank',
    ],
  },
  {
    title: 'Guides',
    pages: [
      'guides/webhooks',
      'guides/sdk',
      'guides/command-line',
      'guides/send',
      'guides/receive',
      'guides/refund',
      'guides/reconcile',
      'guides/go-live',
      'guides/production',
      'guides/backup',
      'guides/upgrade',
      'guides/mobile-transfers',
      'guides/names-and-approvals',
      'guides/two-factors',
      'guides/wallet',
      'guides/approvals-and-limits',
      'guides/risk',
      'guides/clients-and-signatures',
      'guides/tokens',
      'guides/people',
      'guides/disputes',
      'guides/settlement-files',
      'guides/reports',
      'guides/simulator',
    ],
  },
  {
    title: 'Operating',
    pages: [
      'operating/running',
      'operating/watching',
      'operating/keys',
      'operating/secrecy',
      'operating/audit',
      'operating/limits',
      'operating/wire-profile',
      'operating/reconciliation',
      'operating/settlement',
      'operating/settlement-books',
    ],
  },
  {
    title: 'Reference',
    pages: [
      'reference/errors',
      'reference/events',
      'reference/settings',
      'reference/response-codes',
      'reference/messages',
      'reference/xml-messages',
      'reliability',
      'benchmarks',
      'security/README',
    ],
  },
]
