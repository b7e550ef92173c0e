import type { Element } from '@xmldom/xmldom'
import { isElement } from './document.ts'
import { XmlError } from './error.ts'
import type { Rule } from './rule.ts'

/**
 * A message of the XML wire as a table: one row per field, with the path to it, its rule, and how much of it people may see.
 * What is written from a table is its own canonical form (C14N 1.0): attributes sorted, nothing between elements, every element
 * with an end tag; so a signature needs no DOM. What is read is looked up by the table; everything else in a document is let be.
 */

export type Mask = 'show' | 'last4' | 'hide'

/** `path` is `Payer/Ac/Detail[ACNUM]@value`: elements, the key of one among many in brackets, and the attribute. */
export type Row =
  | {
      readonly path: string
      readonly is: Rule<unknown>
      readonly optional?: true
      /** How the masked view shows it; `hide` where nothing is said. */
      readonly mask?: Mask
      /** Nothing is decided by it: what does not fit is taken as absent, so that an answer is not lost for its spelling. */
      readonly lenient?: true
      /** Written and never read. */
      readonly unread?: true
    }
  /** Always this text; with `checked` nothing else is read. An element of such rows only goes with its parent. */
  | { readonly path: string; readonly always: string; readonly checked?: true }
  /** An element that may come any number of times. */
  | { readonly path: string; readonly each: Rows }
export type Rows = Readonly<Record<string, Row>>

export interface Table<R extends Rows = Rows> {
  readonly root: string
  readonly rows: R
  readonly plan: Plan
}

type Valued<R extends Rows> = { [K in keyof R]: R[K] extends { always: string } ? never : K }[keyof R]
type Optionals<R extends Rows> = {
  [K in keyof R]: R[K] extends { optional: true } | { unread: true } ? K : never
}[keyof R]
type ValueOf<T> = T extends { is: Rule<infer V> }
  ? V
  : T extends { each: infer R extends Rows }
    ? readonly Values<R>[]
    : never
type Flat<T> = { [K in keyof T]: T[K] }

/** The values that rows describe. */
export type Values<R extends Rows> = Flat<
  { [K in Exclude<Valued<R>, Optionals<R>>]: ValueOf<R[K]> } & {
    [K in Extract<Valued<R>, Optionals<R>>]?: ValueOf<R[K]> | undefined
  }
>

/** The values of a message. */
export type ValuesOf<T> = T extends Table<infer R> ? Values<R> : never

type Slot = {
  readonly attribute: string
  readonly path: string
  /** The row's name; undefined for a constant. */
  readonly name: string | undefined
  readonly is: Rule<unknown> | undefined
  readonly constant: string | undefined
  readonly optional: boolean
  readonly lenient: boolean
  readonly unread: boolean
  readonly checked: boolean
}

/** One element, compiled. */
type Plan = {
  readonly tag: string
  readonly path: string
  /** In the order that C14N gives attributes; no attribute here has a namespace. */
  readonly slots: Slot[]
  text: Slot | undefined
  readonly children: Plan[]
  readonly key: string | undefined
  each: string | undefined
  /** True when nothing below is a value. */
  fixed: boolean
}

/** Which attribute tells apart the elements of one name. */
export const keyOf: Readonly<Record<string, string>> = { Detail: 'name', Tag: 'name', Ref: 'type' }

/** Defines a message. @throws {RangeError} if the table contradicts itself; at definition, never later */
export function table<const R extends Rows>(root: string, rows: R): Table<R> {
  return { root, rows, plan: planOf(root, '', rows) }
}

const emptyPlan = (tag: string, path: string, key: string | undefined): Plan => {
  const keyed = keyOf[tag]
  const slots = key === undefined || keyed === undefined ? [] : [{ ...constantSlot(path, key), attribute: keyed }]
  return { tag, path, slots, text: undefined, children: [], key, each: undefined, fixed: true }
}

const constantSlot = (path: string, constant: string): Slot => ({
  attribute: '',
  path,
  name: undefined,
  is: undefined,
  constant,
  optional: true,
  lenient: false,
  unread: true,
  checked: false,
})

function slotOf(name: string, row: Exclude<Row, { each: Rows }>, attribute: string): Slot {
  if ('always' in row) {
    const checked = row.checked === true
    return { ...constantSlot(row.path, row.always), attribute, checked, unread: !checked }
  }
  return {
    attribute,
    path: row.path,
    name,
    is: row.is,
    constant: undefined,
    optional: row.optional === true || row.unread === true,
    lenient: row.lenient === true,
    unread: row.unread === true,
    checked: false,
  }
}

const STEP = /^([A-Za-z]+)(?:\[([A-Za-z]+)\])?$/

function planOf(root: string, from: string, rows: Rows): Plan {
  const plan = emptyPlan(root, from, undefined)
  const seen = new Set<string>()
  for (const [name, row] of Object.entries(rows)) {
    if (seen.has(row.path)) throw new RangeError(`${root}: ${row.path} twice`)
    seen.add(row.path)
    const [elements = '', attribute] = row.path.split('@')
    let at = plan
    const valued = !('always' in row)
    if (valued) at.fixed = false
    for (const step of elements === '' ? [] : elements.split('/')) {
      at = childOf(at, step)
      if (valued) at.fixed = false
    }
    if ('each' in row) {
      at.each = name
      const inner = planOf(at.tag, row.path, row.each)
      at.slots.push(...inner.slots)
      at.children.push(...inner.children)
    } else if (attribute === undefined) at.text = slotOf(name, row, '')
    else at.slots.push(slotOf(name, row, attribute))
  }
  sortSlots(plan)
  return plan
}

