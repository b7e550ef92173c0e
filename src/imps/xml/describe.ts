import type { Element } from '@xmldom/xmldom'
import { isElement, type Limits, parseDocument } from './document.ts'
import { XmlError } from './error.ts'
import { Ack, tables } from './messages.ts'
import { keyOf, type Mask, type Rows } from './table.ts'

const LONGEST = 40 // shown characters of one value

/** For each message, how much of each field people may see; constants are everybody's. */
const masks: ReadonlyMap<string, ReadonlyMap<string, Mask>> = new Map(
  [...Object.values(tables), Ack].map(({ root, rows }) => [root, masksOf(rows, '')]),
)

function masksOf(rows: Rows, from: string): Map<string, Mask> {
  const found = new Map<string, Mask>()
  for (const row of Object.values(rows)) {
    if ('each' in row) for (const [path, mask] of masksOf(row.each, row.path)) found.set(path, mask)
    else found.set(from + row.path, 'always' in row ? 'show' : (row.mask ?? 'hide'))
  }
  return found
}

/**
 * A document for people: one line per attribute, in the document's order, values masked as the tables say, what no table knows
 * hidden, signatures left out. Safe to log.
 */
export function describeDocument(text: string, limits: Limits, namespace: string): string {
  try {
    const { name, element } = parseDocument(text, limits, namespace)
    const known = masks.get(name)
    if (known === undefined) return `unreadable document of ${text.length} characters: no such message`
    const lines = [name]
    addLines(element, '', known, lines)
    return lines.join('\n')
  } catch (error) {
    if (error instanceof XmlError) return `unreadable document of ${text.length} characters: ${error.message}`
    throw error
  }
}

function addLines(element: Element, path: string, known: ReadonlyMap<string, Mask>, lines: string[]): void {
  const key = keyOf[element.localName ?? '']
  for (const { name, value } of element.attributes) {
    if (name === key || name === 'xmlns' || name.startsWith('xmlns:')) continue
    const field = `${path}@${name}`
    const mask = known.get(field)
    lines.push(`  ${mask === undefined ? `${path}@(unknown)` : field} ${masked(value, mask ?? 'hide')}`)
  }
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (!isElement(node) || node.localName === 'Signature') continue
    const tag = node.localName ?? ''
    const keyed = keyOf[tag]
    const step = keyed === undefined ? tag : `${tag}[${node.getAttribute(keyed) ?? ''}]`
    const inner = path === '' ? step : `${path}/${step}`
    if (isKnown(inner, known)) addLines(node, inner, known, lines)
    else lines.push(`  ${path === '' ? '' : `${path}/`}(unknown)`)
  }
}

function isKnown(path: string, known: ReadonlyMap<string, Mask>): boolean {
  for (const field of known.keys()) {
    if (field.startsWith(path) && (field.length === path.length || '@/'.includes(field[path.length] ?? ' ')))
      return true
  }
  return false
}

function masked(value: string, mask: Mask): string {
  const kept = mask === 'show' ? value.length : mask === 'last4' && value.length >= 8 ? 4 : 0
  const hidden = value.length - kept
  const shown = '*'.repeat(hidden) + value.slice(hidden)
  return shown.length <= LONGEST ? shown : `${shown.slice(0, LONGEST)}… (${shown.length})`
}
