import { createHash, type KeyObject, sign as signBytes, verify as verifyBytes, type X509Certificate } from 'node:crypto'
import { DOMParser, type Element } from '@xmldom/xmldom'
import { SignedXml } from 'xml-crypto'
import { ScanError, type ScanLimits, type Scanned, scanDocument } from './scan.ts'

/**
 * Enveloped XML signatures. This file promises that the text which `openSigned` gives back is, byte for byte, what the owner of
 * a pinned certificate signed: what a reader does with it can no longer depend on where in a document something stood. KeyInfo is
 * never believed. @source protocol.md §2.1; reliability-security.md §2.5, "XML-DSig"
 *
 * There are two ways to that promise. A document that ends in a signature as this hub writes it is cut in two: when the digest
 * of the rest is the one in SignedInfo, and the signature over SignedInfo is a pinned key's, then the rest *is* what was signed,
 * whatever it says; no tree is built. Everything else is asked of xml-crypto, and the text is what the library says was signed.
 */

export type SigningKey = { readonly privateKey: KeyObject; readonly certificate: X509Certificate }

export type SignatureFault =
  | 'too_large'
  | 'not_utf8'
  | 'doctype'
  | 'no_signature'
  | 'many_signatures'
  | 'bad_reference'
  | 'bad_algorithm'
  | 'bad_digest'
  | 'bad_signature'
  | 'certificate_expired'
  | 'certificate_not_yet_valid'
  | 'malformed'

/** Why a document was not opened. The message never quotes the document. */
export class SignatureError extends Error {
  readonly code: SignatureFault

  constructor(code: SignatureFault, why: string) {
    super(`${code}: ${why}`)
    this.code = code
  }
}

export type Opened = {
  /** Exactly what was signed: the document in canonical form, without its signature. */
  readonly text: string
  /** The pinned certificate whose key signed it. */
  readonly certificate: X509Certificate
}

const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const ENVELOPED = `${DSIG}enveloped-signature`

// --- the template ---------------------------------------------------------------------------------------------------

const method = (name: string, algorithm: string): string => `<${name} Algorithm="${algorithm}"></${name}>`

// SignedInfo in canonical form, but for the namespaces that its start tag inherits: before and after the DigestValue.
const INFO_BEFORE = `${method('CanonicalizationMethod', C14N)}${method('SignatureMethod', RSA_SHA256)}<Reference URI=""><Transforms>${method('Transform', ENVELOPED)}${method('Transform', C14N)}</Transforms>${method('DigestMethod', SHA256)}<DigestValue>`
const INFO_AFTER = '</DigestValue></Reference></SignedInfo>'
const SIGNATURE_START = `<Signature xmlns="${DSIG}"><SignedInfo>${INFO_BEFORE}`

const escapeForPattern = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
const signatureRest = new RegExp(
  `([A-Za-z0-9+/]{43}=)${escapeForPattern(`${INFO_AFTER}<SignatureValue>`)}([A-Za-z0-9+/]{300,1400}={0,2})</SignatureValue>` +
    '(?:<KeyInfo><KeyValue><RSAKeyValue><Modulus>[A-Za-z0-9+/]{300,1400}={0,2}</Modulus>' +
    '<Exponent>[A-Za-z0-9+/]{2,12}={0,2}</Exponent></RSAKeyValue></KeyValue></KeyInfo>)?</Signature></([A-Za-z0-9_.:-]+)>$',
  'y',
)

