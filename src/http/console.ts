import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Random } from '../base/random.ts'
import { type BuiltConsole, builtFolder, readBuiltConsole } from '../docs/built-console.ts'
import { open } from './policy.ts'

export type ConsoleDeps = {
  readonly random: Random
  /** Where `vite build` put it; the repository's own when absent. */
  readonly folder?: string
  readonly mode: 'live' | 'sandbox'
}

/** What the console may do: its own script, its own style and style elements with this answer's nonce, its own API. */
const policyOf = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ].join('; ')

const kinds: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json',
  woff2: 'font/woff2',
}
const A_YEAR = 'public, max-age=31536000, immutable'
const NOT_BUILT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Turant</title><h1>The console is not built</h1>' +
  '<p>Build it with <code>npm run build -w packages/console</code>, and load this page again. The API works without it.</p></html>\n'

const hidden = { config: open, schema: { hide: true } } as const

/**
 * `/console`: the pages for people, as they were built. Whatever is below it is one page, which finds out by itself what to show; only
 * `assets/` are files, named by what is in them and kept for ever.
 */
export function consoleRoutes(app: FastifyInstance, { random, folder = builtFolder, mode }: ConsoleDeps): void {
  let built: BuiltConsole | undefined
  const page = (reply: FastifyReply): FastifyReply => {
    built ??= readBuiltConsole(folder)
    const nonce = Array.from({ length: 4 }, () => random.next32().toString(16).padStart(8, '0')).join('')
    reply.header('content-security-policy', policyOf(nonce)).type('text/html; charset=utf-8')
    if (built === undefined) return reply.code(503).send(NOT_BUILT)
    return reply.send(built.page.replace('{{nonce}}', nonce).replace('{{mode}}', mode))
  }

  app.get('/console', hidden, (_request, reply) => page(reply))
  // No screen's address has a dot in it: what has one asks for a file, and there are none outside assets/.
  app.get<{ Params: { '*': string } }>('/console/*', hidden, (request, reply) =>
    request.params['*'].includes('.') ? reply.callNotFound() : page(reply),
  )
  app.get<{ Params: { name: string } }>('/console/assets/:name', hidden, (request, reply) => {
    built ??= readBuiltConsole(folder)
    const { name } = request.params
    const asset = built?.assets.get(name)
    if (asset === undefined) return reply.callNotFound()
    const takes = request.headers['accept-encoding'] ?? ''
    const encoding = asset.br !== undefined && /\bbr\b/.test(takes) ? 'br' : 'gzip'
    const packed = encoding === 'br' ? asset.br : /\bgzip\b/.test(takes) ? asset.gz : undefined
    if (packed !== undefined) reply.header('content-encoding', encoding)
    return reply
      .header('cache-control', A_YEAR)
      .header('vary', 'accept-encoding')
      .type(kinds[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream')
      .send(packed ?? asset.bytes)
  })
}
