import { type Static, type TProperties, type TSchema, Type } from 'typebox'
import { channels } from '../base/party.ts'
import { factorWords } from '../payment/evidence.ts'
import { stateKinds } from '../payment/payment.ts'
import type { Said } from '../settlement/said.ts'
import { type ProblemCode, problems } from './problems.ts'

/**
 * The public contract as schemas: they validate what comes in, type it, and are the OpenAPI document. A `description` of a
 * string is a noun phrase, because a refusal says "must be" and then the description.
 */

/** An object without any other fields. */
export const strict = <T extends TProperties>(properties: T, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description === undefined ? {} : { description }) })

const word = (pattern: string, maxLength: number, description: string, example?: string) =>
  Type.String({ pattern, maxLength, description, ...(example === undefined ? {} : { examples: [example] }) })

/** One of a list of words, and a refusal that names them. */
export const anyWord = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description: `one of ${values.join(', ')}` })

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const Amount = word(
  '^[1-9][0-9]{0,11}$',
  12,
  'an amount in paise as a string of digits, not a number: "150000" is ₹1,500.00',
  '150000',
)
export const SignedAmount = word(
  '^-?[0-9]{1,19}$',
  20,
  'an amount in paise as a string of digits, with a minus for a debit',
)
export const PaymentIdWord = word('^pay_[0-9a-f]{32}$', 36, 'a payment id: pay_ and 32 hex digits')
export const PaymentLinkIdWord = word(
  '^lnk_[0-9a-f]{12}8[0-9a-f]{19}$',
  36,
  'a payment link id: lnk_ and 32 hex digits, the 13th an 8',
)
export const EnquiryIdWord = word('^enq_[0-9a-f]{32}$', 36, 'an enquiry id: enq_ and 32 hex digits')
export const BeneficiaryIdWord = word('^ben_[0-9a-f]{32}$', 36, 'a beneficiary id: ben_ and 32 hex digits')
export const CustomerIdWord = word('^cus_[0-9a-f]{32}$', 36, 'a customer id: cus_ and 32 hex digits')
export const AccountIdWord = word('^acc_[1-9][0-9]{0,14}$', 19, 'an account id: acc_ and a number', 'acc_100001')
export const IfscWord = word(
  '^[A-Z]{4}0[A-Z0-9]{6}$',
  11,
  'an IFSC: four letters, a zero, six letters or digits',
  'HDFC0000123',
)
export const AccountNumberWord = word(
  '^[A-Za-z0-9]{1,30}$',
  30,
  'a bank account number: 1 to 30 letters and digits',
  '50100123456789',
)
export const MobileWord = word(
  '^[6-9][0-9]{9}$',
  10,
  'a mobile number in India: 10 digits, the first 6 to 9',
  '9876543210',
)
export const MmidWord = word('^[0-9]{7}$', 7, 'an MMID: 7 digits', '9229123')
export const RrnWord = word('^[0-9]{12}$', 12, 'a retrieval reference number: 12 digits', '632609000123')
export const InstantWord = Type.String({
  format: 'date-time',
  maxLength: 40,
  description: 'an instant as RFC 3339 has it, such as 2026-11-22T09:30:00Z',
})
/** What the rail can carry: DE 120 is ASCII. @source protocol.md §1.5 */
const railText = (maxLength: number, description: string, example: string) =>
  Type.String({ pattern: '^[ -~]+$', minLength: 1, maxLength, description, examples: [example] })
export const NameWord = railText(50, 'a name of 1 to 50 ASCII characters', 'Asha Devi')
export const RemarksWord = railText(50, 'remarks of 1 to 50 ASCII characters', 'rent march')
export const ReferenceWord = Type.String({
  pattern: '^[^\\p{Cc}\\p{Cs}]+$',
  minLength: 1,
  maxLength: 64,
  description: 'a reference of your own: 1 to 64 characters, none of them a control character',
  examples: ['INV-42'],
})
const anyOf = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description })
export const ChannelWord = anyOf(channels, `one of ${channels.join(', ')}`)
export const statuses = [
  'requires_approval',
  'requires_authentication',
  'processing',
  'deemed',
  'succeeded',
  'failed',
  'returned',
  'cancelled',
] as const
export const StatusWord = anyOf(statuses, `one of ${statuses.join(', ')}`)
export const directions = ['outward', 'inward'] as const
export const DirectionWord = anyOf(directions, 'outward or inward')

/** One of several objects, told apart by `kind`: the refusal then names the fields of the one that was meant. */
export const byKind = <T extends TSchema[]>(choices: [...T], description: string) =>
  Type.Unsafe<Static<T[number]>>({
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: choices,
    description,
  })

const ToAccount = strict({
  kind: Type.Literal('account'),
  ifsc: IfscWord,
  account: AccountNumberWord,
  name: Type.Optional(NameWord),
})
const ToMmid = strict({
  kind: Type.Literal('mmid'),
  mobile: MobileWord,
  mmid: MmidWord,
  name: Type.Optional(NameWord),
})
const BankWord = word('^[A-Z]{4}$', 4, 'the first four letters of an IFSC of the bank', 'HDFC')
const ToMobile = strict({
  kind: Type.Literal('mobile'),
  mobile: MobileWord,
  bank: BankWord,
  name: Type.Optional(NameWord),
})

