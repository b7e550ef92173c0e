import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../support/database.ts'
import { makeSigner } from '../support/token-client.ts'
import { ORIGIN, startTokenHub, TOKEN_URL } from '../support/token-hub.ts'

// Nonces of DPoP proofs, as a hub asks for them unless it is told not to. @source RFC 9449 §8 and §9

const { db } = await openTestDatabase()
const t = await startTokenHub(db, {}, 'required')
after(() => t.server.close())

const PAYMENTS = `${ORIGIN}/v1/payments`
const client = await t.enrol()
const signer = makeSigner('ES256')
const nonceIn = ({ headers }: { headers: object }): string => String(Object(headers)['dpop-nonce'])
const ask = (assertion: string, nonce?: string) => t.ask(assertion, t.proofFor(signer, 'POST', TOKEN_URL, { nonce }))

test('the token end point asks for a nonce, takes the same assertion with it, and gives one for the resource', async () => {
  const assertion = t.assertionFor(client)
  const asked = await ask(assertion)
  assert.deepEqual([asked.status, asked.body.error], [400, 'use_dpop_nonce'])
  const nonce = nonceIn(asked)
  assert.match(nonce, /^[A-Za-z0-9_-]{22}$/)
  const given = await ask(assertion, nonce)
  assert.equal(given.status, 200, JSON.stringify(given.body))
  const token = given.body.access_token
  const used = await t.use(token, t.proofFor(signer, 'GET', PAYMENTS, { token, nonce: nonceIn(given) }))
  assert.equal(used.status, 200, JSON.stringify(used.body))
  assert.equal(used.headers['dpop-nonce'], undefined, 'there is no newer one')
})

test('a resource asks for one too, in the words of RFC 9449', async () => {
  const first = await ask(t.assertionFor(client), nonceIn(await ask(t.assertionFor(client))))
  const token = first.body.access_token
  const asked = await t.use(token, t.proofFor(signer, 'GET', PAYMENTS, { token }))
  assert.equal(asked.status, 401)
  assert.match(String(asked.headers['www-authenticate']), /^DPoP error="use_dpop_nonce", error_description="/)
  const nonce = nonceIn(asked)
  assert.equal((await t.use(token, t.proofFor(signer, 'GET', PAYMENTS, { token, nonce }))).status, 200)
})

test('a nonce is taken for five to ten minutes, and the holder is told the next one meanwhile', async () => {
  const old = nonceIn(await ask(t.assertionFor(client)))
  const { body } = await ask(t.assertionFor(client), old)
  const token = body.access_token
  const use = (nonce: string) => t.use(token, t.proofFor(signer, 'GET', PAYMENTS, { token, nonce }))
  t.clock.advance(300_000)
  const late = await use(old)
  assert.equal(late.status, 200)
  const next = nonceIn(late)
  assert.ok(next !== old && /^[A-Za-z0-9_-]{22}$/.test(next))
  t.clock.advance(290_000)
  assert.equal((await use(next)).status, 200)
  t.clock.advance(10_000)
  assert.equal((await ask(t.assertionFor(client), old)).body.error, 'use_dpop_nonce')
  assert.equal((await ask(t.assertionFor(client), next)).status, 200)
})

test('all processes of a hub take the same nonces', async () => {
  const [one, two] = [t.tokensOf(), t.tokensOf()]
  const nonces = await Promise.all([one.nonce(), two.nonce(), one.nonce(), two.nonce()])
  assert.equal(new Set(nonces).size, 1)
})

test('to ask for a nonce is no failure: nobody is told to wait for it', async () => {
  for (let i = 0; i < 30; i += 1) assert.equal((await ask(t.assertionFor(client))).status, 400)
  const nonce = await t.tokensOf().nonce()
  assert.equal((await ask(t.assertionFor(client), nonce)).status, 200)
})
