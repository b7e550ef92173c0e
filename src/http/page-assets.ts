import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { open } from './policy.ts'

/** What pages for everybody load and how they are sent: small, compressed, and kept by browsers under a name that changes with the content. */

type Encoding = 'br' | 'gzip'
type Asset = { readonly kind: string; readonly plain: Buffer; readonly packed: Readonly<Record<Encoding, Buffer>> }

const kinds: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
}

const FOREVER = 'public, max-age=31536000, immutable'
/** A page is made anew each time: the last per cent of size is not worth five times the work. */
const PAGE_QUALITY = 5

/** What the reader's browser unpacks; brotli where it can. */
function encodingOf(request: FastifyRequest): Encoding | undefined {
  const accepted = (request.headers['accept-encoding'] ?? '').toString().split(',')
  const takes = (name: Encoding): boolean =>
    accepted.some((one) => {
      const [coding = '', weight = 'q=1'] = one.toLowerCase().split(';')
      return coding.trim() === name && Number(weight.trim().slice('q='.length)) > 0
    })
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : undefined
}

/**
 * Serves files under `prefix`, each by a name with its hash in it.
 * @param files  what is in them, by name; packed once, now
 * @returns where each file is, by its name
 */
export function serveAssets(
  app: FastifyInstance,
  prefix: string,
  files: Readonly<Record<string, Buffer>>,
): Readonly<Record<string, string>> {
  const byHashedName = new Map<string, Asset>()
  const urls: Record<string, string> = {}
  for (const [name, plain] of Object.entries(files)) {
    const [stem = '', ending = ''] = name.split('.')
    const hashed = `${stem}.${createHash('sha256').update(plain).digest('base64url').slice(0, 10)}.${ending}`
    const packed = { br: brotliCompressSync(plain), gzip: gzipSync(plain, { level: 9 }) }
    byHashedName.set(hashed, { kind: kinds[ending] ?? 'application/octet-stream', plain, packed })
    urls[name] = `${prefix}/${hashed}`
  }
  app.get<{ Params: { name: string } }>(
    `${prefix}/:name`,
    { config: open, schema: { hide: true } },
    (request, reply) => {
      const asset = byHashedName.get(request.params.name)
      if (asset === undefined) return reply.callNotFound()
      const encoding = encodingOf(request)
      if (encoding !== undefined) reply.header('content-encoding', encoding)
      return reply
        .header('content-type', asset.kind)
        .header('cache-control', FOREVER)
        .header('vary', 'accept-encoding')
        .send(encoding === undefined ? asset.plain : asset.packed[encoding])
    },
  )
  return urls
}

const packers = {
  br: (text: string) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: PAGE_QUALITY } }),
  gzip: (text: string) => promisify(gzip)(text),
} as const

/** Sends a page as small as the reader's browser takes it. No page has both a secret and a stranger's words in it, so its length tells nothing. */
export async function sendPage(request: FastifyRequest, reply: FastifyReply, page: string): Promise<FastifyReply> {
  const encoding = encodingOf(request)
  if (encoding !== undefined) reply.header('content-encoding', encoding)
  return reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('vary', 'accept-encoding, accept-language')
    .send(encoding === undefined ? page : await packers[encoding](page))
}
