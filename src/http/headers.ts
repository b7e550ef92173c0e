/**
 * What every answer says to browsers, whatever route or failure it comes from: it is data, from one place, and nobody's to keep, frame,
 * guess the type of or send on. Pages say more about themselves and overwrite what they must.
 */

/** A year, as preload lists want it. */
const HSTS = 'max-age=31536000; includeSubDomains'

const always = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY', //                    for browsers that do not know frame-ancestors
  'referrer-policy': 'no-referrer', //             addresses hold ids
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store', //                  of other people's money nothing is kept on the way
} as const

/**
 * There is no `access-control-` among them: no page of another origin may read an answer.
 * @param origins  what the hub is called from outside; HSTS is told where that is https
 */
export const securityHeaders = (origins: readonly string[]): Readonly<Record<string, string>> =>
  Object.freeze(
    origins.some((one) => one.startsWith('https:')) ? { ...always, 'strict-transport-security': HSTS } : { ...always },
  )
