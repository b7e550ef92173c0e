import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { isAlive } from '../src/base/alive.ts'
import { defaultProfile } from '../src/imps/profile.ts'
import { makeAuthority } from './support/certificates.ts'
import { keepLogFile, keepOutput } from './support/logs.ts'
import { openSoftHsm, whyNoHsm } from './support/softhsm.ts'

/** The hub as a process: how it starts, what it refuses, how it ends. */

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const inherited = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(TURANT_|DATABASE_URL$|NODE_TEST_CONTEXT$)/.test(name)),
)

type Run = { readonly child: ChildProcess; readonly said: () => string; readonly ended: Promise<number | string> }

function run(env: Record<string, string>, args: readonly string[] = []): Run {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { TURANT_LOG_LEVEL: 'debug', ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  keepOutput(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => {
      text += bytes.toString()
    })
  const ended = once(child, 'close').then(([code, signal]) => {
    keepLogFile(join(env.TURANT_DATA_DIR ?? '', 'hub.log'))
    return code ?? signal
  })
  after(() => child.kill('SIGKILL'))
  return { child, said: () => text, ended }
}

type SandboxFile = {
  baseUrl: string
  apiKey: string
  accounts: { remitter: string; merchant: string }
  simulator: string
  pid: number
}
const fileOf = (dataDir: string): SandboxFile => JSON.parse(readFileSync(join(dataDir, 'sandbox.json'), 'utf8'))

/** Resolves when the hub has said that it is ready. */
async function ready(hub: Run, dataDir: string): Promise<SandboxFile> {
  while (!/ready after/.test(hub.said())) {
    const next = await Promise.race([once(hub.child.stdout ?? hub.child, 'data').then(() => 'said'), hub.ended])
    assert.equal(next, 'said', `the hub ended: ${hub.said()}`)
  }
  return fileOf(dataDir)
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'turant-start-'))
  chmodSync(made, 0o755) // so that the user who runs PostgreSQL for root can enter it
  after(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** A profile without an xml section. */
function isoProfile(): string {
  const { iso, institutions } = defaultProfile
  const path = join(folder(), 'profile.json')
  writeFileSync(path, JSON.stringify({ iso: { links: iso.links }, institutions }))
  return path
}

/** A port somebody listens on. */
async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => server.close())
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

