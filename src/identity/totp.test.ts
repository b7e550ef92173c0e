import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkTotp, makeTotpSecret, totpText, totpUri } from './totp.ts'

// RFC 6238 Appendix B has eight digits; the last six of them are what six digits would be.
const secret = Buffer.from('12345678901234567890')
const vectors: readonly (readonly [seconds: number, code: string])[] = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
]
// ASVS 6.5.5, 6.5.8
for (const [seconds, code] of vectors) {
  test(`the code of RFC 6238 at ${seconds} s is accepted then, a step before and a step after, and not beyond`, () => {
    const step = Math.floor(seconds / 30)
    for (const off of [-1, 0, 1]) assert.equal(checkTotp(secret, code, (seconds + off * 30) * 1_000, null), step)
    for (const off of [-2, 2]) assert.equal(checkTotp(secret, code, (seconds + off * 30) * 1_000, null), undefined)
  })
}

// ASVS 6.5.1
test('a step is used once: its code, and those of steps before it, are nothing any more', () => {
  const step = Math.floor(59 / 30)
  assert.equal(checkTotp(secret, '287082', 59_000, step - 1), step)
  assert.equal(checkTotp(secret, '287082', 59_000, step), undefined)
  assert.equal(checkTotp(secret, '287082', 59_000, step + 1), undefined)
})

test('what is not six digits is no code', () => {
  for (const code of ['', '28708', '2870822', ' 287082', '287o82', '２８７０８２', '-87082', '2e7082'])
    assert.equal(checkTotp(secret, code, 59_000, null), undefined, code)
})

// ASVS 6.5.3
test('a secret has 160 bits, is never the same, and goes into an app as the link that all of them read', () => {
  const made = makeTotpSecret()
  assert.equal(made.length, 20)
  assert.notDeepEqual(makeTotpSecret(), made)
  const uri = new URL(totpUri(secret, 'Turant', 'asha@bank.example'))
  assert.equal(uri.protocol, 'otpauth:')
  assert.equal(uri.searchParams.get('secret'), totpText(secret))
  assert.equal(totpText(secret), 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
  assert.deepEqual(
    ['issuer', 'algorithm', 'digits', 'period'].map((name) => uri.searchParams.get(name)),
    ['Turant', 'SHA1', '6', '30'],
  )
})
