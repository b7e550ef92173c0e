import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { authenticate, type Ceremony, register } from '../../test/support/authenticator.ts'
import {
  authenticationOptions,
  challengeOf,
  makeChallenge,
  registrationOptions,
  relyingPartyOf,
  verifyAuthentication,
  verifyRegistration,
} from './passkeys.ts'

const origin = 'https://hub.example'
const rp = relyingPartyOf([origin]) ?? assert.fail('no relying party')
const handle = randomBytes(16)
const word = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

const ceremony = (challenge: Uint8Array, change: Partial<Ceremony> = {}): Ceremony => ({
  challenge: word(challenge),
  origin,
  rpId: rp.id,
  ...change,
})

async function aPasskey(counter = 0) {
  const challenge = makeChallenge()
  const { key, answer } = register(ceremony(challenge, { counter }), word(handle))
  const verified = await verifyRegistration(rp, challenge, answer)
  assert.ok(verified.kind === 'verified', JSON.stringify(verified))
  return { key, passkey: verified.passkey }
}

const named: readonly (readonly [origins: readonly string[], id: string | undefined, origins: readonly string[]])[] = [
  [[origin], 'hub.example', [origin]],
  [['http://127.0.0.1:8080', 'http://localhost:8080'], 'localhost', ['http://localhost:8080']],
  [['https://203.0.113.9'], undefined, []],
  [['http://[::1]:8080'], undefined, []],
  [[], undefined, []],
]
for (const [origins, id, own] of named) {
  test(`a hub that is called ${origins.join(' and ') || 'by no name'} has passkeys for ${id}`, () => {
    const found = relyingPartyOf(origins)
    assert.deepEqual([found?.id, found?.origins ?? []], [id, own])
  })
}

test('options ask for a passkey that the browser can find by itself and whose user was verified', async () => {
  const challenge = makeChallenge()
  const user = { handle, name: 'asha', shownAs: 'Asha', exclude: ['abcd'] }
  const creation = await registrationOptions(rp, challenge, user)
  assert.equal(creation.challenge, word(challenge))
  assert.deepEqual([creation.rp.id, creation.user.id], ['hub.example', word(handle)])
  assert.deepEqual(
    [
      creation.authenticatorSelection?.residentKey,
      creation.authenticatorSelection?.userVerification,
      creation.attestation,
    ],
    ['required', 'required', 'none'],
  )
  assert.deepEqual(
    creation.excludeCredentials?.map(({ id }) => id),
    ['abcd'],
  )
  const request = await authenticationOptions(rp, challenge)
  assert.deepEqual(
    [request.challenge, request.rpId, request.userVerification, request.allowCredentials],
    [word(challenge), 'hub.example', 'required', undefined],
  )
})

// ASVS 6.7.2
test('a passkey is registered and used; what it signed is the challenge that it was given', async () => {
  const { key, passkey } = await aPasskey()
  const digest = Buffer.alloc(32, 7) // may be the digest of a payment
  const answer = authenticate(ceremony(digest), key)
  assert.equal(challengeOf(answer), word(digest))
  assert.deepEqual(await verifyAuthentication(rp, digest, passkey, handle, answer), { kind: 'verified', counter: 1 })
})

const badRegistrations: readonly (readonly [what: string, change: Partial<Ceremony>])[] = [
  ['for another challenge', { challenge: word(makeChallenge()) }],
  ['from another origin', { origin: 'https://hub.example.evil' }],
  ['from a sub-domain', { origin: 'https://a.hub.example' }],
  ['over plain http', { origin: 'http://hub.example' }],
  ['for another relying party', { rpId: 'evil.example' }],
  ['without user verification', { userVerified: false }],
  ['in a frame of somebody else', { crossOrigin: true }],
  ['that is the use of a passkey', { type: 'webauthn.get' }],
]
for (const [what, change] of badRegistrations) {
  test(`a registration ${what} is refused`, async () => {
    const challenge = makeChallenge()
    const { answer } = register(ceremony(challenge, change), word(handle))
    assert.equal((await verifyRegistration(rp, challenge, answer)).kind, 'refused')
  })
}

const badUses: readonly (readonly [what: string, change: Partial<Ceremony>])[] = [
  ...badRegistrations.filter(([what]) => !what.startsWith('that is')),
  ['that is a registration', { type: 'webauthn.create' }],
]
for (const [what, change] of badUses) {
  test(`the use of a passkey ${what} is refused`, async () => {
    const { key, passkey } = await aPasskey()
    const challenge = makeChallenge()
    const answer = authenticate(ceremony(challenge, change), key)
    assert.equal((await verifyAuthentication(rp, challenge, passkey, handle, answer)).kind, 'refused')
  })
}

test("another passkey's signature, another user's, and a changed one are refused", async () => {
  const [mine, other] = [await aPasskey(), await aPasskey()]
  const challenge = makeChallenge()
  const right = authenticate(ceremony(challenge), mine.key)
  const bent = Buffer.from(right.response.signature, 'base64url')
  bent[bent.length - 1] = (bent.at(-1) ?? 0) ^ 1
  const bad: readonly [typeof right, Uint8Array, typeof mine.passkey][] = [
    [right, handle, other.passkey],
    [right, handle, { ...other.passkey, id: mine.passkey.id }],
    [right, randomBytes(16), mine.passkey],
    [{ ...right, response: { ...right.response, signature: word(bent) } }, handle, mine.passkey],
    [{ ...right, response: { ...right.response, signature: '' } }, handle, mine.passkey],
    [{ ...right, response: { ...right.response, authenticatorData: 'AAAA' } }, handle, mine.passkey],
    [{ ...right, response: { ...right.response, clientDataJSON: '%%%' } }, handle, mine.passkey],
  ]
  for (const [answer, owner, passkey] of bad)
    assert.equal((await verifyAuthentication(rp, challenge, passkey, owner, answer)).kind, 'refused')
})

const counters: readonly (readonly [stored: number, said: number, kind: 'verified' | 'cloned'])[] = [
  [0, 0, 'verified'], // does not count, as synced passkeys do
  [0, 1, 'verified'],
  [5, 6, 'verified'],
  [5, 5, 'cloned'],
  [5, 4, 'cloned'],
  [5, 0, 'cloned'],
]
for (const [stored, said, kind] of counters) {
  test(`a counter of ${said} after ${stored} is ${kind}`, async () => {
    const { key, passkey } = await aPasskey()
    const challenge = makeChallenge()
    const answer = authenticate(ceremony(challenge, { counter: said }), key)
    const found = await verifyAuthentication(rp, challenge, { ...passkey, counter: stored }, handle, answer)
    assert.equal(found.kind, kind)
  })
}

test('a forged answer with an old counter is a forgery and not a clone', async () => {
  const [mine, other] = [await aPasskey(), await aPasskey()]
  const challenge = makeChallenge()
  const forged = {
    ...authenticate(ceremony(challenge, { counter: 1 }), other.key),
    id: mine.key.id,
    rawId: mine.key.id,
  }
  const found = await verifyAuthentication(rp, challenge, { ...mine.passkey, counter: 5 }, handle, forged)
  assert.equal(found.kind, 'refused')
})
