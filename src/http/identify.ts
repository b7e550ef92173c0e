import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../base/clock.ts'
import type { Caller } from '../identity/caller.ts'
import type { Clients, Known } from '../identity/clients.ts'
import { TOKEN_PREFIX } from '../identity/keys.ts'
import { checkRequest, EMPTY_SHA256, SignatureError } from '../identity/signature.ts'
import type { Tokens, TokenUse } from '../identity/tokens.ts'
import type { Admission } from './admission.ts'
import { allow } from './policy.ts'
import { Problem } from './problems.ts'
import { identifyPerson, type SessionDeps, sessionTokenOf } from './session-cookie.ts'
import { createCertificates } from './tls.ts'
import { challenge, problemOfToken } from './token-faults.ts'
import { identifyCustomer, type WalletCookieDeps, walletTokenOf } from './wallet/cookie.ts'

export type IdentifyDeps = SessionDeps &
  WalletCookieDeps & {
    readonly clock: Clock
    readonly clients: Clients
    readonly tokens: Tokens
    /** Who gets in when too many want to. */
    readonly admission: Admission
    /** In a sandbox test keys move money unsigned: it is none. */
    readonly sandbox: boolean
    /** What this hub is called from outside, `https://hub.example`: signatures are for one of these. */
    readonly origins: () => readonly string[]
  }

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller's keys for signatures. */
    known: Known
    /** SHA-256 of the body as it came; taken only when the request is signed. */
    bodySha256: Uint8Array | null
  }
}

/**
 * Finds out who asks, before anything of the request is read, and whether they may; and checks signatures once the body is there. Whoever
 * signs what need not be signed must sign it right.
 */
export function identifyCallers(api: FastifyInstance, deps: IdentifyDeps): void {
  const admit = (request: FastifyRequest, known: Known | undefined): void => {
    const { authorization } = request.headers
    if (authorization !== undefined) deps.admission.tried(request.ip, authorization, known !== undefined)
    if (known === undefined) throw new Problem('unauthorized', { headers: challenge })
    // requirePolicies has seen to it that there is one; without it nobody is allowed anything.
    const { policy } = request.routeOptions.config
    if (policy === undefined) throw new Problem('forbidden')
    if (request.slot !== null) deps.admission.admit(request.slot, known.caller)
    allow(policy, known.caller, deps.clock.now())
    request.known = known
    request.caller = known.caller
  }
  const identify = createIdentify(deps)
  api.addHook('onRequest', (request, reply, done) => {
    const settle = (known: Known | undefined): void => {
      try {
        admit(request, known)
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)))
        return
      }
      done()
    }
    const { authorization } = request.headers
    const refuse = (error: Error): void => {
      // A proof that lacked only the nonce of the hour was no guess.
      const isGuess = error instanceof Problem && error.code === 'unauthorized' && !('dpop-nonce' in error.headers)
      if (isGuess && authorization !== undefined) deps.admission.tried(request.ip, authorization, false)
      done(error)
    }
    try {
      if (authorization !== undefined) deps.admission.mayTry(request.ip, authorization)
      const found = identify(request, reply)
      if (found instanceof Promise) found.then(settle, refuse)
      else settle(found)
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  })
  api.addHook('preValidation', (request, _reply, done) => {
    const { policy } = request.routeOptions.config
    const isSigned = request.headers['signature-input'] !== undefined || request.headers.signature !== undefined
    const must = policy?.kind === 'right' && mustSign(policy, request.caller, deps.sandbox)
    if (!isSigned && !must) {
      done()
      return
    }
    checkSignature(deps, request).then(() => done(), done)
  })
}

/**
 * What a program must sign. A live one: what moves money, and what a person would have to prove themselves anew for, so that who has stolen
 * its key and no more cannot register a signing key of their own. Outside the sandbox nobody moves money by a key alone. A person signs in.
 */
const mustSign = (
  { money, sensitive }: { readonly money: boolean; readonly sensitive: boolean },
  { via, live }: Caller,
  sandbox: boolean,
): boolean => via !== 'session' && (live ? money || sensitive : money && !sandbox)

type Found = Known | undefined | Promise<Known | undefined>