/** SignedInfo as inclusive C14N writes it: with every namespace in scope, the signature's own as the default. */
function signedInfo(namespaces: Scanned['namespaces'], digest: string): string {
  const inherited = [...namespaces]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`)
  return `<SignedInfo xmlns="${DSIG}"${inherited.join('')}>${INFO_BEFORE}${digest}${INFO_AFTER}`
}

const digestOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64')

/** What is remembered of a certificate, so that its numbers are taken out of it once. */
type Known = {
  readonly key: KeyObject
  readonly strong: boolean
  readonly keyInfo: string
  readonly fromMs: number
  readonly untilMs: number
}
const known = new WeakMap<X509Certificate, Known>()

function knowing(certificate: X509Certificate): Known {
  const before = known.get(certificate)
  if (before !== undefined) return before
  const key = certificate.publicKey
  const { n = '', e = '' } = key.export({ format: 'jwk' })
  const plain = (value: string): string => Buffer.from(value, 'base64url').toString('base64')
  const keyInfo = `<KeyInfo><KeyValue><RSAKeyValue><Modulus>${plain(n)}</Modulus><Exponent>${plain(e)}</Exponent></RSAKeyValue></KeyValue></KeyInfo>`
  const now: Known = {
    key,
    strong: isStrongRsa(key),
    keyInfo,
    fromMs: certificate.validFromDate.getTime(),
    untilMs: certificate.validToDate.getTime(),
  }
  known.set(certificate, now)
  return now
}

const rootTag = /^<[A-Za-z_][^\s>]*((?: [^\s=>]+="[^"<]*")*)>/
const prefixed = / xmlns:([^\s=]+)="([^"]*)"/g

/**
 * Signs a document: the signature becomes the last child of its root. About 0.25 ms with RSA-2048, nearly all of it RSA.
 *
 * @param document in canonical form already (C14N 1.0 of it is itself), as the dialect writes it; this is not checked
 * @source protocol.md §2.1: enveloped, URI "", SHA-256, rsa-sha256, inclusive C14N, KeyInfo with the key's value
 */
export function sign(document: string, key: SigningKey): string {
  const declared = rootTag.exec(document)?.[1]
  const end = document.lastIndexOf('</')
  if (declared === undefined || end === -1) throw new SignatureError('malformed', 'not a document in canonical form')
  const namespaces = Array.from(declared.matchAll(prefixed), ([, prefix = '', uri = '']) => [prefix, uri] as const)
  const digest = digestOf(document)
  const value = signBytes('sha256', Buffer.from(signedInfo(namespaces, digest)), key.privateKey).toString('base64')
  const { keyInfo } = knowing(key.certificate)
  return `${document.slice(0, end)}${SIGNATURE_START}${digest}${INFO_AFTER}<SignatureValue>${value}</SignatureValue>${keyInfo}</Signature>${document.slice(end)}`
}

// --- opening --------------------------------------------------------------------------------------------------------

/**
 * Opens a signed document: gives the text that was signed, and by whom.
 *
 * @param pinned the certificates that may have signed it, RSA of 2048 bits or more; nothing in the document adds to them
 * @param now epoch milliseconds: a certificate outside its time signs nothing
 * @throws {SignatureError} when the document is not, whole, what a pinned certificate signed
 */
export function openSigned(
  bytes: Uint8Array,
  pinned: readonly X509Certificate[],
  now: number,
  limits: ScanLimits,
): Opened {
  const { text, scanned } = look(bytes, limits)
  const seen = openByTemplate(text, scanned, pinned, now)
  if (seen !== 'not the template') return inItsTime(seen, now)
  boundTree(scanned, limits)
  return inItsTime(openByLibrary(text, pinned, now), now)
}

/** The same by the library alone, however the document is written; for the tests that hold both ways to one verdict. */
export function openSignedByLibrary(
  bytes: Uint8Array,
  pinned: readonly X509Certificate[],
  now: number,
  limits: ScanLimits,
): Opened {
  const { text, scanned } = look(bytes, limits)
  boundTree(scanned, limits)
  return inItsTime(openByLibrary(text, pinned, now), now)
}

function look(bytes: Uint8Array, limits: ScanLimits): ReturnType<typeof scanDocument> {
  try {
    const seen = scanDocument(bytes, limits)
    if (seen.scanned.signatures === 0) throw new SignatureError('no_signature', 'no Signature element')
    if (seen.scanned.signatures > 1) throw new SignatureError('many_signatures', 'more than one Signature element')
    return seen
  } catch (error) {
    throw error instanceof ScanError ? new SignatureError(error.code, error.message) : error
  }
}

/** Measured with the library: an element costs about 20 µs, an attribute 4, whatever they hold; so 64 KiB cost 8 ms. */
const ATTRIBUTES_PER_ELEMENT = 5
const BYTES_PER_ATTRIBUTE = 32

function boundTree({ elements, attributes }: Scanned, { maxBytes }: ScanLimits): void {
  if (elements * ATTRIBUTES_PER_ELEMENT + attributes <= maxBytes / BYTES_PER_ATTRIBUTE) return
  throw new SignatureError('too_large', 'more elements and attributes than its bytes allow')
}

function inItsTime(opened: Opened, now: number): Opened {
  const { fromMs, untilMs } = knowing(opened.certificate)
  if (now > untilMs) throw new SignatureError('certificate_expired', 'signed with a certificate that has ended')
  if (now < fromMs)
    throw new SignatureError('certificate_not_yet_valid', 'signed with a certificate that has not begun')
  return opened
}

/** The pinned certificate whose key made this signature; of two with the same key, the one that holds now. */
function signerOf(
  info: string,
  value: Buffer,
  pinned: readonly X509Certificate[],
  now: number,
): X509Certificate | undefined {
  const material = Buffer.from(info)
  const signed = pinned.filter((certificate) => {
    const { key, strong } = knowing(certificate)
    return strong && verifyBytes('sha256', material, key, value)
  })
  return signed.find((certificate) => holds(certificate, now)) ?? signed[0]
}

function holds(certificate: X509Certificate, now: number): boolean {
  const { fromMs, untilMs } = knowing(certificate)
  return fromMs <= now && now <= untilMs
}

/** An RSA key of 2048 bits or more; anything else would make `rsa-sha256` mean something it does not. */
export const isStrongRsa = (key: KeyObject): boolean =>
  key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048

/** The way without a tree. What it refuses the library would refuse too; what it cannot judge it leaves to the library. */
function openByTemplate(
  text: string,
  scanned: Scanned,
  pinned: readonly X509Certificate[],
  now: number,
): Opened | 'not the template' {
  const at = text.lastIndexOf(SIGNATURE_START)
  if (at === -1) return 'not the template'
  signatureRest.lastIndex = at + SIGNATURE_START.length
  const [, digest = '', value = '', root = ''] = signatureRest.exec(text) ?? []
  if (root === '') return 'not the template'
  const signed = `${text.slice(0, at)}</${root}>`
  if (digestOf(signed) !== digest) {
    if (!scanned.canonical) return 'not the template'
    throw new SignatureError('bad_digest', 'the document is not the one that was signed')
  }
  const certificate = signerOf(signedInfo(scanned.namespaces, digest), Buffer.from(value, 'base64'), pinned, now)
  if (certificate === undefined) throw new SignatureError('bad_signature', 'not signed with a pinned key')
  return { text: signed, certificate }
}

// --- the library ----------------------------------------------------------------------------------------------------

function openByLibrary(text: string, pinned: readonly X509Certificate[], now: number): Opened {
  const signature = findSignature(text)
  checkShape(signature)
  let asked = false
  let certificate: X509Certificate | undefined
  // One algorithm, and it knows the pinned keys only: what the library hands it as a key is not looked at.
  class PinnedRsaSha256 {
    getAlgorithmName = (): string => RSA_SHA256
    getSignature = (): string => {
      throw new Error('not for signing')
    }
    verifySignature = (info: string, _key: unknown, value: string): boolean => {
      asked = true
      certificate = signerOf(info, Buffer.from(value, 'base64'), pinned, now)
      return certificate !== undefined
    }
  }
  let matches = false
  const library = new SignedXml({ publicCert: 'the pinned ones', getCertFromKeyInfo: () => null })
  try {
    library.loadSignature(signature)
    library.SignatureAlgorithms = { [RSA_SHA256]: PinnedRsaSha256 }
    library.HashAlgorithms = only(library.HashAlgorithms, [SHA256])
    library.CanonicalizationAlgorithms = only(library.CanonicalizationAlgorithms, [C14N, ENVELOPED])
    matches = library.checkSignature(text)
  } catch {
    throw asked && certificate === undefined
      ? new SignatureError('bad_signature', 'not signed with a pinned key')
      : new SignatureError('malformed', 'the library could not read it')
  }
  if (!matches) throw new SignatureError('bad_digest', 'the document is not the one that was signed')
  const [signed, ...more] = library.getSignedReferences()
  if (signed === undefined || more.length > 0 || certificate === undefined) {
    throw new SignatureError('bad_reference', 'not exactly one thing was signed')
  }
  return { text: signed, certificate }
}

const only = <T>(table: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(table).filter(([name]) => names.includes(name)))

function findSignature(text: string): Element {
  let root: Element | null
  try {
    const parser = new DOMParser({
      locator: false,
      onError: (_level, message) => {
        throw new SignatureError('malformed', message.split('\n')[0] ?? '')
      },
    })
    root = parser.parseFromString(text, 'text/xml').documentElement
  } catch {
    throw new SignatureError('malformed', 'not well formed with its namespaces')
  }
  const found = root === null ? [] : childrenOf(root).filter((child) => isNamed(child, 'Signature'))
  const [signature] = found
  if (signature === undefined) throw new SignatureError('no_signature', 'the root has no Signature of XML-DSig')
  return signature
}

const isNamed = (element: Element, name: string): boolean => element.localName === name && element.namespaceURI === DSIG

function childrenOf(element: Element): Element[] {
  const found: Element[] = []
  for (let child = element.firstChild; child !== null; child = child.nextSibling) {
    if (isElement(child)) found.push(child)
  }
  return found
}

const isElement = (node: { readonly nodeType: number }): node is Element => node.nodeType === 1

/** The element's children, which must have exactly these names. */
function exactly(element: Element, names: readonly string[]): readonly Element[] {
  const children = childrenOf(element)
  const fits = children.length === names.length && children.every((child, i) => isNamed(child, names[i] ?? ''))
  if (!fits) throw new SignatureError('bad_reference', `${element.localName} does not hold what it must`)
  return children
}

function requireAlgorithm(element: Element | undefined, algorithm: string): void {
  if (element?.getAttribute('Algorithm') !== algorithm) {
    throw new SignatureError('bad_algorithm', `${element?.localName} names another algorithm`)
  }
  exactly(element, [])
}

/** One reference, to the whole document, with these transforms and algorithms: nothing that a signature could be told otherwise. */
function checkShape(signature: Element): void {
  const hasKeyInfo = childrenOf(signature).length > 2
  const [info, value] = exactly(signature, ['SignedInfo', 'SignatureValue', ...(hasKeyInfo ? ['KeyInfo'] : [])])
  if (info === undefined || value === undefined) return
  exactly(value, [])
  const [canonicalization, algorithm, reference] = exactly(info, [
    'CanonicalizationMethod',
    'SignatureMethod',
    'Reference',
  ])
  requireAlgorithm(canonicalization, C14N)
  requireAlgorithm(algorithm, RSA_SHA256)
  if (reference?.getAttributeNode('URI')?.value !== '') {
    throw new SignatureError('bad_reference', 'the reference is not to the whole document')
  }
  const [transforms, digestMethod, digestValue] = exactly(reference, ['Transforms', 'DigestMethod', 'DigestValue'])
  requireAlgorithm(digestMethod, SHA256)
  if (transforms === undefined || digestValue === undefined) return
  exactly(digestValue, [])
  const steps = childrenOf(transforms)
  exactly(
    transforms,
    steps.map(() => 'Transform'),
  )
  if (steps.length > 2) throw new SignatureError('bad_algorithm', 'more transforms than a message needs')
  requireAlgorithm(steps[0], ENVELOPED)
  if (steps.length === 2) requireAlgorithm(steps[1], C14N)
}