function childOf(parent: Plan, step: string): Plan {
  const [, tag, key] = STEP.exec(step) ?? []
  if (tag === undefined) throw new RangeError(`${step} is no step of a path`)
  const found = parent.children.find((child) => child.tag === tag && child.key === key)
  if (found !== undefined) return found
  const made = emptyPlan(tag, parent.path === '' ? step : `${parent.path}/${step}`, key)
  parent.children.push(made)
  return made
}

function sortSlots(plan: Plan): void {
  plan.slots.sort((a, b) => (a.attribute < b.attribute ? -1 : 1))
  for (const child of plan.children) sortSlots(child)
}

const special = /[&<"\t\n\r]/
const inAttribute: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

/** The text as C14N writes it into an attribute. @source Canonical XML 1.0 §2.3 */
export const escapeAttribute = (value: string): string =>
  special.test(value) ? value.replace(/[&<"\t\n\r]/g, (character) => inAttribute[character] ?? character) : value

type Bag = Readonly<Record<string, unknown>>

/** @param open the start tag's name and namespaces, without the closing `>` */
export function writeDocument<R extends Rows>({ plan }: Table<R>, values: Values<R>, root: Root): string {
  const bag: Bag = values
  return `${root.open}${attributesOf(plan, bag)}>${contentOf(plan, bag)}${root.close}`
}

/** The root element of a document: prefix and namespaces are the profile's. */
export type Root = { readonly open: string; readonly close: string }

function slotText(slot: Slot, values: Bag): string | undefined {
  if (slot.constant !== undefined) return slot.constant
  const value = slot.name === undefined ? undefined : values[slot.name]
  if (value === undefined) {
    if (slot.optional) return undefined
    throw new XmlError('missing', slot.path)
  }
  const written = slot.is?.write(value)
  if (written === undefined) throw new XmlError('refused', slot.path)
  return escapeAttribute(written)
}

function attributesOf(plan: Plan, values: Bag): string {
  let attributes = ''
  for (const slot of plan.slots) {
    const value = slotText(slot, values)
    if (value !== undefined) attributes += ` ${slot.attribute}="${value}"`
  }
  return attributes
}

function contentOf(plan: Plan, values: Bag): string {
  let content = plan.text === undefined ? '' : (slotText(plan.text, values) ?? '')
  for (const child of plan.children) {
    if (child.each !== undefined) {
      const items = values[child.each]
      if (!Array.isArray(items)) throw new XmlError('missing', child.path)
      for (const item of items) content += elementOf(child, item)
    } else if (child.fixed || isThere(child, values)) content += elementOf(child, values)
  }
  return content
}

const elementOf = (plan: Plan, values: Bag): string =>
  `<${plan.tag}${attributesOf(plan, values)}>${contentOf(plan, values)}</${plan.tag}>`

/** True when the element has something to say: a value, or a field that must be there. */
function isThere(plan: Plan, values: Bag): boolean {
  for (const { name, optional } of plan.slots) {
    if (name !== undefined && (!optional || values[name] !== undefined)) return true
  }
  for (const child of plan.children) {
    if (child.each !== undefined || (!child.fixed && isThere(child, values))) return true
  }
  return false
}

/**
 * The values of a document. Elements and attributes that the table does not have are let be; an empty attribute is an absent one.
 * @throws {XmlError} `twice`, `missing` or `refused`, with the path
 */
export function readDocument<R extends Rows>(message: Table<R>, root: Element, namespace: string): Values<R> {
  return readElement(message.plan, root, namespace) as Values<R>
}

function readElement(plan: Plan, element: Element, namespace: string): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  collect(plan, element, namespace, found)
  demand(plan, found)
  return found
}

function collect(plan: Plan, element: Element, namespace: string, found: Record<string, unknown>): void {
  for (const slot of plan.slots) {
    if (!slot.unread) readSlot(slot, element.getAttribute(slot.attribute), found)
  }
  if (plan.children.length === 0) return
  const seen = new Set<Plan>()
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (!isElement(node)) continue
    // Children stand in no namespace, or in the message's; any other is somebody else's.
    if (node.namespaceURI !== null && node.namespaceURI !== '' && node.namespaceURI !== namespace) continue
    const child = matching(plan, node)
    if (child === undefined) continue
    if (child.each !== undefined) {
      const items = found[child.each]
      const item = readElement(child, node, namespace)
      if (Array.isArray(items)) items.push(item)
      else found[child.each] = [item]
      continue
    }
    if (seen.has(child)) throw new XmlError('twice', child.path)
    seen.add(child)
    collect(child, node, namespace, found)
  }
}

function matching(plan: Plan, element: Element): Plan | undefined {
  for (const child of plan.children) {
    if (child.tag !== element.localName) continue
    if (child.key === undefined || element.getAttribute(keyOf[child.tag] ?? '') === child.key) return child
  }
  return undefined
}

function readSlot(slot: Slot, text: string | null, found: Record<string, unknown>): void {
  if (text === null || text === '') return
  if (slot.constant !== undefined) {
    if (text !== slot.constant) throw new XmlError('refused', slot.path)
    return
  }
  const value = slot.is?.read(text)
  if (value === undefined) {
    if (slot.lenient) return
    throw new XmlError('refused', slot.path)
  }
  if (slot.name !== undefined) found[slot.name] = value
}

/** Refuses what lacks a required field. */
function demand(plan: Plan, found: Record<string, unknown>): void {
  for (const { name, optional, path } of plan.slots) {
    if (name !== undefined && !optional && found[name] === undefined) throw new XmlError('missing', path)
  }
  for (const child of plan.children) {
    if (child.each === undefined) demand(child, found)
    else found[child.each] ??= []
  }
}
