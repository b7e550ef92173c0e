import { createHash } from 'node:crypto'
import { type Server as HttpServer, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import cookies from '@fastify/cookie'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Log as HubLog } from '../base/log.ts'
import type { Random } from '../base/random.ts'
import type { Tracing } from '../base/tracing.ts'
import { isTransient } from '../db/pool.ts'
import type { AsTenant } from '../db/tenant.ts'
import type { Caller } from '../identity/caller.ts'
import type { MessageBox } from '../message/box.ts'
import { type AccountDeps, accountRoutes } from './accounts.ts'
import { limitRequests } from './admission.ts'
import { type ApprovalDeps, approvalRoutes } from './approvals.ts'
import { auditRoutes } from './audit.ts'
import { type AuthenticationDeps, authenticationRoutes, messageBoxRoutes } from './authenticate.ts'
import { beneficiaryRoutes } from './beneficiaries.ts'
import { breakRoutes } from './breaks.ts'
import { type CheckoutDeps, checkoutRoutes } from './checkout.ts'
import { type ClientRouteDeps, clientRoutes } from './clients.ts'
import { compensationRoutes } from './compensation.ts'
import { consoleRoutes } from './console.ts'
import { customerRoutes } from './customers.ts'
import { type DirectoryDeps, directoryRoutes } from './directory.ts'
import { disputeComplaintRoutes } from './dispute-complaints.ts'
import { disputeDecisionRoutes } from './dispute-decisions.ts'
import { disputeEvidenceRoutes } from './dispute-evidence.ts'
import { type DisputeRouteDeps, disputeRoutes } from './disputes.ts'
import { documentRoutes } from './documents.ts'
import { dutyRoutes } from './duties.ts'
import { eventListRoutes } from './event-list.ts'
import { createStreams, eventRoutes } from './events.ts'
import { type ExplanationDeps, explanationRoutes } from './explanations.ts'
import { type FactorDeps, factorRoutes } from './factors.ts'
import { feeRateRoutes } from './fee-rates.ts'
import { securityHeaders } from './headers.ts'
import { type HistoryDeps, historyRoutes } from './history.ts'
import { type IdentifyDeps, identifyCallers } from './identify.ts'
import { invitationRoutes } from './invitations.ts'
import { MAX_BODY_BYTES, parseJson } from './json.ts'
import { type LimitDeps, limitRoutes } from './limits.ts'
import { maskDetails, seesDetails } from './masking.ts'
import { nameEnquiryRoutes } from './name-enquiries.ts'
import { type OauthDeps, oauthRoutes } from './oauth.ts'
import { apiPageRoutes, registerOpenApi } from './openapi.ts'
import { type OperationsDeps, operationsRoutes } from './operations.ts'
import { type OverviewDeps, overviewRoutes } from './overview.ts'
import { ownAccountRoutes } from './own-account.ts'
import { paperRoutes } from './papers.ts'
import { paymentDeliveryRoutes } from './payment-deliveries.ts'
import { paymentExportRoutes } from './payment-export.ts'
import { paymentLinkRefundRoutes } from './payment-link-refunds.ts'
import { type PaymentLinkDeps, paymentLinkRoutes } from './payment-links.ts'
import { type PaymentStoryDeps, paymentStoryRoutes } from './payment-story.ts'
import { type PaymentDeps, paymentRoutes } from './payments.ts'
import { type PeopleRouteDeps, peopleRoutes } from './people.ts'
import { open, requirePolicies } from './policy.ts'
import { Problem, type ProblemCode, problemDocument, problems } from './problems.ts'
import { type ReconciliationDeps, reconciliationRoutes } from './reconciliation.ts'
import { createRefusals, type TellRefusal } from './refusals.ts'
import { type ReportRouteDeps, reportRoutes } from './reports.ts'
import { createRequestLog, requestLogRoutes } from './request-log.ts'
import { resolutionRoutes } from './resolutions.ts'
import { type RiskDeps, riskRoutes } from './risk.ts'
import { type SimulatorClient, sandboxRoutes } from './sandbox.ts'
import { savedViewRoutes } from './saved-views.ts'
import { sessionRoutes, signInRoutes } from './sessions.ts'
import { settlementCycleRoutes } from './settlement-cycles.ts'
import { type SettlementFileDeps, settlementFileRoutes } from './settlement-files.ts'
import { type PositionDeps, positionRoutes } from './settlement-positions.ts'
import { type SystemDeps, systemRoutes } from './system.ts'
import { type ApiTlsSource, createTlsServer } from './tls.ts'
import { tokenKeyRoutes } from './token-keys.ts'
import { traceRequests } from './traces.ts'
import { uploadRoutes } from './upload-files.ts'
import { createValidatorCompiler } from './validation.ts'
import { walletAccountRoutes } from './wallet/accounts.ts'
import { walletFactorRoutes } from './wallet/factors.ts'
import { type WalletLinkDeps, walletLinkRoutes } from './wallet/links.ts'
import { walletPageRoutes } from './wallet/page.ts'
import { walletPaymentRoutes } from './wallet/payments.ts'
import { type WalletSessionDeps, walletSessionRoutes, walletSignInRoutes } from './wallet/sessions.ts'
import { type WebhookRouteDeps, webhookRoutes } from './webhooks.ts'

