import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readableLog } from '../../test/support/logs.ts'
import { findSecrets } from '../../test/support/secrets-in-logs.ts'
import { faultOf, HIDDEN, type Log, reduce, silentLog } from './log.ts'

const nothing = {
  numbers: new Set<string>(),
  names: new Set(['Asha Devi', 'Zubeida Quraishi']),
  secrets: new Set<string>(),
}

// ASVS 16.2.5
test('a field of the list is told, one that is not is dropped, and a value of another form is hidden', () => {
  const { log, lines } = readableLog()
  log.info({ link: 'npci-remitter', rrn: '632609000123', epoch: 3 }, 'link state')
  // As it comes from code that the compiler did not see.
  const loose: { link: string } = Object({ link: 'Asha Devi', account: '50100123456789', rrn: '9812345670' })
  log.info(loose, 'link state')
  assert.deepEqual(
    lines.map(({ fields }) => fields),
    [
      { link: 'npci-remitter', rrn: '632609000123', epoch: 3 },
      { link: HIDDEN, rrn: HIDDEN },
    ],
  )
})

test('a message with a value in it does not compile, nor does a field that is not on the list', () => {
  const log = silentLog
  const value: string = 'Asha Devi'
  // @ts-expect-error the compiler does not know this text
  log.info({}, `paid to ${value}`)
  // @ts-expect-error no such field
  log.info({ account: '50100123456789' }, 'paid')
})

class PostgresError extends Error {
  override name = 'PostgresError'
  readonly code = '23505'
  readonly detail = 'Key (account)=(50100123456789) already exists.'
  readonly query = 'insert into account values ($1)'
  readonly parameters = ['50100123456789', 'Asha Devi']
  readonly table_name = 'account'
  readonly constraint_name = 'account_by_number'
}

test('an error is told by name, code and place, never by its message, its detail or its parameters', () => {
  const { log, lines } = readableLog()
  const error = new PostgresError('invalid input: "Asha Devi"\n    at 50100123456789 (src/asha.ts:1:1)')
  log.error({ err: error }, 'a request failed')
  const text = JSON.stringify(lines)
  assert.deepEqual(findSecrets(text, nothing), [])
  assert.match(text, /"name":"PostgresError","code":"23505","table":"account","constraint":"account_by_number"/)
  assert.match(text, /src\/base\/log\.test\.ts:\d+/)
  assert.ok(!text.includes('asha'), 'a line of the message that looks like a place is none')
  assert.equal(faultOf(error), 'PostgresError 23505')
  assert.match(faultOf(new Error('Asha Devi')), /^Error at src\/base\/log\.test\.ts:[\d:]+$/)
  assert.equal(
    faultOf(Object.assign(new Error('connect'), { code: 'ECONNREFUSED', address: '127.0.0.1', port: 9001 })),
    'Error ECONNREFUSED at 127.0.0.1:9001',
  )
  assert.deepEqual(reduce('Asha Devi'), { name: 'string' })
})

// Goal: whatever is handed to the log, under whatever key and however wrapped, nothing poisonous is in the line.
test('no poison passes, in no shape', () => {
  const poison = fc.constantFrom(
    '50100123456789',
    '9812345670',
    '+919812345670',
    'Asha Devi',
    'ZUBEIDA QURAISHI',
    'trnt_live_abcdefghijkl_0123456789',
    'trnt_test_x',
    'tsk_0123456789abcdef',
    'Bearer abcdefghijklmnop',
    '-----BEGIN PRIVATE KEY-----',
    '__Host-session=abc',
    'postgres://turant:hunter22@127.0.0.1/turant',
    '$argon2id$v=19$m=19456',
    'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0',
    'otp 482913',
  )
  const wrapped = poison.chain((text) =>
    fc.constantFrom<unknown>(
      text,
      Number(text.replace(/\D/g, '').slice(0, 15)) + 1e9,
      [text],
      { name: text },
      { toJSON: () => text },
      Buffer.from(text),
      new Map([[text, text]]),
      new Error(text),
      Object.assign(new Error('x'), {
        name: text,
        code: text,
        detail: text,
        parameters: [text],
        address: text,
        path: text,
      }),
      new Error('x', { cause: new Error(text) }),
      Object.assign(new Error('x'), { stack: `Error: x\n    at ${text} (src/${text}.ts:1:1)` }),
      new AggregateError([new Error(text)], text),
      `${text}\n    at f (src/x.ts:1:1)`,
    ),
  )
  const keys = [
    'payment',
    'whose',
    'rrn',
    'requestId',
    'link',
    'msgId',
    'route',
    'reason',
    'why',
    'err',
    'error',
    'fault',
    'code',
  ]
  const more = [
    'path',
    'said',
    'badFrames',
    'ms',
    'applied',
    'folder',
    'baseUrl',
    'reattached',
    'signal',
    'account',
    'password',
    '__proto__',
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...keys, ...more),
      wrapped,
      fc.constantFrom('debug', 'info', 'warn', 'error'),
      (key, value, level) => {
        const { log, lines } = readableLog()
        const write: Log[typeof level] = log[level]
        write(Object.fromEntries([[key, value]]), 'link state')
        assert.deepEqual(findSecrets(JSON.stringify(lines), nothing), [], `${key}: ${JSON.stringify(lines)}`)
      },
    ),
    { numRuns: 3_000 },
  )
})

test('the scanner finds each kind of secret, and not the references of the hub', () => {
  const known = { ...nothing, numbers: new Set(['123456789']), secrets: new Set(['s3cret-of-a-test']) }
  const bad: readonly string[] = [
    '{"account":"50100123456789"}',
    '{"m":9812345670}',
    '{"who":"asha devi"}',
    'key trnt_live_x',
    'tsk_a',
    'authorization: Bearer abcdefghijklmnop',
    '-----BEGIN EC PRIVATE KEY-----',
    'cookie __Host-s',
    'postgres://u:p@h/d',
    'Key (a)=(1) already exists',
    'your OTP: 482913',
    's3cret-of-a-test',
    '123456789',
  ]
  for (const line of bad) assert.ok(findSecrets(line, known).length > 0, line)
  const good = [
    '{"level":30,"time":"2026-11-27T10:00:00.000Z","rrn":"632609000123","payment":"pay_01234567890123456789abcdef012345","msg":"link state"}',
    '{"requestId":"0123456789abcdef0123456789abcdef"}',
  ]
  for (const line of good) assert.deepEqual(findSecrets(line, known), [], line)
})
