import { createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Issuer, issueCertificate } from './base/certificate.ts'
import { systemClock } from './base/clock.ts'
import type { SigningKey } from './imps/xml/signature.ts'

/**
 * The sandbox's own keys and certificates, made once: an authority, and for each side a key for TLS and a key for signing. Nothing
 * here is for production, where the bank and NPCI exchange certificates. @see docs/adr/0016-certificates.md
 */

const DAY_MS = 86_400_000
const LIFE_MS = 3_650 * DAY_MS

type Span = { readonly fromMs: number; readonly untilMs: number }

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

/** A certificate authority that lives only as long as its private key is remembered: it is never written anywhere. */
function makeAuthority(name: string, span: Span): { readonly issuer: Issuer; readonly certificate: string } {
  const issuer = { name, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) }
  return {
    issuer,
    certificate: issueCertificate({ name, publicKey: issuer.publicKey, use: 'authority', ...span }, issuer),
  }
}

/**
 * A key for signing with its certificate, in memory: for tests and simulations, whose clock need not be today's.
 *
 * @param span epoch milliseconds between which the certificate holds
 * @param keys the key to certify, of an earlier pair for instance; a new RSA-2048 one by default
 */
export function makeSigningKey(
  name: string,
  span: Span,
  keys: { readonly privateKey: KeyObject } = generateKeyPairSync('rsa', { modulusLength: 2048 }),
): SigningKey {
  const { privateKey } = keys
  const { issuer } = makeAuthority(`${name} authority`, span)
  const publicKey = createPublicKey(privateKey)
  const certificate = new X509Certificate(issueCertificate({ name, publicKey, use: 'signing', ...span }, issuer))
  return { privateKey, certificate }
}

type Files = Readonly<Record<string, string>>

/** The files of both sides, as `loadKeys` reads them: each side pins the other's signing certificate. */
function makeFiles(span: Span): { readonly hub: Files; readonly switch: Files } {
  const { issuer, certificate: authority } = makeAuthority('sandbox authority', span)
  const sideOf = (name: string) => {
    const tls = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const hosts = ['localhost', '127.0.0.1']
    const request = { name: `${name} TLS`, publicKey: tls.publicKey, use: 'tls', hosts, ...span } as const
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const signing = {
      key: pem(rsa.privateKey),
      certificate: issueCertificate(
        { name: `${name} signing`, publicKey: rsa.publicKey, use: 'signing', ...span },
        issuer,
      ),
    }
    return { tls: { key: pem(tls.privateKey), certificate: issueCertificate(request, issuer) }, signing }
  }
  const hub = sideOf('hub')
  const theSwitch = sideOf('switch')
  const filesOf = (own: typeof hub, other: typeof hub, otherName: string): Files => ({
    'ca.crt': authority,
    'tls.key': own.tls.key,
    'tls.crt': own.tls.certificate,
    'sign.key': own.signing.key,
    'sign.crt': own.signing.certificate,
    [join('pinned', `${otherName}.crt`)]: other.signing.certificate,
  })
  return { hub: filesOf(hub, theSwitch, 'switch'), switch: filesOf(theSwitch, hub, 'hub') }
}

const isComplete = (dir: string): boolean => ['hub', 'switch'].every((side) => existsSync(join(dir, side, 'sign.crt')))

/**
 * Makes `<dir>/hub` and `<dir>/switch`, each a folder for `loadKeys`, unless they are there already. About half a second, once.
 *
 * The folder appears whole or not at all, so that of two programs that start at once both use the same keys.
 *
 * @param now epoch milliseconds; the certificates hold from a day before it, for ten years
 * @throws {Error} in one line, when the folder cannot be made, or is there and is something else
 */
export function makeSandboxKeys(dir: string, now: number = systemClock.now()): void {
  if (isComplete(dir)) return
  mkdirSync(dirname(dir), { recursive: true })
  const draft = mkdtempSync(`${dir}.`)
  try {
    for (const [side, files] of Object.entries(makeFiles({ fromMs: now - DAY_MS, untilMs: now + LIFE_MS }))) {
      mkdirSync(join(draft, side, 'pinned'), { recursive: true, mode: 0o700 })
      for (const [name, content] of Object.entries(files))
        writeFileSync(join(draft, side, name), content, { mode: 0o600 })
    }
    renameSync(draft, dir)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    // Another program was first: the folder is full, which a rename does not replace.
    if (!isComplete(dir))
      throw new Error(`cannot make keys in ${dir}: ${error instanceof Error ? error.message : error}`)
  }
}