export const Beneficiary = byKind([ToAccount, ToMmid, ToMobile], 'a beneficiary whose kind is account, mmid or mobile')

const ToBeneficiary = strict({ kind: Type.Literal('beneficiary'), id: BeneficiaryIdWord })
const Payable = byKind(
  [ToAccount, ToMmid, ToMobile, ToBeneficiary],
  'a beneficiary whose kind is account, mmid, mobile or beneficiary (one that you have registered)',
)

const StatedAuthentication = strict(
  {
    factors: Type.Array(anyOf(factorWords, `one of ${factorWords.join(', ')}`), {
      minItems: 2,
      maxItems: 5,
      uniqueItems: true,
      description: 'two to five factors, each once',
    }),
    reference: word('^[ -~]{1,100}$', 100, 'a reference of your own record: 1 to 100 ASCII characters'),
    at: InstantWord,
    digest: Type.Optional(word('^[0-9a-f]{64}$', 64, 'a SHA-256 in hex: of what your customer agreed to')),
  },
  'how you authenticated your customer for this payment',
)

export const NewPayment = strict(
  {
    amount: Amount,
    from: AccountIdWord,
    to: Payable,
    remarks: Type.Optional(RemarksWord),
    reference: Type.Optional(ReferenceWord),
    channel: Type.Optional(ChannelWord),
    verifyName: Type.Optional(
      Type.Boolean({
        description: 'whether the beneficiary bank must first confirm that the account belongs to `to.name`',
      }),
    ),
    authentication: Type.Optional(StatedAuthentication),
  },
  'a payment to make',
)
export type NewPayment = Static<typeof NewPayment>

const StepView = strict({
  at: InstantWord,
  state: anyOf(stateKinds, 'a state'),
  responseCode: Type.Optional(Type.String()),
})

export const ReasonView = strict({
  code: Type.String(),
  source: anyOf(['hub', 'remitter_bank', 'npci', 'beneficiary_bank'], 'who said so'),
  message: Type.String(),
  retryable: Type.Boolean({
    description: 'whether a new payment with the same details may succeed; never true while the outcome is open',
  }),
  raw: nullable(Type.String({ description: 'the response code as it came' })),
})

export const NameMatchView = strict(
  {
    score: Type.Integer({ minimum: 0, maximum: 100 }),
    verdict: anyOf(['match', 'close', 'mismatch'], 'what the score means on this hub'),
  },
  'how alike the given and the registered name are',
)

export const PaymentAuthentication = strict(
  {
    factors: Type.Array(Type.String(), {
      description: 'what the customer can prove with: it takes mpin and one other',
    }),
    expiresAt: InstantWord,
    challenge: nullable(
      strict({
        kind: Type.String(),
        digest: Type.String(),
        expiresAt: InstantWord,
        triesLeft: Type.Integer(),
      }),
    ),
  },
  'what a payment in requires_authentication waits for: POST /v1/payments/{id}/authenticate',
)

export const PaymentDocument = strict({
  id: PaymentIdWord,
  direction: DirectionWord,
  amount: Amount,
  currency: Type.Literal('INR'),
  status: StatusWord,
  state: anyOf(stateKinds, 'the state behind the status'),
  rrn: nullable(RrnWord),
  responseCode: nullable(Type.String()),
  reason: nullable(ReasonView),
  from: nullable(AccountIdWord),
  to: Type.Union([
    strict({
      kind: Type.Literal('account'),
      ifsc: IfscWord,
      account: AccountNumberWord,
      name: nullable(Type.String()),
      registeredName: nullable(Type.String()),
    }),
    strict({ kind: Type.Literal('mmid'), mobile: MobileWord, mmid: MmidWord, registeredName: nullable(Type.String()) }),
    strict({
      kind: Type.Literal('mobile'),
      mobile: MobileWord,
      bank: BankWord,
      registeredName: nullable(Type.String()),
    }),
  ]),
  remitter: strict(
    {
      name: nullable(Type.String()),
      account: nullable(Type.String()),
      ifsc: nullable(Type.String()),
      mobile: nullable(Type.String()),
      mmid: nullable(Type.String()),
    },
    'who pays, as the rail names them',
  ),
  account: nullable(AccountIdWord),
  remarks: nullable(Type.String()),
  reference: nullable(Type.String()),
  channel: ChannelWord,
  withinBank: Type.Boolean({
    description:
      'payer and payee have their accounts at one bank of the hub: it was decided there at once, and NPCI never sees it',
  }),
  createdAt: InstantWord,
  updatedAt: InstantWord,
  resolvesBy: nullable(InstantWord),
  timeline: Type.Array(StepView),
  authentication: Type.Optional(PaymentAuthentication),
  verification: Type.Optional(
    strict(
      {
        checks: Type.Integer({ description: 'how often the switch was asked what became of it' }),
        nextCheckAt: nullable(InstantWord),
      },
      'of a payment that is unconfirmed; a null nextCheckAt: all checks were made, and people decide with evidence',
    ),
  ),
})