/**
 * http: the front door. It translates and never decides. It promises that whatever comes in is answered: with what was
 * asked for, or with one problem document that names every bad field; that no failure shows its inside; and that no request
 * takes more than its limits of size, depth and time.
 */

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any route behind an API key runs. */
    caller: Caller
    /** The problem that it is answered with; null: none. */
    refusedAs: ProblemCode | null
    /** What this request asked about may be shown in full: it was written down that it was. */
    revealed: boolean
  }
}

/** Where failures and refusals go. */
export type Log = Pick<HubLog, 'error' | 'warn' | 'info'>

export type ServerDeps = PaymentDeps &
  Omit<CheckoutDeps, 'log'> &
  HistoryDeps &
  AccountDeps &
  ApprovalDeps &
  DirectoryDeps &
  IdentifyDeps &
  ClientRouteDeps &
  LimitDeps &
  FactorDeps &
  AuthenticationDeps &
  RiskDeps &
  PaymentLinkDeps &
  PeopleRouteDeps &
  PositionDeps &
  OverviewDeps &
  PaymentStoryDeps &
  SystemDeps &
  ExplanationDeps &
  DisputeRouteDeps &
  ReportRouteDeps &
  OperationsDeps &
  WalletSessionDeps &
  WalletLinkDeps &
  Omit<OauthDeps, 'asksCertificates'> & {
    readonly random: Random
    /** The port speaks HTTPS; plain HTTP when absent. */
    readonly tls?: ApiTlsSource
    /** Networks of proxies whose `X-Forwarded-For` is believed; none when absent. */
    readonly trustedProxies?: readonly string[]
    /** Only in a sandbox. */
    readonly simulator?: SimulatorClient
    readonly messageBox?: MessageBox
    /** Absent: nothing is matched. */
    readonly matching?: ReconciliationDeps['matching']
    /** Absent: no settlement files come in. */
    readonly intake?: SettlementFileDeps['intake']
    /** Absent: nobody is told of anything. */
    readonly webhooks?: WebhookRouteDeps['webhooks']
    readonly log: Log
    /** Absent: nothing is traced. */
    readonly tracing?: Tracing
    /** What a request sees of the database: one tenant. */
    readonly asTenant: AsTenant
    readonly front?: Partial<Front>
  }

/** Limits of the front door itself. */
export type Front = {
  /** Connections that may be open. */
  readonly connections: number
  readonly streamsPerTenant: number
  /** Milliseconds in which all headers, and then the whole request, must have arrived. */
  readonly headersMs: number
  readonly requestMs: number
  /** Milliseconds in which nothing moves on a connection, in either direction; then it is closed. Longer than any wait for a payment. */
  readonly silentMs: number
}

const usual: Front = {
  connections: 20_000,
  streamsPerTenant: 200,
  headersMs: 10_000,
  requestMs: 15_000,
  silentMs: 120_000,
}

export type Server = {
  readonly app: FastifyInstance
  /** Starts to listen; the port taken is in the answer. */
  readonly listen: (address: { readonly host: string; readonly port: number }) => Promise<number>
  /** Takes no new connections, lets the requests that run finish, and closes. */
  readonly close: () => Promise<void>
}

const KEEP_ALIVE_MS = 65_000
const MAX_HEADER_BYTES = 16_384
/** Then the connection is closed and the caller opens another: what is balanced over processes stays so, and nothing grows for ever. */
const REQUESTS_PER_CONNECTION = 1_000_000
/** How often connections are looked at that are too slow. */
const CHECK_MS = 1_000
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
const known: ReadonlySet<string> = new Set(METHODS)

