import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createKeyRing, type KeyRing } from './imps/xml/key-ring.ts'
import { isStrongRsa, type SigningKey } from './imps/xml/signature.ts'

/**
 * The folder of keys for the XML wire, as an operator lays it out:
 * `ca.crt` who vouches for the other side's TLS · `tls.key`, `tls.crt` ours, as client and as server ·
 * `sign.key`, `sign.crt` ours for messages, and while they are rotated `sign-2.key`, `sign-2.crt` and so on ·
 * `pinned/*.crt` the other side's signing certificates, two of them while it rotates.
 */

export type TlsKeys = { readonly key: string; readonly cert: string; readonly ca: string }
export type Keys = { readonly tls: TlsKeys; readonly ring: KeyRing }

/** Each pinned certificate is one more RSA check for a message that nobody signed. */
const MAX_PINNED = 8

/**
 * Reads the folder. Synchronous: at start, and when the operator asks for it again.
 *
 * @throws {Error} in one line that names the file; it never quotes what is in it
 */
export function loadKeys(dir: string): Keys {
  const tls = { key: read(dir, 'tls.key'), cert: read(dir, 'tls.crt'), ca: read(dir, 'ca.crt') }
  const ours = certificateIn(dir, 'tls.crt')
  requirePair(dir, 'tls', privateKeyIn(dir, 'tls.key'), ours)
  const authority = certificateIn(dir, 'ca.crt')
  const names = list(dir, '.').filter((name) => /^sign(-[0-9]{1,4})?\.key$/.test(name))
  if (!names.includes('sign.key')) throw new Error(`keys: ${join(dir, 'sign.key')} is missing`)
  const signing = names.map((name): SigningKey => {
    const stem = name.slice(0, -'.key'.length)
    const pair = { privateKey: privateKeyIn(dir, name), certificate: certificateIn(dir, `${stem}.crt`) }
    requirePair(dir, stem, pair.privateKey, pair.certificate)
    requireRsa(dir, `${stem}.crt`, pair.certificate)
    return pair
  })
  const pinned = list(dir, 'pinned')
    .filter((name) => name.endsWith('.crt'))
    .map((name) => requireRsa(dir, join('pinned', name), certificateIn(dir, join('pinned', name))))
  if (pinned.length === 0) throw new Error(`keys: ${join(dir, 'pinned')} has no .crt file`)
  if (pinned.length > MAX_PINNED)
    throw new Error(`keys: ${join(dir, 'pinned')} has more than ${MAX_PINNED} certificates`)
  return { tls, ring: createKeyRing({ signing, pinned, tls: ours, authority }) }
}

function read(dir: string, name: string): string {
  try {
    return readFileSync(join(dir, name), 'utf8')
  } catch (error) {
    throw new Error(`keys: ${join(dir, name)} cannot be read: ${codeOf(error)}`)
  }
}

function list(dir: string, name: string): readonly string[] {
  try {
    return readdirSync(join(dir, name)).sort()
  } catch (error) {
    throw new Error(`keys: ${join(dir, name)} cannot be read: ${codeOf(error)}`)
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'not readable'

function privateKeyIn(dir: string, name: string): KeyObject {
  const text = read(dir, name)
  try {
    return createPrivateKey(text)
  } catch {
    throw new Error(`keys: ${join(dir, name)} is not a private key in PEM without a password`)
  }
}

function certificateIn(dir: string, name: string): X509Certificate {
  const text = read(dir, name)
  try {
    return new X509Certificate(text)
  } catch {
    throw new Error(`keys: ${join(dir, name)} is not a certificate in PEM`)
  }
}

function requirePair(dir: string, stem: string, key: KeyObject, certificate: X509Certificate): void {
  if (!certificate.checkPrivateKey(key)) {
    throw new Error(`keys: ${join(dir, `${stem}.crt`)} is not the certificate of ${stem}.key`)
  }
}

function requireRsa(dir: string, name: string, certificate: X509Certificate): X509Certificate {
  if (!isStrongRsa(certificate.publicKey)) {
    throw new Error(`keys: ${join(dir, name)} is not for an RSA key of 2048 bits or more`)
  }
  return certificate
}
