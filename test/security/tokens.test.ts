import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../support/database.ts'
import { makeSigner } from '../support/token-client.ts'
import { ORIGIN, startTokenHub, TOKEN_URL } from '../support/token-hub.ts'

const { db } = await openTestDatabase()
const t = await startTokenHub(db)
after(() => t.server.close())

const PAYMENTS = `${ORIGIN}/v1/payments`

for (const algorithm of ['ES256', 'PS256', 'EdDSA'] as const) {
  test(`a client with an ${algorithm} key gets a token, and the token works with its DPoP key`, async () => {
    const client = await t.enrol({}, makeSigner(algorithm))
    const bound = makeSigner(algorithm)
    const answer = await t.ask(t.assertionFor(client), t.proofFor(bound, 'POST', TOKEN_URL))
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    const { access_token: token, ...rest } = answer.body
    assert.deepEqual(rest, { token_type: 'DPoP', expires_in: 600, scope: 'payments:create payments:read' })
    assert.match(token, /^trnt_token_/)
    assert.equal(answer.headers['cache-control'], 'no-store')
    const used = await t.use(token, t.proofFor(bound, 'GET', PAYMENTS, { token }))
    assert.equal(used.status, 200, JSON.stringify(used.body))
    const beyond = await t.use(token, t.proofFor(bound, 'GET', `${ORIGIN}/v1/accounts`, { token }), {
      path: '/v1/accounts',
    })
    assert.equal(beyond.body.code, 'forbidden')
  })
}
