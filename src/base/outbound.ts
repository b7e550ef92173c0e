import { lookup as systemLookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { Agent } from 'undici'
import { isLoopback, isPublic, isWithin } from './address.ts'
import { type Cancel, type Clock, systemClock } from './clock.ts'
import { tlsRules } from './tls.ts'
import type { Tracing } from './tracing.ts'

/**
 * Calls to addresses that somebody else wrote down: gateways, webhooks. Whoever chooses such an address must not be able to make the
 * hub knock at the doors of its own network. So: https and its ports only, nobody's name in the address, one spelling per host, no
 * redirect followed, and every address that a name resolves to is judged at the moment of dialling; the one that was judged is the one
 * that is dialled. Everything has an end: time, length, requests per host.
 */

export type OutboundRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Less than the client's own, if this call has less time. */
  readonly timeoutMs?: number
}
/** What came back, whatever its status: a redirect is an answer like any other. Headers in lower case, the first of each. */
export type OutboundAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

export type Outbound = {
  /**
   * One request, one answer.
   * @throws {OutboundRefused} the address is not one to call: nothing left this machine
   * @throws {OutboundFault} no whole answer came; whether the other side took the request is known only when `left` is false
   */
  readonly send: (request: OutboundRequest) => Promise<OutboundAnswer>
  /** Whether such an address could be called, as far as its text tells: for when it is written down. @throws {OutboundRefused} */
  readonly check: (url: string) => URL
  /** Breaks what is open. */
  readonly close: () => Promise<void>
}

export type RefusedBecause =
  | 'not_a_url'
  | 'not_https'
  | 'userinfo'
  | 'port'
  | 'host_form' //   another spelling of what the address means: hexadecimal, escaped, not ASCII, a dot at the end
  | 'address' //     a literal address that is not public
  | 'resolved' //    a name that resolves to an address that is not public

/** @property reason  stable; the text tells no address */
export class OutboundRefused extends Error {
  override readonly name = 'OutboundRefused'
  readonly reason: RefusedBecause

  constructor(reason: RefusedBecause) {
    super(`this address is not called: ${reason}`)
    this.reason = reason
  }
}

export type FaultKind = 'busy' | 'timeout' | 'too_long' | 'unreachable'

export class OutboundFault extends Error {
  override readonly name = 'OutboundFault'
  readonly kind: FaultKind
  /** Whether the request may have reached the other side. */
  readonly left: boolean

  constructor(kind: FaultKind, left: boolean, cause?: unknown) {
    super(`no answer: ${kind}`, { cause })
    this.kind = kind
    this.left = left
  }
}

/** What a name resolves to, all of it. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>

export type OutboundOptions = {
  readonly clock?: Clock
  /** Networks that are not public and may be called all the same: gateways inside the bank. */
  readonly networks?: readonly string[]
  readonly ports?: readonly number[]
  /** For a sandbox: this machine itself may be called, on any port and without TLS. */
  readonly loopback?: boolean
  /** PEM: who else is believed besides the authorities of the system. */
  readonly ca?: readonly string[]
  readonly resolve?: Resolve
  readonly timeoutMs?: number
  readonly maxAnswerBytes?: number
  /** Connections to one host, each with one request at a time. */
  readonly connections?: number
  /** Where the request that this is done for is traced: its `traceparent` goes along. */
  readonly tracing?: Pick<Tracing, 'current'>
  /** Requests to one host that run or wait; more are refused as busy. */
  readonly maxWaiting?: number
}

const TIMEOUT_MS = 10_000
const CONNECT_MS = 5_000
const MAX_ANSWER_BYTES = 65_536
const MAX_HEADER_BYTES = 16_384
const MAX_URL = 2_048
const CONNECTIONS = 8
const MAX_WAITING = 64
const MAX_IN_ALL = 1_024
/** Addresses whose judgement is kept. */
const MAX_CHECKED = 1_024
const HTTPS_PORT = 443

