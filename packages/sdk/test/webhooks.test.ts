import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { makeKeyPair, makeSecret, signWebhook } from '../src/testing.ts'
import { verify, WebhookVerificationError } from '../src/webhooks.ts'

const secret = makeSecret()
const pair = await makeKeyPair()
const event = { type: 'payment.succeeded', data: { id: 'pay_1', note: 'café ₹' } }
const reasonOf = (call: Promise<unknown>): Promise<readonly [string, string]> =>
  call.then(
    () => assert.fail('it was believed'),
    (error: unknown) => {
      assert.ok(error instanceof WebhookVerificationError && error instanceof Error, String(error))
      return [error.reason, error.message]
    },
  )

test('what was signed by a secret or by a private key is believed, with the id that deduplicates', async () => {
  for (const [signing, verifying] of [
    [secret, secret],
    [pair.privateKey, pair.publicKey],
  ] as const) {
    const { body, headers } = await signWebhook(signing, { event, id: 'evt_1' })
    const found = await verify(body, headers, verifying)
    assert.deepEqual([found.id, found.type, found.data], ['evt_1', event.type, event.data])
    const bytes = new TextEncoder().encode(body)
    assert.deepEqual(await verify(bytes, new Headers(headers), verifying), found)
    assert.deepEqual(
      await verify(Buffer.from(bytes), { 'Webhook-Id': headers['webhook-id'], ...headers }, verifying),
      found,
    )
  }
})

test('keys are changed without a gap: several signatures, several keys, one right pair is enough', async () => {
  const newer = makeSecret()
  const during = await signWebhook([newer, secret, pair.privateKey], { event })
  for (const keys of [secret, newer, pair.publicKey, [makeSecret(), secret]])
    await verify(during.body, during.headers, keys)
  const after = await signWebhook(newer, { event })
  await verify(after.body, after.headers, [secret, newer])
})

const { body, headers } = await signWebhook(secret, { event })
/** As the signature has it: a machine that is busy may judge it seconds later. */
const signedMs = Number(headers['webhook-timestamp']) * 1_000
const pretty = JSON.stringify(JSON.parse(body), null, 2)
const ascii = body.replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
const without = (name: string) => Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name))
const asIs = (value: unknown) => value as string

const wrong: readonly (readonly [what: string, reason: string, says: RegExp, call: () => Promise<unknown>])[] = [
  ['no id', 'missing_header', /webhook-id/, () => verify(body, without('webhook-id'), secret)],
  ['no timestamp', 'missing_header', /webhook-timestamp/, () => verify(body, without('webhook-timestamp'), secret)],
  ['no signature', 'missing_header', /webhook-signature/, () => verify(body, without('webhook-signature'), secret)],
  ['no number', 'bad_header', /number/, () => verify(body, { ...headers, 'webhook-timestamp': '2026-11-28' }, secret)],
  [
    '17 signatures',
    'bad_header',
    /many/,
    () => verify(body, { ...headers, 'webhook-signature': 'v1,AA== '.repeat(17) }, secret),
  ],
  ['a parsed body', 'body_parsed', /parsed already/, () => verify(asIs(JSON.parse(body)), headers, secret)],
  ['no body', 'body_parsed', /parsed already/, () => verify(asIs(undefined), headers, secret)],
  ['a body written again with spaces', 'body_reencoded', /raw bytes/, () => verify(pretty, headers, secret)],
  ['a body with an end of line', 'body_reencoded', /raw bytes/, () => verify(`${body}\n`, headers, secret)],
  ['a body written again in ASCII', 'body_reencoded', /raw bytes/, () => verify(ascii, headers, secret)],
  ['the secret of another', 'key', /another endpoint/, () => verify(body, headers, makeSecret())],
  ['a changed body', 'key', /changed/, () => verify(body.replace('pay_1', 'pay_2'), headers, secret)],
  ['another id', 'key', /changed/, () => verify(body, { ...headers, 'webhook-id': 'evt_other' }, secret)],
  ['the other scheme', 'key', /v1a for whpk_/, () => verify(body, headers, pair.publicKey)],
  ['a private key', 'bad_key', /whpk_/, () => verify(body, headers, pair.privateKey)],
  ['a key that is none', 'bad_key', /whsec_/, () => verify(body, headers, 'whsec_not base64!')],
  ['no key', 'bad_key', /no key/, () => verify(body, headers, [])],
  ['an old one', 'clock', /\d+ s ago/, () => verify(body, headers, secret, { nowMs: signedMs + 301_500 })],
  ['one of the future', 'clock', /in the future/, () => verify(body, headers, secret, { nowMs: signedMs - 301_500 })],
  ['an old one by another', 'key', /another/, () => verify(body, headers, makeSecret(), { nowMs: signedMs + 900_000 })],
]
for (const [what, reason, says, call] of wrong) {
  test(`${what}: ${reason}`, async () => {
    const [found, message] = await reasonOf(call())
    assert.equal(found, reason, message)
    assert.match(message, says)
  })
}

test('rightly signed and no event is not taken for one', async () => {
  for (const text of ['', 'null', '[]', '{"type":"a"}', 'text']) {
    const signed = await signWebhook(secret, { event: text })
    assert.equal((await reasonOf(verify(signed.body, signed.headers, secret)))[0], 'not_an_event', text)
  }
})

test('no byte of what is signed can be another', async () => {
  const bytes = new TextEncoder().encode(body)
  for (let at = 0; at < bytes.length; at += 1) {
    const other = bytes.slice()
    other[at] = (other[at] ?? 0) ^ 1
    assert.equal((await reasonOf(verify(other, headers, secret)))[0], 'key', `byte ${at}`)
  }
})

test('the library of Standard Webhooks believes what we sign, and we what it signs', async () => {
  const library = new Webhook(secret)
  assert.deepEqual(library.verify(body, { ...headers }), JSON.parse(body))
  const at = new Date()
  const theirs = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': library.sign('msg_1', at, body),
  }
  assert.equal((await verify(body, theirs, secret)).id, 'msg_1')
})
