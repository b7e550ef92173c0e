import assert from 'node:assert/strict'
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { turantWebhook } from '../packages/sdk/src/adapters/express.ts'
import { makeSecret } from '../packages/sdk/src/testing.ts'
import { type Sandbox, startSandbox } from '../packages/sdk/test/sandbox.ts'
import { askUntil } from './support/ask-until.ts'

// `turant`, every command of it, against the hub as `npm start` starts it. What pay and history refuse is in src/cli/cli.test.ts.

const TURANT = fileURLToPath(new URL('../src/cli/turant.ts', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'turant-cli-'))
let sandbox: Sandbox
before(async () => {
  sandbox = await startSandbox({ TURANT_INBOX_MS: '100', TURANT_TIMER_SCALE: '0.1' })
})
after(async () => {
  await sandbox.stop()
  rmSync(scratch, { recursive: true, force: true })
})

type Ended = { readonly code: number; readonly out: string; readonly err: string }

const environment = () => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TURANT_|DATABASE_URL$)/.test(name))),
  TURANT_DATA_DIR: sandbox.dataDir,
})
const turant = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [TURANT, ...args], { env: environment() }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    )
  })
const linesOf = ({ out }: Ended) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

const commands = [
  'pay',
  'watch',
  'history',
  'export',
  'accounts',
  'events',
  'listen',
  'trigger',
  'doctor',
  'completion',
]

test('every command has help with examples of what it ends with, and knows --json', async () => {
  const { out } = await turant('--help')
  for (const name of commands) {
    assert.match(out, new RegExp(`^  ${name} `, 'm'))
    const help = await turant(name, '--help')
    assert.equal(help.code, 0)
    assert.match(help.out, /Exit codes: 0 /)
    assert.match(help.out, /--json/)
    assert.match(help.out, /^Usage: turant /)
  }
})

test('what is no command or option is 2, and says where help is', async () => {
  for (const args of [['pai'], ['watch'], ['accounts', '--limt', '1'], ['completion', 'tcsh'], ['trigger', 'luck']]) {
    const ended = await turant(...args)
    assert.equal(ended.code, 2, args.join(' '))
    assert.match(ended.err, /^error: /)
    assert.doesNotMatch(ended.err, /at .*\.ts:\d/)
  }
})

const triggered: readonly (readonly [outcome: string, status: string])[] = [
  ['succeeded', 'succeeded'],
  ['declined', 'failed'],
  ['deemed', 'deemed'],
  ['unconfirmed', 'processing'],
  ['late', 'succeeded'],
  ['cut', 'succeeded'],
  ['returned', 'returned'],
]
for (const [outcome, status] of triggered) {
  test(`trigger ${outcome} ends in ${status}`, async () => {
    const ended = await turant('trigger', outcome, '--json')
    assert.equal(ended.code, 0, ended.err)
    assert.equal(JSON.parse(ended.out).status, status)
  })
}

test('trigger inward brings money; without an outcome all are listed; a hub that is no sandbox is left alone', async (t) => {
  const ended = await turant('trigger', 'inward', '--json')
  assert.equal(ended.code, 0, ended.err)
  const { direction, amount } = JSON.parse(ended.out)
  assert.deepEqual([direction, amount], ['inward', '50000'])
  assert.ok(linesOf(await turant('trigger', '--json')).length >= 14)
  const asked: string[] = []
  const live = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(404, { 'content-type': 'application/problem+json' })
    response.end('{"code":"not_found","detail":"There is nothing here.","errors":[]}')
  }).listen(0, '127.0.0.1')
  await once(live, 'listening')
  t.after(() => live.close())
  const baseUrl = `http://127.0.0.1:${Object(live.address()).port}`
  const refused = await turant('trigger', 'succeeded', '--base-url', baseUrl, '--api-key', 'k', '--from', 'acc_1')
  assert.deepEqual([refused.code, asked], [2, ['GET /sandbox/messages?limit=1']])
  assert.match(refused.err, /is no sandbox: nothing was sent/)
})

