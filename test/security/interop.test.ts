import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as oauth from 'oauth4webapi'
import { systemClock } from '../../src/base/clock.ts'
import { openTestDatabase } from '../support/database.ts'
import { startTokenHub } from '../support/token-hub.ts'

// The end points as a client sees them that knows OAuth 2 and not this hub: another implementation of the same RFCs, over a real socket.

const { db } = await openTestDatabase()
let origin = 'http://127.0.0.1'
const t = await startTokenHub(db, { origins: () => [origin] }, 'required')
after(() => t.server.close())
t.clock.advance(systemClock.now() - t.clock.now()) // the other side has its own clock
origin = `http://127.0.0.1:${await t.server.listen({ host: '127.0.0.1', port: 0 })}`
const insecure = { [oauth.allowInsecureRequests]: true } as const

for (const [algorithm, called] of [
  ['ES256', 'ES256'],
  ['EdDSA', 'Ed25519'], // as RFC 9864 calls it, and this library signs
  ['PS256', 'PS256'],
] as const) {
  test(`another implementation discovers the hub, gets a token with an ${algorithm} key, uses it and ends it`, async () => {
    const pair = await oauth.generateKeyPair(called, { extractable: true })
    const made = await t.call('POST', '/v1/clients', {
      body: { name: 'other', rights: ['payments:read'] },
      headers: t.admin,
    })
    const id: string = made.body.id
    const key = await t.call('POST', `/v1/clients/${id}/token-keys`, {
      body: { algorithm, jwk: await crypto.subtle.exportKey('jwk', pair.publicKey) },
      headers: t.admin,
    })
    assert.equal(key.status, 201, JSON.stringify(key.body))

    const issuer = new URL(origin)
    const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
    const as = await oauth.processDiscoveryResponse(issuer, found)
    const client: oauth.Client = { client_id: id }
    const proven = oauth.PrivateKeyJwt({ key: pair.privateKey, kid: key.body.id })
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair(called))
    const ask = async () =>
      oauth.processClientCredentialsResponse(
        as,
        client,
        await oauth.clientCredentialsGrantRequest(
          as,
          client,
          proven,
          { scope: 'payments:read' },
          { DPoP, ...insecure },
        ),
      )
    // RFC 9449 §8: the first is told the nonce, which the library remembers.
    const token = await ask().catch((error: unknown) => {
      assert.ok(oauth.isDPoPNonceError(error), String(error))
      return ask()
    })
    assert.deepEqual([token.token_type, token.scope], ['dpop', 'payments:read'])

    const url = new URL(`${origin}/v1/payments?limit=3`)
    const read = await oauth.protectedResourceRequest(token.access_token, 'GET', url, undefined, undefined, {
      DPoP,
      ...insecure,
    })
    assert.equal(read.status, 200)
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(as, client, proven, token.access_token, insecure),
    )
    t.clock.advance(1_000)
    await assert.rejects(
      oauth.protectedResourceRequest(token.access_token, 'GET', url, undefined, undefined, { DPoP, ...insecure }),
      oauth.WWWAuthenticateChallengeError,
    )
  })
}
