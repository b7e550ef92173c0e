import { createPublicKey } from 'node:crypto'
import { isWithin } from '../base/address.ts'
import type { Clock } from '../base/clock.ts'
import type { Db, Tx } from '../db/pool.ts'
import type { AsTenant } from '../db/tenant.ts'
import { type Assertion, readAssertion } from './assertion.ts'
import type { Client } from './client-store.ts'
import { type Clients, isUsable, type Known, knownOf } from './clients.ts'
import { checkProof, type Proof } from './dpop.ts'
import { createFailures } from './failures.ts'
import { isSignedWith } from './jwt.ts'
import { digestOfKey, makeToken, readToken } from './keys.ts'
import type { Right } from './rights.ts'
import { OauthError, refuse, TokenFault } from './token-fault.ts'
import {
  type Binding,
  type FoundToken,
  findAsserting,
  findNonces,
  findToken,
  insertToken,
  revokeToken,
  type TokenKey,
} from './token-store.ts'

/**
 * Tokens of OAuth 2 for programs (RFC 6749 §4.4 with RFC 7523): a signed assertion in, a token of ten minutes out. Each works only in the
 * hands of whoever has the key that it is bound to: a DPoP key (RFC 9449) or the certificate of the TLS connection (RFC 8705).
 */

/** A request with a token, as far as the token is concerned. */
export type TokenUse = {
  readonly scheme: 'bearer' | 'dpop'
  readonly token: string
  readonly proof: string | undefined
  /** SHA-256, base64url, of the client certificate that this TLS connection proved. */
  readonly certificate: string | undefined
  readonly method: string
  /** As this hub is called, without a query; undefined when it is not called so. */
  readonly uri: string | undefined
  readonly address: string
}

/** A request to one of the end points. */
export type Asking = Pick<TokenUse, 'certificate' | 'address'> & {
  readonly assertion: string
  /** What the client says beside its assertion. */
  readonly clientId: string | undefined
  /** What this hub is called: `https://hub.example`. */
  readonly origin: string
  readonly path: string
  readonly requestId: string
}

/** What is written down about tokens. */
export type TokenAct = {
  readonly action: 'token.issued' | 'token.revoked' | 'assertion.refused'
  readonly client: Client
  readonly detail: Readonly<Record<string, string>>
  readonly requestId: string
  readonly address: string
}

export type TokenDeps = {
  readonly clock: Clock
  /** The hub's own pool: before it is known who asks, there is no tenant. */
  readonly db: Db
  readonly asTenant: AsTenant
  readonly clients: Pick<Clients, 'claimOnce'>
  readonly noted: (tx: Tx, act: TokenAct) => Promise<void>
  /** Whether a DPoP proof must repeat a nonce of the hub. */
  readonly nonces: 'required' | 'optional'
}

export type Tokens = {
  /** @throws {OauthError} */
  readonly issue: (
    asking: Asking & { readonly scope: string | undefined; readonly proof: string | undefined },
  ) => Promise<Issued>
  /** Ends one of the client's own tokens; of any other it says nothing. @throws {OauthError} */
  readonly revoke: (asking: Asking & { readonly token: string }) => Promise<void>
  /**
   * Who has this token, with the nonce that its holder should use from now on, if there is another one.
   * @throws {TokenFault}
   */
  readonly identify: (use: TokenUse) => Promise<{ readonly known: Known; readonly nonce: string | undefined }>
  /** Who still has this token, without its being used: for an answer that goes on. */
  readonly peek: (token: string, address: string) => Promise<Known | undefined>
  /** What a proof must repeat now. */
  readonly nonce: () => Promise<string>
}

export type Issued = {
  readonly token: string
  readonly type: 'DPoP' | 'Bearer'
  readonly rights: readonly Right[]
  readonly expiresInS: number
  /** For the first proof at a resource. */
  readonly nonce: string | undefined
}

export const TOKEN_PATH = '/oauth/token'
const LIFE_S = 600
/** How long one nonce is given out; it is taken for as long again. */
export const NONCE_PERIOD_MS = 300_000
/** How long what was found is believed. */
const FRESH_MS = 1_000
const MAX_KNOWN = 10_000
/** Failures in a minute after which a client at an address, and an address, must wait. Nobody is locked out from elsewhere. */
const FAILURES = { windowMs: 60_000, ofClient: 10, ofAddress: 100 }
const SKEW_MS = 30_000

