import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { clientRights, roles } from '../identity/rights.ts'

// Programs and their keys, where a rule for `client` says that others must agree.

const { db, url } = await openTestDatabase()
const t = await createTestRoom(url)
const { server, call } = await startRealServer(db, t.room, [
  { tenantId: 1, name: 'asker' },
  { tenantId: 1, name: 'other', rights: clientRights },
  { tenantId: 1, name: 'checker', rights: roles.checker },
])
after(() => Promise.all([server.close(), t.close()]))
const asker = keyOf(1, 'asker')
const agree = (id: string, word = 'approve') => call('post', `/v1/approvals/${id}/${word}`, keyOf(1, 'checker'), {})
const countOf = async () => (await call('get', '/v1/clients', asker)).body.data.length

const steps = [{ anyOf: [{ role: 'checker', count: 1 }] }]
assert.equal((await call('post', '/v1/approval-rules', asker, { subject: 'client', steps })).status, 201)

test('a program acts for nobody before others have agreed, and has exactly what they agreed to', async () => {
  const asked = await call('post', '/v1/clients', asker, {
    name: 'shop',
    live: true,
    rights: ['payments:create'],
    networks: ['203.0.113.0/24'],
  })
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  assert.equal(await countOf(), 0)
  assert.deepEqual(asked.body.change.rights, ['payments:create'])
  assert.equal((await agree(asked.body.id)).body.decision, 'approved')
  const [made] = (await call('get', '/v1/clients', asker)).body.data
  assert.deepEqual(
    [made.name, made.live, made.rights, made.networks],
    ['shop', true, ['payments:create'], ['203.0.113.0/24']],
  )
})

test('a no makes nothing', async () => {
  const before = await countOf()
  const asked = await call('post', '/v1/clients', asker, { name: 'x', rights: ['payments:read'] })
  assert.equal((await agree(asked.body.id, 'reject')).body.decision, 'rejected')
  assert.equal(await countOf(), before)
})

async function aClient(): Promise<string> {
  const asked = await call('post', '/v1/clients', asker, { name: 'one', rights: ['payments:read'] })
  await agree(asked.body.id)
  return (await call('get', '/v1/clients', asker)).body.data[0].id
}

test('a key is agreed to, then handed over once, to whoever asked for it', async () => {
  const client = await aClient()
  const path = `/v1/clients/${client}/keys`
  const asked = await call('post', path, asker, { expiresAt: '2099-01-01T00:00:00Z' })
  assert.equal(asked.status, 202)
  const approval = asked.body.id
  const early = await call('post', path, asker, { approval })
  assert.deepEqual([early.status, early.body.code], [409, 'not_approved'])
  await agree(approval)

  const stolen = await call('post', path, keyOf(1, 'other'), { approval })
  assert.deepEqual([stolen.status, stolen.body.code], [403, 'forbidden'])
  const changed = await call('post', path, asker, { approval, expiresAt: '2100-01-01T00:00:00Z' })
  assert.deepEqual([changed.status, changed.body.errors[0].field], [400, 'expiresAt'])
  const other = await call('post', `/v1/clients/${await aClient()}/keys`, asker, { approval })
  assert.deepEqual([other.status, other.body.errors[0].field], [400, 'approval'])

  const both = await Promise.all([call('post', path, asker, { approval }), call('post', path, asker, { approval })])
  assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409])
  const made = both.find(({ status }) => status === 201)
  assert.match(made?.body.key, /^trnt_test_/)
  assert.equal(made?.body.expiresAt, '2099-01-01T00:00:00.000Z')
  assert.equal((await call('get', '/v1/payments', made?.body.key)).status, 200)
  assert.deepEqual((await call('post', path, asker, { approval })).body.code, 'already_collected')
  const { keys } = (await call('get', `/v1/clients/${client}`, asker)).body
  assert.deepEqual(
    keys.map((key: { readonly approval: string | null }) => key.approval),
    [approval],
  )
})

test('a key for signatures is registered with the last vote', async () => {
  const client = await aClient()
  const { publicKey } = generateKeyPairSync('ed25519')
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const asked = await call('post', `/v1/clients/${client}/signing-keys`, asker, {
    algorithm: 'ed25519',
    publicKey: spki,
  })
  assert.equal(asked.status, 202)
  const keys = async () => (await call('get', `/v1/clients/${client}`, asker)).body.signingKeys
  assert.deepEqual(await keys(), [])
  await agree(asked.body.id)
  assert.equal((await keys())[0].publicKey, spki)
})

test('a key for tokens is registered with the last vote, and none without', async () => {
  const client = await aClient()
  const path = `/v1/clients/${client}/token-keys`
  const { publicKey } = generateKeyPairSync('ed25519')
  const asked = await call('post', path, asker, { algorithm: 'EdDSA', jwk: publicKey.export({ format: 'jwk' }) })
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  const keys = async () => (await call('get', path, asker)).body.data
  assert.deepEqual(await keys(), [])
  await agree(asked.body.id)
  assert.equal((await keys()).length, 1)
  assert.equal((await keys())[0].algorithm, 'EdDSA')
})

test('taking a key or a program away needs nobody else: it is urgent when it is', async () => {
  const client = await aClient()
  const asked = await call('post', `/v1/clients/${client}/keys`, asker, {})
  await agree(asked.body.id)
  const key = (await call('post', `/v1/clients/${client}/keys`, asker, { approval: asked.body.id })).body
  assert.equal((await call('delete', `/v1/clients/${client}/keys/${key.id}`, asker)).status, 204)
  assert.equal((await call('get', '/v1/payments', key.key)).status, 401)
  assert.equal((await call('delete', `/v1/clients/${client}`, asker)).status, 204)
})
