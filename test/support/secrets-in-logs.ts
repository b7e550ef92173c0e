/** What must not stand in a log, found by its form, or because a test has it. */

export type Known = {
  readonly numbers: ReadonlySet<string>
  readonly names: ReadonlySet<string>
  readonly secrets: ReadonlySet<string>
}

/** 2^53 + 1: what texts that do harm have of a number (`test/support/payloads.ts`). It is nobody's, and a refusal may name it. */
const UNSAFE_INTEGER = '9007199254740993'

/** Account numbers and mobile numbers of tests: all literals of nine to eighteen digits. */
export const numbersIn = (sources: readonly string[]): Set<string> =>
  new Set(
    sources
      .flatMap((text) => [...text.matchAll(/['"`]([0-9]{9,18})['"`]/g)].map((found) => found[1] ?? ''))
      .filter((number) => number !== UNSAFE_INTEGER),
  )

/** Names of people in tests: two or three words with capitals under a key that says so. */
export const namesIn = (sources: readonly string[]): Set<string> =>
  new Set(
    sources
      .flatMap((text) => [
        ...text.matchAll(
          /\b(?:\w*[nN]ame|payer|payee|sender|registered|holder)\b['"]?\s*[:=,(]\s*['"]([A-Z][A-Za-z]+(?: [A-Z][A-Za-z]*){1,3})['"]/g,
        ),
      ])
      .map((found) => found[1] ?? '')
      .filter((name) => !/Bank|BANK|Limited|Business/.test(name)),
  )

/** PINs, passwords and passphrases that stand in tests. */
export const secretsIn = (sources: readonly string[]): Set<string> =>
  new Set(
    sources
      .flatMap((text) => [
        ...text.matchAll(
          /\b(?:mpin|MPIN|pin|PIN|[pP]assword|PASSWORD|passphrase)\b['"]?\s*[:=]\s*['"]([^'"\n]{6,60})['"]/g,
        ),
      ])
      .map((found) => found[1] ?? '')
      .filter((secret) => !/^(.)\1+$|^abcdef$|^123456$|^secret$|^customer$|[{}<$]/.test(secret)),
  )

/** References of the hub and of the switch, which may be told: they are no customer's number. */
const ours: readonly RegExp[] = [
  /\b(?!tsk)[a-z]{3}_[0-9a-z-]{1,40}\b/g,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g,
  /\\?"(?:rrn|requestId|msgId)\\?":\\?"[0-9A-Za-z_-]*\\?"/g,
  /\\?"reference\\?":\\?"[0-9a-f]{64}\\?"/g,
  /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9:]+)/g,
  /turant_(?:test|template)_[0-9a-f]+/g,
  new RegExp(`\\b${UNSAFE_INTEGER}\\b`, 'g'),
  /a%0D%0Aset-cookie%3A%20x%3D1/g, // the address that was asked for, as it was: an attack, and no cookie
  /npm run pay -- --amount 1500\.00 --ifsc HDFC0000123 --account 50100123456789 --name "Asha Devi"/g, // the example on the screen
]

const forms: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a long number', /[0-9]{9,}/],
  ['a mobile number', /(?<![0-9])[6-9][0-9]{9}(?![0-9])/],
  ['an API key', /trnt_(?:live|test)_[0-9A-Za-z]/],
  [
    'a token or key',
    /\btsk_[0-9A-Za-z]|\beyJ[\w-]{10,}\.|Bearer\s+[\w.-]{12,}|DPoP\s+[\w.-]{20,}|\bBasic\s+[\w+/=]{12,}/,
  ],
  ['a private key', /-----BEGIN/],
  ['a cookie', /__Host-|[Ss]et-[Cc]ookie/],
  ['a password hash', /\$argon2|\$scrypt/],
  ['a URL with a password', /\/\/[^/\s:@"]+:[^/\s:@"]+@/],
  ['values of a row', /Key \(|Failing row contains|\bparameters\\?"?:/],
  ['a code', /\b(?:otp|pin|mpin|code is|passphrase|password)\b[^a-z]{0,4}[0-9]{4,8}\b/i],
]

/** What stands in a line that should not: empty when all is well. */
export function findSecrets(line: string, known: Known): string[] {
  const rest = ours.reduce((text, pattern) => text.replaceAll(pattern, ' '), line)
  const found = forms.filter(([, pattern]) => pattern.test(rest)).map(([what]) => what)
  const flat = rest.toLowerCase()
  for (const name of known.names) if (flat.includes(name.toLowerCase())) found.push('a name')
  for (const secret of known.secrets) if (holds(rest, secret)) found.push('a secret that a test made')
  for (const number of rest.match(/[0-9]{9,18}/g) ?? []) if (known.numbers.has(number)) found.push('a number of a test')
  return found
}

/** Six digits may be part of an id by chance; then they are no code. */
const holds = (text: string, secret: string): boolean =>
  /^[0-9]+$/.test(secret) ? new RegExp(`(?<![0-9A-Za-z])${secret}(?![0-9A-Za-z])`).test(text) : text.includes(secret)
