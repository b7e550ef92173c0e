import { isUtf8 } from 'node:buffer'

/** Nesting of a body at most. */
export const MAX_DEPTH = 16
/** Fields of one object at most. */
export const MAX_FIELDS = 64

/** Why a text is not JSON that is taken. `field` names the field that it is about. */
export class JsonFault extends Error {
  override name = 'JsonFault'
  readonly code: 'invalid_json' | 'json_too_deep' | 'duplicate_field'
  readonly field: string | undefined

  constructor(code: JsonFault['code'], message: string, field?: string) {
    super(message)
    this.code = code
    this.field = field
  }
}

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const ZERO = 0x30
const LETTER_U = 0x75
const SMALL = 0x20 // makes a letter small, and leaves a digit as it is

/**
 * Reads a JSON body that hides nothing: UTF-8, no NUL, no half of a character, no field twice (JSON.parse would silently take the last), nested no
 * deeper than anything that later walks over it can stand. Costs one pass over the bytes before JSON.parse.
 * @throws {JsonFault} what is wrong, with the name of the field where there is one
 */
export function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw new JsonFault('invalid_json', 'The body is not valid UTF-8.')
  scan(body)
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new JsonFault('invalid_json', 'The body is not well-formed JSON.')
  }
}

/** One pass over the bytes. What is not JSON at all is left for JSON.parse to refuse. */
function scan(bytes: Buffer): void {
  const openAt: number[] = [] // for each open container: where its fields begin in `fields`; -1 for an array
  const fields: number[] = [] // start and end of each field name of the open objects
  let inObject = false
  let nameNext = false
  for (let i = 0; i < bytes.length; i += 1) {
    switch (bytes[i]) {
      case QUOTE: {
        const start = i + 1
        i = endOfString(bytes, start)
        if (nameNext) {
          addField(bytes, fields, openAt.at(-1) as number, start, i)
          nameNext = false
        }
        break
      }
      case COMMA:
        nameNext = inObject
        break
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        if (openAt.length === MAX_DEPTH) {
          throw new JsonFault('json_too_deep', `The body is nested deeper than ${MAX_DEPTH} levels.`)
        }
        inObject = bytes[i] === OPEN_OBJECT
        openAt.push(inObject ? fields.length : -1)
        nameNext = inObject
        break
      case CLOSE_OBJECT:
      case CLOSE_ARRAY: {
        const first = openAt.pop()
        if (first !== undefined && first >= 0) fields.length = first
        inObject = (openAt.at(-1) ?? -1) >= 0
        nameNext = false
        break
      }
    }
  }
}

/** Where the string that begins at `start` ends: the index of its closing quote, or of the end of the body. */
function endOfString(bytes: Buffer, start: number): number {
  let i = start
  while (i < bytes.length && bytes[i] !== QUOTE) {
    if (bytes[i] === BACKSLASH) {
      i += 1
      if (bytes[i] === LETTER_U) {
        if (isZero(bytes, i + 1))
          throw new JsonFault('invalid_json', 'The body has a NUL character (\\u0000) in a string.')
        if (halfAt(bytes, i + 1) !== undefined) i = endOfPair(bytes, i)
      }
    }
    i += 1
  }
  return i
}

const isZero = (bytes: Buffer, at: number): boolean =>
  bytes[at] === ZERO && bytes[at + 1] === ZERO && bytes[at + 2] === ZERO && bytes[at + 3] === ZERO

/** Whether four hexadecimal digits are half of a character: `d800` to `dbff` begin a pair, `dc00` to `dfff` end one. */
function halfAt(bytes: Buffer, at: number): 'first' | 'second' | undefined {
  if (((bytes[at] as number) | SMALL) !== 0x64) return undefined // d
  const digit = (bytes[at + 1] as number) | SMALL
  if (digit >= 0x38 && digit <= 0x62) return 'first' // 8 to b
  return digit >= 0x63 && digit <= 0x66 ? 'second' : undefined // c to f
}

/** Half a character would be stored as something else. @returns the index of the `u` of the second half */
function endOfPair(bytes: Buffer, at: number): number {
  const next = at + 6
  const isPair = halfAt(bytes, at + 1) === 'first' && bytes[at + 5] === BACKSLASH && bytes[next] === LETTER_U
  if (isPair && halfAt(bytes, next + 1) === 'second') return next
  throw new JsonFault('invalid_json', 'The body has half a character (a lone surrogate) in a string.')
}

function addField(bytes: Buffer, fields: number[], first: number, start: number, end: number): void {
  if (fields.length - first >= MAX_FIELDS * 2) {
    throw new JsonFault('invalid_json', `An object of the body has more than ${MAX_FIELDS} fields.`)
  }
  for (let f = first; f < fields.length; f += 2) {
    if (same(bytes, fields[f] as number, fields[f + 1] as number, start, end)) {
      const field = bytes.toString('utf8', start, Math.min(end, start + 100))
      throw new JsonFault('duplicate_field', `The field ${field} is there twice.`, field)
    }
  }
  // An escape in a name is either needless or hides a second spelling of another field.
  for (let i = start; i < end; i += 1) {
    if (bytes[i] !== BACKSLASH) continue
    throw new JsonFault('invalid_json', 'A field name of the body is written with an escape.')
  }
  fields.push(start, end)
}

function same(bytes: Buffer, start: number, end: number, otherStart: number, otherEnd: number): boolean {
  if (end - start !== otherEnd - otherStart) return false
  for (let i = 0; i < end - start; i += 1) if (bytes[start + i] !== bytes[otherStart + i]) return false
  return true
}
