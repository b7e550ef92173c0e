import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createStubLink, original, rupees } from '../../test/support/stub-hub.ts'
import { systemClock } from '../base/clock.ts'
import { must, parseIfsc } from '../base/identifiers.ts'
import { systemDial } from '../base/network.ts'
import { createHttps } from '../base/web-https.ts'
import { defaultProfile } from '../imps/profile.ts'
import { createXmlDialect } from '../imps/xml/dialect.ts'
import type { XmlMessage } from '../imps/xml/message.ts'
import { openSigned, sign } from '../imps/xml/signature.ts'
import { loadKeys } from '../keys.ts'
import { makeSandboxKeys } from '../sandbox-keys.ts'

const start = (...args: string[]) =>
  spawn(process.execPath, [`${import.meta.dirname}/main.ts`, ...args], { stdio: 'pipe' })
const free = ['--remitter-port', '0', '--beneficiary-port', '0', '--xml-port', '0', '--control-port', '0']

async function ready(
  child: ReturnType<typeof start>,
): Promise<{ event: string; remitterPort: number; xmlPort?: number; controlPort: number; keys?: string }> {
  const [line] = await once(child.stdout, 'data')
  return JSON.parse(String(line))
}

test('says in one line of JSON where it listens, answers there, and ends when its parent’s pipe closes', async () => {
  const child = start(...free, '--rail', 'iso8583', '--with-parent', '--quiet', '--seed', '1')
  const { event, remitterPort, xmlPort, controlPort } = await ready(child)
  assert.deepEqual([event, xmlPort], ['ready', undefined])
  assert.equal((await fetch(`http://127.0.0.1:${controlPort}/health`)).status, 200)
  const link = createStubLink(await systemDial({ host: '127.0.0.1', port: remitterPort }, 1000), systemClock)
  const codes: unknown[] = []
  const done = Promise.withResolvers<void>()
  link.onMessage = (message) => {
    codes.push(message !== undefined && 'responseCode' in message ? message.responseCode : message)
    if (codes.length === 3) done.resolve()
  }
  link.ask('logOn')
  link.send(original(systemClock, 1, rupees('1500.00')))
  link.send(original(systemClock, 2, rupees('109.00')))
  await done.promise
  assert.deepEqual(codes, ['00', '00', 'M1'])
  child.stdin.end()
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
})

test('stops on SIGTERM, and without --with-parent not for a closed pipe', async () => {
  const child = start(...free)
  const { keys } = await ready(child)
  assert.ok(existsSync(join(must(keys, 'keys'), 'sign.key')), 'keys for a hub, since it was given none for itself')
  child.stdin.end()
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
  assert.equal(existsSync(must(keys, 'keys')), false)
})

test('with --rail xml it takes signed documents over mutual TLS, and delivers its own to the hub', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'turant-test-'))
  const dir = join(folder, 'keys')
  await makeSandboxKeys(dir)
  const keys = loadKeys(join(dir, 'hub'))
  const signing = must(keys.ring.signingKey(systemClock.now()), 'key')
  const dialect = createXmlDialect(defaultProfile)
  const limits = { maxBytes: 65_536, maxDepth: 16 }
  const https = createHttps({ tls: () => keys.tls, maxBytes: limits.maxBytes })
  const heard: XmlMessage[] = []
  const done = Promise.withResolvers<void>()
  const listener = await https.serve({ host: '127.0.0.1', port: 0 }, async ({ body }) => {
    const message = dialect.read(openSigned(body, keys.ring.pinned, systemClock.now(), limits).text)
    heard.push(message)
    if (heard.length === 2) done.resolve()
    const { api, msgId } = message
    return { status: 200, body: dialect.writeAck({ api, reqMsgId: msgId, at: systemClock.now() }) }
  })
  const hubUrl = `https://127.0.0.1:${listener.port}`
  const child = start(...free, '--rail', 'xml', '--keys', join(dir, 'switch'), '--hub-url', hubUrl, '--quiet')
  const { xmlPort, controlPort, keys: made } = await ready(child)
  assert.equal(made, undefined)

  const request = original(systemClock, 1, rupees('1500.00'))
  const remitter = { ...request.remitter, ifsc: must(parseIfsc('TRNT0000001'), 'IFSC') }
  const transactionId = 'TRN018f00000000700080000000000000a1'
  const envelope = { msgId: 'TRN1', orgId: '700001', at: systemClock.now(), transactionId }
  const document = dialect.write({ ...envelope, api: 'ReqPay', leg: 'pay', request: { ...request, remitter } })
  const url = `https://127.0.0.1:${xmlPort}/imps/ReqPay/2.0/urn:txnid:${transactionId}`
  const ack = await https.post({ url, body: sign(document, signing), timeoutMs: 5_000 })
  assert.deepEqual([ack.status, dialect.readAck(ack.body).err], [200, undefined])

  const order = { amountPaise: '25000', to: { ifsc: 'TRNT0000001', account: '00012345' } }
  const sent = await fetch(`http://127.0.0.1:${controlPort}/inward`, { method: 'POST', body: JSON.stringify(order) })
  assert.equal(sent.status, 202)
  await done.promise
  assert.deepEqual(heard.map((message) => ('leg' in message ? `${message.api} ${message.leg}` : message.api)).sort(), [
    'ReqPay credit',
    'RespPay pay',
  ])
  child.kill('SIGTERM')
  await once(child, 'exit')
  https.close()
  await listener.close()
  rmSync(folder, { recursive: true })
})

for (const [args, says] of [
  [['--nothing'], /^--nothing is not a flag; --help lists them\n$/],
  [['--timer-scale', 'x'], /^--timer-scale must be a number more than 0 and at most 3\n$/],
  [['--profile', '/nowhere'], /^--profile .*\n$/],
  [['--keys', '/nowhere'], /^--keys .*\n$/],
  [[...free, '--host', '203.0.113.1'], /^--remitter-port cannot be used: .*\n$/],
] as const) {
  test(`${args.join(' ')} ends it with status 2 and one line`, async () => {
    const child = start(...args)
    const lines: string[] = []
    child.stderr.on('data', (bytes) => lines.push(String(bytes)))
    const [code] = await once(child, 'close')
    assert.equal(code, 2)
    assert.match(lines.join(''), says)
  })
}
