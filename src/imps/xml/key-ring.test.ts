import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits, payment } from '../../../test/support/signed-documents.ts'
import { makeSigningKey } from '../../sandbox-keys.ts'
import { createKeyRing } from './key-ring.ts'
import { openSigned, SignatureError, sign } from './signature.ts'

const DAY_MS = 86_400_000
const day = (n: number): number => Date.UTC(2026, 0, 1) + n * DAY_MS

/** Two pairs that overlap: the old one holds from day 0 to 100, the new one from day 80 to 400. */
const old = await makeSigningKey('hub 2026', { fromMs: day(0), untilMs: day(100) })
const renewed = await makeSigningKey('hub 2027', { fromMs: day(80), untilMs: day(400) })
const theirs = await makeSigningKey('NPCI', { fromMs: day(0), untilMs: day(1_000) })
const ring = createKeyRing({ signing: [old, renewed], pinned: [theirs.certificate] })

test('the newest pair that holds signs: the new one from the first day that it may', () => {
  const signs = (n: number) => ring.signingKey(day(n))?.certificate.subject.split('CN=')[1]
  assert.equal(signs(-1), undefined)
  assert.equal(signs(0), 'hub 2026')
  assert.equal(signs(79.9), 'hub 2026')
  assert.equal(signs(80), 'hub 2027')
  assert.equal(signs(400), 'hub 2027')
  assert.equal(signs(401), undefined)
})

// Goal: in the days of a rotation no message is refused. Method: one side signs with whatever its ring gives, the other pins both
// certificates, every half day from long before to long after.
test('through a whole rotation every message opens, as long as both certificates are pinned', () => {
  const pinned = [old.certificate, renewed.certificate]
  for (let n = 0; n <= 400; n += 0.5) {
    const key = ring.signingKey(day(n))
    assert.ok(key !== undefined)
    assert.equal(openSigned(Buffer.from(sign(payment(), key)), pinned, day(n), limits).text, payment())
  }
})

test('after the rotation the old key opens nothing more', () => {
  const late = Buffer.from(sign(payment(), old))
  const pinned = [old.certificate, renewed.certificate]
  assert.throws(
    () => openSigned(late, pinned, day(101), limits),
    (error) => error instanceof SignatureError && error.code === 'certificate_expired',
  )
  assert.throws(
    () => openSigned(late, [renewed.certificate], day(90), limits),
    (error) => error instanceof SignatureError && error.code === 'bad_signature',
  )
})

test('an end is told 60, 30 and 7 days ahead, and when it is over', () => {
  const alone = createKeyRing({ signing: [old], pinned: [theirs.certificate] })
  const told = (n: number) => alone.expiring(day(n)).map(({ whose, daysLeft, level }) => [whose, daysLeft, level])
  assert.deepEqual(told(39), [])
  for (const [n, expected] of [
    [39.1, ['signing', 60, 60]],
    [69, ['signing', 31, 60]],
    [70, ['signing', 30, 30]],
    [92, ['signing', 8, 30]],
    [93, ['signing', 7, 7]],
    [99.9, ['signing', 0, 7]],
    [100.1, ['signing', -1, 0]],
  ] as const)
    assert.deepEqual(told(n), [expected], `day ${n}`)
})

test('a successor that holds longer ends the warning; a pinned certificate is told of like our own', () => {
  assert.deepEqual(ring.expiring(day(99)), [])
  const late = ring.expiring(day(995))
  assert.deepEqual(
    late.map(({ subject, level }) => [subject, level]),
    [
      ['hub 2027', 0],
      ['NPCI', 7],
    ],
  )
})

test('the certificates of TLS end like the others, the soonest first, and those without an end near are still told to whoever asks', () => {
  const tls = createKeyRing({
    signing: [renewed],
    pinned: [theirs.certificate],
    tls: old.certificate,
    authority: theirs.certificate,
  })
  assert.deepEqual(
    tls.expiring(day(95)).map(({ whose, daysLeft, level }) => [whose, daysLeft, level]),
    [['tls', 5, 7]],
  )
  assert.deepEqual(
    tls.ends(day(95)).map(({ whose, daysLeft }) => [whose, daysLeft]),
    [
      ['tls', 5],
      ['signing', 305],
      ['pinned', 905],
      ['authority', 905],
    ],
  )
})