/** A URL in plain characters: what WHATWG's reader would forgive (tabs, backslashes, one slash, other alphabets) is not one. */
const FORM =
  /^(https?):\/\/(?:([^/?@]*)@)?(\[[0-9A-Fa-f:.]{2,45}\]|[^/?:@[\]]{1,255})(?::(\d{1,5}))?(?:[/?][!-"$-[\]-~]*)?$/i
/** A host name in ASCII. The last label has a letter first: one of digits would be a number, and so an address. */
const NAME = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** @returns a client with connections of its own; nothing is opened yet */
export function createOutbound(options: OutboundOptions = {}): Outbound {
  const { clock = systemClock, networks = [], loopback = false, resolve = resolveBySystem } = options
  const { timeoutMs = TIMEOUT_MS, maxAnswerBytes = MAX_ANSWER_BYTES, maxWaiting = MAX_WAITING } = options
  const ports = new Set(options.ports ?? [HTTPS_PORT])
  const mayDial = (address: string): boolean =>
    isPublic(address) || isWithin(address, networks) || (loopback && isLoopback(address))

  // Called by the socket itself when it dials a name. (A literal address is dialled without it: `check` has judged those.)
  const lookup: LookupFunction = (host, { all }, done) => {
    resolve(host).then(
      (found) => {
        const [first] = found
        // One bad address among good ones is a trap, not a choice.
        if (first === undefined || !found.every(({ address }) => mayDial(address))) {
          done(new OutboundRefused('resolved'), '')
        } else if (all === true) done(null, [...found])
        else done(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => done(error, ''),
    )
  }
  const agent = new Agent({
    allowH2: false,
    connections: options.connections ?? CONNECTIONS,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxHeaderSize: MAX_HEADER_BYTES,
    maxResponseSize: maxAnswerBytes,
    connect: {
      lookup,
      timeout: Math.min(timeoutMs, CONNECT_MS),
      rejectUnauthorized: true,
      ...tlsRules,
      ...(options.ca === undefined ? {} : { ca: [...options.ca] }),
    },
  })
  const waiting = new Map<string, number>()
  let inAll = 0

  const check = (text: string): URL => {
    const [, scheme = '', user, rawHost = '', port] = (text.length <= MAX_URL ? FORM.exec(text) : null) ?? []
    if (scheme === '') throw new OutboundRefused('not_a_url')
    if (user !== undefined) throw new OutboundRefused('userinfo')
    const url = URL.parse(text)
    if (url === null) throw new OutboundRefused(/^[!-~]+$/.test(rawHost) ? 'not_a_url' : 'host_form')
    // What the socket dials is `url.hostname`: it must be what was written, or the reader of the text and the socket see two hosts.
    const host = rawHost.toLowerCase()
    const literal = isIP(host.replace(/^\[|\]$/g, '')) !== 0
    if (url.hostname !== host || (!literal && !NAME.test(host))) throw new OutboundRefused('host_form')
    const own = literal && loopback && isLoopback(bare(url))
    if (url.protocol !== 'https:' && !own) throw new OutboundRefused('not_https')
    if (!own && !ports.has(port === undefined ? HTTPS_PORT : Number(port))) throw new OutboundRefused('port')
    if (literal && !mayDial(bare(url))) throw new OutboundRefused('address')
    return url
  }

  // What the text of an address says does not change; what its name resolves to is judged at every dial all the same.
  const checked = new Map<string, URL>()
  const checkOnce = (text: string): URL => {
    const known = checked.get(text)
    if (known !== undefined) return known
    const url = check(text)
    if (checked.size === MAX_CHECKED) checked.clear()
    checked.set(text, url)
    return url
  }

  return {
    check,
    async send(request) {
      const url = checkOnce(request.url)
      const before = waiting.get(url.origin) ?? 0
      if (before >= maxWaiting || inAll >= MAX_IN_ALL) throw new OutboundFault('busy', false)
      waiting.set(url.origin, before + 1)
      inAll += 1
      const stop = new AbortController()
      const traceparent = options.tracing?.current()?.traceparent
      const traced = traceparent === undefined ? request : { ...request, headers: { traceparent, ...request.headers } }
      const asked = ask(agent, url, traced, stop.signal).finally(() => {
        inAll -= 1
        const others = (waiting.get(url.origin) ?? 1) - 1
        if (others === 0) waiting.delete(url.origin)
        else waiting.set(url.origin, others)
      })
      let cancel: Cancel = () => undefined
      // undici hears of the end only once it is connected; the caller need not wait for that.
      const late = new Promise<never>((_, reject) => {
        cancel = clock.after(Math.min(request.timeoutMs ?? timeoutMs, timeoutMs), () => {
          const fault = new OutboundFault('timeout', true)
          reject(fault)
          stop.abort(fault)
        })
      })
      try {
        return await Promise.race([asked, late])
      } catch (error) {
        throw faultOf(error)
      } finally {
        cancel()
      }
    },
    close: () => agent.destroy(),
  }
}

async function ask(agent: Agent, url: URL, request: OutboundRequest, signal: AbortSignal): Promise<OutboundAnswer> {
  const { statusCode, headers, body } = await agent.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: request.method,
    headers: { ...request.headers },
    body: request.body ?? null,
    signal,
  })
  return { status: statusCode, headers: firsts(headers), body: await body.text() }
}

const resolveBySystem: Resolve = (host) => systemLookup(host, { all: true })

const bare = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

const firsts = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]))

/** Faults before there was a connection to trust: the request cannot have left. */
const NEVER_OPENED = /^(ECONNREFUSED|ENOTFOUND|EAI_|UNABLE_TO_)|CERT/

function faultOf(error: unknown): OutboundRefused | OutboundFault {
  if (error instanceof OutboundRefused || error instanceof OutboundFault) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new OutboundFault('too_long', true, error)
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return new OutboundFault('timeout', false, error)
  const late = code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT'
  return new OutboundFault(late ? 'timeout' : 'unreachable', !NEVER_OPENED.test(code), error)
}
