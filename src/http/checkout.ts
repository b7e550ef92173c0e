import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Cancel, Clock } from '../base/clock.ts'
import { pageFiles } from '../payer-page/assets.ts'
import { chooseLanguage, type Language } from '../payer-page/languages.ts'
import { type PayerLink, versionOf } from '../payer-page/link.ts'
import { arrivedSentence, isLive, mainOf } from '../payer-page/main.ts'
import { busyPage, linkPage, type PageAssets, unknownPage } from '../payer-page/page.ts'
import type { PayableLink } from '../payment-link/store.ts'
import { networkOf } from './admission.ts'
import { sendPage, serveAssets } from './page-assets.ts'
import { payerLinkOf } from './payer-link.ts'
import type { LinkFeed } from './payment-links.ts'
import { open } from './policy.ts'
import { Problem, problems } from './problems.ts'
import type { Log } from './server.ts'

/** What a page may do: its own style, script and picture, and ask the hub for news. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ')

/** A comment that keeps proxies from closing a quiet stream. */
const HEARTBEAT_MS = 20_000
/** How soon a browser asks again for a stream that was lost. */
const RETRY_MS = 3_000
/** Then the stream ends and the page asks for another: nothing stays for ever. */
const STREAM_MS = 3_600_000
/** Bytes that may wait for one reader; a page is 40,000 at most, and whoever is further behind is cut off and asks again. */
const MAX_UNREAD = 131_072
/** Streams at once, at most: of the process, and of one address, behind which there may be a whole village. */
const MAX_STREAMS = 10_000
const MAX_STREAMS_OF_ADDRESS = 2_000

export type CheckoutDeps = {
  readonly clock: Clock
  readonly log: Log
  /** The link whose page has this token; undefined when there is none. */
  readonly findPayableLink: (token: string) => Promise<PayableLink | undefined>
  readonly linkFeed: LinkFeed
  /** Where the wallet of this hub is; absent when it has none. */
  readonly walletPath?: string
}

const queryOf = (request: FastifyRequest, name: string): string | undefined => {
  const { [name]: value }: Record<string, unknown> = Object(request.query)
  return typeof value === 'string' ? value : undefined
}

const languageOf = (request: FastifyRequest): Language =>
  chooseLanguage(queryOf(request, 'lang'), request.headers['accept-language'])