export async function createServer(deps: ServerDeps): Promise<Server> {
  const front: Front = { ...usual, ...deps.front }
  const headers = securityHeaders(deps.origins())
  const failing: Failing = { log: deps.log, tell: createRefusals(deps.clock, deps.log), headers }
  // Of the server itself, plain or not. Half a request and silence ends here.
  const limits = {
    requireHostHeader: false, // `checkHead` does, in the hub's words
    headersTimeout: front.headersMs,
    requestTimeout: front.requestMs,
    connectionsCheckingInterval: CHECK_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  }
  const { tls } = deps
  const app: FastifyInstance = fastify<HttpServer>({
    logger: false, //             a line per request would cost more than the request; failures are logged by the error handler
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: front.requestMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxRequestsPerSocket: REQUESTS_PER_CONNECTION,
    http: limits,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    exposeHeadRoutes: true,
    genReqId: createRequestIds(deps.random),
    requestIdHeader: false,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => sendProblem(failing, error, request, reply),
    clientErrorHandler: (error, socket) => answerClientError(headers, error, socket),
    ...(deps.trustedProxies === undefined || deps.trustedProxies.length === 0
      ? {}
      : { trustProxy: [...deps.trustedProxies] }),
    ...(tls === undefined ? {} : { serverFactory: (handler) => createTlsServer(tls, deps.log, limits, handler) }),
  })
  app.server.maxConnections = front.connections
  app.server.setTimeout(front.silentMs)
  app.decorateRequest('caller')
  app.decorateRequest('known')
  app.decorateRequest('session', null)
  app.decorateRequest('wallet', null)
  app.decorateRequest('bodySha256', null)
  app.decorateRequest('revealed', false)
  app.decorateRequest('refusedAs', null)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      if (request.headers['content-encoding'] !== undefined) throw new Problem('unsupported_media_type')
      const bytes = typeof body === 'string' ? Buffer.from(body) : body
      if (request.headers['signature-input'] !== undefined)
        request.bodySha256 = createHash('sha256').update(bytes).digest()
      done(null, bytes.length === 0 ? undefined : parseJson(bytes))
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  })
  app.setValidatorCompiler(createValidatorCompiler())
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.setErrorHandler((error: Error, request, reply) => sendProblem(failing, error, request, reply))
  app.setNotFoundHandler((request, reply) => sendProblem(failing, new Problem('not_found'), request, reply))
  if (deps.tracing !== undefined) traceRequests(app, deps.tracing)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id)
    done(checkHead(request))
  })
  const requests = createRequestLog(deps.clock)
  app.server.on('checkExpectation', (_request, response) => refuseExpectation(headers, response))
  app.addHook('onResponse', (request, reply, done) => {
    deps.metrics.request(request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1000)
    requests.add(request, reply)
    done()
  })
  limitRequests(app, deps.admission)
  await app.register(cookies)
  requirePolicies(app)
  const paths = collectPaths(app)
  await registerOpenApi(app)
  apiPageRoutes(app)
  documentRoutes(app)
  consoleRoutes(app, { random: deps.random, mode: deps.simulator === undefined ? 'live' : 'sandbox' })
  checkoutRoutes(app, deps)
  walletPageRoutes(app)

  await app.register(async (api) => {
    identifyCallers(api, deps)
    api.addHook('onRequest', (request, _reply, done) => {
      const { accept } = request.headers
      const fits = acceptsJson(accept) || request.routeOptions.config.gives?.test(accept ?? '') === true
      done(fits ? undefined : new Problem('not_acceptable'))
    })
    api.addHook('preSerialization', (request, _reply, payload, done) => {
      done(null, seesDetails(request.caller) || request.revealed ? payload : maskDetails(payload))
    })
    paymentRoutes(api, deps)
    historyRoutes(api, deps)
    overviewRoutes(api, deps)
    paymentStoryRoutes(api, deps)
    paymentExportRoutes(api, deps)
    paperRoutes(api, deps)
    nameEnquiryRoutes(api, deps)
    approvalRoutes(api, deps)
    resolutionRoutes(api, deps)
    beneficiaryRoutes(api, deps)
    paymentLinkRoutes(api, deps)
    paymentLinkRefundRoutes(api, deps)
    auditRoutes(api, deps)
    const streams = createStreams(deps)
    eventRoutes(api, deps, streams, front.streamsPerTenant)
    systemRoutes(api, deps)
    requestLogRoutes(api, { requests })
    accountRoutes(api, deps)
    clientRoutes(api, deps)
    tokenKeyRoutes(api, deps)
    limitRoutes(api, deps)
    customerRoutes(api, deps)
    factorRoutes(api, deps)
    authenticationRoutes(api, deps)
    riskRoutes(api, deps)
    sessionRoutes(api, deps)
    ownAccountRoutes(api, deps)
    savedViewRoutes(api, deps)
    peopleRoutes(api, deps)
    walletSessionRoutes(api, deps)
    walletAccountRoutes(api, deps)
    walletPaymentRoutes(api, deps, streams)
    walletFactorRoutes(api, deps)
    walletLinkRoutes(api, deps)
    directoryRoutes(api, deps)
    positionRoutes(api, deps)
    explanationRoutes(api, deps)
    if (deps.intake !== undefined) {
      await settlementFileRoutes(api, { ...deps, intake: deps.intake })
      settlementCycleRoutes(api, { ...deps, intake: deps.intake })
    }
    if (deps.matching !== undefined) reconciliationRoutes(api, { ...deps, matching: deps.matching })
    breakRoutes(api, deps)
    uploadRoutes(api, deps)
    compensationRoutes(api, deps)
    dutyRoutes(api, deps)
    feeRateRoutes(api, deps)
    disputeRoutes(api, deps)
    disputeComplaintRoutes(api, deps)
    disputeDecisionRoutes(api, deps)
    reportRoutes(api, deps)
    await disputeEvidenceRoutes(api, deps)
    if (deps.webhooks !== undefined) {
      webhookRoutes(api, { ...deps, webhooks: deps.webhooks })
      eventListRoutes(api, { ...deps, webhooks: deps.webhooks })
      paymentDeliveryRoutes(api, deps)
    }
    if (deps.messageBox !== undefined) messageBoxRoutes(api, deps.messageBox)
    if (deps.simulator !== undefined) sandboxRoutes(api, deps.simulator)
  })
  await oauthRoutes(app, { ...deps, asksCertificates: tls?.().ca !== undefined })
  signInRoutes(app, deps)
  walletSignInRoutes(app, deps)
  invitationRoutes(app, deps)
  operationsRoutes(app, deps)
  refuseOtherMethods(app, paths)
  await app.ready()

  return {
    app,
    async listen(address) {
      await app.listen(address)
      const bound = app.server.address()
      return bound !== null && typeof bound === 'object' ? bound.port : address.port
    },
    close() {
      deps.feed.end()
      deps.linkFeed.end()
      return app.close()
    },
  }
}

