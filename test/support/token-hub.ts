import assert from 'node:assert/strict'
import { writeActs } from '../../src/audit/acts.ts'
import type { Db } from '../../src/db/pool.ts'
import { asTenant } from '../../src/db/tenant.ts'
import { actOfToken } from '../../src/http/acts.ts'
import { createServer, type ServerDeps } from '../../src/http/server.ts'
import { createClients } from '../../src/identity/clients.ts'
import { digestOfKey } from '../../src/identity/keys.ts'
import { createTokens } from '../../src/identity/tokens.ts'
import { CHECKER_KEY, createFakeHub, KEY } from './http.ts'
import {
  ASSERTION_TYPE,
  assertionOf,
  type Fields,
  formOf,
  jwkOf,
  makeJws,
  makeSigner,
  proofOf,
  type Signer,
} from './token-client.ts'
import { createVirtualClock } from './virtual-clock.ts'

export const ORIGIN = 'https://hub.example'
export const TOKEN_URL = `${ORIGIN}/oauth/token`

/** The HTTP server with tokens over a real database, on a clock of its own. */
export async function startTokenHub(
  db: Db,
  more: Partial<ServerDeps> = {},
  nonces: 'required' | 'optional' = 'optional',
) {
  await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other') on conflict do nothing`
  const clock = createVirtualClock(Date.UTC(2026, 10, 23, 6))
  const hub = createFakeHub(db)
  const staticKeys = [
    { tenantId: 1, name: 'admin', sha256: digestOfKey(KEY) },
    { tenantId: 2, name: 'other', sha256: digestOfKey(CHECKER_KEY) },
  ]
  const clients = createClients({ clock, db, staticKeys })
  const tokensOf = () =>
    createTokens({
      clock,
      db,
      asTenant: (tenantId, run) => asTenant(db, tenantId, run),
      clients,
      noted: (tx, act) => writeActs(tx, [actOfToken(act, clock.now())]),
      nonces,
    })
  const server = await createServer({
    ...hub.deps,
    clock,
    clients,
    tokens: tokensOf(),
    note: (tx, act) => writeActs(tx, [act]),
    ...more,
  })

  type Asked = { body?: object | string | undefined; headers?: Record<string, string>; from?: string | undefined }
  const call = async (
    method: 'GET' | 'POST' | 'DELETE' | 'HEAD' | 'PUT',
    url: string,
    { body, headers, from }: Asked = {},
  ) => {
    const answer = await server.app.inject({
      method,
      url,
      headers: {
        host: 'hub.example',
        ...(typeof body === 'object' ? { 'content-type': 'application/json' } : {}),
        ...(typeof body === 'string' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(from === undefined ? {} : { remoteAddress: from }),
    })
    const isJson = answer.headers['content-type']?.toString().includes('json') === true && answer.body !== ''
    return { status: answer.statusCode, headers: answer.headers, body: isJson ? answer.json() : {} }
  }
  const admin = { authorization: `Bearer ${KEY}` }

  /** A client with a key for its assertions. */
  async function enrol(change: object = {}, signer: Signer = makeSigner('ES256')) {
    const body = { name: 'shop', rights: ['payments:create', 'payments:read'], ...change }
    const client = await call('POST', '/v1/clients', { body, headers: admin })
    assert.equal(client.status, 201, JSON.stringify(client.body))
    const id: string = client.body.id
    const key = await register(id, signer)
    return { id, signer, keyId: key.body.id as string }
  }
  const register = (clientId: string, signer: Signer, jwk: Fields = jwkOf(signer)) =>
    call('POST', `/v1/clients/${clientId}/token-keys`, { body: { algorithm: signer.algorithm, jwk }, headers: admin })

  type Enrolled = Awaited<ReturnType<typeof enrol>>
  const assertionFor = (
    { id, signer }: Pick<Enrolled, 'id' | 'signer'>,
    change: Fields = {},
    header: Fields = {},
  ): string => {
    const right = assertionOf(signer, id, ORIGIN, clock.now())
    return makeJws({ ...right.header, ...header }, { ...right.claims, ...change }, signer.privateKey)
  }
  const proofFor = (
    signer: Signer,
    method: string,
    uri: string,
    more: { token?: string | undefined; nonce?: string | undefined } = {},
    change: Fields = {},
    header: Fields = {},
  ): string => {
    const right = proofOf(signer, { method, uri }, clock.now(), more)
    return makeJws({ ...right.header, ...header }, { ...right.claims, ...change }, signer.privateKey)
  }
  const fieldsOf = (assertion: string): Record<string, string> => ({
    grant_type: 'client_credentials',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
  })
  /** Asks for a token. */
  const ask = (assertion: string, proof: string | undefined, more: Record<string, string> = {}, asked: Asked = {}) =>
    call('POST', '/oauth/token', {
      body: formOf({ ...fieldsOf(assertion), ...more }),
      ...asked,
      headers: { ...(proof === undefined ? {} : { dpop: proof }), ...asked.headers },
    })
  /** A token that is right, bound to this key. */
  async function tokenFor(client: Enrolled, bound: Signer, scope?: string): Promise<string> {
    const proof = proofFor(bound, 'POST', TOKEN_URL)
    const { status, body } = await ask(assertionFor(client), proof, scope === undefined ? {} : { scope })
    assert.equal(status, 200, JSON.stringify(body))
    return body.access_token
  }
  /** Uses a token. */
  const use = (
    token: string,
    proof: string | undefined,
    {
      scheme = 'DPoP',
      method = 'GET',
      path = '/v1/payments',
      ...asked
    }: Asked & { scheme?: string; method?: 'GET' | 'POST' | 'HEAD'; path?: string } = {},
  ) =>
    call(method, path, {
      ...asked,
      headers: {
        authorization: `${scheme} ${token}`,
        ...(proof === undefined ? {} : { dpop: proof }),
        ...asked.headers,
      },
    })
  const actsOf = async (subject: string) =>
    db<{ action: string; outcome: string; detail: string; actor: string }[]>`
      select action, outcome, detail, actor from act where subject = ${subject} or subject like ${`${subject}/%`} order by sequence`

  return {
    server,
    clock,
    hub,
    admin,
    call,
    enrol,
    register,
    assertionFor,
    proofFor,
    fieldsOf,
    ask,
    tokenFor,
    use,
    actsOf,
    tokensOf,
  }
}
export type TokenHub = Awaited<ReturnType<typeof startTokenHub>>
