import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../base/clock.ts'
import type { Clients, Known } from '../identity/clients.ts'
import { checkRequest, EMPTY_SHA256, SignatureError } from '../identity/signature.ts'
import { allow } from './policy.ts'
import { Problem } from './problems.ts'

export type IdentifyDeps = {
  readonly clock: Clock
  readonly clients: Clients
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
 * Finds out who asks, before anything of the request is read, and whether they may; and checks signatures once the body is there. A
 * live client must sign what moves money; whoever signs anything else must sign it right.
 */
export function identifyCallers(api: FastifyInstance, deps: IdentifyDeps): void {
  const admit = (request: FastifyRequest, known: Known | undefined): void => {
    if (known === undefined) throw new Problem('unauthorized', { headers: { 'www-authenticate': 'Bearer' } })
    // requirePolicies has seen to it that there is one; without it nobody is allowed anything.
    const { policy } = request.routeOptions.config
    if (policy === undefined) throw new Problem('forbidden')
    allow(policy, known.caller, deps.clock.now())
    request.known = known
    request.caller = known.caller
  }
  api.addHook('onRequest', (request, _reply, done) => {
    const settle = (known: Known | undefined): void => {
      try {
        admit(request, known)
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)))
        return
      }
      done()
    }
    const found = deps.clients.identify(request.headers.authorization, request.ip)
    if (found instanceof Promise) found.then(settle, done)
    else settle(found)
  })
  api.addHook('preValidation', (request, _reply, done) => {
    const { policy } = request.routeOptions.config
    const isSigned = request.headers['signature-input'] !== undefined || request.headers.signature !== undefined
    const must = policy?.kind === 'right' && policy.money && request.caller.live
    if (!isSigned && !must) {
      done()
      return
    }
    checkSignature(deps, request).then(() => done(), done)
  })
}

async function checkSignature(deps: IdentifyDeps, request: FastifyRequest): Promise<void> {
  const origins = deps.origins()
  const origin = origins.find((one) => new URL(one).host === request.headers.host)
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
        detail: 'A live key signs what moves money: see RFC 9421 in the reference.',
      })
    }
    throw new Problem('signature_invalid', { detail: `${error.code}: ${error.message}.` })
  }
}
