import swagger from '@fastify/swagger'
import fastify, { type FastifyInstance } from 'fastify'
import { open } from './policy.ts'

/** Nothing of the page comes from elsewhere, and nothing it is told to load from elsewhere is loaded. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
  "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Collects the schemas of every route that is registered after this call. */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Turant',
        version: '1.0.0',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        description:
          'The open IMPS hub. Amounts are strings of digits in paise; instants are RFC 3339 in UTC; errors are RFC 9457 problem ' +
          'documents with a stable `code`. `processing` means that the outcome is open: the money is safe, the hub asks, and ' +
          'nothing is ever sent twice.',
      },
      tags: [
        { name: 'Payments', description: 'Pay, follow, look up' },
        { name: 'Accounts', description: 'Customer accounts on the ledger of the hub' },
        { name: 'Directory', description: 'Banks and IFSCs' },
        { name: 'Operations', description: 'Health, metrics and this document' },
        { name: 'Sandbox', description: 'What only a sandbox has' },
      ],
      components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'Your API key.' } } },
      security: [{ apiKey: [] }],
    },
  })
}

/** `/openapi.json`, and `/docs` to browse it: everything the page needs is served from here. */
export function docsRoutes(app: FastifyInstance): void {
  app.get('/openapi.json', { config: open, schema: { hide: true } }, () => app.swagger())
  app.get('/docs', { config: open, schema: { hide: true } }, (_request, reply) => reply.redirect('/docs/', 301))

  // The page is five megabytes of script: it is loaded when somebody first looks at it, not when the hub starts.
  let page: Promise<FastifyInstance> | undefined
  const load = async (): Promise<FastifyInstance> => {
    const { default: scalar } = await import('@scalar/fastify-api-reference')
    const inner = fastify()
    await inner.register(scalar, {
      routePrefix: '/docs',
      configuration: {
        url: '/openapi.json',
        pageTitle: 'Turant API',
        withDefaultFonts: false,
        telemetry: false,
        showDeveloperTools: 'never',
        hideClientButton: true,
        agent: { disabled: true },
        mcp: { disabled: true },
        persistAuth: false,
      },
    })
    return inner
  }
  app.get('/docs/*', { config: open, schema: { hide: true } }, async (request, reply) => {
    page ??= load()
    const answer = await (await page).inject({ method: 'GET', url: request.url, headers: { host: 'localhost' } })
    return reply
      .code(answer.statusCode)
      .header('content-type', answer.headers['content-type'])
      .header('content-security-policy', DOCS_POLICY)
      .header('cache-control', 'no-cache')
      .send(answer.rawPayload)
  })
}
