import type { Mobile } from '../base/identifiers.ts'
import { formatRupees } from '../base/money.ts'
import type { Beneficiary } from '../base/party.ts'

/**
 * message: short messages to the phones of customers. It promises that what a message says is composed here from what the hub knows, that
 * a code is in the message and nowhere else, not in a log and not in an error, and that whoever asked is told when a message did not go.
 */

export const messageKinds = ['payment_code', 'enrolment_code', 'sign_in_code'] as const
export type MessageKind = (typeof messageKinds)[number]
/** Languages that there are words for; whoever wants another gets English. */
export const languages = ['en', 'hi'] as const
export type Language = (typeof languages)[number]

export type Message = {
  readonly tenantId: number
  readonly to: Mobile
  readonly kind: MessageKind
  readonly language: Language
  readonly text: string
}

/** `why` is a word of ours, for the log. Whether a message that failed arrives all the same is not known: its code is void. */
export type Sent = { readonly kind: 'sent' } | { readonly kind: 'failed'; readonly why: string }

/** The way out. Never throws, and always ends in time. */
export type Messenger = { readonly send: (message: Message) => Promise<Sent> }

/** For a hub without a way to send any. */
export const noMessenger: Messenger = { send: async () => ({ kind: 'failed', why: 'not_configured' }) }

/** As long as a variable of a registered template may be. @source TRAI TCCCPR 2018, DLT content templates */
const MAX_NAME = 30

const lastFour = (number: string): string => `XX${number.slice(-4)}`

/** Whom a payment is for, as a message names it: the name as it was given, and the last four of the number. */
export const payeeWords = (to: Beneficiary): string =>
  to.kind === 'mmid'
    ? lastFour(to.mobile)
    : `${to.name === undefined ? '' : `${to.name.slice(0, MAX_NAME)} `}${lastFour(to.account)}`

/** The line by which a browser offers the code to the pages of one origin only. @source WICG sms-one-time-codes */
const originLine = (origin: string | undefined, code: string): string =>
  origin === undefined ? '' : `\n\n@${new URL(origin).host} #${code}`

const paymentWords: Readonly<Record<Language, (code: string, rupees: string, payee: string) => string>> = {
  en: (code, rupees, payee) =>
    `${code} is the code to pay Rs ${rupees} to ${payee}. It ends in 3 minutes. If this is not your payment, tell nobody the code.`,
  hi: (code, rupees, payee) =>
    `${payee} को Rs ${rupees} भेजने का कोड ${code} है। यह 3 मिनट में समाप्त होगा। यदि यह भुगतान आपका नहीं है तो कोड किसी को न बताएं।`,
}
const enrolmentWords: Readonly<Record<Language, (code: string) => string>> = {
  en: (code) =>
    `${code} is the code to confirm this mobile number for payments. It ends in 3 minutes. Tell it to nobody.`,
  hi: (code) => `भुगतान के लिए इस मोबाइल नंबर की पुष्टि का कोड ${code} है। यह 3 मिनट में समाप्त होगा। इसे किसी को न बताएं।`,
}

const signInWords: Readonly<Record<Language, (code: string) => string>> = {
  en: (code) =>
    `${code} is the code to sign in to your wallet. It ends in 3 minutes. If you are not signing in, tell nobody the code.`,
  hi: (code) =>
    `आपके वॉलेट में साइन इन करने का कोड ${code} है। यह 3 मिनट में समाप्त होगा। यदि आप साइन इन नहीं कर रहे हैं तो कोड किसी को न बताएं।`,
}

/** What a customer reads before they agree: what it costs and who gets it, before anything else. */
export const paymentText = (
  language: Language,
  code: string,
  amountPaise: bigint,
  to: Beneficiary,
  origin: string | undefined,
): string => paymentWords[language](code, formatRupees(amountPaise), payeeWords(to)) + originLine(origin, code)

export const enrolmentText = (language: Language, code: string, origin: string | undefined): string =>
  enrolmentWords[language](code) + originLine(origin, code)

export const signInText = (language: Language, code: string, origin: string | undefined): string =>
  signInWords[language](code) + originLine(origin, code)

export const languageOf = (word: string): Language => languages.find((one) => one === word) ?? 'en'
