import { DOMParser, type Element, Node, onWarningStopParsing } from '@xmldom/xmldom'
import { XmlError } from './error.ts'

/** What a document may be, in bytes and in elements inside one another. */
export type Limits = { readonly maxBytes: number; readonly maxDepth: number }

/** What no message of this wire needs, and what makes two readers see two documents; looked for before anything is parsed. */
const forbidden = /<[!?]|&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)/
const declaration = /^<\?xml\s[^<>?]{1,80}\?>\s*/
const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/

/**
 * The root element of a document.
 * @throws {XmlError} for anything that is not well-formed, has more in it than elements, attributes and text, is larger or deeper
 *   than `limits`, or whose root is not in `namespace`
 */
export function parseDocument(
  text: string,
  limits: Limits,
  namespace: string,
): { readonly name: string; readonly element: Element } {
  if (text.length > limits.maxBytes || Buffer.byteLength(text) > limits.maxBytes)
    throw new XmlError('too_large', 'document')
  const body = text.startsWith('<?xml') ? text.replace(declaration, '') : text
  if (forbidden.test(body)) throw new XmlError('forbidden', 'document')
  if (control.test(body)) throw new XmlError('malformed', 'document')
  boundDepth(body, limits.maxDepth)
  const element = parse(body)
  if (element.namespaceURI !== namespace) throw new XmlError('unknown', 'document')
  return { name: element.localName ?? '', element }
}

function parse(body: string): Element {
  try {
    const element = new DOMParser({ locator: false, onError: onWarningStopParsing }).parseFromString(
      body,
      'text/xml',
    ).documentElement
    if (element !== null) return element
  } catch {
    // The parser's message would quote the document.
  }
  throw new XmlError('malformed', 'document')
}

/** Tags inside one another, counted before a tree is built; quotes are looked at, so that no attribute hides a tag's end. */
function boundDepth(body: string, most: number): void {
  let depth = 0
  for (let at = body.indexOf('<'); at !== -1; at = body.indexOf('<', at)) {
    const closing = body[at + 1] === '/'
    let quote = ''
    for (at += 1; at < body.length; at += 1) {
      const character = body[at] ?? ''
      if (quote !== '') {
        if (character === quote) quote = ''
      } else if (character === '"' || character === "'") quote = character
      else if (character === '>') break
    }
    if (closing) depth -= 1
    else if (body[at - 1] !== '/') depth += 1
    if (depth > most) throw new XmlError('too_large', 'document')
  }
}

export const isElement = (node: Node): node is Element => node.nodeType === Node.ELEMENT_NODE

/** Head@msgId and the name of the root, of a document that may be wrong in every other way. */
export function headOfDocument(
  text: string,
  limits: Limits,
  namespace: string,
): { api: string; msgId: string } | undefined {
  try {
    const { name, element } = parseDocument(text, limits, namespace)
    const msgId = childNamed(element, 'Head')?.getAttribute('msgId') ?? ''
    return /^[A-Za-z0-9]{1,35}$/.test(msgId) ? { api: name, msgId } : undefined
  } catch (error) {
    if (error instanceof XmlError) return undefined
    throw error
  }
}

function childNamed(element: Element, name: string): Element | undefined {
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (isElement(node) && node.localName === name) return node
  }
  return undefined
}
