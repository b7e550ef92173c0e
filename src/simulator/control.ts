import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { EncodeError } from '@turant/iso8583'
import type { Clock } from '../base/clock.ts'
import type { Address, Listener } from '../base/network.ts'
import { XmlError } from '../imps/xml/error.ts'
import type { Office } from './cycles/office.ts'
import { cutRoute, disputeRoute, type Said, uploadRoute } from './cycles/routes.ts'
import type { EnquiryResult } from './enquiries.ts'
import { FaultError, readFaults } from './faults.ts'
import { runEnquiries, runLoad } from './load.ts'
import { BadField, fieldsOf, readEnquiry, readFunction, readLoad, readOrder, readReversal, readRole } from './order.ts'
import type { ReversalResult } from './reversals.ts'
import type { Simulator } from './simulator.ts'

/**
 * The control API: what tests and the sandbox do to the switch while it runs. JSON in and out, no authentication, so it
 * listens on this machine only.
 */

const MOST_BODY_BYTES = 64 * 1024
/** A load names its beneficiaries. */
const MOST_LOAD_BYTES = 1024 * 1024
/** A file that a member uploads. */
const MOST_UPLOAD_BYTES = 16 * 1024 * 1024
const MOST_ENTRIES = 10_000
const DEFAULT_ENTRIES = 100
const MOST_SKIPPED = 50_000_000

/** An answer other than 200, thrown by a route. */
class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly field: string | undefined
  constructor(status: number, code: string, detail: string, field?: string) {
    super(detail)
    this.status = status
    this.code = code
    this.field = field
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Body too large',
  422: 'Not possible',
  503: 'Not available',
}

type Reply = { readonly status: number; readonly body?: unknown }
type Route = (request: { readonly url: URL; readonly rest: string; readonly body: unknown }) => Reply | Promise<Reply>

const ok = (body: unknown): Reply => ({ status: 200, body })

export type ControlOptions = {
  readonly simulator: Simulator
  readonly clock: Clock
  readonly address: Address
  /** Absent where the switch was told no inbox. */
  readonly office?: Office
}

export function serveControl({ simulator, clock, address, office }: ControlOptions): Promise<Listener> {
  const routes = createRoutes(simulator, clock, office)
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000 },
    (request, response) => {
      void answer(routes, request, response)
    },
  )
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(address.port, address.host, () => {
      server.off('error', reject)
      const bound = server.address()
      resolve({
        port: bound !== null && typeof bound === 'object' ? bound.port : address.port,
        close: () =>
          new Promise((done) => {
            server.close(() => done())
            server.closeAllConnections()
          }),
      })
    })
  })
}

