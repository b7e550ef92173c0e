import { isReplayed, mayBeDoneAfter, neverLeft } from './ambiguity.ts'
import { ApiError, apiErrorOf, ConnectionError, type Problem, type TurantError } from './errors.ts'
import { chance, deadline, now, pause, randomHex } from './host.ts'
import type { Signer } from './signing.ts'

/** One call: as many tries as are safe, one key for all of them, and in the end an answer or an error that says what may have happened. */

export type RequestOptions = {
  /** For calls that move money. Made by the SDK when absent, and the same for every try. Keep it where a crash does not lose it. */
  readonly idempotencyKey?: string
  /** Milliseconds for one try, the reading of its answer included. */
  readonly timeoutMs?: number
  /** Tries beyond the first. */
  readonly maxRetries?: number
  readonly signal?: AbortSignal
  /** Seconds, at most 30, that the hub may hold the answer until the payment is final. */
  readonly waitS?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** What is told of each answer, for logs and traces: no key and no body. */
export type AnswerNote = {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly requestId: string | undefined
  readonly attempt: number
  /** The same key was answered before. */
  readonly replayed: boolean
}

export type Transport = {
  readonly baseUrl: string
  readonly apiKey: (() => string | Promise<string>) | undefined
  readonly fetch: typeof fetch
  readonly sign: Signer | undefined
  readonly timeoutMs: number
  readonly maxRetries: number
  readonly onAnswer: ((note: AnswerNote) => void) | undefined
}

export type Call = {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** JSON, or bytes as they are. */
  readonly body?: string | Uint8Array<ArrayBuffer> | undefined
  /** The hub knows a second request with the same key. */
  readonly keyed: boolean
  readonly accept?: string
  readonly options: RequestOptions
}

const BACKOFF_MS = 500
const MAX_BACKOFF_MS = 8_000
/** Whoever says "ask again in an hour" is not waited for. */
const MAX_RETRY_AFTER_MS = 60_000
/** Beyond the seconds that the hub was asked to wait. */
const WAIT_SLACK_MS = 10_000

/** Statuses that pass. */
const passing: ReadonlySet<number> = new Set([408, 429, 502, 503, 504])
/** Doing these twice is doing them once. */
const idempotent: ReadonlySet<string> = new Set(['GET', 'PUT', 'DELETE'])

/** Sends until there is an answer. `read` takes what it needs of it; if that fails, so has the try. @throws {TurantError} */
export async function send<T>(transport: Transport, call: Call, read: (answer: Response) => Promise<T>): Promise<T> {
  const { options } = call
  const idempotencyKey = call.keyed ? (options.idempotencyKey ?? randomHex(16)) : undefined
  const maxRetries = options.maxRetries ?? transport.maxRetries
  let wasAmbiguous = false
  for (let attempt = 1; ; attempt += 1) {
    const facts: Facts = { attempts: attempt, idempotencyKey, wasAmbiguous }
    const outcome = await tryOnce(transport, call, facts, read)
    if (outcome.kind === 'done') return outcome.value
    const { error, alone } = outcome
    const isSafe = !alone || idempotencyKey !== undefined || idempotent.has(call.method)
    const waitMs = delayMs(error, attempt)
    if (attempt > maxRetries || !isSafe || !outcome.passes || waitMs === undefined) throw error
    wasAmbiguous ||= alone
    await pause(waitMs, options.signal)
  }
}

type Facts = { readonly attempts: number; readonly idempotencyKey: string | undefined; readonly wasAmbiguous: boolean }

type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** `alone`: whether this try by itself may have been done; `passes`: whether another one may fare better. */
  | { readonly kind: 'failed'; readonly error: TurantError; readonly alone: boolean; readonly passes: boolean }

async function tryOnce<T>(
  transport: Transport,
  call: Call,
  { wasAmbiguous, ...facts }: Facts,
  read: (answer: Response) => Promise<T>,
): Promise<Outcome<T>> {
  const { method, path, body, options } = call
  const lost = (code: string, message: string, alone: boolean, cause?: unknown): Outcome<T> => {
    const error = new ConnectionError(message, { ...facts, code, cause, ambiguous: alone || wasAmbiguous })
    return { kind: 'failed', error, alone, passes: code !== 'aborted' }
  }
  const hasLeft = (): boolean => options.signal?.aborted === true
  if (hasLeft()) return lost('aborted', 'The call was aborted.', false, options.signal?.reason)
  const headers = new Headers(await headersOf(transport, call, facts.idempotencyKey)) // what is not a header throws here, before anything is sent
  const waitMs = options.waitS === undefined ? 0 : options.waitS * 1000 + WAIT_SLACK_MS
  const limit = deadline(options.timeoutMs ?? Math.max(transport.timeoutMs, waitMs), options.signal)
  try {
    const answer = await transport.fetch(transport.baseUrl + path, {
      method,
      headers,
      redirect: 'manual', // a request with a key goes to nobody but the hub
      signal: limit.signal,
      ...(body === undefined ? {} : { body }),
    })
    const { status } = answer
    const requestId = answer.headers.get('x-request-id') ?? undefined
    const replayed = answer.headers.get('idempotency-replayed') === 'true'
    if (answer.ok) {
      const value = await read(answer)
      transport.onAnswer?.({ method, path, status, requestId, attempt: facts.attempts, replayed })
      return { kind: 'done', value }
    }
    const problem = problemOf(answer, await answer.text())
    transport.onAnswer?.({ method, path, status, requestId, attempt: facts.attempts, replayed })
    const alone = mayBeDoneAfter(status, problem)
    const error = new (apiErrorOf(status))(problem?.detail ?? `Something that is not the hub answered ${status}.`, {
      ...facts,
      code: problem?.code ?? 'not_the_hub',
      status,
      requestId: problem?.requestId ?? requestId,
      problem,
      retryAfterMs: retryAfterOf(answer),
      ambiguous: alone || wasAmbiguous,
    })
    return {
      kind: 'failed',
      error,
      alone,
      passes: passing.has(status) || (problem !== undefined && isReplayed(problem)),
    }
  } catch (error) {
    if (limit.isLate()) return lost('timeout', 'No whole answer came in time.', true, error)
    const hasLeft = (): boolean => options.signal?.aborted === true
    if (hasLeft()) return lost('aborted', 'The call was aborted.', true, options.signal?.reason)
    if (error instanceof SyntaxError) return lost('bad_answer', 'The answer is not one of the hub.', true, error)
    if (neverLeft(error))
      return lost('connection_failed', `The hub cannot be reached: ${wordsOf(error)}.`, false, error)
    return lost('connection_lost', `The connection was lost: ${wordsOf(error)}.`, true, error)
  } finally {
    limit.end()
  }
}

async function headersOf(
  { apiKey, sign, baseUrl }: Transport,
  { method, path, body, accept, options }: Call,
  idempotencyKey: string | undefined,
): Promise<Record<string, string>> {
  const headers: Record<string, string> = { ...options.headers, accept: accept ?? 'application/json' }
  if (apiKey !== undefined) headers.authorization = `Bearer ${await apiKey()}`
  if (body !== undefined)
    headers['content-type'] = typeof body === 'string' ? 'application/json' : 'application/octet-stream'
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey
  if (options.waitS !== undefined) headers.prefer = `wait=${options.waitS}`
  if (sign === undefined || method === 'GET') return headers
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? new Uint8Array())
  return { ...headers, ...(await sign({ method, url: baseUrl + path, headers, body: bytes })) }
}

/** Milliseconds until the next try; undefined when the answer asks for more than is waited. */
function delayMs(error: TurantError, attempt: number): number | undefined {
  const asked = error instanceof ApiError ? error.retryAfterMs : undefined
  if (asked !== undefined) return asked > MAX_RETRY_AFTER_MS ? undefined : asked + chance() * 250
  const most = Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** (attempt - 1))
  return most * (0.5 + chance() / 2)
}

/** Seconds or a date. @source RFC 9110 §10.2.3 */
function retryAfterOf(answer: Response): number | undefined {
  const text = answer.headers.get('retry-after')
  if (text === null) return undefined
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now()
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}

function problemOf(answer: Response, text: string): Problem | undefined {
  if (answer.headers.get('content-type')?.startsWith('application/problem+json') !== true) return undefined
  return JSON.parse(text)
}

/** Of what `fetch` throws, the cause says more. */
function wordsOf(error: unknown): string {
  const { cause, message } = Object(error)
  return String(cause?.code ?? cause?.message ?? message ?? error)
}
