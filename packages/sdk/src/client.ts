import { table } from './generated/operations.ts'
import type { Payment, Resources } from './generated/resources.ts'
import { growTree } from './operations.ts'
import { type Following, following } from './payments.ts'
import { createSigner, type SigningKey } from './signing.ts'
import type { AnswerNote, RequestOptions, Transport } from './transport.ts'

/**
 * packages/sdk: Turant from a program. It promises that what may have been paid is never called failed, that nothing is sent twice but with its
 * key, and that every error says which of the two it is. It imports nothing but itself.
 */

export type TurantOptions = {
  /** `http://127.0.0.1:8080`, without `/v1`. */
  readonly baseUrl: string
  /** A key, or a token; a function is asked before each try. Absent in a page of the hub itself, where the session says who it is. */
  readonly apiKey?: string | (() => string | Promise<string>)
  /** What requests that change something are signed with, as live keys must. */
  readonly signingKey?: SigningKey
  /** Milliseconds for one try. */
  readonly timeoutMs?: number
  /** Tries beyond the first, where another is safe. */
  readonly maxRetries?: number
  /** Instead of the global one. */
  readonly fetch?: typeof fetch
  readonly onAnswer?: (note: AnswerNote) => void
}

const TIMEOUT_MS = 30_000
const RETRIES = 2

/** A payment to be made; the amount in paise, as digits or as a bigint. */
export type NewPayment = Omit<Parameters<Resources['payments']['create']>[0], 'amount'> & {
  readonly amount: string | bigint
}

/** All that is about payments. */
export type Payments = Omit<Resources['payments'], 'create'> &
  Following & {
    /**
     * Pays. Without an idempotency key of yours one is made, and used for every try of this call. When it throws an error that is `ambiguous`, the
     * payment may have been made: call again with `error.idempotencyKey`, which never pays twice.
     */
    readonly create: (payment: NewPayment, options?: RequestOptions) => Promise<Payment>
  }

export type Turant = Omit<Resources, 'payments'> & { readonly payments: Payments }

/** Makes a client. @throws {TypeError} when the address is none */
function createTurant(options: TurantOptions): Turant {
  const { apiKey, signingKey, timeoutMs = TIMEOUT_MS, maxRetries = RETRIES, onAnswer } = options
  const { origin, pathname, protocol } = new URL(options.baseUrl)
  if (!/^https?:$/.test(protocol)) throw new TypeError(`baseUrl must be http or https, not ${protocol}`)
  const given = options.fetch
  const transport: Transport = {
    baseUrl: origin + pathname.replace(/\/$/, ''),
    apiKey: apiKey === undefined || typeof apiKey === 'function' ? apiKey : () => apiKey,
    // Looked up at each call: called on anything but its global, a browser's `fetch` throws; and tests replace it.
    fetch: given ?? ((...call) => fetch(...call)),
    sign: signingKey === undefined ? undefined : createSigner(signingKey),
    timeoutMs,
    maxRetries,
    onAnswer,
  }
  const tree = growTree(table, transport) as unknown as Resources
  const create: Payments['create'] = ({ amount, ...rest }, more) =>
    tree.payments.create({ ...rest, amount: typeof amount === 'bigint' ? String(amount) : amount }, more)
  return { ...tree, payments: { ...tree.payments, create, ...following(transport, tree.payments) } }
}

/** A client of one hub: `new Turant({ baseUrl, apiKey })`. */
export const Turant = function (this: unknown, options: TurantOptions): Turant {
  return createTurant(options)
} as unknown as { new (options: TurantOptions): Turant }
