import { DOMParser, type Element, Node, onWarningStopParsing } from '@xmldom/xmldom'
import { XmlError } from './error.ts'
import { ScanError, scanText } from './scan.ts'

/** What a document may be, in bytes and in elements inside one another. */
export type Limits = { readonly maxBytes: number; readonly maxDepth: number }

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
  scanned(text, limits.maxDepth)
  const element = parse(text)
  if (element.namespaceURI !== namespace) throw new XmlError('unknown', 'document')
  return { name: element.localName ?? '', element }
}

function scanned(text: string, maxDepth: number): void {
  try {
    scanText(text, maxDepth)
  } catch (error) {
    if (error instanceof ScanError) throw new XmlError(error.code === 'doctype' ? 'forbidden' : error.code, 'document')
    throw error
  }
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
