import PDFDocument from 'pdfkit'
import { istParts } from '../base/clock.ts'
import { formatRupees } from '../base/money.ts'
import { maskName } from '../payment/name-match.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { stayedWithin } from '../payment/within-bank.ts'
import { printable } from '../settlement/reports/print.ts'
import { maskNumber } from './masking.ts'
import { paymentView, type ViewSettings } from './view.ts'

/** An instant as people in India read it: `22 Nov 2026, 12:00:05 IST`. */
export function istText(epochMs: number): string {
  const { year, month, day, hour, minute, second } = istParts(epochMs)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${day} ${MONTHS[month - 1]} ${year}, ${two(hour)}:${two(minute)}:${two(second)} IST`
}
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

type Said = readonly [head: string, words: string]

const outward: Readonly<Record<StoredPayment['state'], Said>> = {
  held: ['Not sent yet', 'The payment was taken and its amount is set aside. Nothing has been sent.'],
  sent: ['Sent, answer awaited', 'The payment has left. This is not yet a confirmation that it was credited.'],
  unconfirmed: [
    'Not confirmed',
    'No answer came that decides it. The amount was debited and is safe: the bank is being asked, and nothing is sent twice. Please do not pay again.',
  ],
  deemed: [
    'Deemed approved',
    'NPCI counts this payment as paid, and the beneficiary bank has yet to confirm the credit. If it could not credit it, the amount comes back.',
  ],
  succeeded: ['Paid', 'The beneficiary bank has credited the amount.'],
  declined: ['Not paid', 'The payment was declined and the amount is back in the account.'],
  returned: ['Returned', 'The amount came back to the account.'],
  cancelled: ['Cancelled', 'The payment was cancelled before anything was sent. The amount is back in the account.'],
  refused: ['Not sent', 'The payment was given up before anything was sent. The amount is back in the account.'],
}
const inward: Readonly<Partial<Record<StoredPayment['state'], Said>>> = {
  succeeded: ['Received', 'The amount was credited to the account.'],
  declined: ['Not received', 'The payment was declined and nothing was credited.'],
  returned: ['Taken back', 'NPCI never settled this payment, and the credit was taken back.'],
}

/** Where payer and payee have their accounts at one bank. */
const within: Readonly<Partial<Record<StoredPayment['state'], Said>>> = {
  succeeded: ['Paid', 'The payee has its account at the same bank, and has the amount. It was paid within the bank.'],
  declined: [
    'Not paid',
    'The payee has its account at the same bank, which declined it. The amount is in the account.',
  ],
}

/** What a receipt says: a head, what it means, and lines under it. Numbers and names are masked. */
export function receiptOf(payment: StoredPayment, settings: ViewSettings) {
  const { beneficiary, remitter, registeredName } = payment
  const view = paymentView(payment, [], settings)
  const isWithin = stayedWithin(payment)
  const special = payment.direction === 'inward' ? inward : isWithin ? within : {}
  const [head, words] = special[payment.state] ?? outward[payment.state]
  const last4 = (text: string | undefined): string | undefined => text && maskNumber(text)
  const name = registeredName ?? (beneficiary.kind === 'account' ? beneficiary.name : undefined)
  const to =
    beneficiary.kind === 'account'
      ? `${last4(beneficiary.account)}, ${beneficiary.ifsc}`
      : `mobile ${last4(beneficiary.mobile)}`
  const lines: readonly (readonly [label: string, text: string | null | undefined])[] = [
    ['Amount', `INR ${formatRupees(payment.amountPaise)}`],
    ['RRN', payment.rrn ?? 'none: nothing was sent'],
    ['Reason', view.reason?.message],
    ['Known at the latest', view.resolvesBy === null ? null : istText(Date.parse(view.resolvesBy))],
    ['From', [remitter.name && maskName(remitter.name, 'partial'), last4(remitter.account)].filter(Boolean).join(', ')],
    ['To', [name && maskName(name, 'partial'), to].filter(Boolean).join(', ')],
    ['Remarks', payment.remarks],
    ['Your reference', payment.reference],
    ['Way', isWithin ? 'within the bank' : null],
    ['Made', istText(payment.createdAt)],
    ['As of', istText(payment.updatedAt)],
    ['Payment', payment.id],
  ]
  return {
    head,
    words,
    lines: lines.flatMap(([label, text]) =>
      text === null || text === undefined || text === '' ? [] : [{ label, text }],
    ),
  }
}

const MARGIN = 50
const LABEL = 130

/** The receipt on paper, A5. @param printedAt  epoch milliseconds: on the page, and the document's own date */
export function receiptPdf(payment: StoredPayment, settings: ViewSettings, printedAt: number): Promise<Buffer> {
  const { head, words, lines } = receiptOf(payment, settings)
  const kind = stayedWithin(payment) ? 'Payment within the bank' : 'IMPS payment'
  const date = new Date(printedAt)
  const document = new PDFDocument({
    size: 'A5',
    margin: MARGIN,
    lang: 'en-IN',
    info: { Title: `Receipt ${payment.id}`, Author: 'Turant', CreationDate: date, ModDate: date },
  })
  const parts: Buffer[] = []
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part))
    document.on('end', () => resolve(Buffer.concat(parts)))
    document.on('error', reject)
  })
  const width = document.page.width - 2 * MARGIN
  document.font('Helvetica').fontSize(10).text(kind, { width })
  document.font('Helvetica-Bold').fontSize(20).text(printable(head), { width })
  document.font('Helvetica').fontSize(10).moveDown(0.3).text(printable(words), { width }).moveDown(1)
  for (const { label, text } of lines) {
    const { y } = document
    document
      .font('Helvetica')
      .fontSize(9)
      .text(label, MARGIN, y, { width: LABEL - 10 })
    document.font('Helvetica-Bold').text(printable(text), MARGIN + LABEL, y, { width: width - LABEL })
    document.moveDown(0.5)
  }
  document
    .font('Helvetica')
    .fontSize(8)
    .moveDown(1)
    .text(`Printed ${istText(printedAt)}. It says what was known then.`, MARGIN, document.y, { width })
  document.end()
  return done
}
