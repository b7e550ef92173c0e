import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../support/database.ts'
import { startTokenHub } from '../support/token-hub.ts'

// Whose address a request comes from, with proxies in front and without: networks of clients, limits and the audit chain go by it.

const { db } = await openTestDatabase()
const alone = await startTokenHub(db)
const behind = await startTokenHub(db, { trustedProxies: ['10.0.0.0/8', '2001:db8:1::/48'] })
after(() => Promise.all([alone.server.close(), behind.server.close()]))

const client = await alone.call('POST', '/v1/clients', {
  body: { name: 'shop', rights: ['payments:read'], networks: ['203.0.113.0/24'] },
  headers: alone.admin,
})
const made = await alone.call('POST', `/v1/clients/${client.body.id}/keys`, { body: {}, headers: alone.admin })
const authorization = `Bearer ${made.body.key}`

const cases: readonly (readonly [
  what: string,
  hub: typeof alone,
  from: string,
  said: string | undefined,
  status: number,
])[] = [
  ['nobody in front, from its network', alone, '203.0.113.9', undefined, 200],
  ['nobody in front, and a header that says so', alone, '198.51.100.1', '203.0.113.9', 401],
  ['a header of its own that says otherwise', alone, '203.0.113.9', '198.51.100.1', 200],
  ['a proxy that is not named', behind, '198.51.100.1', '203.0.113.9', 401],
  ['a proxy that is named', behind, '10.1.2.3', '203.0.113.9', 200],
  ['a proxy that is named, in the clothes of IPv6', behind, '::ffff:10.1.2.3', '203.0.113.9', 200],
  ['a proxy of the other network', behind, '2001:db8:1::7', '203.0.113.9', 200],
  ['two proxies that are named', behind, '10.1.2.3', '203.0.113.9, 10.9.9.9', 200],
  ['what the client wrote before the proxy did', behind, '10.1.2.3', '203.0.113.9, 198.51.100.1', 401],
  ['what the client wrote, as if it were a proxy', behind, '10.1.2.3', '203.0.113.9, 198.51.100.1, 10.9.9.9', 401],
  ['nothing from a proxy that is named', behind, '10.1.2.3', undefined, 401],
  ['no address', behind, '10.1.2.3', 'nobody', 401],
  ['an address with a port', behind, '10.1.2.3', '203.0.113.9:443', 401],
  ['an empty header', behind, '10.1.2.3', '', 401],
]
for (const [what, hub, from, said, status] of cases) {
  test(`${what}: ${status}`, async () => {
    const headers = { authorization, ...(said === undefined ? {} : { 'x-forwarded-for': said }) }
    assert.equal((await hub.call('GET', '/v1/payments', { headers, from })).status, status)
    for (const name of ['forwarded', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip']) {
      const other = { authorization, [name]: name === 'forwarded' ? 'for=203.0.113.9' : '203.0.113.9' }
      const expected = from.endsWith('203.0.113.9') ? 200 : 401
      assert.equal((await hub.call('GET', '/v1/payments', { headers: other, from })).status, expected, name)
    }
  })
}
