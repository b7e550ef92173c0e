import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { languages, walletFiles, workerOf } from '../../wallet-page/assets.ts'
import { walletManifest, walletPage } from '../../wallet-page/page.ts'
import { sendPage, serveAssets } from '../page-assets.ts'
import { open } from '../policy.ts'

/** What the page may do: its own script, style and pictures, and ask the hub. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ')

const hidden = { config: open, schema: { hide: true } } as const
/** The language that somebody chose: nothing else is in it. */
const LANGUAGE = 'wallet-language'
const A_YEAR_S = 31_536_000

/** `/wallet`: the page of customers, and what makes it one that can be installed. */
export function walletPageRoutes(app: FastifyInstance): void {
  const urls = serveAssets(app, '/wallet/assets', walletFiles())
  const worker = workerOf(urls)
  app.get<{ Querystring: { lang?: string } }>('/wallet', hidden, (request, reply) => {
    const chosen = languages.find((one) => one === request.query.lang)
    if (chosen !== undefined)
      reply.setCookie(LANGUAGE, chosen, { path: '/wallet', sameSite: 'strict', maxAge: A_YEAR_S })
    return sendPage(request, own(reply), walletPage(urls, chosen ?? languageOf(request)))
  })
  app.get('/wallet/manifest.webmanifest', hidden, (request, reply) =>
    own(reply)
      .header('content-type', 'application/manifest+json')
      .send(JSON.stringify(walletManifest(urls, languageOf(request)))),
  )
  app.get('/wallet/sw.js', hidden, (_request, reply) =>
    own(reply)
      .header('content-type', 'text/javascript; charset=utf-8')
      .header('service-worker-allowed', '/wallet')
      .send(worker),
  )
}

/** What changes with a release: looked at again each time. */
const own = (reply: FastifyReply): FastifyReply =>
  reply.header('content-security-policy', POLICY).header('cache-control', 'no-cache')

/** The language that was chosen; else the first that the browser asks for and that there is; else English. */
function languageOf(request: FastifyRequest): string {
  const asked = String(request.headers['accept-language'] ?? '').split(',')
  const wanted = [request.cookies[LANGUAGE] ?? '', ...asked.map((one) => one.trim().slice(0, 2).toLowerCase())]
  return wanted.find((one) => languages.includes(one)) ?? 'en'
}