/** Whose a request is: a customer's or a person's when it brings a session, a token's holder's when it brings a token, a key's client's otherwise. */
function createIdentify(deps: IdentifyDeps): (request: FastifyRequest, reply: FastifyReply) => Found {
  const certificateOf = createCertificates()
  return (request, reply) => {
    const { authorization } = request.headers
    // A customer's session is looked at where something of a customer's is, and opens nothing else.
    const wallet = request.routeOptions.config.policy?.kind === 'customer' ? walletTokenOf(request) : undefined
    const session = wallet === undefined ? sessionTokenOf(request) : undefined
    if ((wallet ?? session) !== undefined && authorization !== undefined) throw new Problem('two_identities')
    if (wallet !== undefined) return identifyCustomer(deps, request, wallet)
    if (session !== undefined) return identifyPerson(deps, request, session)
    const use = tokenUse(authorization)
    return use === undefined
      ? deps.clients.identify(authorization, request.ip)
      : holderOf(deps, { ...use, certificate: certificateOf(request.raw.socket) }, request, reply)
  }
}

/**
 * Whether whoever asked may still have what this route answers: an answer that goes on for long ends when its key, token, session or right does.
 * @throws when the database is away
 */
export async function mayStill(
  { clients, tokens, people, wallets }: Pick<IdentifyDeps, 'clients' | 'tokens' | 'people' | 'wallets'>,
  request: FastifyRequest,
): Promise<boolean> {
  const { headers, ip, routeOptions } = request
  if (request.wallet !== null) return wallets.isOpen(walletTokenOf(request) ?? '')
  const { authorization } = headers
  const session = sessionTokenOf(request)
  const use = tokenUse(authorization)
  const known =
    session !== undefined
      ? await people.sessions.peek(session)
      : use === undefined
        ? await clients.identify(authorization, ip)
        : await tokens.peek(use.token, ip)
  const { policy } = routeOptions.config
  return known !== undefined && policy?.kind === 'right' && known.caller.rights.has(policy.right)
}

/** The longest header that is looked at. */
const MAX_HEADER = 512

/** A token in this header, and how it came. `DPoP` is for tokens only; `Bearer` is for keys too. */
function tokenUse(authorization = ''): { readonly scheme: 'bearer' | 'dpop'; readonly token: string } | undefined {
  const [, scheme, token = ''] =
    (authorization.length <= MAX_HEADER && /^(bearer|dpop) +([!-~]+)$/i.exec(authorization)) || []
  if (scheme?.toLowerCase() === 'dpop') return { scheme: 'dpop', token }
  return token.startsWith(TOKEN_PREFIX) ? { scheme: 'bearer', token } : undefined
}

async function holderOf(
  deps: IdentifyDeps,
  use: Pick<TokenUse, 'scheme' | 'token' | 'certificate'>,
  { method, url, headers, ip }: FastifyRequest,
  reply: FastifyReply,
): Promise<Known> {
  const origin = originOf(deps.origins(), headers.host)
  const uri = origin && `${origin}${url.split('?', 1)[0]}`
  const proof = typeof headers.dpop === 'string' ? headers.dpop : undefined
  try {
    const { known, nonce } = await deps.tokens.identify({ ...use, proof, method, uri, address: ip })
    if (nonce !== undefined) reply.header('dpop-nonce', nonce)
    return known
  } catch (error) {
    throw problemOfToken(error, use.scheme, await deps.tokens.nonce())
  }
}

/** What this hub is called by whoever sent this `Host`; undefined when it is not called so. */
export const originOf = (origins: readonly string[], host: string | undefined): string | undefined =>
  origins.find((one) => new URL(one).host === host)

async function checkSignature(deps: IdentifyDeps, request: FastifyRequest): Promise<void> {
  const origin = originOf(deps.origins(), request.headers.host)
  if (origin === undefined) {
    throw new Problem('signature_invalid', { detail: 'wrong_host: this hub is not called by the name in Host.' })
  }
  const { known } = request
  try {
    await checkRequest({
      message: { method: request.method, targetUri: origin + request.url, headers: request.headers },
      bodySha256: request.bodySha256 ?? EMPTY_SHA256,
      now: deps.clock.now(),
      hosts: [new URL(origin).host],
      findKey: (keyId) => known.signing.get(keyId),
      claimNonce: (keyId, nonce, expiresAt) => deps.clients.claimOnce(`${keyId} ${nonce}`, expiresAt),
    })
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error
    if (error.code === 'missing') {
      throw new Problem('signature_required', {
        detail: 'What moves money, keys or limits is signed by RFC 9421: see the guide to clients and signatures.',
      })
    }
    throw new Problem('signature_invalid', { detail: `${error.code}: ${error.message}.` })
  }
}