/** `/pay/{token}`: the page of a payment link, and its news as server-sent events. Nobody signs in: who has the address may look. */
export function checkoutRoutes(app: FastifyInstance, deps: CheckoutDeps): void {
  const urls = serveAssets(app, '/pay/assets', pageFiles)
  const assets: PageAssets = {
    style: urls['page.css'] ?? '',
    script: urls['page.js'] ?? '',
    icon: urls['icon.svg'] ?? '',
  }
  const around = (token: string) => ({
    now: deps.clock.now(),
    walletUrl: deps.walletPath === undefined ? undefined : `${deps.walletPath}?link=${token}`,
  })
  const give = (request: FastifyRequest, reply: FastifyReply, page: string) =>
    sendPage(request, reply.header('content-security-policy', POLICY), page)

  app.get<{ Params: { token: string } }>(
    '/pay/:token',
    {
      config: open,
      schema: { hide: true },
      // Whatever went wrong is no news about the payment, and the page says so.
      errorHandler: (error, request, reply) => {
        const problem = error instanceof Problem ? error : undefined
        if (problem === undefined) deps.log.error({ requestId: request.id, err: error }, 'a payment page failed')
        reply.code(problem === undefined ? 503 : problems[problem.code][0]).headers(problem?.headers ?? {})
        const { token = '' }: Partial<Record<'token', string>> = Object(request.params)
        return give(request, reply, busyPage(assets, languageOf(request), token))
      },
    },
    async (request, reply) => {
      const found = await deps.findPayableLink(request.params.token)
      const language = languageOf(request)
      if (found === undefined) return give(request, reply.code(404), unknownPage(assets, language))
      const link = payerLinkOf(found, deps.clock.now())
      return give(request, reply, linkPage(assets, link, language, around(link.token)))
    },
  )

  const readOnce = createReads(deps.findPayableLink)
  const streams = new Set<() => void>()
  const ofAddress = new Map<string, number>()
  deps.linkFeed.onEnd(() => {
    for (const end of [...streams]) end()
  })

  app.get<{ Params: { token: string } }>(
    '/pay/:token/events',
    // Without HEAD: a stream without a body would say nothing and stay open.
    { config: { ...open, load: 'stream' }, schema: { hide: true }, exposeHeadRoute: false },
    async (request, reply) => {
      const { token } = request.params
      const found = await deps.findPayableLink(token)
      if (found === undefined) throw new Problem('not_found')
      const link = payerLinkOf(found, deps.clock.now())
      const lastId = request.headers['last-event-id']
      const seen = typeof lastId === 'string' ? lastId : queryOf(request, 'seen')
      if (!isLive(link) && seen === versionOf(link)) return reply.code(204).send()
      const address = networkOf(request.ip)
      const already = ofAddress.get(address) ?? 0
      // Behind an answer that is not over, a stream would wait for a connection that may never be its own.
      if (streams.size >= MAX_STREAMS || already >= MAX_STREAMS_OF_ADDRESS || reply.raw.socket === null)
        throw new Problem('too_busy', { detail: 'Too many event streams are open.' })
      reply.hijack()
      const { raw } = reply
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(name, value)
      raw.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
      const write = (text: string): void => {
        if (raw.writableLength > MAX_UNREAD) raw.destroy()
        else raw.write(text)
      }
      let stopHeartbeat: Cancel = () => undefined
      const end = (): void => {
        if (!streams.delete(end)) return
        const left = (ofAddress.get(address) ?? 1) - 1
        if (left === 0) ofAddress.delete(address)
        else ofAddress.set(address, left)
        unfollow()
        stopHeartbeat()
        stopAtEnd()
        raw.end()
      }
      streams.add(end)
      ofAddress.set(address, already + 1)
      const beat = (): void => {
        stopHeartbeat = deps.clock.after(HEARTBEAT_MS, () => {
          write(': still open\n\n')
          beat()
        })
      }
      beat()
      const stopAtEnd = deps.clock.after(STREAM_MS, end)
      const tell = createTell(languageOf(request), seen, link, write)
      const news = async (version: number): Promise<void> => {
        const now = await readOnce(token, version)
        if (now === undefined) return end()
        const changed = payerLinkOf(now, deps.clock.now())
        tell(changed, around(token))
        if (!isLive(changed)) end()
      }
      let turn: Promise<void> = Promise.resolve()
      const unfollow = deps.linkFeed.follow(found.link, ({ version }) => {
        turn = turn.then(() => news(version)).catch(end) // the page asks again, and is told then
      })
      raw.once('close', end)
      write(`retry: ${RETRY_MS}\n\n`)
      tell(link, around(token))
      if (!isLive(link)) end()
    },
  )
}

/** Reads a link once for all its pages that hear of the same change. */
function createReads(read: CheckoutDeps['findPayableLink']) {
  const running = new Map<string, { readonly version: number; readonly found: Promise<PayableLink | undefined> }>()
  return (token: string, version: number): Promise<PayableLink | undefined> => {
    const before = running.get(token)
    if (before !== undefined && before.version >= version) return before.found
    const found = read(token).finally(() => {
      if (running.get(token)?.found === found) running.delete(token)
    })
    running.set(token, { version, found })
    return found
  }
}

/** Writes what a page has not seen yet: its new main part, or for a link that many pay, that somebody has. */
function createTell(language: Language, seen: string | undefined, first: PayerLink, write: (text: string) => void) {
  let written = seen
  let lastRrn = first.credits.at(-1)?.rrn
  return (link: PayerLink, around: Parameters<typeof mainOf>[2]): void => {
    const event = (kind: string, data: string): void => write(`${kind}data: ${JSON.stringify(data)}\n\n`)
    const fresh = link.credits.slice(link.credits.findIndex(({ rrn }) => rrn === lastRrn) + 1)
    lastRrn = link.credits.at(-1)?.rrn
    if (link.isForMany) for (const credit of fresh) event('event: arrived\n', arrivedSentence(credit, language))
    const version = versionOf(link)
    if (version === written) return
    written = version
    event(`id: ${version}\n`, mainOf(link, language, around).text)
  }
}