const refusals: readonly [what: string, env: Record<string, string>, line: RegExp][] = [
  [
    'an unknown setting',
    { TURANT_PROT: '8080' },
    /^turant: TURANT_PROT is not a setting \(did you mean TURANT_PORT\?\)/,
  ],
  ['a bad value', { TURANT_TIMER_SCALE: 'fast' }, /^turant: TURANT_TIMER_SCALE must be 0.001 to 3, not "fast"/],
  [
    'a rail that the profile says nothing of',
    { TURANT_RAIL: 'xml', TURANT_PROFILE: isoProfile() },
    /^turant: TURANT_RAIL=xml: profile\.xml is missing/,
  ],
  [
    'a profile that is not there',
    { TURANT_PROFILE: '/nowhere.json' },
    /^turant: TURANT_PROFILE: \/nowhere.json cannot be read/,
  ],
  ['a profile that is not JSON', { TURANT_PROFILE: MAIN }, /^turant: TURANT_PROFILE: /],
  [
    'a database that does not answer',
    { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
    /^turant: .*127\.0\.0\.1:1/,
  ],
  [
    'a certificate without its key',
    { TURANT_TLS_CERT: MAIN },
    /^turant: TURANT_TLS_CERT and TURANT_TLS_KEY must be set together/,
  ],
  [
    'a certificate that is none',
    { TURANT_TLS_CERT: MAIN, TURANT_TLS_KEY: MAIN },
    /^turant: TURANT_TLS_CERT: not a certificate in PEM/,
  ],
  [
    'who vouches for clients, without a certificate',
    { TURANT_TLS_CLIENT_CA: MAIN },
    /^turant: TURANT_TLS_CLIENT_CA needs TURANT_TLS_CERT/,
  ],
  [
    'plain HTTP from outside, with a certificate',
    { TURANT_TLS_CERT: MAIN, TURANT_TLS_KEY: MAIN, TURANT_BASE_URL: 'http://hub.example' },
    /^turant: TURANT_BASE_URL must begin with https:/,
  ],
  [
    'a proxy that is no network',
    { TURANT_TRUSTED_PROXIES: '10.0.0.0/8,home' },
    /^turant: TURANT_TRUSTED_PROXIES must be networks/,
  ],
  [
    'an address that is not ours',
    { TURANT_HOST: '192.0.2.1' },
    /^turant: TURANT_PORT: cannot listen on 192\.0\.2\.1:\d+ \(/,
  ],
]
for (const [what, env, line] of refusals) {
  test(`${what} stops the start with one line and leaves nothing behind`, async () => {
    const dataDir = join(folder(), 'data')
    const hub = run({ TURANT_DATA_DIR: dataDir, TURANT_SIMULATOR_PORT: '0', ...env })
    assert.equal(await hub.ended, 1)
    assert.match(hub.said(), line)
    assert.equal(hub.said().trim().split('\n').length, 1, hub.said())
    assert.ok(!existsSync(join(dataDir, 'hub.pid')) && !existsSync(join(dataDir, 'sandbox.json')))
  })
}

test('with a certificate the port speaks HTTPS, and SIGHUP reads it again without an end', async () => {
  const [authority, place] = [await makeAuthority('ours'), folder()]
  const files = { cert: join(place, 'api.crt'), key: join(place, 'api.key') }
  const lay = async (name: string): Promise<void> => {
    const { cert, key } = await authority.issue(name)
    writeFileSync(files.cert, cert)
    writeFileSync(files.key, key)
  }
  await lay('first')
  const dataDir = join(place, 'data')
  const hub = run({
    TURANT_DATA_DIR: dataDir,
    TURANT_PORT: '0',
    TURANT_SIMULATOR_PORT: '0',
    TURANT_TLS_CERT: files.cert,
    TURANT_TLS_KEY: files.key,
  })
  const { baseUrl } = await ready(hub, dataDir)
  assert.match(baseUrl, /^https:/)
  const nameOf = async (): Promise<unknown> => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(baseUrl).port), ca: authority.cert })
    await once(socket, 'secureConnect')
    const { CN } = socket.getPeerCertificate().subject
    socket.destroy()
    return CN
  }
  assert.equal(await nameOf(), 'first')
  const asking = connect({ host: '127.0.0.1', port: Number(new URL(baseUrl).port), ca: authority.cert })
  asking.write('GET /metrics HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n')
  let metrics = ''
  for await (const part of asking) metrics += String(part)
  assert.match(metrics, /turant_certificate_days_left\{use="tls",subject="first"\} 36[45]/)
  writeFileSync(files.key, 'nonsense')
  hub.child.kill('SIGHUP')
  await wait(200)
  assert.equal(await nameOf(), 'first')
  await lay('second')
  hub.child.kill('SIGHUP')
  for (let tries = 0; tries < 100 && (await nameOf()) !== 'second'; tries += 1) await wait(50)
  assert.equal(await nameOf(), 'second')
  hub.child.kill('SIGTERM')
  assert.equal(await hub.ended, 0)
})

test('an argument is refused, except for help', async () => {
  const env = { TURANT_DATA_DIR: join(folder(), 'data') }
  const wrong = run(env, ['--port=80'])
  assert.equal(await wrong.ended, 1)
  assert.match(wrong.said(), /^turant: --port=80 is not understood: settings are environment variables/)
  const help = run(env, ['--help'])
  assert.equal(await help.ended, 0)
  assert.match(help.said(), /^npm start {3}starts the hub/)
})

