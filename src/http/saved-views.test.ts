import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { createPeopleHub } from '../../test/support/people.ts'

// Views of payments: each person's own, each name once, fifty at most, and nothing of them in the clear.

const database = await openTestDatabase()
const { db } = database
const hub = await createPeopleHub(database)
const { call } = hub
after(() => hub.close())
beforeEach(() => db`delete from sign_in_try`)
const asha = (await hub.signedIn(['viewer'])).browser
const ravi = (await hub.signedIn(['viewer'])).browser

const save = (body: object, as = asha) => call('POST', '/v1/people/me/views', { as, body })
const list = async (as = asha) => (await call('GET', '/v1/people/me/views', { as })).body.data

test('a view is saved, used again, renamed and deleted; nobody else sees it', async () => {
  const filters = { q: '50100123456789', inStatus: 'deemed', from: '2026-11-01', minAmount: '100000' }
  const made = await save({ name: ' Late credits ', filters, columns: ['amount', 'rrn'] })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.deepEqual(
    [made.body.name, made.body.filters, made.body.columns],
    ['Late credits', filters, ['amount', 'rrn']],
    'also what is looked for is its owner’s, in full',
  )
  assert.deepEqual(await list(), [made.body])
  assert.deepEqual(await list(ravi), [])
  const path = `/v1/people/me/views/${made.body.id}`
  const renamed = await call('PATCH', path, { as: asha, body: { name: 'Deemed' } })
  assert.deepEqual([renamed.body.name, renamed.body.filters], ['Deemed', filters])
  const narrowed = await call('PATCH', path, { as: asha, body: { filters: { direction: 'inward' }, columns: [] } })
  assert.deepEqual([narrowed.body.filters, narrowed.body.columns], [{ direction: 'inward' }, []])
  for (const method of ['PATCH', 'DELETE'] as const)
    assert.equal((await call(method, path, { as: ravi, ...(method === 'PATCH' && { body: {} }) })).status, 404)
  assert.equal((await call('DELETE', path, { as: asha })).status, 204)
  assert.equal((await call('DELETE', path, { as: asha })).status, 404)
  assert.deepEqual(await list(), [])
  const acts = await db<{ action: string }[]>`
    select action from act where subject = ${made.body.id} order by sequence`
  assert.deepEqual(
    acts.map(({ action }) => action),
    ['view.created', 'view.changed', 'view.changed', 'view.deleted'],
  )
})

test('neither the name nor what is looked for is in the database in the clear', async () => {
  const { body } = await save({ name: 'Zubeida Quraishi', filters: { q: '50100123456789' } })
  const [row] = await db<{ whole: string }[]>`
    select to_jsonb(v)::text as whole from saved_view v where view_id = ${body.id.slice(4)}::uuid`
  for (const secret of ['Zubeida', '50100123456789'])
    assert.ok(!row?.whole.includes(secret) && !row?.whole.includes(Buffer.from(secret).toString('hex')), secret)
  await call('DELETE', `/v1/people/me/views/${body.id}`, { as: asha })
})

const wrong: readonly (readonly [body: object, field: string])[] = [
  [{ filters: {} }, 'name'],
  [{ name: '', filters: {} }, 'name'],
  [{ name: '   ', filters: {} }, 'name'],
  [{ name: 'x'.repeat(51), filters: {} }, 'name'],
  [{ name: 'x' }, 'filters'],
  [{ name: 'x', filters: { inStatus: 'gone' } }, 'filters.inStatus'],
  [{ name: 'x', filters: { from: '2026-13-01' } }, 'filters.from'],
  [{ name: 'x', filters: { minAmount: 100 } }, 'filters.minAmount'],
  [{ name: 'x', filters: { sort: 'amount' } }, 'filters.sort'],
  [{ name: 'x', filters: {}, columns: ['amount', 'amount'] }, 'columns'],
  [{ name: 'x', filters: {}, columns: ['secret'] }, 'columns.0'],
]
test('what is wrong is named, and nothing is saved', async () => {
  for (const [body, field] of wrong) {
    const { status, body: problem } = await save(body)
    assert.deepEqual([status, problem.code, problem.errors?.[0].field], [400, 'invalid_request', field])
  }
  assert.deepEqual(await list(), [])
})

test('each name is there once, and fifty views are all, also when many are saved at the same moment', async () => {
  const twice = await Promise.all([1, 2, 3].map(() => save({ name: 'Same', filters: {} }, ravi)))
  assert.deepEqual(twice.map(({ status }) => status).sort(), [201, 400, 400])
  const answers = await Promise.all(
    Array.from({ length: 55 }, (_, i) => save({ name: `View ${i}`, filters: {} }, ravi)),
  )
  assert.equal(answers.filter(({ status }) => status === 201).length, 49)
  const refused = answers.find(({ status }) => status !== 201)
  assert.deepEqual([refused?.status, refused?.body.code], [409, 'too_many_views'])
  const [first, second] = await list(ravi)
  const rename = (name: string) => call('PATCH', `/v1/people/me/views/${first.id}`, { as: ravi, body: { name } })
  const taken = await rename(second.name)
  assert.deepEqual([taken.status, taken.body.errors[0].field], [400, 'name'])
  assert.equal((await rename(first.name)).status, 200, 'its own name is not taken')
})