/** Headers that a request has once: of two, one reader takes the first and another the last. */
const once: ReadonlySet<string> = new Set([
  'host',
  'authorization',
  'content-type',
  'idempotency-key',
  'content-digest',
  'signature',
  'signature-input',
  'dpop',
])
const badHttp = (detail: string): Problem => new Problem('bad_http', { detail, headers: { connection: 'close' } })

/** What no route should have to think of: methods that none has, a request that is for two hosts or for none, and one that says something twice. */
function checkHead({ method, raw }: FastifyRequest): Problem | undefined {
  if (!known.has(method)) return new Problem('method_not_allowed', { headers: { allow: METHODS.join(', ') } })
  // An absolute address names a host beside the one of Host; only proxies are sent one.
  if (raw.url?.startsWith('/') === false && raw.url !== '*') return badHttp('The request must be for a path.')
  const seen = new Set<string>()
  const { rawHeaders } = raw
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? ''
    if (!once.has(name)) continue
    if (seen.has(name))
      return badHttp(name === 'host' ? 'The request must have one Host.' : `The request must have one ${name}.`)
    seen.add(name)
  }
  // Without a Host only HTTP/1.0, which health checks of balancers still speak.
  if (seen.has('host') || raw.httpVersion === '1.0') return undefined
  return badHttp('The request must have one Host.')
}