test('a data folder that is a file is named', async () => {
  const hub = run({ TURANT_DATA_DIR: MAIN })
  assert.equal(await hub.ended, 1)
  assert.match(hub.said(), /^turant: TURANT_DATA_DIR: .*main\.ts cannot be used as a folder \(EEXIST\)\n$/)
})

test('a port that was asked for and is taken is one line', async () => {
  const port = await takenPort()
  const hub = run({ TURANT_DATA_DIR: folder(), TURANT_PORT: String(port) })
  assert.equal(await hub.ended, 1)
  assert.equal(hub.said(), `turant: TURANT_PORT: port ${port} on 127.0.0.1 is taken\n`)
})

/** The switch cuts a cycle, what it saw before its own end among it; the hub takes every file, and says so. */
async function settles(
  at: SandboxFile,
  expected: { readonly outward: number; readonly inward: number },
): Promise<void> {
  const cut = Object(await post(at, '/sandbox/cycle', { pgp: true }))
  assert.deepEqual({ outward: cut.counts.outward, inward: cut.counts.inward }, expected)
  type File = { readonly kind: string; readonly state: string; readonly rows: number; readonly signed: boolean }
  const files = async (): Promise<readonly File[]> => Object(await get(at, '/v1/settlement-files')).data
  for (let tries = 0; tries < 100 && (await files()).length < cut.files.length; tries += 1) await wait(50)
  const found = await files()
  assert.deepEqual(found.map(({ kind, state, signed }) => [kind, state, signed]).sort(), [
    ['adjustment', 'accepted', true],
    ['bank_statement', 'accepted', false],
    ['ntsl', 'accepted', true],
    ['raw_beneficiary', 'accepted', true],
    ['raw_remitter', 'accepted', true],
    ['timeout', 'accepted', true],
  ])
  const rowsOf = (kind: string) => found.find((one) => one.kind === kind)?.rows
  assert.deepEqual([rowsOf('raw_remitter'), rowsOf('raw_beneficiary')], [expected.outward, expected.inward])
  const [date] = cut.cycle.split('/')
  const { data } = Object(await get(at, `/v1/settlement-cycles?date=${date}`))
  const own = data.find(({ cycle }: { readonly cycle: string }) => cycle === cut.cycle)
  assert.equal(own?.state, 'complete')
}

