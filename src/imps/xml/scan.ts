/**
 * One cheap look at a document before anything is built from it: bounded, and well formed as far as tags, attributes and
 * references go. Only elements, attributes and text are let through: a message of NPCI has no use for a DOCTYPE, an entity, a
 * comment, CDATA or a processing instruction, and each of them is a known way to make two readers see two documents.
 */

export type ScanLimits = {
  /** Of the document, UTF-8. */
  readonly maxBytes: number
  readonly maxDepth: number
}

/** What would make a tree costly to build, whatever its bytes; a directory of 700 members has 703 elements. */
const MAX_ELEMENTS = 1_500
const MAX_ATTRIBUTES = 8_000
const MAX_ATTRIBUTES_EACH = 48
const MAX_NAMESPACES = 8

export type ScanFault = 'too_large' | 'not_utf8' | 'doctype' | 'malformed'

/** Why a document is not read. The message names the rule and never quotes the document. */
export class ScanError extends Error {
  readonly code: ScanFault

  constructor(code: ScanFault, why: string) {
    super(why)
    this.code = code
  }
}

export type Scanned = {
  /** Name of the root element as written, prefix included. */
  readonly root: string
  /** The prefixed namespaces that the root declares, as `prefix` and `uri`, in its order. */
  readonly namespaces: readonly (readonly [prefix: string, uri: string])[]
  /** Elements whose local name is Signature, in whatever namespace. */
  readonly signatures: number
  /**
   * True when nothing in the document would be written differently by C14N 1.0, the signature's own element aside: then the bytes
   * are their own canonical form. False says nothing.
   */
  readonly canonical: boolean
  readonly elements: number
  readonly attributes: number
}

