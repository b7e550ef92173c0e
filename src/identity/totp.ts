import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'

/**
 * Time-based one-time codes as every authenticator app makes them: HMAC-SHA-1, six digits, 30 seconds.
 * @source RFC 6238
 */

const SECONDS = 30
const DIGITS = 6
/** Steps that a clock may be off, each way. @source RFC 6238 §5.2 */
const WINDOW = 1

/** 160 bits. @source RFC 4226 §4 R6 */
export const makeTotpSecret = (): Uint8Array => new Uint8Array(randomBytes(20))

const totpOf = (secret: Uint8Array, issuer = '', label = ''): TOTP =>
  new TOTP({
    secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
    algorithm: 'SHA1',
    digits: DIGITS,
    period: SECONDS,
    issuer,
    label,
  })

/** What an authenticator app is given, as a QR code or a link. */
export const totpUri = (secret: Uint8Array, issuer: string, label: string): string =>
  totpOf(secret, issuer, label).toString()

/** The same for somebody who types it. */
export const totpText = (secret: Uint8Array): string => totpOf(secret).secret.base32

/** The code that an app with this secret shows. @param text  base32. @param at  epoch milliseconds */
export const totpCode = (text: string, at: number): string =>
  new TOTP({ secret: Secret.fromBase32(text), algorithm: 'SHA1', digits: DIGITS, period: SECONDS }).generate({
    timestamp: at,
  })

/**
 * Finds the time step that a code is for, among the present one and its neighbours.
 *
 * @param at  epoch milliseconds
 * @param lastStep  the last step whose code was used; null: none was
 * @returns the step, which whoever stores it must refuse the second time; undefined for a wrong code, and for one of a step that was
 *   used or is before one that was
 */
export function checkTotp(secret: Uint8Array, code: string, at: number, lastStep: number | null): number | undefined {
  if (!/^[0-9]{6}$/.test(code)) return undefined
  const totp = totpOf(secret)
  const delta = totp.validate({ token: code, timestamp: at, window: WINDOW })
  if (delta === null) return undefined
  const step = totp.counter({ timestamp: at }) + delta
  return lastStep === null || step > lastStep ? step : undefined
}