test('a sandbox starts, refuses a second hub in its folder, pays, stops, and is itself again after a kill -9', async () => {
  const dataDir = folder()
  const ports = { TURANT_PORT: '0', TURANT_SIMULATOR_PORT: '0' }
  const env = { TURANT_DATA_DIR: dataDir, ...ports, TURANT_TIMER_SCALE: '0.05', TURANT_INBOX_MS: '100' }
  const first = run(env)
  const file = await ready(first, dataDir)
  assert.equal(file.pid, first.child.pid)
  assert.equal(statSync(join(dataDir, 'sandbox.json')).mode & 0o777, 0o600)
  assert.deepEqual(Object.keys(file), [
    'baseUrl',
    'apiKey',
    'accounts',
    'console',
    'wallet',
    'simulator',
    'pid',
    'people',
  ])

  const second = run(env)
  assert.equal(await second.ended, 1)
  assert.match(
    second.said(),
    new RegExp(`^turant: a hub already runs in .* \\(process ${file.pid}\\): stop it, or set TURANT_DATA_DIR`),
  )

  const paid = await pay(file, '150000')
  assert.equal(paid.status, 'succeeded')

  // The second tenant: asked for two factors, with a file of its own.
  assert.equal(statSync(join(dataDir, 'customers.json')).mode & 0o777, 0o600)
  const customers = JSON.parse(readFileSync(join(dataDir, 'customers.json'), 'utf8'))
  assert.deepEqual(Object.keys(customers), ['baseUrl', 'apiKey', 'people'])
  assert.notEqual(customers.apiKey, file.apiKey)
  const cli = (...args: string[]) => runCli(dataDir, [...args, '--amount', '1500', ...demoPayee])
  const bySms = await cli('--as', 'asha')
  assert.match(bySms.out, /requires_authentication +waits for the two factors/)
  assert.match(bySms.out, /message to XXXXXX0011: [0-9]{6} is the code to pay Rs 1,500\.00 to Asha Devi XX6789\./)
  assert.match(bySms.out, /succeeded +paid/)
  assert.equal(bySms.code, 0)
  const byApp = await cli('--as', 'ravi', '--factor', 'totp')
  assert.equal(byApp.code, 0, byApp.out)
  const wrong = await cli('--as', 'asha', '--mpin', '111222')
  assert.deepEqual([wrong.code, /authentication_failed/.test(wrong.out)], [1, true], wrong.out)

  first.child.kill('SIGKILL')
  await first.ended
  const third = run({ ...env, TURANT_RAIL: 'xml' })
  const again = await ready(third, dataDir)
  assert.deepEqual([again.apiKey, again.accounts], [file.apiKey, file.accounts])
  const peopleAgain = JSON.parse(readFileSync(join(dataDir, 'customers.json'), 'utf8'))
  assert.deepEqual([peopleAgain.apiKey, peopleAgain.people], [customers.apiKey, customers.people])
  const kept = await fetch(`${again.baseUrl}/v1/payments/${paid.id}`, {
    headers: { authorization: `Bearer ${again.apiKey}` },
  })
  assert.equal(Object(await kept.json()).status, 'succeeded')

  // The same folder, the same switch, the other wire: out, a name, and in.
  const overXml = await pay(again, '10191')
  assert.equal(overXml.status, 'deemed')
  const enquiry = await post(again, '/v1/name-enquiries', {
    to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' },
    name: 'Asha Devi',
  })
  assert.equal(Object(enquiry).nameMatch.score, 100)
  const merchant = () => get(again, `/v1/accounts/${again.accounts.merchant}`)
  const { mobile, mmid } = Object(await merchant())
  await post(again, '/sandbox/inward', { amount: '4200', to: { mobile, mmid } })
  for (let tries = 0; tries < 100 && Object(await merchant()).balance !== '4200'; tries += 1) await wait(50)
  assert.equal(Object(await merchant()).balance, '4200')
  await settles(again, { outward: 4, inward: 1 })
  const { links } = Object(await get(again, '/readyz'))
  assert.ok(links.some(({ id, usable }: { id: string; usable: boolean }) => id === 'npci-xml' && usable))
  assert.equal(statSync(join(dataDir, 'keys', 'hub', 'sign.key')).mode & 0o777, 0o600)

  const postgres = Number(readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0])
  third.child.kill('SIGTERM')
  assert.equal(await third.ended, 0)
  const left = [
    'api-key',
    'audit-key.pem',
    'audit-roots.jsonl',
    'checker-key',
    'customers-key',
    'files',
    'holder',
    'hub.log',
    'inbox',
    'kek.json',
    'keys',
    'npci',
    'postgres',
    'postgres.password',
  ]
  assert.deepEqual(readdirSync(dataDir).sort(), left)
  assert.ok(!isAlive(postgres), 'PostgreSQL is gone')
  await assert.rejects(fetch(`${again.simulator}/health`), 'the switch is gone')
})

