import { DecodeError, locate, type Message, type Span, type Wire } from '@turant/iso8583'
import type { IsoProfile } from '../profile.ts'
import { MAC_BYTES, type MacKey, sameMac } from './mac.ts'
import { ReceivedRequest, Response } from './messages.ts'

/**
 * Where the MAC of a financial message lies, and what it is over. All of it works on the bytes of the wire: a MAC over what a
 * decoder made of them would say nothing about what came. @source protocol.md §1.7
 */
export interface MacPlace {
  /** The message with its MAC, in place of one that it had. @throws {DecodeError} for bytes that are no 0200 or 0210 */
  add(message: Uint8Array, key: MacKey): Uint8Array
  /** Whether a message that decodes has the MAC of one of these keys. */
  check(message: Uint8Array, keys: readonly MacKey[]): Proof
}

/** `missing` is as bad as `bad`, and told apart for people only. */
export type Proof = 'good' | 'bad' | 'missing'

const TAG = '099'
const HEX = 2 * MAC_BYTES
const TAG_HEAD = 6

const tables: ReadonlyMap<string, Message> = new Map<string, Message>([
  ['0200', ReceivedRequest],
  ['0210', Response],
])

export function createMacPlace(iso: IsoProfile): MacPlace {
  return iso.mac.carrier === '48.099' ? inTag(iso) : atTheEnd(iso)
}

const proofOf = (input: Uint8Array, found: Uint8Array, keys: readonly MacKey[]): Proof =>
  keys.some((key) => sameMac(key.mac(input), found)) ? 'good' : 'bad'

/** Sets or reads the bit of an element in a bitmap of either form. */
function bitOf(iso: IsoProfile, de: number): { readonly at: number; readonly mask: number } {
  const start = iso.numeric === 'bcd' ? 2 : 4
  return iso.bitmap === 'hex'
    ? { at: start + ((de - 1) >> 2), mask: 8 >> ((de - 1) & 3) }
    : { at: start + ((de - 1) >> 3), mask: 0x80 >> ((de - 1) & 7) }
}

const nibbleOf = (byte: number): number => Number.parseInt(String.fromCharCode(byte), 16)

const hasBit = (iso: IsoProfile, bytes: Uint8Array, de: number): boolean => {
  const { at, mask } = bitOf(iso, de)
  const byte = bytes[at] ?? 0
  return ((iso.bitmap === 'hex' ? nibbleOf(byte) : byte) & mask) !== 0
}

function setBit(iso: IsoProfile, bytes: Uint8Array, de: number): void {
  const { at, mask } = bitOf(iso, de)
  const byte = bytes[at] ?? 0
  bytes[at] = iso.bitmap === 'hex' ? (nibbleOf(byte) | mask).toString(16).toUpperCase().charCodeAt(0) : byte | mask
}

/**
 * DE 128, or DE 64 in a message without a second bitmap: the last element, over everything before it, bitmap included.
 * @source ISO 8583:1987 §4.3.22
 */
function atTheEnd(iso: IsoProfile): MacPlace {
  const place = (bytes: Uint8Array): number => (hasBit(iso, bytes, 1) ? 128 : 64)
  const bodyOf = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length - MAC_BYTES)
  return {
    add(message, key) {
      const de = place(message)
      const body = hasBit(iso, message, de) ? bodyOf(message) : message
      const sealed = new Uint8Array(body.length + MAC_BYTES)
      sealed.set(body)
      setBit(iso, sealed, de)
      sealed.set(key.mac(bodyOf(sealed)), body.length)
      return sealed
    },
    check(message, keys) {
      if (!hasBit(iso, message, place(message))) return 'missing'
      return proofOf(bodyOf(message), message.subarray(-MAC_BYTES), keys)
    },
  }
}

/**
 * DE 48 tag 099, over the message type and the listed elements one after the other, as they lie on the wire, without their length
 * digits; those that are absent are skipped.
 */
function inTag(iso: IsoProfile): MacPlace {
  const wire: Wire = { numeric: iso.numeric, bitmap: iso.bitmap, lengths: iso.lengths }
  const typeBytes = iso.numeric === 'bcd' ? 2 : 4
  const spansOf = (bytes: Uint8Array): readonly Span[] => {
    const type = Buffer.from(bytes.subarray(0, typeBytes)).toString(iso.numeric === 'bcd' ? 'hex' : 'latin1')
    const table = tables.get(type)
    if (table === undefined) throw new DecodeError('mti', ['MTI'])
    return locate(table, bytes, wire)
  }
  const inputOf = (bytes: Uint8Array, spans: readonly Span[]): Uint8Array => {
    const parts = iso.mac.fields.flatMap((de) => {
      if (de === 0) return [bytes.subarray(0, typeBytes)]
      const span = spans.find((one) => one.de === de)
      return span === undefined ? [] : [bytes.subarray(span.value, span.end)]
    })
    return Buffer.concat(parts)
  }
  const tagsIn = (bytes: Uint8Array, span: Span | undefined): string =>
    span === undefined ? '' : Buffer.from(bytes.subarray(span.value, span.end)).toString('latin1')
  return {
    add(message, key) {
      const spans = spansOf(message)
      const mac = Buffer.from(key.mac(inputOf(message, spans)))
        .toString('hex')
        .toUpperCase()
      const held = spans.find(({ de }) => de === 48)
      const tags = `${withoutMacTag(tagsIn(message, held))}${TAG}0${HEX}${mac}`
      const at = held?.from ?? spans.find(({ de }) => de > 48)?.from ?? message.length
      const length = String(tags.length).padStart(iso.lengths === 'bcd' ? 4 : 3, '0')
      const sealed = Buffer.concat([
        message.subarray(0, at),
        Buffer.from(length, iso.lengths === 'bcd' ? 'hex' : 'latin1'),
        Buffer.from(tags, 'latin1'),
        message.subarray(held?.end ?? at),
      ])
      setBit(iso, sealed, 48)
      return sealed
    },
    check(message, keys) {
      const spans = spansOf(message)
      const found = macTag(
        tagsIn(
          message,
          spans.find(({ de }) => de === 48),
        ),
      )
      if (found === undefined) return 'missing'
      return proofOf(inputOf(message, spans), Buffer.from(found, 'hex'), keys)
    },
  }
}

/** The tags of DE 48 one by one; undefined from the first that is none. */
function* tagsOf(
  text: string,
): Generator<{ readonly tag: string; readonly whole: string; readonly value: string } | undefined> {
  for (let at = 0; at < text.length; ) {
    const head = /^([0-9]{3})([0-9]{3})/.exec(text.slice(at, at + TAG_HEAD))
    const end = at + TAG_HEAD + Number(head?.[2])
    if (head === null || end > text.length) return yield undefined
    yield { tag: head[1] ?? '', whole: text.slice(at, end), value: text.slice(at + TAG_HEAD, end) }
    at = end
  }
}

/** The one tag 099 of a DE 48 that is tags throughout; two of them are none. */
function macTag(text: string): string | undefined {
  const found: string[] = []
  for (const one of tagsOf(text)) {
    if (one === undefined) return undefined
    if (one.tag === TAG) found.push(one.value)
  }
  const [value, ...more] = found
  return value !== undefined && more.length === 0 && /^[0-9A-Fa-f]{16}$/.test(value) ? value : undefined
}

/** DE 48 less its MAC: that belongs to one message, and an answer does not repeat it. What is no tag goes with it. */
export function withoutMacTag(text: string): string {
  let kept = ''
  for (const one of tagsOf(text)) {
    if (one !== undefined && one.tag !== TAG) kept += one.whole
  }
  return kept
}
