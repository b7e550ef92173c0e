import { DOMParser, type Element } from '@xmldom/xmldom'
import { isDay } from '../../imps/cycles.ts'
import { shownOf } from '../../imps/files/refusal.ts'
import type { Day } from '../../imps/files/rows.ts'
import { type BankStatement, paiseOf, proveStatement, refuse, type StatementLine } from './statement.ts'

/**
 * camt.053.001.02 to .08: statements in XML. What the versions have in common is read by local names, so that a missing namespace and one
 * with a prefix are the same; what is only announced (`PDNG`, `INFO`) is not booked. @source ISO 20022; settlement.md §7.6
 */

const NAMESPACE = /urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(\d{2})/
const KNOWN = /^0[2-8]$/

export const isCamt053 = (head: string): boolean =>
  /<([A-Za-z0-9]+:)?BkToCstmrStmt[\s>]/.test(head) || NAMESPACE.test(head)

/** `camt.053.001.08`, or `camt.053` of a file that does not say. @throws {IntakeError} for a version that this hub does not read */
export function versionOf(head: string): string {
  const [, version] = NAMESPACE.exec(head) ?? []
  if (version === undefined) return 'camt.053'
  if (!KNOWN.test(version)) refuse('layout_mismatch', 'camt.053.001.02 to .08', `camt.053.001.${version}`, 1)
  return `camt.053.001.${version}`
}

/** @throws {IntakeError} at the first thing that is wrong */
export function readCamt053(text: string): readonly BankStatement[] {
  // Entities are for attacks: no bank's statement declares any.
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) refuse('unreadable', 'XML without a DOCTYPE', 'one with it')
  const root = parse(text)
  const statements = [...all(root, 'BkToCstmrStmt')].flatMap((one) => children(one, 'Stmt'))
  if (statements.length === 0) refuse('unreadable', 'BkToCstmrStmt with a Stmt', 'none', root.lineNumber ?? 1)
  return statements.map((one) => proveStatement(statementOf(one)))
}

function parse(text: string): Element {
  const faults: string[] = []
  try {
    const parser = new DOMParser({ onError: (level, message) => level !== 'warning' && faults.push(String(message)) })
    const root = parser.parseFromString(text, 'application/xml').documentElement
    if (root !== null && faults.length === 0) return root
  } catch {
    // Whatever the parser throws at a stranger's bytes says the same.
  }
  return refuse('unreadable', 'XML', 'something that does not parse')
}

function* all(element: Element, name: string): Generator<Element> {
  if (element.localName === name) yield element
  for (const child of elementsOf(element)) yield* all(child, name)
}

const elementsOf = (element: Element): Element[] => {
  const found: Element[] = []
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (isElement(node)) found.push(node)
  }
  return found
}
const isElement = (node: { readonly nodeType: number }): node is Element => node.nodeType === 1
const children = (element: Element, name: string): Element[] =>
  elementsOf(element).filter(({ localName }) => localName === name)

/** The first element down this path; undefined when there is none. */
function at(element: Element, ...path: readonly string[]): Element | undefined {
  const [name, ...rest] = path
  if (name === undefined) return element
  for (const child of children(element, name)) {
    const found = at(child, ...rest)
    if (found !== undefined) return found
  }
  return undefined
}
const textAt = (element: Element, ...path: readonly string[]): string | undefined =>
  at(element, ...path)?.textContent?.trim()
const rowOf = (element: Element): number => Math.max(1, element.lineNumber ?? 1)

/** An amount with its sign. */
function moneyOf(element: Element, amount: Element | undefined): bigint {
  const row = rowOf(amount ?? element)
  const paise = paiseOf(amount?.textContent?.trim() ?? '', '.')
  if (amount === undefined || paise === undefined) {
    return refuse('bad_value', 'rupees with two decimals', shownOf(amount?.textContent ?? ''), row, 'Amt')
  }
  if (amount.getAttribute('Ccy') !== 'INR') {
    return refuse('bad_value', 'INR', shownOf(amount.getAttribute('Ccy') ?? ''), row, 'Amt/@Ccy')
  }
  const sign = textAt(element, 'CdtDbtInd')
  if (sign !== 'CRDT' && sign !== 'DBIT') {
    return refuse('bad_value', 'CRDT or DBIT', shownOf(sign ?? ''), row, 'CdtDbtInd')
  }
  return sign === 'CRDT' ? paise : -paise
}

function dayAt(element: Element, name: string): Day | undefined {
  const text = textAt(element, name, 'Dt') ?? textAt(element, name, 'DtTm')?.slice(0, 10)
  if (text === undefined) return undefined
  const day = text.slice(0, 10)
  return isDay(day) ? day : refuse('bad_value', 'a day', shownOf(text), rowOf(element), name)
}

