import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createServer } from '../../src/http/server.ts'
import { createClients } from '../../src/identity/clients.ts'
import { digestOfKey } from '../../src/identity/keys.ts'
import { openTestDatabase } from '../support/database.ts'
import { createFakeHub, KEY } from '../support/http.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

// Whoever sees details masked got `{}` for the day on which a key was used last, and the console's page of the program broke on it: the
// database gave the day as a Date, and masking walks into objects.

const { db } = await openTestDatabase()
const clock = createVirtualClock(Date.UTC(2026, 10, 23, 6))
const hub = createFakeHub(db)
const clients = createClients({ clock, db, staticKeys: [{ tenantId: 1, name: 'admin', sha256: digestOfKey(KEY) }] })
const server = await createServer({ ...hub.deps, clock, clients })
after(() => server.close())

const call = async (method: 'GET' | 'POST', url: string, key: string, payload?: object) => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const answer = await server.app.inject({
    method,
    url,
    headers,
    ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
  })
  return answer.json()
}

test('the day on which a key was used last is a day, for whoever sees details masked too', async () => {
  const { id } = await call('POST', '/v1/clients', KEY, { name: 'shop', rights: ['clients:read'] })
  const { key, id: keyId } = await call('POST', `/v1/clients/${id}/keys`, KEY, {})
  await call('GET', '/v1/clients', key)
  await db`update client_key set last_used_on = '2026-11-23' where key_id = ${keyId}`
  const seen = await call('GET', `/v1/clients/${id}`, key)
  assert.equal(seen.keys[0].lastUsedOn, '2026-11-23')
})
