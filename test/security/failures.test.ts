import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { Db } from '../../src/db/pool.ts'
import { createServer, type Server } from '../../src/http/server.ts'
import { type Operation, readOperations, valid } from '../support/from-openapi.ts'
import { createFakeHub, KEY } from '../support/http.ts'
import { root } from '../support/source.ts'

// What is told of a failure inside, and to whom: nothing, to nobody; whatever fails, and whichever operation it was. ASVS 16.5.1, 16.5.3

const SECRETS = [
  'trnt_live_abcdefghijkl',
  '50100123456789',
  'postgres://turant:hunter22@127.0.0.1/turant',
  '/srv/turant/src/x.ts:12:3',
]
/** As libraries throw them: with what they were working on in the message, the detail, the query and the cause. */
const failure = (code?: string): Error =>
  Object.assign(new Error(`cannot do ${SECRETS.join(' ')}`, { cause: new Error(SECRETS[0]) }), {
    detail: SECRETS[1],
    query: `select '${SECRETS[1]}'`,
    parameters: SECRETS,
    ...(code === undefined ? {} : { code }),
  })

/** Errors as they come: our own bug, the database's refusals, a lost connection, and what is not even an Error. */
const failures: readonly (readonly [what: string, thrown: unknown, status: number])[] = [
  ['a bug', failure(), 500],
  ['a constraint', failure('23514'), 500],
  ['a missing table', failure('42P01'), 500],
  ['a lost connection', failure('CONNECTION_CLOSED'), 503],
  ['a database that is away', failure('ECONNREFUSED'), 503],
  ['a text', SECRETS.join(' '), 500],
]

let server: Server
let operations: readonly Operation[] = []
let thrown: unknown
const logged: string[] = []
const fail = async (): Promise<never> => {
  throw thrown
}
before(async () => {
  // Whoever asks the database without a tenant gets the same.
  const refuse = (): Promise<never> => {
    const refused = Promise.reject(thrown)
    refused.catch(() => undefined) // a part of a statement, which nobody awaits
    return refused
  }
  const db = Object.assign(refuse, { begin: fail, reserve: fail }) as never as Db
  const { deps } = createFakeHub(db)
  // Everything that a route may ask for fails; who asks is still known.
  server = await createServer({
    ...deps,
    asTenant: fail,
    initiate: fail,
    initiateVerified: fail,
    replay: async () => undefined,
    findPayment: fail,
    findEvents: fail,
    listPayments: fail,
    enquire: fail,
    decide: fail,
    beginAuthentication: fail,
    submitAuthentication: fail,
    log: { ...deps.log, error: (_fields: object, message: string) => logged.push(message) },
  })
  operations = await readOperations(server)
})
after(() => server.close())

for (const [what, error, status] of failures) {
  test(`${what} says nothing of its inside, in whichever operation it happens`, async () => {
    thrown = error
    let failed = 0
    const ask = async (operation: Operation): Promise<void> => {
      const path = operation.parameters
        .filter((one) => one.in === 'path')
        .reduce(
          (address, { name, schema }) =>
            address.replace(
              `{${name}}`,
              encodeURIComponent(String(fc.sample(valid(schema), { seed: 1, numRuns: 1 })[0])),
            ),
          operation.path,
        )
      const body =
        operation.body === undefined ? undefined : fc.sample(valid(operation.body.schema), { seed: 4, numRuns: 1 })[0]
      const answer = await server.app.inject({
        method: operation.method as 'GET',
        url: path,
        headers: {
          authorization: `Bearer ${KEY}`,
          'idempotency-key': crypto.randomUUID(),
          ...(operation.body === undefined ? {} : { 'content-type': operation.body.type }),
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      })
      const all = answer.body + JSON.stringify(answer.headers)
      for (const secret of SECRETS) assert.ok(!all.includes(secret), `${operation.name}: ${answer.body}`)
      assert.doesNotMatch(all, /hunter2|node_modules|\.ts:\d|at \w+ \(|select '/, operation.name)
      if (answer.statusCode < 500 || operation.path === '/readyz') return
      assert.match(answer.json().code, /^(internal_error|database_unavailable)$/)
      if (answer.statusCode === status) failed += 1
    }
    await Promise.all(operations.map(ask))
    assert.ok(failed > operations.length / 3, `${failed} of ${operations.length} failed`)
  })
}

test('the front door runs where no object can be given another shape behind its back', () => {
  // As `npm start` runs it, and with what all objects come from sealed: whatever added to it would throw.
  const script = `
    for (const one of [Object, Array, Function, String]) Object.seal(one.prototype)
    if ('__proto__' in {}) throw new Error('__proto__ is there')
    const at = (path) => new URL(path, 'file://' + process.cwd() + '/').href
    const { createServer } = await import(at('src/http/server.ts'))
    const { createFakeHub, KEY } = await import(at('test/support/http.ts'))
    const { app } = await createServer(createFakeHub().deps)
    const body = { amount: '100', from: 'acc_100001', to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' } }
    const headers = { authorization: 'Bearer ' + KEY, 'idempotency-key': 'k' }
    const answers = [
      await app.inject({ method: 'POST', url: '/v1/payments', headers, payload: body }),
      await app.inject({ url: '/v1/payments', headers }),
      await app.inject({ url: '/openapi.json' }),
      await app.inject({ url: '/metrics' }),
      await app.inject({ method: 'POST', url: '/v1/payments', headers: { ...headers, 'content-type': 'application/json' }, payload: '{"__proto__":{"x":1}}' }),
    ]
    process.stdout.write(answers.map(({ statusCode }) => statusCode).join(' '))
    process.exit(0)`
  const run = spawnSync(process.execPath, ['--disable-proto=delete', '--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
  })
  assert.equal(run.stdout, '201 200 200 200 400', run.stderr)
})
