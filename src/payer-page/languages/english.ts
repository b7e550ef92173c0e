/** Every sentence of the payer's page. The other languages have the same keys, or do not compile; `{name}` stands for what the page puts there. */
export const english = {
  language: 'Language',
  pay: 'Pay {merchant}',
  partPaid: 'Partly paid',
  paid: 'Paid',
  overPaid: 'Paid, and more than asked',
  late: 'Your payment came late',
  expired: 'This link has expired',
  cancelled: 'This link was cancelled',
  unknown: 'There is no such payment link',
  busy: 'This page cannot be shown just now',
  openHint: 'This page turns green by itself when your payment arrives.',
  openHintPlain: 'This page looks again every 15 seconds.',
  lookNow: 'Look now',
  partHint: '{received} has arrived. {remaining} is still to pay.',
  paidHint: '{merchant} has your payment.',
  overHint: 'You paid {excess} more than was asked. {merchant} knows, and can send it back.',
  lateHint:
    'The money reached {merchant} after this link had ended. Ask {merchant} to complete the order or to send the money back.',
  expiredHint:
    'Do not send money to its account any more: ask {merchant} for a new link. Have you paid already? What arrives goes to {merchant}, and you see it here.',
  cancelledHint:
    'Do not send money to its account: ask {merchant} why. Have you paid already? What arrives goes to {merchant}, and you see it here.',
  unknownHint:
    'Compare the address with the one you were sent: a letter may be missing at its end. If it is the same, ask the merchant for a new link. Nothing was paid here.',
  busyHint:
    'Payments go on meanwhile, and nothing is lost. If you have paid already, do not pay again. This page looks again in 15 seconds.',
  justArrived:
    'A payment of {amount} has just arrived. Its RRN ends in {digits}: is it the one that your bank’s app shows?',
  amount: 'Amount',
  anyAmount: 'You choose the amount',
  purpose: 'For',
  reference: 'Reference',
  payBefore: 'Pay before',
  timeLeft: 'Time left',
  howTo: 'How to pay',
  step1: 'Open the app of any bank, and choose to send money to a bank account by IMPS.',
  step2: 'Enter the account below. It was made for this link alone.',
  stepExact: 'Send exactly {amount}.',
  stepPart: 'Send {amount}, or a part of it now and the rest later.',
  stepAny: 'Send the amount that you want to pay.',
  account: 'Account number',
  ifsc: 'IFSC',
  name: 'Account name',
  copy: 'Copy',
  copied: 'Copied',
  exactOnly: 'With less than this amount the order stays unpaid; what is too much, {merchant} must send back.',
  scan: 'Or scan this code',
  scanHint: 'With a bank’s app that reads Bharat QR for IMPS.',
  wallet: 'Pay from your wallet',
  notGreen: 'Paid already, and this page is not green?',
  notGreenHint:
    'Do not pay again. The answer of your bank may take a while; if money left your account and does not arrive, it comes back to you. Keep the RRN that your bank’s app shows.',
  received: 'Received',
  remaining: 'Still to pay',
  time: 'Time',
  rrn: 'RRN',
  print: 'Print or save the receipt',
  back: 'Back to {host}',
  offline: 'No connection. This page goes on by itself when it is back.',
} as const

/** One language's sentences. */
export type Words = Readonly<Record<keyof typeof english, string>>