/** `METHOD /path`; a path that ends in a slash takes one more part. */
function createRoutes(simulator: Simulator, clock: Clock, office: Office | undefined): ReadonlyMap<string, Route> {
  let loading = false

  const page = (url: URL): readonly [limit: number, skip: number] => {
    for (const name of url.searchParams.keys()) {
      if (!['limit', 'skip', 'direction'].includes(name)) throw new BadField(name.slice(0, 60), 'is not known here')
    }
    const number = (name: string, standard: number, least: number, most: number): number => {
      const text = url.searchParams.get(name)
      if (text === null) return standard
      const value = /^[0-9]{1,8}$/.test(text) ? Number(text) : NaN
      if (value >= least && value <= most) return value
      throw new BadField(name, `must be a whole number from ${least} to ${most}`)
    }
    return [number('limit', DEFAULT_ENTRIES, 1, MOST_ENTRIES), number('skip', 0, 0, MOST_SKIPPED)]
  }

  const alone = async (run: () => Promise<unknown>): Promise<Reply> => {
    if (loading) throw new Problem(409, 'load_running', 'One load runs at a time.')
    loading = true
    try {
      return ok(await run())
    } finally {
      loading = false
    }
  }

  const direction = (url: URL): 'outward' | 'inward' | 'reversal' => {
    const text = url.searchParams.get('direction') ?? 'outward'
    if (text === 'outward' || text === 'inward' || text === 'reversal') return text
    throw new BadField('direction', 'must be outward, inward or reversal')
  }

  return new Map<string, Route>([
    ['GET /health', () => ok({ status: 'ok', links: simulator.summary().links })],
    ['GET /summary', () => ok(simulator.summary())],
    ['GET /faults', () => ok(simulator.faults)],
    ['GET /journal', ({ url }) => ok({ data: simulator.journal[direction(url)].latest(...page(url)) })],
    [
      'GET /journal/',
      ({ rest }) => {
        if (!/^[0-9]{12}$/.test(rest)) throw new BadField('rrn', 'must be 12 digits')
        const { outward, inward, reversal } = simulator.journal
        const reversals = reversal.byRrn(rest)
        const found = {
          outward: outward.byRrn(rest),
          inward: inward.byRrn(rest),
          ...(reversals.length === 0 ? {} : { reversal: reversals }),
        }
        if (found.outward.length + found.inward.length + reversals.length === 0) {
          throw new Problem(404, 'not_found', 'The switch has seen no payment with this RRN.')
        }
        return ok(found)
      },
    ],
    [
      'POST /faults',
      ({ body }) => {
        simulator.turn(readFaults(fieldsOf(body, '', Object.keys(Object(body)))))
        return ok(simulator.faults)
      },
    ],
    [
      'POST /inward',
      async ({ body }) => {
        const { order, wait } = readOrder(body)
        const given = simulator.inward(order)
        if (given === undefined) throw noLink()
        return wait ? ok(await given.settled) : { status: 202, body: given.sent }
      },
    ],
    [
      'POST /inward/load',
      async ({ body }) => {
        const order = readLoad(body)
        if (!loading && !order.to.some(simulator.reaches)) throw noLink()
        return alone(() => runLoad(simulator, clock, order))
      },
    ],
    [
      'POST /enquiry',
      async ({ body }) => {
        const { promise, resolve } = Promise.withResolvers<EnquiryResult>()
        if (!simulator.enquire(readEnquiry(body), resolve)) throw noXml()
        return ok(await promise)
      },
    ],
    [
      'POST /enquiry/load',
      async ({ body }) => {
        const order = readLoad(body)
        if (simulator.summary().xml === undefined) throw noXml()
        return alone(() => runEnquiries(simulator, clock, order))
      },
    ],
    [
      'POST /reversal',
      async ({ body }) => {
        const { order, wait } = readReversal(body)
        const { promise, resolve } = Promise.withResolvers<ReversalResult>()
        const sent = simulator.reverse(order, resolve)
        if (sent === undefined) {
          throw new Problem(404, 'not_found', 'No payment with this RRN came over the XML wire.', 'rrn')
        }
        return wait ? ok(await promise) : { status: 202, body: sent }
      },
    ],
    ['POST /cycle', async ({ body }) => told(await cutRoute(opened(office), body))],
    ['POST /disputes', ({ body }) => told(disputeRoute(opened(office), body))],
    ['POST /uploads', async ({ body }) => told(await uploadRoute(opened(office), body))],
    ['GET /uploads', () => ok({ data: opened(office).uploads() })],
    ['POST /announce', ({ body }) => ok({ links: simulator.announce(readFunction(body)) })],
    ['POST /disconnect', ({ body }) => ok({ disconnected: simulator.disconnect(readRole(body)) })],
    [
      'POST /reset',
      ({ body }) => {
        fieldsOf(body, '', [])
        simulator.reset()
        office?.forget()
        return { status: 204 }
      },
    ],
  ])
}

function opened(office: Office | undefined): Office {
  if (office === undefined) throw new Problem(503, 'no_inbox', 'This switch was not told where files go: --inbox.')
  return office
}

function told(said: Said): Reply {
  if ('code' in said) throw new Problem(said.status, said.code, said.detail, said.field)
  return said
}

