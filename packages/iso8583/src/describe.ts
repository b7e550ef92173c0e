import { decode, salvage } from './decode.ts'
import type { Mask, TagRows, UnknownTag } from './element.ts'
import { DecodeError } from './errors.ts'
import type { Decoded, Message } from './message.ts'
import { peek } from './peek.ts'
import type { Wire } from './plan.ts'

/** Elements that never say who: codes, dates, numbers of the message. Everything else is hidden unless its row says more. */
const harmless = new Set([3, 4, 7, 11, 12, 13, 15, 18, 22, 25, 32, 33, 37, 38, 39, 41, 49, 70])

const LONGEST = 40 // shown characters of one value

/**
 * A message for people: one line per element, values masked as the table says. Safe to log.
 *
 * @param tables   one message, or all that may come: the first of that type which decodes is used
 * @param message  bytes as for `decode`, or, for a single table, its value
 */
export function describe<M extends Message>(
  tables: M | readonly M[],
  message: Uint8Array | Decoded<M>,
  wire?: Wire,
): string {
  const candidates = isList(tables) ? tables : [tables]
  if (!(message instanceof Uint8Array)) return lines(candidates[0]!, message as Values).join('\n')
  let head: ReturnType<typeof peek>
  try {
    head = peek(message, wire)
  } catch (error) {
    return `unreadable message of ${message.length} bytes: ${reason(error)}`
  }
  const fitting = candidates.filter(({ mti }) => mti === head.mti)
  let refusal = 'no table for this message type'
  for (const table of fitting) {
    try {
      return lines(table, decode(table, message, wire) as Values).join('\n')
    } catch (error) {
      refusal = reason(error)
    }
  }
  const elements = `  elements ${head.elements.join(' ') || 'none'}`
  const readable = fitting[0] ? lines(fitting[0], salvage(fitting[0], message, wire) as Values).slice(1) : []
  return [head.mti, ...readable, elements, `  unreadable: ${refusal}`].join('\n')
}

type Values = Readonly<Record<string, unknown>>

const isList = <M>(tables: M | readonly M[]): tables is readonly M[] => Array.isArray(tables)

function reason(error: unknown): string {
  if (error instanceof DecodeError) return error.message
  throw error
}

function lines({ mti, rows }: Message, values: Values): string[] {
  const sorted = Object.entries(rows).sort(([, a], [, b]) => a.de - b.de)
  const described = [mti]
  for (const [name, { de, is, mask }] of sorted) {
    const value = values[name]
    if (value === undefined) continue
    const nested = is.tags ? tagLines(is.tags, value as Values) : []
    described.push(
      line(2, `DE ${de}`, name, is.tags ? '' : masked(value, mask ?? (harmless.has(de) ? 'show' : 'hide'))),
    )
    described.push(...nested)
  }
  return described
}

function tagLines(rows: TagRows, values: Values): string[] {
  const known = Object.entries(rows)
    .filter(([name]) => values[name] !== undefined)
    .map(([name, { tag, mask }]) => line(4, `tag ${tag}`, name, masked(values[name], mask ?? 'hide')))
  const unknown = (values.unknownTags as readonly UnknownTag[] | undefined) ?? []
  return [...known, ...unknown.map(({ tag, value }) => line(4, `tag ${tag}`, '(unknown)', masked(value, 'hide')))]
}

const line = (indent: number, label: string, name: string, shown: string): string =>
  `${' '.repeat(indent)}${label.padEnd(12 - indent)}${name.padEnd(20)} ${shown}`.trimEnd()

function masked(value: unknown, mask: Mask): string {
  const full = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value)
  const kept = mask === 'show' ? full.length : mask === 'last4' && full.length >= 8 ? 4 : 0
  const hidden = full.length - kept
  const shown = '*'.repeat(hidden) + full.slice(hidden)
  return shown.length <= LONGEST ? shown : `${shown.slice(0, LONGEST)}… (${shown.length})`
}
