import { createPublicKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { systemClock } from './base/clock.ts'
import type { SigningKey } from './imps/xml/signature.ts'

/**
 * The sandbox's own keys and certificates, made once: an authority, and for each side a key for TLS and a key for signing. Nothing
 * here is for production, where the bank and NPCI exchange certificates. @see docs/adr/0016-certificates.md
 */

const DAY_MS = 86_400_000
const LIFE_MS = 3_650 * DAY_MS

/** Epoch milliseconds; seconds are what a certificate keeps. */
type Span = { readonly fromMs: number; readonly untilMs: number }
type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject }

type CertificateRequest = Span & {
  /** Common name of the subject. */
  readonly name: string
  readonly publicKey: KeyObject
  /** An authority signs certificates; a TLS certificate proves who is at either end; a signing certificate signs messages. */
  readonly use: 'authority' | 'tls' | 'signing'
  /** Names and addresses under which a TLS server is reached. */
  readonly hosts?: readonly string[]
}

/** Who signs: itself, when its name and key are those of the request. The key is on P-256. */
type Issuer = KeyPair & { readonly name: string }

const generate = promisify(generateKeyPair)
const makeEc = (): Promise<KeyPair> => generate('ec', { namedCurve: 'P-256' })
const makeRsa = (): Promise<KeyPair> => generate('rsa', { modulusLength: 2048 })

/** Only who makes keys pays for it: a tenth of a second, and a `Reflect` with metadata, which the library needs first. */
async function loadX509() {
  await import('reflect-metadata')
  return import('@peculiar/x509')
}
type X509 = Awaited<ReturnType<typeof loadX509>>

function usesOf(x509: X509, { use, hosts = [] }: CertificateRequest) {
  const { digitalSignature, keyCertSign, cRLSign } = x509.KeyUsageFlags
  if (use === 'authority') {
    return [
      new x509.BasicConstraintsExtension(true, 0, true), // signs nobody who signs others
      new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
    ]
  }
  const end = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(digitalSignature, true),
  ]
  if (use === 'signing') return end
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage
  const names = hosts.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value }))
  return [
    ...end,
    new x509.ExtendedKeyUsageExtension([serverAuth, clientAuth]),
    new x509.SubjectAlternativeNameExtension(names),
  ]
}

/** @returns the certificate, PEM; its serial number is random. @source RFC 5280 §4 */
export async function issueCertificate(request: CertificateRequest, issuer: Issuer): Promise<string> {
  const x509 = await loadX509()
  const nameOf = (name: string) => new x509.Name([{ O: ['Turant sandbox'] }, { CN: [name] }])
  const publicOf = (key: KeyObject) => new x509.PublicKey(key.export({ type: 'spki', format: 'der' }))
  const [publicKey, issuerKey] = [publicOf(request.publicKey), publicOf(issuer.publicKey)]
  const certificate = await x509.X509CertificateGenerator.create({
    subject: nameOf(request.name),
    issuer: nameOf(issuer.name),
    notBefore: new Date(request.fromMs),
    notAfter: new Date(request.untilMs),
    publicKey,
    signingKey: issuer.privateKey.toCryptoKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      ...usesOf(x509, request),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuerKey),
    ],
  })
  return `${certificate.toString('pem')}\n`
}

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

/** A certificate authority that lives only as long as its private key is remembered: it is never written anywhere. */
async function makeAuthority(
  name: string,
  span: Span,
): Promise<{ readonly issuer: Issuer; readonly certificate: string }> {
  const issuer = { name, ...(await makeEc()) }
  const request = { name, publicKey: issuer.publicKey, use: 'authority', ...span } as const
  return { issuer, certificate: await issueCertificate(request, issuer) }
}

/**
 * A key for signing with its certificate, in memory: for tests and simulations, whose clock need not be today's.
 *
 * @param span epoch milliseconds between which the certificate holds
 * @param keys the key to certify, of an earlier pair for instance; a new RSA-2048 one by default
 */
export async function makeSigningKey(
  name: string,
  span: Span,
  keys?: { readonly privateKey: KeyObject },
): Promise<SigningKey> {
  const { privateKey } = keys ?? (await makeRsa())
  const { issuer } = await makeAuthority(`${name} authority`, span)
  const request = { name, publicKey: createPublicKey(privateKey), use: 'signing', ...span } as const
  return { privateKey, certificate: new X509Certificate(await issueCertificate(request, issuer)) }
}

type Files = Readonly<Record<string, string>>

/** The files of both sides, as `loadKeys` reads them: each side pins the other's signing certificate. */
async function makeFiles(span: Span): Promise<{ readonly hub: Files; readonly switch: Files }> {
  // RSA keys are found on other threads, all at once, while this one loads the library.
  const [{ issuer, certificate: authority }, ...pairs] = await Promise.all([
    makeAuthority('sandbox authority', span),
    makeEc(),
    makeRsa(),
    makeEc(),
    makeRsa(),
  ])
  const sideOf = async (name: string, tls: KeyPair, signing: KeyPair) => {
    const forTls = { use: 'tls', hosts: ['localhost', '127.0.0.1'], ...span } as const
    const [tlsCertificate, signingCertificate] = await Promise.all([
      issueCertificate({ name: `${name} TLS`, publicKey: tls.publicKey, ...forTls }, issuer),
      issueCertificate({ name: `${name} signing`, publicKey: signing.publicKey, use: 'signing', ...span }, issuer),
    ])
    return {
      tls: { key: pem(tls.privateKey), certificate: tlsCertificate },
      signing: { key: pem(signing.privateKey), certificate: signingCertificate },
    }
  }
  const hub = await sideOf('hub', pairs[0], pairs[1])
  const theSwitch = await sideOf('switch', pairs[2], pairs[3])
  type Side = typeof hub
  const filesOf = (own: Side, other: Side, otherName: string): Files => ({
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
 * Makes `<dir>/hub` and `<dir>/switch`, each a folder for `loadKeys`, unless they are there already. About a fifth of a second, once.
 *
 * The folder appears whole or not at all, so that of two programs that start at once both use the same keys.
 *
 * @param now epoch milliseconds; the certificates hold from a day before it, for ten years
 * @throws {Error} in one line, when the folder cannot be made, or is there and is something else
 */
export async function makeSandboxKeys(dir: string, now: number = systemClock.now()): Promise<void> {
  if (isComplete(dir)) return
  // Written in one go once all is made: a program that is told to stop meanwhile leaves no draft with keys in it.
  writeWhole(dir, await makeFiles({ fromMs: now - DAY_MS, untilMs: now + LIFE_MS }))
}

function writeWhole(dir: string, sides: Readonly<Record<string, Files>>): void {
  mkdirSync(dirname(dir), { recursive: true })
  const draft = mkdtempSync(`${dir}.`)
  try {
    for (const [side, files] of Object.entries(sides)) {
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

// As a program: `node src/sandbox-keys.ts <dir>`.
if (import.meta.main && process.argv[2] !== undefined) await makeSandboxKeys(process.argv[2])