test('a hub whose keys are in a hardware module pays, reads again after a restart, and stops at a wrong PIN, once', {
  skip: whyNoHsm ?? false,
}, async () => {
  const dataDir = folder()
  const hsm = openSoftHsm()
  const env = {
    TURANT_DATA_DIR: dataDir,
    TURANT_PORT: '0',
    TURANT_SIMULATOR_PORT: '0',
    TURANT_TIMER_SCALE: '0.05',
    TURANT_KEY_STORE: 'pkcs11',
    TURANT_PKCS11_MODULE: hsm.module,
    TURANT_PKCS11_TOKEN: hsm.token,
    TURANT_PKCS11_PIN_FILE: hsm.pinFile,
    ...hsm.env,
  }
  const first = run(env)
  const file = await ready(first, dataDir)
  const paid = await pay(file, '150000')
  assert.equal(paid.status, 'succeeded')
  assert.ok(!existsSync(join(dataDir, 'kek.json')))
  first.child.kill('SIGTERM')
  assert.equal(await first.ended, 0)

  const second = run(env)
  const again = await ready(second, dataDir)
  const kept = Object(await get(again, `/v1/payments/${paid.id}?reveal=true`))
  assert.equal(kept.to.name, 'Asha Devi')
  second.child.kill('SIGTERM')
  assert.equal(await second.ended, 0)

  writeFileSync(hsm.pinFile, '13572468')
  const refused = run(env)
  assert.equal(await refused.ended, 1)
  const { said } = refused
  assert.match(
    said(),
    /^turant: TURANT_PKCS11_PIN_FILE: the token "turant test" refuses the PIN \(CKR_PIN_INCORRECT\); it is not tried again\n$/,
  )
  const restarted = run(env)
  assert.equal(await restarted.ended, 1)
  assert.match(
    restarted.said(),
    /^turant: TURANT_PKCS11_PIN_FILE: the token "turant test" refused this PIN before, and it is not tried again[^\n]*\n$/,
  )
})

test('a sandbox stops when its terminal ends', async () => {
  const dataDir = folder()
  const hub = run({ TURANT_DATA_DIR: dataDir, TURANT_PORT: '0', TURANT_SIMULATOR_PORT: '0' })
  await ready(hub, dataDir)
  hub.child.kill('SIGHUP')
  assert.equal(await hub.ended, 0)
  assert.ok(!existsSync(join(dataDir, 'sandbox.json')))
})

test('a second signal ends a hub that waits for an answer, at once', async () => {
  const dataDir = folder()
  const hub = run({ TURANT_DATA_DIR: dataDir, TURANT_PORT: '0', TURANT_SIMULATOR_PORT: '0', TURANT_DRAIN_MS: '300000' })
  const file = await ready(hub, dataDir)
  const open = await pay(file, '10500') // never answered
  assert.equal(open.status, 'processing')
  hub.child.kill('SIGINT')
  // The first second belongs to npm, which repeats what the terminal sent.
  const again = setInterval(() => hub.child.kill('SIGINT'), 200)
  assert.equal(await hub.ended, 130)
  clearInterval(again)
})

const demoPayee = ['--ifsc', 'HDFC0000123', '--account', '50100123456789', '--name', 'Asha Devi']
const TURANT = fileURLToPath(new URL('../src/cli/turant.ts', import.meta.url))

/** `turant pay` against the sandbox of a folder. */
async function runCli(dataDir: string, args: readonly string[]): Promise<{ code: number; out: string }> {
  const child = spawn(process.execPath, [TURANT, 'pay', '--data-dir', dataDir, '--wait', '20', ...args], {
    env: inherited,
  })
  let out = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      out += bytes.toString()
    })
  const [code] = await once(child, 'close')
  return { code, out }
}

async function get(file: SandboxFile, path: string): Promise<unknown> {
  return (await fetch(`${file.baseUrl}${path}`, { headers: { authorization: `Bearer ${file.apiKey}` } })).json()
}

async function post(file: SandboxFile, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${file.baseUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${file.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  assert.ok(response.ok, `${path}: ${response.status}`)
  return response.json()
}

async function pay(file: SandboxFile, amount: string): Promise<{ id: string; status: string }> {
  const response = await fetch(`${file.baseUrl}/v1/payments`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${file.apiKey}`,
      'idempotency-key': `start-${amount}`,
      'content-type': 'application/json',
      ...(amount === '10500' ? {} : { prefer: 'wait=10' }),
    },
    body: JSON.stringify({
      amount,
      from: file.accounts.remitter,
      to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' },
    }),
  })
  assert.equal(response.status, 201)
  const { id, status } = Object(await response.json())
  return { id, status }
}