/** A page of a list. */
export const pageOf = <T extends TSchema>(item: T) =>
  strict({
    data: Type.Array(item),
    hasMore: Type.Boolean(),
    nextCursor: nullable(
      Type.String({ description: 'for the next page; a page may be short, even empty, while hasMore is true' }),
    ),
  })

export const Limit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 100, default: 25, description: 'a whole number from 1 to 100' }),
)
export const Cursor = Type.Optional(word('^[A-Za-z0-9_-]{1,200}$', 200, 'a cursor that the hub gave out'))

export const PaymentFilters = strict({
  status: Type.Optional(StatusWord),
  state: Type.Optional(anyOf(stateKinds, `one of ${stateKinds.join(', ')}`)),
  direction: Type.Optional(DirectionWord),
  rrn: Type.Optional(RrnWord),
  reference: Type.Optional(ReferenceWord),
  account: Type.Optional(
    word(
      '^(acc_[1-9][0-9]{0,14}|[A-Za-z0-9]{1,30})$',
      30,
      'an account id of the hub, or an account number on either side of the payment',
    ),
  ),
  ifsc: Type.Optional(IfscWord),
  mobile: Type.Optional(MobileWord),
  minAmount: Type.Optional(Amount),
  maxAmount: Type.Optional(Amount),
  from: Type.Optional(InstantWord),
  to: Type.Optional(InstantWord),
  q: Type.Optional(
    Type.String({
      pattern: '^[^\\p{Cc}\\p{Cs}]+$',
      minLength: 1,
      maxLength: 64,
      description:
        'what a search box takes, in 1 to 64 characters: an id, RRN, reference, account, mobile, IFSC, amount in rupees, or the beginning of a name',
    }),
  ),
  limit: Limit,
  cursor: Cursor,
})
export type PaymentFilters = Static<typeof PaymentFilters>

const Prefer = Type.Optional(
  Type.String({
    description: '`wait=N`: hold the answer until the payment is final, N seconds at most (30)',
    examples: ['wait=10'],
  }),
)
export const WaitHeaders = Type.Object({ Prefer })
export const PayHeaders = Type.Object({
  'Idempotency-Key': Type.String({
    description:
      '1 to 255 printable ASCII characters, bare or quoted: one key, one payment, however often it is asked for',
    examples: ['7f3c9a52-1d0e-4a86-9e0b-2f5a8c1d7e64'],
  }),
  Prefer,
})

export const PaymentPath = strict({ id: PaymentIdWord })
export const AccountPath = strict({ id: AccountIdWord })

export const saidFields = {
  code: Type.String({ description: 'names the sentence, so that it can be said in another language' }),
  values: Type.Unsafe<Said['values']>({
    type: 'object',
    additionalProperties: { type: ['string', 'number'] },
    description: 'what stands in it: codes, numbers, a cycle',
  }),
  text: Type.String({ description: 'the same in English' }),
}
/** What the hub wrote beside something, by a code; null where people, or NPCI, wrote it. */
export const SaidWords = strict(saidFields)
export const ProblemSchema = strict(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'stable; what a program decides by' }),
    detail: Type.String(),
    instance: Type.String(),
    errors: Type.Array(strict({ field: Type.String(), message: Type.String() })),
    requestId: Type.String(),
    nameEnquiry: Type.Optional(
      strict(
        { id: EnquiryIdWord, registeredName: nullable(Type.String()), nameMatch: nullable(NameMatchView) },
        'the look-up that a payment was refused for',
      ),
    ),
    riskReasons: Type.Optional(
      Type.Array(Type.String(), { description: 'what a payment was refused for as risk_refused, in stable words' }),
    ),
    said: Type.Optional(SaidWords),
  },
  'RFC 9457 problem details',
)

const ofEverybody: readonly ProblemCode[] = [
  'forbidden',
  'rate_limited',
  'too_many_at_once',
  'too_many_failures',
  'too_busy',
]

/** The `response` part of a route: its answer, and the problems it can end in, by status. */
export function answers(
  status: number,
  schema: TSchema,
  codes: readonly ProblemCode[],
  contentType = 'application/json',
) {
  const byStatus = new Map<number, ProblemCode[]>()
  // Who can be nobody can also be somebody without the right, or somebody who asks too often or too much.
  const all = codes.includes('unauthorized') ? [...new Set([...codes, ...ofEverybody])] : codes
  for (const code of all) {
    const [failed] = problems[code]
    byStatus.set(failed, [...(byStatus.get(failed) ?? []), code])
  }
  const failures = [...byStatus].map(
    ([failed, list]) =>
      [
        failed,
        {
          description: `\`code\`: ${list.join(', ')}`,
          content: { 'application/problem+json': { schema: ProblemSchema } },
        },
      ] as const,
  )
  return { [status]: { description: 'Done.', content: { [contentType]: { schema } } }, ...Object.fromEntries(failures) }
}