const noLink = () => new Problem(503, 'no_link', 'The hub has no beneficiary link logged on.')
const noXml = () => new Problem(503, 'no_xml', 'This switch speaks ISO 8583 only, which has no name enquiry.')

async function answer(routes: ReadonlyMap<string, Route>, request: IncomingMessage, response: ServerResponse) {
  const reply = await replyTo(routes, request).catch((error: unknown) => {
    // Whatever a route throws becomes an answer: this program serves tests, and outlives their mistakes.
    if (error instanceof BadField || error instanceof FaultError) {
      return problem(new Problem(400, 'bad_field', error.message, error.field))
    }
    if (error instanceof EncodeError || error instanceof XmlError)
      return problem(new Problem(400, 'bad_field', error.message))
    if (error instanceof Problem) return problem(error)
    throw error
  })
  if (response.destroyed) return
  const isProblem = reply.status >= 400
  response.writeHead(reply.status, {
    ...(reply.body === undefined
      ? {}
      : { 'content-type': isProblem ? 'application/problem+json' : 'application/json' }),
    // What was not read of a body would be taken for the next request.
    ...(reply.status === 413 ? { connection: 'close' } : {}),
  })
  response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body))
}

const problem = ({ status, code, message, field }: Problem): Reply => ({
  status,
  body: {
    type: `/problems/${code}`,
    title: titles[status] ?? 'Problem',
    status,
    code,
    detail: message,
    ...(field === undefined ? {} : { errors: [{ field, message }] }),
  },
})

async function replyTo(routes: ReadonlyMap<string, Route>, request: IncomingMessage): Promise<Reply> {
  const url = URL.parse(request.url ?? '/', 'http://simulator')
  if (url === null) throw new Problem(400, 'bad_field', 'The address cannot be read.')
  const method = request.method ?? 'GET'
  const { pathname } = url
  const lastSlash = pathname.lastIndexOf('/') + 1
  const parent = pathname.slice(0, lastSlash)
  const exact = routes.get(`${method} ${pathname}`)
  const route = exact ?? (parent === '/' ? undefined : routes.get(`${method} ${parent}`))
  if (route === undefined || (exact !== undefined && pathname.endsWith('/'))) {
    const other = ['GET', 'POST'].some((verb) => verb !== method && routes.has(`${verb} ${pathname}`))
    throw other
      ? new Problem(405, 'method_not_allowed', `${pathname.slice(0, 100)} does not take ${method}.`)
      : new Problem(404, 'not_found', 'There is nothing here.')
  }
  const most =
    pathname === '/uploads' ? MOST_UPLOAD_BYTES : pathname.endsWith('/load') ? MOST_LOAD_BYTES : MOST_BODY_BYTES
  const body = method === 'POST' ? await readBody(request, most) : undefined
  return route({ url, rest: pathname.slice(lastSlash), body })
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/** An empty body is an empty object. @throws {Problem} when it is too long, cut off, or no JSON */
async function readBody(request: IncomingMessage, most: number): Promise<unknown> {
  const bytes = await collect(request, most)
  if (bytes === undefined) throw new Problem(400, 'body_cut_off', 'The body ended too early.')
  if (bytes.length > most) throw new Problem(413, 'body_too_large', `A body has at most ${most} bytes.`)
  if (bytes.length === 0) return {}
  try {
    return JSON.parse(strictUtf8.decode(bytes))
  } catch {
    throw new Problem(400, 'bad_json', 'The body is not JSON in UTF-8.')
  }
}

/** The body, or its beginning when it is longer than allowed; undefined when the client went away. */
function collect(request: IncomingMessage, most: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = []
    let length = 0
    request.on('data', (chunk: Uint8Array) => {
      length += chunk.length
      if (length <= most + chunk.length) chunks.push(chunk)
      if (length > most) resolve(Buffer.concat(chunks))
    })
    request.once('end', () => resolve(Buffer.concat(chunks)))
    request.once('close', () => resolve(undefined))
  })
}
