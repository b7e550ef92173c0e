import type { FastifyInstance, FastifyReply } from 'fastify'
import { open } from './policy.ts'

/** What a page may do: its own style, its own script, its own icon, its own index. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ')

const hidden = { config: open, schema: { hide: true } } as const

/** `/docs/`: the documents as pages and as Markdown, with search; `/llms.txt` for programs that read. Rendered when somebody first looks. */
export function documentRoutes(app: FastifyInstance): void {
  const load = async () => {
    const [{ openLibrary }, { pageOf }, { assets }] = await Promise.all([
      import('../docs/library.ts'),
      import('../docs/page.ts'),
      import('../docs/assets.ts'),
    ])
    return { library: openLibrary(), pageOf, assets }
  }
  let loaded: ReturnType<typeof load> | undefined
  const site = (): ReturnType<typeof load> => {
    loaded ??= load()
    return loaded
  }
  const give = (reply: FastifyReply, kind: string, content: string | Buffer) =>
    reply
      .header('content-type', `${kind}; charset=utf-8`)
      .header('content-security-policy', POLICY)
      .header('cache-control', 'no-cache')
      .send(content)

  app.get('/llms.txt', hidden, async (_request, reply) => give(reply, 'text/plain', (await site()).library.llms))
  app.get('/docs', hidden, (_request, reply) => reply.redirect('/docs/', 301))
  app.get<{ Params: { name: string } }>('/docs/assets/:name', hidden, async (request, reply) => {
    const { library, assets } = await site()
    const { name } = request.params
    const asset = Object.hasOwn(assets, name) ? assets[name] : undefined
    return asset === undefined ? reply.callNotFound() : give(reply, asset[0], asset[1](library))
  })
  app.get<{ Params: { '*': string } }>('/docs/*', hidden, async (request, reply) => {
    const { library, pageOf } = await site()
    const path = request.params['*']
    const page = library.pages.get(path === '' ? 'index' : path.replace(/\.md$/, ''))
    if (page === undefined) return reply.callNotFound()
    return path.endsWith('.md')
      ? give(reply, 'text/markdown', page.markdown)
      : give(reply, 'text/html', pageOf(library, page))
  })
}
