import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto'

/**
 * Writes X.509 certificates for a sandbox and for tests: DER in the few forms that one needs. Reading and trusting certificates is
 * Node's work, here and everywhere. @source RFC 5280 §4.1
 */

export type CertificateRequest = {
  /** Common name of the subject. */
  readonly name: string
  readonly publicKey: KeyObject
  /** An authority signs certificates; a TLS certificate proves who is at either end; a signing certificate signs messages. */
  readonly use: 'authority' | 'tls' | 'signing'
  /** Names and IPv4 addresses under which a TLS server is reached. */
  readonly hosts?: readonly string[]
  /** Epoch milliseconds; seconds are what the certificate keeps. */
  readonly fromMs: number
  readonly untilMs: number
}

/** Who signs: itself, when its name and key are those of the request. The key is an elliptic-curve one. */
export type Issuer = { readonly name: string; readonly publicKey: KeyObject; readonly privateKey: KeyObject }

type Der = Buffer

function node(tag: number, ...contents: readonly Der[]): Der {
  const body = Buffer.concat(contents)
  const { length } = body
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}

const sequence = (...parts: readonly Der[]): Der => node(0x30, ...parts)
const octets = (...parts: readonly Der[]): Der => node(0x04, ...parts)
const bits = (body: Der, unused = 0): Der => node(0x03, Buffer.from([unused]), body)
const yes = node(0x01, Buffer.from([0xff]))
const text = (tag: number, value: string): Der => node(tag, Buffer.from(value, 'utf8'))

/** An object identifier from its dotted form. */
function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const groups = [arc & 0x7f]
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return node(0x06, Buffer.from(bytes))
}

/** Two-digit years up to 2049, four digits after. @source RFC 5280 §4.1.2.5 */
function time(atMs: number): Der {
  const digits = `${new Date(atMs).toISOString().replace(/\.\d+|[-:T]/g, '')}`
  return digits < '2050' ? text(0x17, digits.slice(2)) : text(0x18, digits)
}

const nameOf = (name: string): Der =>
  sequence(
    node(0x31, sequence(oid('2.5.4.10'), text(0x0c, 'Turant sandbox'))),
    node(0x31, sequence(oid('2.5.4.3'), text(0x0c, name))),
  )

const extension = (id: string, value: Der, critical = false): Der =>
  sequence(oid(id), ...(critical ? [yes] : []), octets(value))

const publicBytes = (key: KeyObject): Der => key.export({ type: 'spki', format: 'der' })
const keyIdOf = (key: KeyObject): Der => createHash('sha256').update(publicBytes(key)).digest().subarray(0, 20)

const hostName = (host: string): Der =>
  /^\d+\.\d+\.\d+\.\d+$/.test(host) ? node(0x87, Buffer.from(host.split('.').map(Number))) : text(0x82, host)

function usesOf({ use, hosts = [] }: CertificateRequest): readonly Der[] {
  if (use === 'authority') {
    // keyCertSign and cRLSign; signs nobody who signs others.
    const constraints = sequence(yes, node(0x02, Buffer.from([0])))
    return [extension('2.5.29.19', constraints, true), extension('2.5.29.15', bits(Buffer.from([0x06]), 1), true)]
  }
  const end = [extension('2.5.29.19', sequence(), true), extension('2.5.29.15', bits(Buffer.from([0x80]), 7), true)]
  if (use === 'signing') return end
  const both = sequence(oid('1.3.6.1.5.5.7.3.1'), oid('1.3.6.1.5.5.7.3.2')) // server and client
  return [...end, extension('2.5.29.37', both), extension('2.5.29.17', sequence(...hosts.map(hostName)))]
}

/** @returns the certificate, PEM. Its serial number is random; everything else follows from what is given. */
export function issueCertificate(request: CertificateRequest, issuer: Issuer): string {
  const algorithm = sequence(oid('1.2.840.10045.4.3.2')) // ecdsa-with-SHA256
  const serial = randomBytes(16)
  serial[0] = (serial[0]! & 0x7f) | 0x40 // positive, and always 16 bytes
  const body = sequence(
    node(0xa0, node(0x02, Buffer.from([2]))), // version 3
    node(0x02, serial),
    algorithm,
    nameOf(issuer.name),
    sequence(time(request.fromMs), time(request.untilMs)),
    nameOf(request.name),
    publicBytes(request.publicKey),
    node(
      0xa3,
      sequence(
        ...usesOf(request),
        extension('2.5.29.14', octets(keyIdOf(request.publicKey))),
        extension('2.5.29.35', sequence(node(0x80, keyIdOf(issuer.publicKey)))),
      ),
    ),
  )
  const der = sequence(body, algorithm, bits(sign('sha256', body, issuer.privateKey)))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
