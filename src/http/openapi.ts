import { createHash } from 'node:crypto'
import swagger from '@fastify/swagger'
import fastify, { type FastifyInstance } from 'fastify'
import { open, type Policy } from './policy.ts'

/**
 * The policy of the page: nothing of it comes from elsewhere, and nothing it is told to load from elsewhere is loaded. Of scripts only the
 * bundle and the one line in the page run, the line by its hash. Its styles are made by the script, so they cannot be named beforehand.
 */
function policyOf(page: string): string {
  const hashes = [...page.matchAll(/<script(?: type="[a-z/]{1,30}")?>([\s\S]{0,10000}?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
  return [
    "default-src 'none'",
    ["script-src 'self'", ...hashes].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ].join('; ')
}

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
        { name: 'Disputes', description: 'What is argued about payments that NPCI has settled' },
        { name: 'Tokens', description: 'OAuth 2 for programs: tokens bound to a key' },
        { name: 'Sessions', description: 'People sign in, prove again who they are, and sign out' },
        { name: 'Invitations', description: 'How a person begins' },
        { name: 'Your account', description: 'What you prove who you are with' },
        { name: 'People', description: 'Who may do what for you' },
        { name: 'Directory', description: 'Banks and IFSCs' },
        { name: 'Operations', description: 'Health, metrics and this document' },
        { name: 'Sandbox', description: 'What only a sandbox has' },
      ],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'Your API key.' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-turant',
            description: 'A person who is signed in. What changes anything needs `X-CSRF-Token` too.',
          },
          wallet: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-turant-wallet',
            description: "A tenant's customer who is signed in. What changes anything needs `X-CSRF-Token` too.",
          },
        },
      },
      security: [{ apiKey: [] }, { session: [] }],
    },
    transform: ({ schema, url, route }) => ({ url, schema: { ...securityOf(route.config?.policy), ...schema } }),
  })
}

/** What a route asks for, as the document says it: from the policy that decides. */
function securityOf(policy: Policy | undefined): { readonly security?: readonly Record<string, readonly string[]>[] } {
  if (policy?.kind === 'open') return { security: [] }
  if (policy?.kind === 'customer') return { security: [{ wallet: [] }] }
  return policy?.kind === 'person' ? { security: [{ session: [] }] } : {}
}

/** `/openapi.json`, and `/docs/api/` to browse it: everything the page needs is served from here. */
export function apiPageRoutes(app: FastifyInstance): void {
  app.get('/openapi.json', { config: open, schema: { hide: true } }, () => app.swagger())
  app.get('/docs/api', { config: open, schema: { hide: true } }, (_request, reply) => reply.redirect('/docs/api/', 301))

  // The page is five megabytes of script: it is loaded when somebody first looks at it, not when the hub starts.
  let page: Promise<FastifyInstance> | undefined
  const load = async (): Promise<FastifyInstance> => {
    const { default: scalar } = await import('@scalar/fastify-api-reference')
    const inner = fastify()
    await inner.register(scalar, {
      routePrefix: '/docs/api',
      configuration: {
        url: '/openapi.json',
        pageTitle: 'Turant API',
        favicon: '/docs/assets/icon.svg',
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
  app.get('/docs/api/*', { config: open, schema: { hide: true } }, async (request, reply) => {
    page ??= load()
    const answer = await (await page).inject({ method: 'GET', url: request.url, headers: { host: 'localhost' } })
    return reply
      .code(answer.statusCode)
      .header('content-type', answer.headers['content-type'])
      .header('content-security-policy', policyOf(isPage(answer.headers['content-type']) ? answer.body : ''))
      .header('cache-control', 'no-cache')
      .send(answer.rawPayload)
  })
}

const isPage = (contentType: unknown): boolean => typeof contentType === 'string' && contentType.startsWith('text/html')
