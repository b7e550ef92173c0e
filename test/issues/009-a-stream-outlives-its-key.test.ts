import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { after, test } from 'node:test'
import { must, type PaymentId, parsePaymentId } from '../../src/base/identifiers.ts'
import { openTestDatabase } from '../support/database.ts'
import { createPeopleHub } from '../support/people.ts'
import { startTokenHub } from '../support/token-hub.ts'

// A stream of events was let in once and then told everything until its payment was final, however long after its key was revoked or
// its person was disabled.

const database = await openTestDatabase()
const t = await startTokenHub(database.db)
const people = await createPeopleHub(database)
after(() => Promise.all([t.server.close(), people.close()]))
const port = await t.server.listen({ host: '127.0.0.1', port: 0 })

async function follow(): Promise<{
  id: PaymentId
  client: string
  keyId: string
  response: IncomingMessage
  text: () => string
}> {
  const rights = ['payments:create', 'payments:read']
  const client = await t.call('POST', '/v1/clients', { body: { name: 'shop', rights }, headers: t.admin })
  const key = await t.call('POST', `/v1/clients/${client.body.id}/keys`, { body: {}, headers: t.admin })
  const paid = await t.call('POST', '/v1/payments', {
    body: {
      amount: '150000',
      from: 'acc_1',
      to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' },
    },
    headers: { authorization: `Bearer ${key.body.key}`, 'idempotency-key': crypto.randomUUID() },
  })
  assert.equal(paid.status, 201, JSON.stringify(paid.body))
  const request = httpRequest({
    port,
    path: `/v1/payments/${paid.body.id}/events`,
    headers: { authorization: `Bearer ${key.body.key}` },
  })
  request.end()
  const [response]: IncomingMessage[] = await once(request, 'response')
  assert.ok(response !== undefined && response.statusCode === 200)
  let text = ''
  response.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  while (!text.includes('id: 1')) await once(response, 'data')
  const id = must(parsePaymentId(paid.body.id), 'payment id')
  return { id, client: client.body.id, keyId: key.body.id, response, text: () => text }
}

test('a stream whose key is revoked ends before the next step is told', { timeout: 20_000 }, async () => {
  const { id, client, keyId, response, text } = await follow()
  const revoked = await t.call('DELETE', `/v1/clients/${client}/keys/${keyId}`, { headers: t.admin })
  assert.equal(revoked.status, 204)
  t.hub.move(id, { state: 'succeeded', responseCode: '00' })
  await once(response, 'end')
  assert.ok(!text().includes('succeeded'), text())
})

test('a stream whose client has ended is closed also when nothing happens', { timeout: 20_000 }, async () => {
  const { client, response } = await follow()
  await t.call('DELETE', `/v1/clients/${client}`, { headers: t.admin })
  const ended = once(response, 'end')
  t.clock.advance(15_000)
  await ended
})

test('a stream whose key still works goes on to the end', { timeout: 20_000 }, async () => {
  const { id, response, text } = await follow()
  t.clock.advance(15_000)
  t.hub.move(id, { state: 'succeeded', responseCode: '00' })
  await once(response, 'end')
  assert.ok(text().includes('succeeded'))
})

test('a session that is looked at for a stream is not used by that: it ends as it would, and with its person at once', async () => {
  const { browser } = await people.signedIn(['viewer'])
  const token = browser.cookie.slice(browser.cookie.indexOf('=') + 1)
  assert.ok((await people.people.sessions.peek(token)) !== undefined)
  for (let minutes = 0; minutes < 16; minutes += 1) {
    people.clock.advance(60_000)
    await people.people.sessions.peek(token)
  }
  assert.equal(await people.people.sessions.peek(token), undefined)

  const other = await people.signedIn(['viewer'])
  const secret = other.browser.cookie.slice(other.browser.cookie.indexOf('=') + 1)
  await database.db`update person set disabled_at = now() where person_id = ${other.id.slice(4)}::uuid`
  assert.equal(await people.people.sessions.peek(secret), undefined)
})
