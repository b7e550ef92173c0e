import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Random } from '../base/random.ts'
import { open } from './policy.ts'

export type ConsoleDeps = {
  readonly random: Random
  /** Where `vite build` put it; the repository's own when absent. */
  readonly folder?: string
  readonly mode: 'live' | 'sandbox'
}

const BUILT = fileURLToPath(new URL('../../packages/console/dist', import.meta.url))

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

type Asset = { readonly bytes: Buffer; readonly br: Buffer | undefined; readonly gz: Buffer | undefined }
type Built = { readonly page: string; readonly assets: ReadonlyMap<string, Asset> }

const hidden = { config: open, schema: { hide: true } } as const

/**
 * `/console`: the pages for people, as they were built. Whatever is below it is one page, which finds out by itself what to show; only
 * `assets/` are files, named by what is in them and kept for ever.
 */
export function consoleRoutes(app: FastifyInstance, { random, folder = BUILT, mode }: ConsoleDeps): void {
  let built: Built | undefined
  const page = (reply: FastifyReply): FastifyReply => {
    built ??= readBuilt(folder)
    const nonce = Array.from({ length: 4 }, () => random.next32().toString(16).padStart(8, '0')).join('')
    reply.header('content-security-policy', policyOf(nonce)).type('text/html; charset=utf-8')
    if (built === undefined) return reply.code(503).send(NOT_BUILT)
    return reply.send(built.page.replace('{{nonce}}', nonce).replace('{{mode}}', mode))
  }

  app.get('/console', hidden, (_request, reply) => page(reply))
  app.get('/console/*', hidden, (_request, reply) => page(reply))
  app.get<{ Params: { name: string } }>('/console/assets/:name', hidden, (request, reply) => {
    built ??= readBuilt(folder)
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

/** All of it, into memory: two or three megabytes. Undefined: it was not built. */
function readBuilt(folder: string): Built | undefined {
  const names = globSync('assets/*', { cwd: folder })
  if (names.length === 0) return undefined
  const read = (name: string): Buffer => readFileSync(join(folder, name))
  const has = new Set(names)
  const assets = names
    .filter((name) => !/\.(br|gz)$/.test(name))
    .map((name): [string, Asset] => [
      name.slice('assets/'.length),
      {
        bytes: read(name),
        br: has.has(`${name}.br`) ? read(`${name}.br`) : undefined,
        gz: has.has(`${name}.gz`) ? read(`${name}.gz`) : undefined,
      },
    ])
  return { page: read('index.html').toString('utf8'), assets: new Map(assets) }
}
