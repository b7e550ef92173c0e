import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateKey } from 'openpgp'
import { type Clock, systemClock } from '../../base/clock.ts'
import { openPgp, openPgpStream, PgpError, sealPgp } from './pgp.ts'

const clock = systemClock
const AT = Date.parse('2026-11-27T11:05:00+05:30')
const DAY_MS = 86_400_000
const text = Buffer.from('Bank Code,RRN\nTRN,633109000001\n')

async function keyPair(name: string, more: { readonly passphrase?: string; readonly keyExpirationTime?: number } = {}) {
  const { privateKey, publicKey } = await generateKey({
    type: 'curve25519',
    userIDs: [{ name }],
    date: new Date(AT - 30 * DAY_MS),
    ...more,
    format: 'armored',
  })
  return { armored: privateKey, public: publicKey }
}
const [bank, npci, stranger] = await Promise.all([keyPair('bank'), keyPair('npci'), keyPair('stranger')])
const locked = await keyPair('locked', { passphrase: 'a phrase of words' })
const expired = await keyPair('expired', { keyExpirationTime: (20 * DAY_MS) / 1000 })

async function sealed(signWith = npci, to = bank.public): Promise<Uint8Array> {
  const found = await sealPgp(text, { to: [to], signWith, at: AT })
  if (found.kind !== 'sealed') throw new Error(found.fault)
  return found.bytes
}
const faultOf = (found: { kind: string; fault?: string }): string => found.fault ?? found.kind

test('a file that was encrypted for us and signed by NPCI opens to what it was', async () => {
  const found = await openPgp(await sealed(), { keys: [stranger, bank], from: [stranger.public, npci.public], at: AT })
  assert.ok(found.kind === 'opened')
  assert.deepEqual([Buffer.from(found.bytes).toString(), found.signed], [text.toString(), true])
})

test('for another key, changed, cut short, unsigned, signed by another or by an expired key: refused by name', async () => {
  const file = await sealed()
  const open = async (bytes: Uint8Array, from = npci.public) =>
    faultOf(await openPgp(bytes, { keys: [bank], from: [from], at: AT }))
  assert.equal(await open(await sealed(npci, stranger.public)), 'wrong_key')
  const flipped = Uint8Array.from(file)
  flipped[flipped.length - 5]! ^= 1
  assert.equal(await open(flipped), 'tampered')
  assert.equal(await open(file.subarray(0, file.length - 20)), 'tampered')
  assert.equal(await open(text), 'not_pgp')
  assert.equal(await open(new Uint8Array()), 'not_pgp')
  assert.equal(await open(file, stranger.public), 'wrong_signature')
  const unsigned = await sealPgp(text, { to: [bank.public], at: AT })
  assert.equal(await open(unsigned.kind === 'sealed' ? unsigned.bytes : text), 'not_signed')
  const early = await sealPgp(text, { to: [bank.public], signWith: expired, at: AT - 15 * DAY_MS })
  assert.equal(await open(early.kind === 'sealed' ? early.bytes : text, expired.public), 'key_expired')
  assert.equal(faultOf(await openPgp(file, { keys: [bank], at: AT, maxBytes: 100 })), 'too_large')
})

test('a key that is none, is locked or is expired is named for what it is', async () => {
  const file = await sealed(npci, locked.public)
  const open = async (armored: string, passphrase: string) =>
    faultOf(await openPgp(file, { keys: [{ armored, passphrase }], from: [npci.public], at: AT }))
  assert.equal(await open(locked.armored, 'a phrase of words'), 'opened')
  assert.equal(await open(locked.armored, 'another'), 'key_locked')
  assert.equal(await open('no key', ''), 'key_unreadable')
  assert.equal(faultOf(await sealPgp(text, { to: [expired.public], at: AT })), 'key_expired')
  assert.equal(faultOf(await sealPgp(text, { to: [bank.public], signWith: expired, at: AT })), 'key_expired')
})

test('any byte of an encrypted file changed is a refusal, never an error and never another text', async () => {
  const file = await sealed()
  for (let at = 0; at < file.length; at += 7) {
    const spoilt = Uint8Array.from(file)
    spoilt[at]! ^= 0x41
    const found = await openPgp(spoilt, { keys: [bank], from: [npci.public], at: AT })
    assert.equal(found.kind, 'refused', `byte ${at}`)
  }
})

/** The same by the stream, some bytes at a time: what comes out, or why nothing may be done with it. */
async function streamed(
  bytes: Uint8Array,
  options: Parameters<typeof openPgp>[1] & { clock?: Pick<Clock, 'after'> },
  piece = 50,
): Promise<string> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += piece) yield bytes.subarray(from, from + piece)
  }
  const opened = await openPgpStream(pieces(), { clock, ...options, maxBytes: options.maxBytes ?? 1_000_000 })
  if (opened.kind === 'refused') return opened.fault
  const held: Uint8Array[] = []
  try {
    for await (const chunk of opened.chunks) held.push(chunk)
  } catch (error) {
    if (error instanceof PgpError) return error.fault
    throw error
  }
  return (await opened.proved()) ?? Buffer.concat(held).toString()
}

test('a stream opens what the whole file opens, and refuses what it refuses, by the same name', async () => {
  const file = await sealed()
  const options = { keys: [bank], from: [npci.public], at: AT }
  for (const piece of [1, 50, 10_000]) assert.equal(await streamed(file, options, piece), text.toString())
  const unsigned = await sealPgp(text, { to: [bank.public], at: AT })
  assert.ok(unsigned.kind === 'sealed')
  const cases: readonly (readonly [bytes: Uint8Array, change?: Partial<Parameters<typeof openPgp>[1]>])[] = [
    [await sealed(npci, stranger.public)],
    [file.subarray(0, file.length - 20)],
    [text],
    [new Uint8Array()],
    [file, { from: [stranger.public] }],
    [unsigned.bytes],
    [file, { keys: [{ armored: 'no key' }] }],
  ]
  for (const [bytes, change] of cases) {
    const whole = faultOf(await openPgp(bytes, { ...options, ...change }))
    assert.equal(await streamed(bytes, { ...options, ...change }), whole)
  }
  const { from: _, ...unlooked } = options
  assert.equal(await streamed(unsigned.bytes, unlooked), text.toString())
})

/** Thirty seconds are not waited for. */
const hasty: Pick<Clock, 'after'> = { after: (_ms, fn) => systemClock.after(500, fn) }

test('any byte changed in a stream is a refusal in the end, and nothing is left behind that ends the process', async () => {
  const file = await sealed()
  for (let at = 0; at < file.length; at += 7) {
    const spoilt = Uint8Array.from(file)
    spoilt[at]! ^= 0x41
    const found = await streamed(spoilt, { keys: [bank], from: [npci.public], at: AT, clock: hasty })
    assert.notEqual(found, text.toString(), `byte ${at}`)
  }
})