const NAME = '[A-Za-z_][A-Za-z0-9_.-]*'
const QNAME = `${NAME}(?::${NAME})?`
const SPACE = '[ \\t\\r\\n]'
const openTag = new RegExp(`<(${QNAME})`, 'y')
// Without the white space that XML allows before the end: one of the two parsers behind this scan stumbles over it.
const closeTag = new RegExp(`</(${QNAME})>`, 'y')
const attribute = new RegExp(`(${SPACE}+)(${QNAME})(${SPACE}*=${SPACE}*)(?:"([^"<]*)"|'([^'<]*)')`, 'y')
const tagEnd = new RegExp(`(${SPACE}*)(/?)>`, 'y')
const declaration = new RegExp(
  `<\\?xml version="1\\.0"(?: encoding="([A-Za-z0-9._-]{1,20})")?(?: standalone="(?:yes|no)")?${SPACE}?\\?>`,
  'y',
)
const reference = /&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));/y
// Controls that XML 1.0 forbids, noncharacters, and the mark that some readers skip and others do not.
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]/
// Names that begin so mean something to XML, or will; xml-crypto takes every one that begins with `xmlns` for a namespace.
const reserved = /^xml/i
// xml-crypto writes a namespace as it stands: no quote, no `<`, no `&` may stand in it.
const namespaceUri = /^[!#-%'-;=?-~]*$/
const XMLNS = 'http://www.w3.org/2000/xmlns/'
const XML = 'http://www.w3.org/XML/1998/namespace'

const textReferences = /^(?:&(?:amp|lt|gt|#xD);|[^&>\r])*$/
const valueReferences = /^(?:&(?:amp|lt|quot|#x9|#xA|#xD);|[^&\t\r\n])*$/

/**
 * Decodes and scans; linear in the bytes.
 *
 * @throws {ScanError} when the document is too large, not UTF-8, not well formed, or holds what no message needs
 */
export function scanDocument(
  bytes: Uint8Array,
  limits: ScanLimits,
): { readonly text: string; readonly scanned: Scanned } {
  if (bytes.length > limits.maxBytes) throw new ScanError('too_large', `longer than ${limits.maxBytes} bytes`)
  const text = decode(bytes)
  return { text, scanned: scanText(text, limits.maxDepth) }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new ScanError('not_utf8', 'not UTF-8')
  }
}

const malformed = (why: string): ScanError => new ScanError('malformed', why)

/** The same of a text that is decoded already; its length is the caller's to bound. @throws {ScanError} */
export function scanText(text: string, maxDepth: number): Scanned {
  if (forbidden.test(text)) throw malformed('a character that XML forbids')
  let at = skipDeclaration(text)
  let canonical = at === 0
  const open: string[] = []
  let namespaces: Scanned['namespaces'] | undefined
  let root: string | undefined
  let elements = 0
  let attributes = 0
  let declared = 0
  let signatures = 0
  while (at < text.length) {
    if (text.charCodeAt(at) !== LESS_THAN) {
      const end = text.indexOf('<', at)
      const run = text.slice(at, end === -1 ? text.length : end)
      if (open.length === 0) {
        if (root === undefined || /[^ \t\r\n]/.test(run)) throw malformed('text outside the root')
        canonical = false
      } else {
        if (run.includes(']]>')) throw malformed('the end of a CDATA section')
        checkReferences(run)
        canonical &&= textReferences.test(run)
      }
      at += run.length
      continue
    }
    const next = text.charCodeAt(at + 1)
    if (next === EXCLAMATION || next === QUESTION) throw refuseMarkup(text, at)
    if (next === SLASH) {
      closeTag.lastIndex = at
      const found = closeTag.exec(text)
      if (found === null || found[1] !== open.pop()) throw malformed('an end tag out of place')
      at = closeTag.lastIndex
      continue
    }
    openTag.lastIndex = at
    const name = openTag.exec(text)?.[1]
    if (name === undefined) throw malformed('not a tag')
    if (reserved.test(name)) throw malformed('a name that XML keeps for itself')
    if (root !== undefined && open.length === 0) throw malformed('a second root')
    elements += 1
    if (elements > MAX_ELEMENTS) throw new ScanError('too_large', `more than ${MAX_ELEMENTS} elements`)
    if (open.length >= maxDepth) throw new ScanError('too_large', `deeper than ${maxDepth}`)
    const read = readAttributes(text, openTag.lastIndex)
    attributes += read.names
    declared += read.namespaces.length
    if (attributes > MAX_ATTRIBUTES) throw new ScanError('too_large', `more than ${MAX_ATTRIBUTES} attributes`)
    if (declared > MAX_NAMESPACES) throw new ScanError('too_large', `more than ${MAX_NAMESPACES} namespaces`)
    const isSignature = name === 'Signature' || name.endsWith(':Signature')
    if (isSignature) signatures += 1
    // Namespaces anywhere but on the root and on the signature could be superfluous, which C14N would drop.
    if (!read.canonical || (root !== undefined && read.namespaces.length > 0 && !isSignature)) canonical = false
    namespaces ??= read.namespaces.filter(([prefix]) => prefix !== '')
    root ??= name
    tagEnd.lastIndex = read.end
    const end = tagEnd.exec(text)
    if (end === null) throw malformed('a start tag that does not end')
    if (end[1] !== '' || end[2] !== '') canonical = false
    if (end[2] === '') open.push(name)
    at = tagEnd.lastIndex
  }
  if (root === undefined || namespaces === undefined || open.length > 0) throw malformed('not a whole document')
  return { root, namespaces, signatures, canonical, elements, attributes }
}

/** Where the document begins after `<?xml …?>`, the one instruction that a stranger may write. */
function skipDeclaration(text: string): number {
  if (!text.startsWith('<?')) return 0
  declaration.lastIndex = 0
  const found = declaration.exec(text)
  if (found === null) throw malformed('a processing instruction')
  if (found[1] !== undefined && found[1].toUpperCase() !== 'UTF-8')
    throw new ScanError('not_utf8', 'declared not to be UTF-8')
  let at = declaration.lastIndex
  while (isSpace(text.charCodeAt(at))) at += 1
  return at
}

const LESS_THAN = 0x3c
const EXCLAMATION = 0x21
const QUESTION = 0x3f
const SLASH = 0x2f
const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09

function refuseMarkup(text: string, at: number): ScanError {
  if (/^<!(?:DOCTYPE|ENTITY)/i.test(text.slice(at, at + 9))) return new ScanError('doctype', 'a document type')
  if (text.startsWith('<!--', at)) return malformed('a comment')
  return malformed(text.startsWith('<![', at) ? 'a CDATA section' : 'a processing instruction')
}

type AttributesRead = {
  readonly end: number
  readonly names: number
  readonly namespaces: readonly (readonly [prefix: string, uri: string])[]
  readonly canonical: boolean
}

/** Reads the attributes of one start tag; C14N writes namespaces first, and both kinds sorted. */
function readAttributes(text: string, from: number): AttributesRead {
  const seen: string[] = []
  const namespaces: (readonly [string, string])[] = []
  let canonical = true
  let before = ''
  let end = from
  for (;;) {
    attribute.lastIndex = end
    const found = attribute.exec(text)
    if (found === null) break
    const [, space, name = '', equals, double, single] = found
    const value = double ?? single ?? ''
    if (seen.includes(name)) throw malformed('an attribute twice')
    if (seen.length === MAX_ATTRIBUTES_EACH)
      throw new ScanError('too_large', `more than ${MAX_ATTRIBUTES_EACH} attributes`)
    seen.push(name)
    checkReferences(value)
    if (space !== ' ' || equals !== '=' || double === undefined || !valueReferences.test(value)) canonical = false
    if (name === 'xmlns' || name.startsWith('xmlns:')) {
      checkNamespace(name, value)
      // Two spaces sort before every name: the namespaces come first, the default one before the others.
      if (value === '' || `  ${name}` <= before) canonical = false
      before = `  ${name}`
      namespaces.push([name.slice(6), value])
    } else {
      if (reserved.test(name)) throw malformed('a name that XML keeps for itself')
      // A prefixed attribute sorts by its namespace: not worth knowing here.
      if (name.includes(':') || name <= before) canonical = false
      before = name
    }
    end = attribute.lastIndex
  }
  return { end, names: seen.length, namespaces, canonical }
}

function checkNamespace(name: string, uri: string): void {
  if (!namespaceUri.test(uri)) throw malformed('a namespace that is no URI')
  if (uri === XMLNS || uri === XML || name === 'xmlns:xml' || name === 'xmlns:xmlns')
    throw malformed('a reserved namespace')
  if (uri === '' && name !== 'xmlns') throw malformed('a prefix without a namespace')
}

/** Every `&` starts one of the five entities that XML itself has, or names a character that may stand in a document. */
function checkReferences(run: string): void {
  for (let at = run.indexOf('&'); at !== -1; at = run.indexOf('&', at + 1)) {
    reference.lastIndex = at
    const found = reference.exec(run)
    if (found === null) throw new ScanError('doctype', 'an entity that is not one of the five')
    if (found[1] !== undefined) continue
    const code = found[2] === undefined ? Number.parseInt(found[3] ?? '', 16) : Number(found[2])
    const legal = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
    if (!legal || forbidden.test(String.fromCodePoint(code)))
      throw malformed('a reference to a character that XML forbids')
  }
}
