import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openTestDatabase } from '../../test/support/database.ts'
import { createFakeHub, KEY } from '../../test/support/http.ts'
import { must, parseRrn } from '../base/identifiers.ts'
import { createServer, type Server } from '../http/server.ts'
import type { StoredPayment } from '../payment/stored.ts'

/** What the switch will say next; undefined: nothing. */
let outcome: Partial<StoredPayment> | undefined
const hub = createFakeHub((await openTestDatabase()).db)
let server: Server
let baseUrl = ''
before(async () => {
  const { initiate } = hub.deps
  const initiateAndMove: typeof initiate = async (request) => {
    const result = await initiate(request)
    if (result.kind === 'accepted' && outcome !== undefined) {
      const { id } = result.payment
      const to = outcome
      setImmediate(() => hub.move(id, to))
    }
    return result
  }
  server = await createServer({
    ...hub.deps,
    initiate: initiateAndMove,
    initiateVerified: ({ payment }) => initiateAndMove(payment),
  })
  baseUrl = `http://127.0.0.1:${await server.listen({ host: '127.0.0.1', port: 0 })}`
})
after(() => server.close())

type Ended = { readonly code: number; readonly out: string; readonly err: string }

const run = (program: 'pay' | 'history' | 'name', args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const file = fileURLToPath(new URL(program === 'name' ? './name.ts' : './turant.ts', import.meta.url))
    const all = program === 'name' ? args : [program, ...args]
    const child = execFile(process.execPath, [file, ...all], (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    )
  })
const to = ['--ifsc', 'HDFC0000123', '--account', '50100123456789', '--name', 'Asha Devi']
const pay = (args: readonly string[]) =>
  run('pay', ['--base-url', baseUrl, '--api-key', KEY, '--from', 'acc_100001', ...args])
const history = (args: readonly string[]) => run('history', ['--base-url', baseUrl, '--api-key', KEY, ...args])

test('a payment that succeeds is told step by step, without colours when nobody sees them', async () => {
  outcome = { state: 'succeeded', responseCode: '00', registeredName: 'ASHA DEVI' }
  const { code, out } = await pay(['--amount', '1,500.00', ...to])
  assert.equal(code, 0)
  assert.match(out, /^₹1,500\.00 to Asha Devi \(HDFC0000123 50100123456789\)\n/)
  assert.match(
    out,
    /sent {9}on its way to the beneficiary bank\n.*succeeded {4}paid: the beneficiary has the money \[RC 00\]/,
  )
  assert.match(out, /belongs to ASHA DEVI/)
  assert.ok(!out.includes('\x1b'))
  assert.equal(hub.asked.at(-1)?.amountPaise, 150_000n)
})

test('a decline ends with 1 and says why; deemed ends with 0; an open outcome with 3', async () => {
  outcome = { state: 'declined', responseCode: 'M3' }
  const declined = await pay(['--amount', '1', ...to])
  assert.equal(declined.code, 1)
  assert.match(declined.out, /the money is back in the account \(Beneficiary account blocked or frozen\) \[RC M3\]/)
  outcome = { state: 'deemed', responseCode: '91' }
  assert.equal((await pay(['--amount', '1', '--mobile', '9876543210', '--mmid', '9229123'])).code, 0)
  outcome = { state: 'unconfirmed', reason: 'no_answer' }
  const open = await pay(['--amount', '1', '--wait', '1', ...to])
  assert.equal(open.code, 3)
  assert.match(open.out, /the money is safe, the switch is being asked, and it is never sent again/)
})

test('JSON is one document with the whole payment', async () => {
  outcome = { state: 'succeeded', responseCode: '00' }
  const { code, out } = await pay(['--amount', '2.50', '--json', '--reference', 'R-1', ...to])
  assert.equal(code, 0)
  const payment = JSON.parse(out)
  assert.deepEqual([payment.amount, payment.reference, payment.timeline.length], ['250', 'R-1', 2])
  const listed = await history(['--limit', '1', '--json'])
  assert.deepEqual(JSON.parse(listed.out), payment)
})

const rrn = must(parseRrn('632612000777'), 'RRN')
const name = (args: readonly string[]) => run('name', ['--base-url', baseUrl, '--api-key', KEY, ...args])