test('watch tells the steps of a payment, by its id or its RRN, and what came of it', async () => {
  const paid = JSON.parse((await turant('trigger', 'succeeded', '--json')).out)
  const byId = await turant('watch', paid.id)
  assert.equal(byId.code, 0)
  assert.match(byId.out, /sent .*\n.*succeeded .*RC 00/)
  const byRrn = await turant('watch', paid.rrn, '--json')
  assert.deepEqual(
    linesOf(byRrn).map(({ state }) => state),
    ['sent', 'succeeded'],
  )
  const open = JSON.parse((await turant('trigger', 'unconfirmed', '--json')).out)
  const still = await turant('watch', open.id, '--wait', '1')
  assert.equal(still.code, 3)
  assert.match(still.out, /still open after 1 s/)
  assert.equal((await turant('watch', '999999999999')).code, 2)
})

test('export writes every payment that fits, as CSV that a spreadsheet cannot run', async () => {
  await turant('trigger', 'declined')
  await turant('pay', '--amount', '1', '--ifsc', 'HDFC0000123', '--account', '1', '--name', 'A', '--reference', '=1+1')
  const { code, out } = await turant('export')
  assert.equal(code, 0)
  const [head = '', first = '', ...rest] = out.trimEnd().split('\r\n')
  assert.match(head, /^"id","createdAt",.*"amountPaise","amountRupees"/)
  assert.match(first, /^"pay_[0-9a-f]{32}".*"100","1\.00".*"'=1\+1"/)
  const all = linesOf(await turant('export', '--json'))
  assert.equal(all.length, rest.length + 1)
  const file = join(scratch, 'failed.csv')
  const written = await turant('export', '--status', 'failed', '--output', file)
  const [, count] = /^([1-9]\d*) payments in /.exec(written.err) ?? []
  assert.equal(readFileSync(file, 'utf8').trimEnd().split('\r\n').length, Number(count) + 1)
  const again = await turant('export', '--output', file)
  assert.deepEqual([again.code, /EEXIST/.test(again.err)], [2, true])
})