export function createTokens(deps: TokenDeps): Tokens {
  const { clock, db, clients } = deps
  const kept = new Map<string, { readonly found: FoundToken; readonly at: number }>()
  const failures = createFailures(clock, FAILURES.windowMs)
  let nonces: { readonly period: number; readonly known: readonly string[] } | undefined

  const periodOf = (now: number): number => Math.floor(now / NONCE_PERIOD_MS)
  const loadNonces = async (): Promise<readonly string[]> => {
    const period = periodOf(clock.now())
    if (nonces?.period !== period) nonces = { period, known: await findNonces(db, period) }
    return nonces.known
  }
  const takes =
    (known: readonly string[]) =>
    (nonce: string | undefined): boolean =>
      nonce === undefined ? deps.nonces === 'optional' : known.includes(nonce)

  const claim = async ({ once, rememberUntil }: Pick<Proof, 'once' | 'rememberUntil'>): Promise<void> => {
    if (!(await clients.claimOnce(once, rememberUntil))) refuse('replayed', 'it was used before')
  }

  const find = async (token: string): Promise<FoundToken | undefined> => {
    const now = clock.now()
    const before = kept.get(token)
    if (before !== undefined && before.at + FRESH_MS > now && before.at <= now) return before.found
    kept.delete(token)
    const found = await findToken(db, digestOfKey(token))
    if (found === undefined) return undefined // whoever guesses fills no memory
    if (kept.size >= MAX_KNOWN) kept.clear()
    kept.set(token, { found, at: now })
    return found
  }

  /** Counts and writes down a failure. Of many of one client in a minute the first is written: nobody fills its chain for it. */
  const failed = async (asking: Asking, client: Client | undefined, reason: string): Promise<void> => {
    failures.add(`address ${asking.address}`)
    if (client === undefined) return
    failures.add(`client ${client.id} ${asking.address}`)
    if (failures.add(`refused ${client.id}`) > 1) return
    const { requestId, address } = asking
    const act = { action: 'assertion.refused', client, detail: { reason }, requestId, address } as const
    await deps.asTenant(client.tenantId, (tx) => deps.noted(tx, act))
  }
  const mayTry = (key: string, most: number): void => {
    if (failures.count(key) < most) return
    const seconds = Math.max(1, Math.ceil(failures.endsInMs(key) / 1000))
    throw new OauthError('temporarily_unavailable', 'too many requests failed: wait', {
      'retry-after': String(seconds),
    })
  }

  /** Whose assertion this is. It is not yet used up: whoever is told to come again with a nonce may bring it again. */
  const authenticate = async (
    asking: Asking,
  ): Promise<{ readonly client: Client; readonly key: TokenKey; readonly assertion: Assertion }> => {
    mayTry(`address ${asking.address}`, FAILURES.ofAddress)
    const now = clock.now()
    let client: Client | undefined
    try {
      const { origin, path } = asking
      const audiences = [...new Set([origin, `${origin}${TOKEN_PATH}`, `${origin}${path}`])]
      const assertion = readAssertion(asking.assertion, audiences, now)
      if (asking.clientId !== undefined && asking.clientId !== assertion.clientId)
        refuse('wrong_subject', 'client_id is not the client of the assertion')
      mayTry(`client ${assertion.clientId} ${asking.address}`, FAILURES.ofClient)
      const found = await findAsserting(db, assertion.clientId)
      client = found?.client
      const key = found && (await signerOf(assertion, found.keys))
      // A client that is not there, a key that is not its own and a wrong signature are one answer.
      if (found === undefined || key === undefined) return refuse('not_accepted', 'no key of this client signed this')
      if (found.client.disabledAt !== null) refuse('not_accepted', 'no key of this client signed this')
      if (found.client.networks.length > 0 && !isWithin(asking.address, found.client.networks))
        refuse('not_accepted', 'the client may not come from this address')
      return { client: found.client, key, assertion }
    } catch (error) {
      if (!(error instanceof TokenFault)) throw error
      await failed(asking, client, error.code)
      throw new OauthError('invalid_client', `${error.code}: ${error.message}`)
    }
  }

  /** Uses the assertion up. */
  const useUp = async (asking: Asking, client: Client, { jti, expiresAt }: Assertion): Promise<void> => {
    const once = await clients.claimOnce(`assertion ${client.id} ${jti}`, expiresAt + SKEW_MS)
    if (once) return
    await failed(asking, client, 'replayed')
    throw new OauthError('invalid_client', 'replayed: the assertion was used before')
  }

  const bindingOf = async (
    asking: Asking & { readonly proof: string | undefined },
    client: Client,
  ): Promise<{ readonly binding: Binding; readonly proof: Proof | undefined }> => {
    const { proof, certificate, origin, path } = asking
    if (proof === undefined) {
      if (certificate === undefined)
        throw new OauthError('invalid_request', 'a token is bound: send a DPoP proof, or a client certificate by TLS')
      return { binding: { kind: 'x5t', thumbprint: certificate }, proof: undefined }
    }
    const known = await loadNonces()
    try {
      const uri = `${origin}${path}`
      const checked = await checkProof(proof, { method: 'POST', uri, now: clock.now(), takesNonce: takes(known) })
      return { binding: { kind: 'jkt', thumbprint: checked.thumbprint }, proof: checked }
    } catch (error) {
      if (!(error instanceof TokenFault)) throw error
      if (error.code === 'wants_nonce')
        throw new OauthError('use_dpop_nonce', error.message, { 'dpop-nonce': known[0] ?? '' })
      await failed(asking, client, error.code)
      throw new OauthError('invalid_dpop_proof', `${error.code}: ${error.message}`)
    }
  }

  return {
    async issue(asking) {
      const { client, key, assertion } = await authenticate(asking)
      const rights = rightsOf(asking.scope, client)
      const { binding, proof } = await bindingOf(asking, client)
      await useUp(asking, client, assertion)
      if (proof !== undefined && !(await clients.claimOnce(proof.once, proof.rememberUntil))) {
        await failed(asking, client, 'replayed')
        throw new OauthError('invalid_dpop_proof', 'replayed: the proof was used before')
      }
      const now = clock.now()
      const token = makeToken()
      const { requestId, address } = asking
      const detail = { binding: binding.kind, key: key.id, rights: rights.join(' ') }
      const made = await deps.asTenant(client.tenantId, async (tx) => {
        const fresh = { sha256: digestOfKey(token), keyId: key.id, rights, binding, expiresAt: now + LIFE_S * 1000 }
        if (!(await insertToken(tx, client, fresh, now))) return false
        await deps.noted(tx, { action: 'token.issued', client, detail, requestId, address })
        return true
      })
      if (!made) {
        const wait = { 'retry-after': '60' }
        throw new OauthError('temporarily_unavailable', 'this client has as many tokens as it may have', wait)
      }
      const type = binding.kind === 'jkt' ? 'DPoP' : 'Bearer'
      const nonce = proof === undefined ? undefined : (await loadNonces())[0]
      return { token, type, rights, expiresInS: LIFE_S, nonce }
    },
    async revoke(asking) {
      const { client, assertion } = await authenticate(asking)
      await useUp(asking, client, assertion)
      if (!readToken(asking.token)) return
      const { requestId, address } = asking
      await deps.asTenant(client.tenantId, async (tx) => {
        if (await revokeToken(tx, client, digestOfKey(asking.token), clock.now()))
          await deps.noted(tx, { action: 'token.revoked', client, detail: {}, requestId, address })
      })
      kept.delete(asking.token)
    },
    async identify({ scheme, token, proof, certificate, method, uri, address }) {
      const now = clock.now()
      const found = readToken(token) ? await find(token) : undefined
      if (found === undefined || !isUsable(found, address, now))
        return refuse('not_accepted', 'the token is not one that works now')
      const known = knownOf({ ...found, client: { ...found.client, rights: found.rights } }, 'token', address)
      if (found.binding.kind === 'x5t') {
        if (scheme !== 'bearer') refuse('not_bound', 'the token is bound to a certificate: send it as Bearer')
        if (certificate !== found.binding.thumbprint)
          refuse('not_bound', 'the token is bound to a certificate that this connection did not show')
        return { known, nonce: undefined }
      }
      if (scheme !== 'dpop') refuse('not_bound', 'the token is bound to a key: send it as DPoP, with a proof')
      if (proof === undefined) return refuse('no_proof', 'there is no DPoP header with one proof in it')
      if (uri === undefined) return refuse('wrong_uri', 'this hub is not called by the name in Host')
      const fresh = await loadNonces()
      const bound = { text: token, thumbprint: found.binding.thumbprint }
      const checked = await checkProof(proof, { method, uri, now, token: bound, takesNonce: takes(fresh) })
      await claim(checked)
      return { known, nonce: checked.nonce === fresh[0] ? undefined : fresh[0] }
    },
    async peek(token, address) {
      const found = readToken(token) ? await find(token) : undefined
      if (found === undefined || !isUsable(found, address, clock.now())) return undefined
      return knownOf({ ...found, client: { ...found.client, rights: found.rights } }, 'token', address)
    },
    nonce: async () => (await loadNonces())[0] ?? '',
  }
}

/** The key of the client that signed its assertion; undefined when none did. */
async function signerOf({ jws, keyId }: Assertion, keys: readonly TokenKey[]): Promise<TokenKey | undefined> {
  for (const one of keys) {
    if (one.algorithm !== jws.algorithm) continue
    if (keyId !== undefined && keyId !== one.id && keyId !== one.thumbprint) continue
    const key = createPublicKey({ key: Buffer.from(one.spki), format: 'der', type: 'spki' })
    if (await isSignedWith(jws, key)) return one
  }
  return undefined
}

/** The rights that are asked for: all that the client has when none is. @throws {OauthError} `invalid_scope` */
function rightsOf(scope: string | undefined, client: Client): readonly Right[] {
  if (scope === undefined) return client.rights
  const asked = new Set(scope.split(' '))
  const rights = client.rights.filter((right) => asked.has(right))
  // RFC 6749 §3.3: words with one space between them.
  if (rights.length !== asked.size || scope.split(' ').length !== asked.size)
    throw new OauthError('invalid_scope', 'scope must be rights of this client, each once, with one space between them')
  return rights
}