test('name tells whose account it is, and its exit code whether that is the name that was given', async () => {
  const reference = { transactionId: 'T1', rrn }
  const ravi = [...to.slice(0, 4), '--name', 'Ravi Shah']
  hub.enquire = async () => ({
    kind: 'answered',
    response: { result: 'SUCCESS', responseCode: '00', registeredName: 'ASHA DEVI' },
    reference,
  })
  const matches = await name(to)
  assert.deepEqual([matches.code, matches.err], [0, ''])
  assert.match(
    matches.out,
    /^the account belongs to A\*\*A D\*\*I\n {2}match, 100 of 100\n {2}enq_[0-9a-f]{32}, RRN 632612000777\n$/,
  )
  const other = await name(ravi)
  assert.equal(other.code, 1)
  assert.match(other.out, /mismatch, 0 of 100/)
  hub.enquire = async () => ({ kind: 'answered', response: { result: 'FAILURE', responseCode: 'M1' }, reference })
  const refused = await name(['--mobile', '9876543210', '--mmid', '9229123', '--json'])
  assert.deepEqual([refused.code, JSON.parse(refused.out).status], [1, 'refused'])
  hub.enquire = async () => ({ kind: 'unavailable' })
  const unavailable = await name(to)
  assert.match(unavailable.err, /has no name enquiry/)
})

test('a payment under another name waits for approval: the terminal says so and ends with 3', async () => {
  outcome = { state: 'held', reason: 'awaiting_approval' }
  const { code, out } = await pay(['--amount', '1', '--verify-name', ...to])
  assert.equal(code, 3)
  assert.match(out, /requires_approval {2}waits for approval/)
  assert.match(out, /POST \/v1\/approvals\/pay_[0-9a-f]{32}\/approve/)
  const nameless = await pay(['--amount', '1', '--verify-name', ...to.slice(0, 4)])
  assert.deepEqual([nameless.code, /to\.name/.test(nameless.err)], [2, true])
})

test('history is a table', async () => {
  const { code, out } = await history(['--limit', '2'])
  assert.equal(code, 0)
  const [head = '', ...rows] = out.trimEnd().split('\n')
  assert.match(head, /when \(IST\).*amount.*status.*RRN/)
  assert.equal(rows.length, 2)
})

const mistakes: readonly (readonly [
  what: string,
  program: 'pay' | 'history',
  args: readonly string[],
  code: number,
  says: RegExp,
])[] = [
  ['no amount', 'pay', to, 2, /--amount/],
  ['an amount that is none', 'pay', ['--amount', 'ten', ...to], 2, /not an amount/],
  ['nobody to pay', 'pay', ['--amount', '1'], 2, /whom to pay/],
  ['half an address', 'pay', ['--amount', '1', '--ifsc', 'HDFC0000123'], 2, /go together/],
  ['two addresses', 'pay', ['--amount', '1', ...to, '--mobile', '9876543210'], 2, /whom to pay/],
  ['an unknown option', 'pay', ['--amount', '1', '--amout', '1'], 2, /unknown option/],
  ['something too much', 'pay', ['--amount', '1', ...to, 'now'], 2, /too many arguments/],
  ['what the hub refuses', 'pay', ['--amount', '1', '--ifsc', 'X', '--account', '1'], 2, /to\.ifsc/],
  ['an endless wait', 'pay', ['--amount', '1', '--wait', 'long', ...to], 2, /--wait/],
  ['a limit that is none', 'history', ['--limit', '0'], 2, /--limit/],
  ['an unknown status', 'history', ['--status', 'lost'], 2, /status/],
]
for (const [what, program, args, code, says] of mistakes) {
  test(`${program} with ${what} ends with ${code}, says so in a line, and shows no stack`, async () => {
    const ended = await (program === 'pay' ? pay : history)(args)
    assert.equal(ended.code, code)
    assert.match(ended.err, says)
    assert.doesNotMatch(ended.err, /at .*\.ts:\d/)
  })
}

test('no hub, a wrong key and no sandbox are told apart', async () => {
  const nobody = await run('history', ['--base-url', 'http://127.0.0.1:1', '--api-key', 'x'])
  assert.equal(nobody.code, 4)
  assert.match(nobody.err, /does not answer/)
  const stranger = await run('history', ['--base-url', baseUrl, '--api-key', 'wrong'])
  assert.equal(stranger.code, 2)
  assert.match(stranger.err, /API key/)
  const none = await run('pay', ['--data-dir', '/nowhere', '--amount', '1', ...to])
  assert.equal(none.code, 4)
  assert.match(none.err, /npm start/)
})

test('help tells the options and the exit codes', async () => {
  for (const program of ['pay', 'history'] as const) {
    const { code, out } = await run(program, ['--help'])
    assert.equal(code, 0)
    assert.match(out, /Exit codes/)
  }
})