test('whoever reads the output may leave: no stack, no failure', () => {
  const run = (command: string) =>
    execFileSync('bash', ['-o', 'pipefail', '-c', command], { env: environment(), encoding: 'utf8' })
  assert.match(run(`"${process.execPath}" "${TURANT}" export --json | head -c 20`), /^\{"id":"pay_/)
})

test('accounts shows what is in them, and of one its entries', async () => {
  const listed = linesOf(await turant('accounts', '--json'))
  assert.deepEqual(listed.map(({ id }) => id).sort(), Object.values(sandbox.accounts).sort())
  const one = await turant('accounts', sandbox.accounts.remitter, '--limit', '3')
  assert.match(one.out, /^Demo Remitter .*\n {2}₹[\d,.]+, of which ₹[\d,.]+ can be used\nentry .*\n/)
  assert.equal(one.out.trimEnd().split('\n').length, 6)
  assert.match((await turant('accounts')).out, /Demo Merchant/)
  assert.equal((await turant('accounts', 'acc_1')).code, 2)
})

/** Resolves once a program has printed what fits. */
function said(child: ChildProcess, what: RegExp): Promise<void> {
  let text = ''
  return new Promise((resolve) => {
    child.stdout?.on('data', (bytes: Buffer) => {
      text += String(bytes)
      if (what.test(text)) resolve()
    })
  })
}

test('events shows what was told of a payment, oldest first, and listens too', async () => {
  const { id } = JSON.parse((await turant('trigger', 'succeeded', '--json')).out)
  // The list ends before the oldest transaction that runs.
  const all = await askUntil(
    async () => linesOf(await turant('events', id, '--json')),
    (events) => events.length >= 2,
  )
  assert.deepEqual(
    all.map(({ type, data }) => [type, data.id]),
    [
      ['payment.processing', id],
      ['payment.succeeded', id],
    ],
  )
  const shown = await turant('events', id, '--type', 'payment.succeeded')
  assert.match(shown.out, /^when \(IST\) .*\n.* payment\.succeeded {2}succeeded {2}evt_[0-9a-f]{36}\s*$/)
  assert.equal((await turant('events')).code, 2)
  assert.match((await turant('events', 'listen', '--help')).out, /--forward-to/)
})

test('listen forwards what happens from now on, in order, signed, and again when the program was not there', async (t) => {
  const seen: string[] = []
  const told = new EventEmitter()
  const secret = makeSecret()
  let isDown = true
  const handle = turantWebhook({
    keys: secret,
    onEvent({ type, data }) {
      seen.push(`${type} ${data.id}`)
      told.emit('seen')
    },
  })
  const program = createServer((request, response) => {
    if (!isDown) return handle(request, response, (error) => assert.fail(String(error)))
    isDown = false
    return response.writeHead(503).end()
  }).listen(0, '127.0.0.1')
  await once(program, 'listening')
  t.after(() => program.close())
  const url = `http://localhost:${Object(program.address()).port}/hook`
  const child = spawn(process.execPath, [TURANT, 'listen', '--forward-to', url, '--secret', secret, '--json'], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  await said(child, /"listening"/)
  const ended = once(child, 'close')
  const { id } = JSON.parse((await turant('trigger', 'declined', '--json')).out)
  while (!seen.includes(`payment.failed ${id}`)) await once(told, 'seen')
  child.kill('SIGINT')
  assert.deepEqual((await ended)[0], 0)
  assert.deepEqual(seen, [`payment.processing ${id}`, `payment.failed ${id}`])
})

test('listen forwards to nobody but this machine', async () => {
  for (const url of ['http://example.com/hook', 'http://10.0.0.1/', 'https://localhost/', 'hook']) {
    const { code, err } = await turant('listen', '--forward-to', url)
    assert.deepEqual([code, /--forward-to/.test(err)], [2, true], url)
  }
})

test('doctor finds a sandbox well, says what is wrong and what to do, and its exit code says it too', async () => {
  const well = await turant('doctor', '--json')
  const checks = linesOf(well)
  assert.deepEqual(
    checks.filter(({ state }) => state === 'wrong'),
    [],
  )
  assert.equal(well.code, 0)
  const names = new Set(checks.map(({ check }) => check))
  for (const name of [
    'hub',
    'clock',
    'database',
    'link',
    'API key',
    'certificate',
    'migrations',
    'key file',
    'disk',
    'Node',
  ])
    assert.ok(names.has(name), name)

  const stranger = await turant('doctor', '--api-key', 'wrong')
  assert.equal(stranger.code, 1)
  assert.match(stranger.out, /^wrong {4}API key .*not known.*\n +.*\/keys$/m)

  const folder = join(scratch, 'data')
  execFileSync('mkdir', [folder])
  writeFileSync(join(folder, 'kek.json'), '{}')
  chmodSync(join(folder, 'kek.json'), 0o644)
  const away = await turant('doctor', '--base-url', 'http://127.0.0.1:1', '--api-key', 'k', '--data-dir', folder)
  assert.equal(away.code, 1)
  assert.match(away.out, /^wrong {4}hub .*does not answer: .*\n +start it/m)
  assert.match(away.out, new RegExp(`^wrong {4}key file .*\\(644\\)\n +chmod 600 ${folder}/kek.json$`, 'm'))
  assert.match(away.out, /^skipped {2}link /m)
})

const here = (program: string): boolean =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)))

test('completion is made for three shells, and bash completes commands and options with it', async () => {
  const file = join(scratch, 'turant.bash')
  writeFileSync(file, (await turant('completion', 'bash')).out)
  const complete = (...words: string[]): string =>
    execFileSync(
      'bash',
      ['-c', `. ${file}; COMP_WORDS=(turant "$@"); COMP_CWORD=$#; _turant; echo "\${COMPREPLY[@]}"`, 'x', ...words],
      { encoding: 'utf8' },
    ).trim()
  assert.equal(complete('w'), 'watch')
  assert.equal(complete('pay', '--verify'), '--verify-name')
  assert.equal(complete(''), commands.join(' '))
  for (const shell of ['zsh', 'fish']) {
    const { out } = await turant('completion', shell)
    for (const name of commands) assert.match(out, new RegExp(`\\b${name}\\b`))
    const script = join(scratch, `turant.${shell}`)
    writeFileSync(script, out)
    if (here(shell)) execFileSync(shell, ['-n', script])
  }
})
