import { createHash, createHmac, type KeyObject, sign as signBytes } from 'node:crypto'

/**
 * Signatures as a stranger might write them, over documents that are in canonical form already. What `signFreely` signs is really
 * signed: a test that sees it refused sees a rule at work, and not a broken digest.
 */

export const UPI = 'http://npci.org/upi/schema/'
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
export const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
export const ENVELOPED = `${DSIG}enveloped-signature`
export const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
export const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'

/** The limits of the profile. */
export const limits = { maxBytes: 65_536, maxDepth: 16 }

/** What stands inside the root of `payment`, with an amount in rupees. */
export const inside = (rupees: string): string =>
  `<Head msgId="TRN0123" orgId="700001"></Head><Txn id="TRN0456" type="PAY"></Txn><Amount curr="INR" value="${rupees}"></Amount>`

/** A small payment in canonical form. */
export const payment = (rupees = '1.00', attributes = ''): string =>
  `<ns2:ReqPay xmlns:ns2="${UPI}"${attributes}>${inside(rupees)}</ns2:ReqPay>`

export type Reference = {
  /** None: no URI at all. */
  readonly uri?: string | undefined
  readonly transforms?: readonly string[]
  readonly digestMethod?: string
  /** What the digest is of; the whole document by default. */
  readonly of?: string
  readonly inTransforms?: string
}

export type Freely = {
  readonly key: KeyObject
  readonly references?: readonly Reference[]
  readonly canonicalization?: string
  readonly algorithm?: string
  /** Signs with HMAC-SHA256 and this secret instead. */
  readonly secret?: string
  readonly hash?: 'sha1' | 'sha256' | 'sha512'
  readonly keyInfo?: string
  /** `ds:` or nothing. */
  readonly prefix?: 'ds:' | ''
  readonly afterSignedInfo?: string
}

/** One Signature element over `document`, in canonical form. Its namespaces in scope are `ns2`, and its own. */
export function signatureOf(document: string, freely: Freely): string {
  const { key, references = [{}], canonicalization = C14N, algorithm = RSA_SHA256, hash = 'sha256' } = freely
  const { prefix: p = '', keyInfo = '', afterSignedInfo = '' } = freely
  const own = p === '' ? ` xmlns="${DSIG}"` : ` xmlns:ds="${DSIG}"`
  const method = (name: string, value: string, content = ''): string =>
    `<${p}${name} Algorithm="${value}">${content}</${p}${name}>`
  const written = references.map((reference) => {
    const {
      uri = '',
      transforms = [ENVELOPED, C14N],
      digestMethod = SHA256,
      of = document,
      inTransforms = '',
    } = reference
    const attribute = 'uri' in reference && reference.uri === undefined ? '' : ` URI="${uri}"`
    const steps = transforms.map((step) => method('Transform', step, inTransforms)).join('')
    const digest = createHash(digestMethod.endsWith('sha1') ? 'sha1' : 'sha256')
      .update(of)
      .digest('base64')
    return (
      `<${p}Reference${attribute}><${p}Transforms>${steps}</${p}Transforms>${method('DigestMethod', digestMethod)}` +
      `<${p}DigestValue>${digest}</${p}DigestValue></${p}Reference>`
    )
  })
  const info = `${method('CanonicalizationMethod', canonicalization)}${method('SignatureMethod', algorithm)}${written.join('')}`
  const scope = p === '' ? `${own} xmlns:ns2="${UPI}"` : `${own} xmlns:ns2="${UPI}"`
  const signedInfo = Buffer.from(`<${p}SignedInfo${scope}>${info}</${p}SignedInfo>`)
  const value =
    freely.secret === undefined
      ? signBytes(hash, signedInfo, key).toString('base64')
      : createHmac('sha256', freely.secret).update(signedInfo).digest('base64')
  return (
    `<${p}Signature${own}><${p}SignedInfo>${info}</${p}SignedInfo>${afterSignedInfo}` +
    `<${p}SignatureValue>${value}</${p}SignatureValue>${keyInfo}</${p}Signature>`
  )
}

/** Puts something in before the end of the root. */
export const append = (document: string, element: string): string => {
  const end = document.lastIndexOf('</')
  return `${document.slice(0, end)}${element}${document.slice(end)}`
}

export const signFreely = (document: string, freely: Freely): string => append(document, signatureOf(document, freely))

/** The parts of a signed document: before the signature, the signature, after it. */
export function parts(signed: string): { readonly before: string; readonly signature: string; readonly after: string } {
  const from = signed.search(/<(ds:)?Signature /)
  const to = signed.search(/<\/(ds:)?Signature>/)
  const end = signed.indexOf('>', to) + 1
  return { before: signed.slice(0, from), signature: signed.slice(from, end), after: signed.slice(end) }
}