/** `X-Request-Id` as the caller gave it, if it is harmless; else one of ours. */
function createRequestIds(
  random: Random,
): (request: { headers: Record<string, string | string[] | undefined> }) => string {
  const prefix = `req_${random.next32().toString(36)}${random.next32().toString(36)}_`
  let made = 0
  return ({ headers }) => {
    const given = headers['x-request-id']
    if (typeof given === 'string' && /^[A-Za-z0-9._:/+=-]{1,128}$/.test(given)) return given
    made += 1
    return prefix + made.toString(36)
  }
}

/** True when `Accept` leaves room for JSON; problems are sent in any case. */
const acceptsJson = (accept: string | undefined): boolean =>
  accept === undefined || accept === '' || /\*\/\*|application\/\*|json|text\/event-stream/i.test(accept)

/** The methods of every path that is registered after this call. */
function collectPaths(app: FastifyInstance): Map<string, Set<string>> {
  const paths = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const methods = paths.get(url) ?? new Set<string>()
    for (const one of Array.isArray(method) ? method : [method]) methods.add(one)
    paths.set(url, methods)
  })
  return paths
}

/** Every path answers every method: 405 with `Allow` for those it does not have, before anything of the request is read. */
function refuseOtherMethods(app: FastifyInstance, paths: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [url, methods] of [...paths]) {
    const allow = [...methods, 'OPTIONS'].join(', ')
    const others = METHODS.filter((method) => !methods.has(method) && method !== 'OPTIONS')
    const refuse = (_request: FastifyRequest, _reply: FastifyReply, done: (error: Error) => void) =>
      done(new Problem('method_not_allowed', { detail: `This resource has ${allow}.`, headers: { allow } }))
    const hidden = { hide: true }
    if (others.length > 0)
      app.route({ url, method: others, config: open, schema: hidden, onRequest: refuse, handler: () => undefined })
    if (methods.has('OPTIONS')) continue
    app.route({
      url,
      method: 'OPTIONS',
      config: open,
      schema: hidden,
      handler: (_request, reply) => reply.code(204).header('allow', allow).send(),
    })
  }
}

/** What the framework found, in the hub's words. */
const frameworkProblems: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_http',
  FST_ERR_BAD_URL: 'bad_http',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
}

/** A failure as a problem. What nobody expected is `internal_error`, and only the log says more. */
function problemOf(error: Error & { readonly code?: unknown }): Problem {
  if (error instanceof Problem) return error
  const known = typeof error.code === 'string' ? frameworkProblems[error.code] : undefined
  if (known !== undefined) return new Problem(known)
  return new Problem(isTransient(error) ? 'database_unavailable' : 'internal_error')
}

type Failing = {
  readonly log: Log
  readonly tell: TellRefusal
  readonly headers: Readonly<Record<string, string>>
}

/** The one error handler. */
function sendProblem(
  { log, tell, headers }: Failing,
  error: Error | FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const problem = problemOf(error)
  const [status] = problems[problem.code]
  if (!(error instanceof Problem) && status >= 500) {
    log.error(
      { requestId: request.id, method: request.method, route: request.routeOptions.url, err: error },
      'a request failed',
    )
  }
  tell(request, problem)
  request.refusedAs = problem.code
  const path = request.url.split('?', 1)[0] ?? ''
  return reply
    .code(status)
    .headers({ ...headers, ...problem.headers, 'x-request-id': request.id, 'content-type': 'application/problem+json' })
    .send(JSON.stringify(problemDocument(problem, path.slice(0, 200), request.id)))
}

const clientProblems: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

/** What is not even HTTP gets a problem document too, and the connection is closed. */
function answerClientError(
  headers: Readonly<Record<string, string>>,
  error: Error & { readonly code?: string },
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, body, fields } = bareAnswer(headers, clientProblems[error.code ?? ''] ?? 'bad_http')
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
}

/** `Expect` with anything but 100-continue. */
function refuseExpectation(headers: Readonly<Record<string, string>>, response: ServerResponse): void {
  const { status, body, fields } = bareAnswer(headers, 'expectation_failed')
  response.writeHead(status, fields).end(body)
}

/** A problem of a request that no route has seen; its connection ends with it. */
function bareAnswer(headers: Readonly<Record<string, string>>, code: ProblemCode) {
  const [status] = problems[code]
  const body = JSON.stringify(problemDocument(new Problem(code), '', ''))
  const length = `${Buffer.byteLength(body)}`
  return {
    status,
    body,
    fields: { ...headers, 'content-type': 'application/problem+json', 'content-length': length, connection: 'close' },
  }
}
