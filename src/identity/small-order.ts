import type { KeyObject } from 'node:crypto'

/**
 * The points of order 1, 2, 4 and 8 on Curve25519, without their sign, and the second spellings of two of them. OpenSSL takes them as
 * public keys; under one of them a signature that anybody can write down is right for every message, or for one in a few.
 * @source RFC 8032 §5.1.3, "Taming the many EdDSAs" (2020), table 6
 */
const SMALL: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])

/** Whether an Ed25519 key is one that proves nothing. */
export function isSmallOrder(key: KeyObject): boolean {
  const point = Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url')
  const last = point.length - 1
  point[last] = (point[last] ?? 0) & 0x7f
  return SMALL.has(point.toString('hex'))
}