function statementOf(statement: Element): BankStatement {
  const row = rowOf(statement)
  const balance = (codes: readonly string[], what: string) => {
    const found = codes
      .flatMap((code) => children(statement, 'Bal').filter((one) => textAt(one, 'Tp', 'CdOrPrtry', 'Cd') === code))
      .at(0)
    if (found === undefined) return refuse('cut_short', what, 'no such balance', row, 'Bal')
    const day = dayAt(found, 'Dt') ?? refuse('bad_value', 'a day', 'none', rowOf(found), 'Bal/Dt')
    return { row: rowOf(found), day, paise: moneyOf(found, at(found, 'Amt')) }
  }
  const opening = balance(['OPBD', 'PRCD'], 'an opening balance (OPBD)')
  const closing = balance(['CLBD'], 'a closing balance (CLBD)')
  const account = textAt(statement, 'Acct', 'Id', 'Othr', 'Id') ?? textAt(statement, 'Acct', 'Id', 'IBAN')
  const number = textAt(statement, 'ElctrncSeqNb') ?? textAt(statement, 'LglSeqNb') ?? textAt(statement, 'Id') ?? ''
  return {
    account: account ?? refuse('cut_short', 'an account', 'none', row, 'Acct'),
    number,
    row: closing.row,
    from: opening.day < closing.day ? opening.day : closing.day,
    until: closing.day,
    openingPaise: opening.paise,
    closingPaise: closing.paise,
    lines: children(statement, 'Ntry').flatMap((entry) => linesOf(entry, closing.day)),
  }
}

/** A booked entry: one line, or one of each of its transactions where those come to it. */
function linesOf(entry: Element, until: Day): StatementLine[] {
  // Up to .03 the state is the text itself.
  const state = textAt(entry, 'Sts', 'Cd') ?? textAt(entry, 'Sts')
  if (state !== 'BOOK') return []
  const amountPaise = moneyOf(entry, at(entry, 'Amt'))
  const bookedOn = dayAt(entry, 'BookgDt') ?? until
  const common = { bookedOn, valueOn: dayAt(entry, 'ValDt') ?? bookedOn }
  const details = children(entry, 'NtryDtls').flatMap((one) => children(one, 'TxDtls'))
  const parts = details.map((one) => lineOf(one, partPaise(one, amountPaise), common))
  const sum = parts.reduce((total, part) => total + part.amountPaise, 0n)
  if (parts.length > 1 && sum === amountPaise && parts.every((part) => part.amountPaise !== 0n)) return parts
  const [first] = details
  const own = lineOf(entry, amountPaise, common)
  if (first === undefined) return [own]
  const inside = lineOf(first, amountPaise, common)
  return [
    {
      ...own,
      reference: own.reference === '' ? inside.reference : own.reference,
      narration: [inside.narration, own.narration].filter((text) => text !== '').join(' '),
    },
  ]
}

/** What one transaction of an entry comes to; 0 where it does not say. */
function partPaise(details: Element, entryPaise: bigint): bigint {
  const amount = at(details, 'Amt') ?? at(details, 'AmtDtls', 'TxAmt', 'Amt')
  const paise = paiseOf(amount?.textContent?.trim() ?? '', '.')
  if (paise === undefined || amount?.getAttribute('Ccy') !== 'INR') return 0n
  const sign = textAt(details, 'CdtDbtInd') ?? (entryPaise < 0n ? 'DBIT' : 'CRDT')
  return sign === 'DBIT' ? -paise : paise
}

const lineOf = (
  element: Element,
  amountPaise: bigint,
  common: Pick<StatementLine, 'bookedOn' | 'valueOn'>,
): StatementLine => {
  const references = ['AcctSvcrRef', 'TxId', 'EndToEndId'].flatMap(
    (name) => textAt(element, 'Refs', name) ?? textAt(element, name) ?? [],
  )
  const texts = [
    ...references,
    ...children(element, 'RmtInf').flatMap((one) => children(one, 'Ustrd').map((text) => text.textContent ?? '')),
    textAt(element, 'AddtlNtryInf') ?? '',
    textAt(element, 'AddtlTxInf') ?? '',
  ]
  const narration = texts.map((text) => text.trim()).filter((text) => text !== '' && text !== 'NOTPROVIDED')
  return {
    ...common,
    row: rowOf(element),
    amountPaise,
    reference: references.find((one) => one !== 'NOTPROVIDED') ?? '',
    narration: [...new Set(narration)].join(' '),
  }
}
